"""Pages of applications. The address of one opens nothing to anybody but who signed in for it."""

from django.urls import path

from circle15.web.public.apply import entering, handing_in, papers, photo_reading, photos, steps
from circle15.web.shared.access import by_method

CASE = "case/<uuid:case_uid>/"
urlpatterns = [
    path("", entering.items, name="apply"),
    path("organisation/", entering.organisation_items, name="apply_organisation"),
    path(CASE, steps.overview, name="apply_case"),
    path(
        f"{CASE}question/<slug:key>/",
        by_method(get=steps.question, post=steps.answer),
        name="apply_question",
    ),
    path(
        f"{CASE}form/<slug:key>/",
        by_method(get=steps.form_page, post=steps.fill_in),
        name="apply_form",
    ),
    path(f"{CASE}form/<slug:key>/photo/", photo_reading.ask, name="apply_card"),
    path(
        f"{CASE}paper/<slug:key>/",
        by_method(get=photos.paper, post=photos.add),
        name="apply_paper",
    ),
    path(f"{CASE}paper/<slug:key>/instead/", photos.replace, name="apply_instead"),
    path(f"{CASE}page/<uuid:file_uid>/", photos.picture, name="apply_picture"),
    path(f"{CASE}page/<uuid:file_uid>/turn/", photos.turn, name="apply_turn"),
    path(f"{CASE}page/<uuid:file_uid>/drop/", photos.drop, name="apply_drop"),
    path(f"{CASE}page/<uuid:file_uid>/read/", photo_reading.ask_page, name="apply_read_page"),
    path(
        f"{CASE}reading/<uuid:reading_uid>/",
        by_method(get=photo_reading.show, post=photo_reading.use),
        name="apply_reading",
    ),
    path(
        f"{CASE}reading/<uuid:reading_uid>/picture/",
        photo_reading.photo,
        name="apply_reading_picture",
    ),
    path(
        f"{CASE}handover/",
        by_method(get=steps.handover, post=steps.choose_handover),
        name="apply_handover",
    ),
    path(
        f"{CASE}check/",
        by_method(get=handing_in.check, post=handing_in.submit),
        name="apply_check",
    ),
    path(f"{CASE}done/", handing_in.done, name="apply_done"),
    path(f"{CASE}receipt.pdf", papers.receipt_pdf, name="apply_receipt"),
    path("<slug:item>/", by_method(get=entering.start, post=entering.begin), name="apply_start"),
]
