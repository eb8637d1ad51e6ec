"""Addresses of planning."""

from django.urls import path, re_path

from circle15.plans.states import PlanKind
from circle15.web.bureau.plans import asking, compare, files, overview, plan, scenario
from circle15.web.shared.access import by_method

urlpatterns = [
    path("", overview.overview, name="plans"),
    path("map/", by_method(get=scenario.planning_map, post=scenario.save), name="plan_map"),
    path("map/look.json", scenario.planning_look, name="plan_map_look"),
    path("map/points.json", scenario.planning_points, name="plan_map_points"),
    path("networks/<slug:digest>/roads.bin", files.network_roads, name="network_roads"),
    path("compare/", compare.compare, name="plan_compare"),
    path("compare/points.json", compare.compare_points, name="plan_compare_points"),
    path("new/", asking.choose, name="plan_kinds"),
    re_path(
        rf"^new/(?P<kind>{'|'.join(PlanKind.values)})/$",
        by_method(get=asking.new, post=asking.ask),
        name="plan_new",
    ),
    path("<uuid:plan_uid>/", plan.show, name="plan"),
    path("<uuid:plan_uid>/points.json", plan.points, name="plan_points"),
    path("<uuid:plan_uid>/progress/", plan.progress_part, name="plan_progress"),
    path("<uuid:plan_uid>/cancel/", plan.cancel, name="plan_cancel"),
    path("<uuid:plan_uid>/again/", plan.again, name="plan_again"),
    path("<uuid:plan_uid>/report.docx", files.report, name="plan_report"),
    path("<uuid:plan_uid>/record.json", files.record, name="plan_record"),
    path("<uuid:plan_uid>/tables.xlsx", files.workbook, name="plan_workbook"),
    path("<uuid:plan_uid>/table.csv", files.csv_table, name="plan_csv"),
]
