"""Log in, change the password, log out."""

from django.urls import path

from circle15.web.bureau.login import views
from circle15.web.shared.access import by_method

urlpatterns = [
    path("login/", by_method(get=views.login_form, post=views.log_in), name="login"),
    path("login/code/", by_method(get=views.code_form, post=views.check_code), name="login_code"),
    path("login/qr.svg", views.qr_code, name="login_qr"),
    path("logout/", views.log_out, name="logout"),
    path("start/", views.start, name="start"),
    path(
        "password/",
        by_method(get=views.password_form, post=views.change_password),
        name="change_password",
    ),
]
