"""Campaigns, their sites and lines, titles, and the proof of past scores."""

from django.urls import path

from circle15.web.bureau.campaigns import lines, listed, making, sites, titles
from circle15.web.shared.access import by_method

SITE = "sites/<uuid:entry_uid>/"
LINE = f"{SITE}lines/<str:rule_id>/"
urlpatterns = [
    path("", listed.campaign_list, name="campaigns"),
    path("new/", by_method(get=making.ask, post=making.make), name="campaign_new"),
    path("proof/", listed.proof, name="campaigns_proof"),
    path("titles/", titles.title_list, name="titles"),
    path("titles/<int:title_id>/do/<slug:act>/", titles.act, name="title_act"),
    path(SITE, sites.page, name="campaign_site"),
    path(f"{SITE}do/<slug:act>/", sites.act, name="campaign_site_act"),
    path(LINE, lines.page, name="campaign_line"),
    path(f"{LINE}do/<slug:act>/", lines.act, name="campaign_line_act"),
    path("<uuid:campaign_uid>/", listed.campaign, name="campaign"),
    path("<uuid:campaign_uid>/export/", listed.export, name="campaign_export"),
    path("<uuid:campaign_uid>/do/<slug:act>/", listed.act, name="campaign_act"),
]
