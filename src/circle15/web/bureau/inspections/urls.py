"""Doors of on-site checks for officers."""

from django.urls import path

from circle15.web.bureau.inspections import checks, draws, findings
from circle15.web.shared.access import by_method

urlpatterns = [
    path("", checks.check_list, name="inspections"),
    path("new/", by_method(get=checks.ask, post=checks.plan_one), name="inspection_new"),
    path("draws/", by_method(get=draws.draw_list, post=draws.draw_one), name="draws"),
    path("draws/<uuid:draw_uid>/", by_method(get=draws.page, post=draws.send_out), name="draw"),
    path("draws/<uuid:draw_uid>/export/", draws.export_list, name="draw_export"),
    path("findings/", findings.finding_list, name="findings"),
    path("findings/<uuid:finding_uid>/", findings.judge_one, name="finding"),
    path("<uuid:check_uid>/", checks.page, name="inspection"),
    path("<uuid:check_uid>/<slug:act>/", checks.take_step, name="inspection_step"),
]
