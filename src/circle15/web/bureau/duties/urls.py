"""Duties given, their steps and files, and the notices made of them."""

from django.urls import path

from circle15.web.bureau.duties import listed, one
from circle15.web.shared.access import by_method

urlpatterns = [
    path("", by_method(get=listed.duty_list, post=listed.manage), name="duties"),
    path("notices/<uuid:notice_uid>/<slug:media>/", listed.notice_file, name="duty_notice"),
    path("files/<int:file_id>/", one.duty_file, name="duty_file"),
    path("<uuid:assignment_uid>/", one.show, name="duty"),
    path("<uuid:assignment_uid>/<slug:step>/", one.take_step, name="duty_step"),
]
