"""The public boards of the actor's sites."""

from django.urls import path

from circle15.web.bureau.boards import views
from circle15.web.shared.access import by_method

urlpatterns = [
    path("", views.listed, name="boards"),
    path("<slug:code>/", by_method(get=views.show, post=views.post), name="site_board"),
    path("<slug:code>/text/", views.write, name="site_board_text"),
]
