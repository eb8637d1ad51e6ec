"""Addresses of the trail."""

from django.urls import path

from circle15.web.bureau.audit import views

urlpatterns = [
    path("", views.trail, name="audit"),
    path("verify/", views.check, name="audit_verify"),
    path("export/", views.export, name="audit_export"),
]
