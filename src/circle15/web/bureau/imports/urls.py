"""Addresses of the imports."""

from django.urls import path

from circle15.web.bureau.imports import views
from circle15.web.shared.access import by_method

urlpatterns = [
    path("", by_method(get=views.overview, post=views.upload), name="imports"),
    path("template.xlsx", views.template_file, name="import_template"),
    path("<uuid:uid>/", by_method(get=views.run_page, post=views.apply), name="import_run"),
    path("<uuid:uid>/progress/", views.progress_part, name="import_progress"),
    path("<uuid:uid>/discard/", views.discard, name="import_discard"),
    path("<uuid:uid>/errors.xlsx", views.errors, name="import_errors"),
]
