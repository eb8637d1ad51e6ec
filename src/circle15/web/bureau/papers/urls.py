"""Addresses of templates of papers."""

from django.urls import path

from circle15.web.bureau.papers import views
from circle15.web.shared.access import by_method

urlpatterns = [
    path("", by_method(get=views.overview, post=views.upload), name="paper_templates"),
    path("begin/<slug:paper>.docx", views.begin, name="paper_template_begin"),
    path(
        "<int:template_id>/",
        by_method(get=views.one, post=views.move),
        name="paper_template",
    ),
    path("<int:template_id>/file.<slug:media>", views.template_file, name="paper_template_file"),
]
