"""Addresses of signing in. That of a code has 128 bits of chance and opens nothing by itself."""

from django.urls import path

from circle15.web.public.signin import doors, ecard, views
from circle15.web.shared.access import by_method

urlpatterns = [
    path("", by_method(get=views.ask_number, post=views.send_code), name="signin"),
    path(
        "code/<uuid:code_uid>/",
        by_method(get=views.ask_for_code, post=views.check_code),
        name="signin_code",
    ),
    path("code/<uuid:code_uid>/again/", views.send_again, name="signin_again"),
    path("ecard/", by_method(get=ecard.ask_ecard, post=ecard.check_ecard), name="signin_ecard"),
    path("from/<slug:door>/", doors.come_in, name="come_in"),
    path("out/", views.sign_out, name="signout"),
]
