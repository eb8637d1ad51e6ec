"""Addresses of the site pages."""

from django.urls import path

from circle15.web.bureau.sites import facts, inventory, lists, site, staffing, states
from circle15.web.shared.access import by_method

urlpatterns = [
    path("", lists.site_list, name="sites"),
    path("export.xlsx", lists.export, name="sites_export"),
    path("evidence/<int:evidence_id>/", facts.evidence, name="evidence"),
    path("staff/", staffing.turnover, name="staff_turnover"),
    path("staff/export/", staffing.turnover_export, name="staff_turnover_export"),
    path("readiness/", staffing.readiness_area, name="readiness"),
    path(
        "<slug:code>/staff/",
        by_method(get=staffing.skills, post=staffing.skills_set),
        name="site_skills",
    ),
    path(
        "<slug:code>/readiness/",
        by_method(get=staffing.readiness, post=staffing.readiness_record),
        name="site_readiness",
    ),
    path("<slug:code>/", site.overview, name="site"),
    path("<slug:code>/inventory/", inventory.inventory, name="site_inventory"),
    path("<slug:code>/inventory/equipment/", states.equipment, name="equipment_state"),
    path("<slug:code>/inventory/zones/", states.zone, name="zone_state"),
    path("<slug:code>/inventory/equipment/new/", inventory.add_equipment, name="equipment_new"),
    path("<slug:code>/inventory/signs/", inventory.sign, name="site_sign"),
    path("<slug:code>/inventory/windows/", inventory.window, name="site_window"),
    path("<slug:code>/inventory/windows/remove/", states.remove_window, name="site_window_remove"),
    path("<slug:code>/inventory/hours/", inventory.hours, name="site_hours"),
    path("<slug:code>/inventory/hours/remove/", states.remove_hours, name="site_hours_remove"),
    path("<slug:code>/inventory/trainings/", inventory.training, name="site_training"),
    path("<slug:code>/status/", states.status, name="site_status"),
    path("<slug:code>/ledger/", site.ledger, name="site_ledger"),
    path("<slug:code>/facts/", facts.choose, name="fact_choose"),
    path(
        "<slug:code>/facts/<str:name>/",
        by_method(get=facts.history, post=facts.add),
        name="fact",
    ),
]
