"""Addresses of the set-up."""

from django.urls import path

from circle15.web.bureau.setup import views

urlpatterns = [
    path("", views.overview, name="setup"),
    path("do/<slug:act>/", views.act, name="setup_do"),
]
