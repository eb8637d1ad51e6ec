"""The display of a hall; the machine is registered at /device/."""

from django.urls import path

from circle15.web.screen import views

urlpatterns = [
    path("screen/", views.screen, name="screen"),
    path("screen/state", views.screen_state, name="screen_state"),
    path("screen/board", views.board, name="screen_board"),
    path("screen/voice/<str:label>/<int:window>.wav", views.voice, name="screen_voice"),
]
