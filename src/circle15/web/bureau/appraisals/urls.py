"""Sheets of staff and their appraisals, awards, results of a year, typical cases."""

from django.urls import path

from circle15.web.bureau.appraisals import awards, results, sheets, typical
from circle15.web.shared.access import by_method

SHEET = "<int:user_id>/<str:period>/"
CASE = "cases/<uuid:typical_uid>/"
urlpatterns = [
    path("", sheets.staff_list, name="appraisals"),
    path("export/", sheets.export, name="appraisals_export"),
    path("awards/", by_method(get=awards.award_list, post=awards.propose), name="awards"),
    path("awards/export/", awards.export, name="awards_export"),
    path("awards/<uuid:award_uid>/do/<slug:act>/", awards.take_step, name="award_step"),
    path("results/", by_method(get=results.table, post=results.decide), name="year_results"),
    path("results/<str:code>/agree/", results.agree, name="year_result_agree"),
    path("results/export/", results.export, name="year_results_export"),
    path("cases/", typical.library, name="typical_cases"),
    path("cases/new/", by_method(get=typical.ask, post=typical.write), name="typical_new"),
    path("cases/files/<uuid:typical_file_uid>/", typical.file, name="typical_file"),
    path(CASE, typical.page, name="typical_case"),
    path(f"{CASE}do/<slug:act>/", typical.take_step, name="typical_step"),
    path(SHEET, sheets.sheet, name="appraisal"),
    path(f"{SHEET}rows/<slug:measure>/", sheets.rows, name="appraisal_rows"),
    path(f"{SHEET}do/<slug:act>/", sheets.take_step, name="appraisal_step"),
]
