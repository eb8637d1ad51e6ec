"""Reports as lists, pages and files, and information reports with their steps."""

from django.urls import path

from circle15.web.bureau.reports import information, issued
from circle15.web.shared.access import by_method

urlpatterns = [
    path("", by_method(get=issued.report_list, post=issued.issue_report), name="reports"),
    path("information/", information.owed_list, name="information"),
    path("information/begin/", information.begin_duty, name="information_begin"),
    path("information/hand-in/", information.hand_in_report, name="information_hand_in"),
    path(
        "information/<uuid:hand_in_uid>/judge/", information.judge_report, name="information_judge"
    ),
    path("<uuid:report_uid>/", issued.report_page, name="report"),
    path("<uuid:report_uid>/<slug:media>/", issued.report_file, name="report_file"),
]
