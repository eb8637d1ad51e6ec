"""The link of a ticket: whoever has it may follow it, leave and come back."""

from django.urls import path

from circle15.web.public.ticket import views

urlpatterns = [
    path("t/<uuid:link>/", views.ticket, name="ticket"),
    path("t/<uuid:link>/state", views.ticket_state, name="ticket_state"),
    path("t/<uuid:link>/leave/", views.leave, name="ticket_leave"),
    path("t/<uuid:link>/come-back/", views.come_back, name="ticket_come_back"),
]
