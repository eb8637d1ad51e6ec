"""Rounds, their papers, and the applications in them."""

from django.urls import path

from circle15.web.bureau.programme import application, opening, rounds, special, tasks
from circle15.web.shared.access import by_method

ONE = "<uuid:round_uid>/"
APPLICATION = "applications/<uuid:application_uid>/"
urlpatterns = [
    path("", rounds.round_list, name="programme"),
    path("new/", by_method(get=opening.ask, post=opening.make), name="round_new"),
    path("special/", by_method(get=special.page, post=special.mark), name="special"),
    path("special/report.<slug:media>", special.file, name="special_file"),
    path(ONE, rounds.page, name="round"),
    path(f"{ONE}do/<slug:act>/", rounds.act, name="round_act"),
    path(f"{ONE}files/<slug:paper>.<slug:media>", rounds.file, name="round_file"),
    path(f"{ONE}export/", rounds.export, name="round_export"),
    path(APPLICATION, application.page, name="application"),
    path(f"{APPLICATION}do/<slug:act>/", application.act, name="application_act"),
    path(f"{APPLICATION}build/", application.build, name="application_build"),
    path(f"{APPLICATION}form.<slug:media>", application.file, name="application_file"),
    path(
        f"{APPLICATION}tasks/<slug:task>/",
        by_method(get=tasks.ask, post=tasks.save),
        name="application_task",
    ),
]
