"""Accounts, posts, and who may do what."""

from django.urls import path

from circle15.web.bureau.accounts import views
from circle15.web.shared.access import by_method

urlpatterns = [
    path("", views.account_list, name="accounts"),
    path("new/", by_method(get=views.new_account_form, post=views.new_account), name="account_new"),
    path("matrix/", views.access_matrix, name="access_matrix"),
    path("matrix.csv", views.access_matrix_csv, name="access_matrix_csv"),
    path("alarms/<int:alarm_id>/", views.look_into_alarm, name="account_alarm"),
    path("<int:user_id>/", views.account, name="account"),
    path("<int:user_id>/disable/", views.disable, name="account_disable"),
    path("<int:user_id>/enable/", views.enable, name="account_enable"),
    path("<int:user_id>/lift-lock/", views.lift_lock, name="account_lift_lock"),
    path("<int:user_id>/password/", views.reset_password, name="account_reset_password"),
    path(
        "<int:user_id>/second-factor/",
        views.reset_second_factor,
        name="account_reset_second_factor",
    ),
    path("<int:user_id>/posts/", views.give_post, name="account_give_post"),
    path("<int:user_id>/posts/<int:post_id>/end/", views.end_post, name="account_end_post"),
]
