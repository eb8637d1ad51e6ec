"""Registers as one list and one form, a record's page, and incidents with their steps."""

from django.urls import path

from circle15.web.bureau.activities import awareness, events, registers
from circle15.web.shared.access import by_method

urlpatterns = [
    path("", registers.listed, name="activities"),
    path("export/", registers.export, name="activities_export"),
    path(
        "new/<slug:kind>/",
        by_method(get=registers.ask, post=registers.record),
        name="activity_new",
    ),
    path("surveys/", by_method(get=awareness.page, post=awareness.record), name="surveys"),
    path("surveys/<uuid:survey_uid>/", awareness.one, name="survey"),
    path("surveys/<uuid:survey_uid>/strike/", awareness.strike, name="survey_strike"),
    path("incidents/", events.listed, name="incidents"),
    path(
        "incidents/new/", by_method(get=events.ask, post=events.report_event), name="incident_new"
    ),
    path("incidents/<uuid:incident_uid>/", events.page, name="incident"),
    path("incidents/<uuid:incident_uid>/do/<slug:act>/", events.act, name="incident_act"),
    path("<uuid:activity_uid>/", registers.page, name="activity"),
    path("<uuid:activity_uid>/strike/", registers.strike_record, name="activity_strike"),
]
