"""Pages of appointments. A link to one has 128 bits of chance and no personal data."""

from django.urls import path

from circle15.web.public.booking import mine, offered, steps
from circle15.web.shared.access import by_method

urlpatterns = [
    path("", offered.halls, name="booking"),
    path("at/<str:hall_code>/", offered.items, name="booking_items"),
    path(
        "at/<str:hall_code>/<str:item>/",
        by_method(get=offered.times, post=offered.hold),
        name="booking_times",
    ),
    path(
        "held/<uuid:appointment_uid>/",
        by_method(get=steps.details, post=steps.fill_in),
        name="booking_details",
    ),
    path(
        "held/<uuid:appointment_uid>/check/",
        by_method(get=steps.check, post=steps.confirm),
        name="booking_check",
    ),
    path("held/<uuid:appointment_uid>/leave/", steps.leave, name="booking_leave"),
    path("mine/<uuid:appointment_uid>/", mine.appointment, name="booking_mine"),
    path(
        "mine/<uuid:appointment_uid>/change/",
        by_method(get=mine.other_times, post=mine.change),
        name="booking_change",
    ),
    path(
        "mine/<uuid:appointment_uid>/cancel/",
        by_method(get=mine.ask_cancel, post=mine.cancel),
        name="booking_cancel",
    ),
    path("mine/<uuid:appointment_uid>/check-in/", mine.check_in, name="booking_check_in"),
    path("mine/<uuid:appointment_uid>/code.svg", mine.code_picture, name="booking_code"),
    path("mine/<uuid:appointment_uid>/calendar.ics", mine.calendar, name="booking_calendar"),
]
