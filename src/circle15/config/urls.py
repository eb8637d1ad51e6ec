"""All doors of the house."""

from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("circle15.api.urls")),
    path("", include("circle15.web.bureau.urls")),
    path("", include("circle15.web.inspect.urls")),
    path("counter/", include("circle15.web.counter.urls")),
    path("intake/", include("circle15.web.counter.cases.urls")),
    path("", include("circle15.web.kiosk.urls")),
    path("", include("circle15.web.public.urls")),
    path("", include("circle15.web.public.ticket.urls")),
    path("", include("circle15.web.screen.urls")),
    path("", include("circle15.web.shared.urls")),
]

handler400 = "circle15.web.shared.errors.bad_request"
handler403 = "circle15.web.shared.errors.forbidden"
handler404 = "circle15.web.shared.errors.not_found"
handler500 = "circle15.web.shared.errors.server_error"
