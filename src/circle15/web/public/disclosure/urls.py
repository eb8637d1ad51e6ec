"""The public boards."""

from django.urls import path

from circle15.web.public.disclosure import views

urlpatterns = [
    path("<slug:code>/", views.board, name="disclosure"),
    path("<slug:code>/paper/<slug:size>/", views.paper, name="disclosure_paper"),
]
