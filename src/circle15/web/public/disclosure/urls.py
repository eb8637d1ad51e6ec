"""The public boards."""

from django.urls import path

from circle15.web.public.disclosure import views

urlpatterns = [
    path("<slug:site_code>/", views.board, name="disclosure"),
    path("<slug:site_code>/paper/<slug:size>/", views.paper, name="disclosure_paper"),
]
