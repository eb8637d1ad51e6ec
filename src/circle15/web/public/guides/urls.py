"""Pages of guides. What one answers stands in the address: choices only, nothing about a person."""

from django.urls import path

from circle15.web.public.guides import checking, events, reading

urlpatterns = [
    path("", reading.guides, name="guides"),
    path("life/<slug:event>/", events.event, name="guide_event"),
    path("life/<slug:event>/paper/<slug:size>/", events.event_paper, name="guide_event_paper"),
    path("<slug:item>/", reading.guide, name="guide"),
    path("<slug:item>/check/", checking.check, name="guide_check"),
    path("<slug:item>/paper/<slug:size>/", checking.paper, name="guide_paper"),
]
