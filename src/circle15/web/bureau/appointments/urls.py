"""Addresses of a hall's appointments."""

from django.urls import path

from circle15.web.bureau.appointments import book, day, figures, hours
from circle15.web.shared.access import by_method

urlpatterns = [
    path("<slug:code>/appointments/", day.show, name="hall_appointments"),
    path("<slug:code>/appointments/cancel/", day.cancel, name="hall_appointment_cancel"),
    path("<slug:code>/appointments/check-in/", day.check_in, name="hall_appointment_check_in"),
    path(
        "<slug:code>/appointments/book/",
        by_method(get=book.show, post=book.book),
        name="hall_appointment_book",
    ),
    path(
        "<slug:code>/appointments/move/",
        by_method(get=book.show_move, post=book.move),
        name="hall_appointment_move",
    ),
    path("<slug:code>/appointments/figures/", figures.show, name="hall_appointment_figures"),
    path(
        "<slug:code>/appointments/figures/export/",
        figures.export,
        name="hall_appointment_figures_export",
    ),
    path("<slug:code>/appointments/hours/", hours.show, name="hall_hours"),
    path("<slug:code>/appointments/hours/rules/", hours.rules, name="hall_hours_rules"),
    path("<slug:code>/appointments/hours/items/", hours.item, name="hall_hours_item"),
    path(
        "<slug:code>/appointments/hours/items/remove/",
        hours.remove_item,
        name="hall_hours_item_remove",
    ),
    path("<slug:code>/appointments/hours/series/", hours.series, name="hall_hours_series"),
    path(
        "<slug:code>/appointments/hours/series/remove/",
        hours.remove_series,
        name="hall_hours_series_remove",
    ),
    path("<slug:code>/appointments/hours/days/", hours.exception, name="hall_hours_day"),
    path(
        "<slug:code>/appointments/hours/days/remove/",
        hours.remove_exception,
        name="hall_hours_day_remove",
    ),
]
