"""The year's plan and new policies: what is owed, adding to both, taking a line out."""

from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.programme.training.planning import add_line, drop_line, give_notice
from circle15.programme.training.queries import notice_duties, plan_duties
from circle15.programme.training.refusals import UnusableTraining
from circle15.standards.training import training_rules
from circle15.web.bureau.campaigns.forms import ActForm
from circle15.web.bureau.training.forms import LineForm, NoticeForm
from circle15.web.bureau.training.words import duty_row
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.once import once


@reads
@requires(Permission.VIEW_TRAINING)
def page(request: StaffRequest) -> HttpResponse:
    """Show what the plan and new policies ask for."""
    return _page(request, {})


@writes
@requires(Permission.MANAGE_TRAINING)
@once
def act(request: StaffRequest, act: str) -> HttpResponse:
    """Add a line or a notice, or take a line out of the plan."""
    if act not in {"line", "notice", "drop"}:
        raise Http404
    at = timezone.now()
    form = _form(request, act)
    if form is None or form.is_valid():
        try:
            _do(request, act, form, at)
        except (NotAllowed, NotFound):
            raise
        except Refused as refusal:
            if form is None:
                return _page(request, {}, refusal=str(refusal))
            part = refusal.part if isinstance(refusal, UnusableTraining) else ""
            form.add_error(part or None, str(refusal))
        else:
            messages.success(request, _("已办。"))
            return HttpResponseRedirect(reverse("training_plan"))
    return _page(request, {act: form})


def _do(request: StaffRequest, act: str, form: ActForm | None, at: datetime) -> None:
    by = request.actor
    if form is None:
        uid, reason = request.POST.get("line", ""), request.POST.get("reason", "")
        drop_line(uid=_uid(uid), reason=reason, by=by, at=at)
        return
    given = dict(form.cleaned_data)
    if act == "line":
        add_line(**given | {"year": int(given["year"])}, by=by, at=at)
    else:
        give_notice(**given, by=by, at=at)


def _form(request: StaffRequest, act: str) -> ActForm | None:
    data = request.POST if request.method == "POST" else None
    on = timezone.localdate()
    if act == "line":
        return LineForm(data, act=act, label=_("加入计划"), today=on)
    if act == "notice":
        return NoticeForm(data, act=act, label=_("登记新政策"), initial={"issued_on": on})
    return None


def _uid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


def _page(
    request: StaffRequest, given: dict[str, ActForm | None], *, refusal: str = ""
) -> HttpResponse:
    by, on = request.actor, timezone.localdate()
    manages = by.can(Permission.MANAGE_TRAINING)
    forms = []
    if manages:
        forms = [
            given.get("line") or LineForm(act="line", label=_("加入计划"), today=on),
            given.get("notice")
            or NoticeForm(act="notice", label=_("登记新政策"), initial={"issued_on": on}),
        ]
    plan = plan_duties(by, year=on.year, on=on)
    following = plan_duties(by, year=on.year + 1, on=on)
    notices = notice_duties(by, on=on)
    refused = next((form for form in given.values() if form is not None), None)
    context = {
        "plan": [
            {**duty_row(one), "may_drop": manages and by.covers(one.line.area_path)}
            for one in (*plan, *following)
        ],
        "notices": [duty_row(one) for one in notices],
        "forms": forms,
        "refused": refused,
        "refusal": refusal,
        "manages": manages,
        "least": training_rules().sessions_a_year,
        "year": on.year,
        "synthetic": any(one.line.is_synthetic for one in plan),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refused or refusal else HTTPStatus.OK
    return render(request, "bureau/training/plan.html", context, status=status)
