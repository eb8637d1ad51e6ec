"""The shared pages without the audiences', so that these tests need nobody else's page."""

from django.urls import include, path

urlpatterns = [path("", include("circle15.web.shared.urls"))]

handler400 = "circle15.web.shared.errors.bad_request"
handler403 = "circle15.web.shared.errors.forbidden"
handler404 = "circle15.web.shared.errors.not_found"
handler500 = "circle15.web.shared.errors.server_error"
