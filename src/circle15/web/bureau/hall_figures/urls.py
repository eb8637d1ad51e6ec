"""Addresses of a hall's figures."""

from django.urls import path

from circle15.web.bureau.hall_figures import views

urlpatterns = [
    path("<str:code>/figures/", views.show, name="hall_figures"),
    path("<str:code>/figures/export/", views.export, name="hall_figures_export"),
]
