"""Address of the board."""

from django.urls import path

from circle15.web.bureau.board import views

urlpatterns = [
    path("", views.show, name="board"),
    path("board.xlsx", views.export, name="board_export"),
]
