"""Addresses of cases."""

from django.urls import path

from circle15.web.bureau.cases import absences, calls, case, lists, papers, texts, watching
from circle15.web.shared.access import by_method

urlpatterns = [
    path("", lists.case_list, name="cases"),
    path("export.xlsx", lists.export, name="cases_export"),
    path("watch/", watching.watch, name="cases_watch"),
    path("calls/", calls.overview, name="case_calls"),
    path("calls/<uuid:case_uid>/number/", calls.number, name="case_call_number"),
    path("absences/", by_method(get=absences.overview, post=absences.note), name="case_absences"),
    path("absences/<int:absence_id>/end/", absences.end, name="case_absence_end"),
    path("<uuid:case_uid>/", case.page, name="case"),
    path("<uuid:case_uid>/ask/<slug:act>/", case.ask, name="case_ask"),
    path("<uuid:case_uid>/steps/<slug:act>/", case.take_step, name="case_step"),
    path("<uuid:case_uid>/qr.svg", papers.qr_code, name="case_qr"),
    path("<uuid:case_uid>/files/<uuid:file_uid>/", case.file, name="case_file"),
    path("<uuid:case_uid>/reject/<slug:key>/", case.reject, name="case_paper_reject"),
    path("<uuid:case_uid>/follow/<slug:key>/", case.follow_up, name="case_paper_follow"),
    path("<uuid:case_uid>/phoned/", texts.phoned, name="case_phoned"),
    path(
        "<uuid:case_uid>/papers/<slug:which>/",
        by_method(get=papers.paper, post=papers.sign),
        name="case_paper",
    ),
    path(
        "<uuid:case_uid>/papers/<slug:which>.<slug:media>",
        papers.paper_file,
        name="case_paper_file",
    ),
]
