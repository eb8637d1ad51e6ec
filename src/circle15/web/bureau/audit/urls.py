"""Addresses of the trail."""

from django.urls import path

from circle15.web.bureau.audit import views
from circle15.web.shared.access import by_method

urlpatterns = [
    path("", views.trail, name="audit"),
    path("verify/", by_method(get=views.trail, post=views.check), name="audit_verify"),
    path("export/", by_method(get=views.trail, post=views.export), name="audit_export"),
]
