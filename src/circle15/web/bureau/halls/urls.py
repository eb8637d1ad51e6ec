"""Addresses of the halls."""

from django.urls import path

from circle15.web.bureau.halls import now, settings
from circle15.web.shared.access import by_method

urlpatterns = [
    path("", now.halls, name="halls"),
    path("<slug:code>/", now.hall, name="hall"),
    path("<slug:code>/now/", now.now_part, name="hall_now_part"),
    path("<slug:code>/set-up/", settings.set_up, name="hall_set_up"),
    path("<slug:code>/cover/", now.cover, name="hall_cover"),
    path("<slug:code>/cover/end/", now.end_cover, name="hall_end_cover"),
    path("<slug:code>/settings/", settings.show, name="hall_settings"),
    path("<slug:code>/settings/rules/", settings.rules, name="hall_rules"),
    path("<slug:code>/settings/lanes/", settings.lane, name="hall_lane"),
    path("<slug:code>/settings/peaks/", settings.peak, name="hall_peak"),
    path("<slug:code>/settings/peaks/remove/", settings.remove_peak, name="hall_peak_remove"),
    path(
        "<slug:code>/settings/windows/<int:number>/",
        by_method(get=settings.skills, post=settings.set_skills),
        name="hall_skills",
    ),
]
