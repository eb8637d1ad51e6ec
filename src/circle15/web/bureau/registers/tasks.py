"""Whom to see of our own accord: the tasks the rules make, planned and ended."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.states import Permission
from circle15.ledger.people import follow_ups
from circle15.ledger.people.states import FollowUpState
from circle15.standards.registers import follow_up_rules
from circle15.web.bureau.registers.forms import StepForm
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.item_words import said
from circle15.web.shared.once import once


@reads
@requires(Permission.VIEW_PEOPLE)
def listed(request: StaffRequest) -> HttpResponse:
    """Show the tasks that wait, the most pressing first."""
    rule = request.GET.get("rule", "")
    page = follow_ups.open_follow_ups(
        request.actor, on=timezone.localdate(), rule=rule, page=request.GET.get("page", "1")
    )
    context = {
        "page": page,
        "rules": [(key, said(one.name)) for key, one in follow_up_rules().items()],
        "rule": rule,
        "today": timezone.localdate(),
        "endings": [(str(one), one.label) for one in follow_ups.ENDINGS],
        "may_edit": request.actor.can(Permission.EDIT_PEOPLE),
        "synthetic": any(one.is_synthetic for one in page.object_list),
    }
    return render(request, "bureau/registers/follow_ups.html", context)


@writes
@requires(Permission.EDIT_PEOPLE)
@once
def step(request: StaffRequest, follow_up_uid: UUID) -> HttpResponse:
    """Plan a visit on a day, take it back, or say how the task ended."""
    task = follow_ups.follow_up(follow_up_uid, request.actor, on=timezone.localdate())
    form = StepForm(request.POST)
    by, at = request.actor, timezone.now()
    if not form.is_valid():
        messages.error(request, _("请填写上门日期，或选择结果。"))
        return redirect("follow_ups")
    state, on = form.cleaned_data["state"], form.cleaned_data["on"]
    if state == FollowUpState.PLANNED and on is None:
        messages.error(request, _("请填写上门日期。"))
    elif state == FollowUpState.PLANNED:
        follow_ups.plan_visit(task.uid, on=on, by=by, at=at)
        messages.success(request, _("已安排上门。"))
    elif state == FollowUpState.OPEN:
        follow_ups.reopen(task.uid, by=by, at=at)
        messages.success(request, _("已改回待安排。"))
    else:
        note = form.cleaned_data["note"]
        follow_ups.finish(task.uid, state=state, note=note, by=by, at=at)
        messages.success(request, _("已记录结果。"))
    return redirect("follow_ups")
