"""Addresses of the site pages."""

from django.urls import path

from circle15.web.bureau.sites import facts, lists, site, states
from circle15.web.shared.access import by_method

urlpatterns = [
    path("", lists.site_list, name="sites"),
    path("export.xlsx", lists.export, name="sites_export"),
    path("evidence/<int:evidence_id>/", facts.evidence, name="evidence"),
    path("<slug:code>/", site.overview, name="site"),
    path("<slug:code>/inventory/", site.inventory, name="site_inventory"),
    path("<slug:code>/inventory/equipment/", states.equipment, name="equipment_state"),
    path("<slug:code>/inventory/zones/", states.zone, name="zone_state"),
    path("<slug:code>/status/", states.status, name="site_status"),
    path("<slug:code>/ledger/", site.ledger, name="site_ledger"),
    path("<slug:code>/facts/", facts.choose, name="fact_choose"),
    path(
        "<slug:code>/facts/<str:name>/",
        by_method(get=facts.history, post=facts.add),
        name="fact",
    ),
]
