"""Addresses of the page of the line to the core platform."""

from django.urls import path

from circle15.web.bureau.core_platform import views

urlpatterns = [
    path("", views.page, name="core_platform"),
    path("messages/<uuid:message_uid>/", views.complete, name="core_complete"),
    path("messages/<uuid:message_uid>/set-aside/", views.set_aside, name="core_set_aside"),
    path("differences/<uuid:difference_uid>/", views.settle, name="core_settle"),
]
