"""Doors of the ticket machine; its browser shows /kiosk/ only, the rest is fetched into it."""

from django.urls import path

from circle15.web.kiosk import guides, pad, rating, views
from circle15.web.shared.access import by_method

urlpatterns = [
    path("kiosk/", views.start, name="kiosk"),
    path("kiosk/items/", views.groups, name="kiosk_groups"),
    path("kiosk/items/<slug:group>/", views.items, name="kiosk_items"),
    path("kiosk/green/", views.green, name="kiosk_green"),
    path(
        "kiosk/appointment/",
        by_method(get=views.appointment, post=views.arrive),
        name="kiosk_appointment",
    ),
    path("kiosk/scan/", by_method(get=views.scan, post=views.scanned), name="kiosk_scan"),
    path("kiosk/take/", views.take, name="kiosk_take"),
    path("kiosk/paper/<uuid:link>/<int:width>/", views.paper, name="kiosk_paper"),
    path("kiosk/guides/", guides.guides, name="kiosk_guides"),
    path("kiosk/guides/of/<slug:group>/", guides.guide_items, name="kiosk_guide_items"),
    path("kiosk/guides/<slug:item>/", guides.guide, name="kiosk_guide"),
    path("kiosk/guides/<slug:item>/print/", guides.guide_print, name="kiosk_guide_print"),
    path(
        "kiosk/guides/<slug:item>/paper/<int:width>/",
        guides.guide_paper,
        name="kiosk_guide_paper",
    ),
    path("kiosk/rate/", by_method(get=rating.steps, post=rating.give), name="kiosk_rate"),
    path("pad/", pad.windows, name="pads"),
    path("pad/<int:window>/", by_method(get=pad.steps, post=pad.give), name="pad"),
    path("kiosk/alive/", views.alive, name="kiosk_alive"),
    path("kiosk/end/", views.end, name="kiosk_end"),
]
