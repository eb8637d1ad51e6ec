"""Addresses of the clerk's desk."""

from django.urls import path

from circle15.web.counter import desk, steps, take
from circle15.web.shared.access import by_method

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("now/", desk.now, name="desk_now"),
    path("windows/<int:window_id>/open/", steps.open_window, name="desk_open"),
    path("windows/<int:window_id>/ask/<slug:step>/", desk.ask, name="desk_ask"),
    path("windows/<int:window_id>/<slug:step>/", steps.step, name="desk_step"),
    path("take/", by_method(get=take.show, post=take.take), name="take"),
    path("taken/<uuid:ticket_uid>/", take.taken, name="taken"),
    path("taken/<uuid:ticket_uid>/qr.svg", take.qr_code, name="taken_qr"),
]
