"""The notices of a hall, below the hall's address."""

from django.urls import path

from circle15.web.bureau.notices import views
from circle15.web.shared.access import by_method

urlpatterns = [
    path(
        "<slug:code>/notices/",
        by_method(get=views.show, post=views.put_up),
        name="hall_notices",
    ),
    path("<slug:code>/notices/down/", views.take_down, name="hall_notice_down"),
]
