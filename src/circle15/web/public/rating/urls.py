"""Rating a visit or a case by its link, following what came of it, and saying what is wrong."""

from django.urls import path

from circle15.web.public.rating import feedback, views
from circle15.web.shared.access import by_method

urlpatterns = [
    path(
        "t/<uuid:link>/rate/",
        by_method(get=views.ticket_steps, post=views.rate_ticket),
        name="rate_ticket",
    ),
    path(
        "c/<str:number>/<str:secret>/rate/",
        by_method(get=views.case_steps, post=views.rate_case),
        name="rate_case",
    ),
    path(
        "mine/case/<uuid:case_uid>/rate/",
        by_method(get=views.my_steps, post=views.rate_mine),
        name="my_rate",
    ),
    path("feedback/", by_method(get=feedback.ask, post=feedback.hand_in), name="feedback"),
    path(
        "feedback/<uuid:link>/<str:secret>/",
        by_method(get=feedback.follow, post=feedback.say),
        name="feedback_order",
    ),
]
