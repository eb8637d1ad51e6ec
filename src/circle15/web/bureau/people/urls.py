"""One member of staff."""

from django.urls import path

from circle15.web.bureau.people import views
from circle15.web.shared.access import by_method

urlpatterns = [
    path("<uuid:person_uid>/", by_method(get=views.person, post=views.reveal), name="person"),
]
