"""What leaves the house: Word report, record, tables, and the roads the maps draw."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.cache import patch_cache_control

from circle15.accounts.states import Permission
from circle15.plans.queries import networks_in_order, plan_by_uid
from circle15.plans.states import PlanState
from circle15.web.shared.access import StaffRequest, reads, requires

if TYPE_CHECKING:
    from circle15.plans.models import Plan

OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES = {
    "xlsx": f"{OFFICE}.spreadsheetml.sheet",
    "docx": f"{OFFICE}.wordprocessingml.document",
    "json": "application/json; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}
A_DAY_S = 86_400


@reads
@requires(Permission.VIEW_PLANS)
def report(request: StaffRequest, plan_uid: UUID) -> HttpResponse:
    """Hand out a finished plan as a Word report with its map."""
    from circle15.plans.documents.report import report_docx  # noqa: PLC0415 -- slow import

    plan = _finished(request, plan_uid)
    return _file(plan, report_docx(plan), "docx")


@reads
@requires(Permission.VIEW_PLANS)
def record(request: StaffRequest, plan_uid: UUID) -> HttpResponse:
    """Hand out question, inputs and answer, enough to compute it again elsewhere."""
    from circle15.plans.documents.tables import record_json  # noqa: PLC0415 -- slow import

    plan = _finished(request, plan_uid)
    return _file(plan, record_json(plan), "json")


@reads
@requires(Permission.VIEW_PLANS)
def workbook(request: StaffRequest, plan_uid: UUID) -> HttpResponse:
    """Hand out all tables of a plan as a workbook."""
    from circle15.plans.documents.tables import plan_xlsx  # noqa: PLC0415 -- slow import

    plan = _finished(request, plan_uid)
    return _file(plan, plan_xlsx(plan), "xlsx")


@reads
@requires(Permission.VIEW_PLANS)
def csv_table(request: StaffRequest, plan_uid: UUID) -> HttpResponse:
    """Hand out the main table of a plan as CSV."""
    from circle15.plans.documents.tables import plan_csv  # noqa: PLC0415 -- slow import

    plan = _finished(request, plan_uid)
    return _file(plan, plan_csv(plan), "csv")


def _finished(request: StaffRequest, plan_uid: UUID) -> "Plan":
    plan = plan_by_uid(request.actor, plan_uid)
    if plan.state != PlanState.DONE:
        raise Http404
    return plan


def _file(plan: "Plan", content: bytes, form: str) -> HttpResponse:
    reply = HttpResponse(content, content_type=TYPES[form])
    name = f"circle15-plan-{plan.kind}-{plan.result_digest[:8]}.{form}"
    reply["Content-Disposition"] = f'attachment; filename="{name}"'
    reply["Cache-Control"] = "private, no-store"
    return reply


@reads
@requires(Permission.VIEW_PLANS)
def network_roads(request: StaffRequest, digest: str) -> HttpResponse:
    """Give the roads of a network as strokes; a digest never changes what it stands for."""
    from circle15.plans.documents.roads import packed, strokes  # noqa: PLC0415 -- slow import
    from circle15.plans.files import open_network  # noqa: PLC0415 -- slow import

    if not networks_in_order(request.actor).filter(digest=digest).exists():
        raise Http404
    reply = HttpResponse(
        packed(strokes(open_network(digest))), content_type="application/octet-stream"
    )
    patch_cache_control(reply, private=True, max_age=A_DAY_S, immutable=True)
    return reply
