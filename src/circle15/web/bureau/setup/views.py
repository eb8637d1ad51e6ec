"""What a new city still lacks, step by step, with the page or the command for each."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from circle15.accounts.actors import Actor
from circle15.accounts.states import PERMISSIONS, Permission, Role
from circle15.assessments.setting_up.confirming import BY_HAND, confirm, register_bureaus
from circle15.assessments.setting_up.looking import set_up
from circle15.assessments.setting_up.steps import Step, StepState
from circle15.web.bureau.setup.forms import ConfirmForm
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.once import once

STATES = {
    StepState.DONE: ("good", gettext_lazy("已完成")),
    StepState.PARTLY: ("warn", gettext_lazy("部分完成")),
    StepState.MISSING: ("bad", gettext_lazy("缺少")),
    StepState.NOT_SET: ("idle", gettext_lazy("未设置，可以不设")),
}
BUREAUS = "bureaus"


@reads
@requires(Permission.SET_UP)
def overview(request: StaffRequest) -> HttpResponse:
    """Show every step as it stands now."""
    return _page(request, ConfirmForm())


@writes
@requires(Permission.SET_UP)
@once
def act(request: StaffRequest, act: str) -> HttpResponse:
    """Register the bureaus that lack, or confirm a step that only people see."""
    at = timezone.now()
    if act == BUREAUS:
        n = register_bureaus(by=request.actor, at=at)
        told = ngettext("已登记 %(n)s 个医保局。", "已登记 %(n)s 个医保局。", n) % {"n": n}
        messages.success(request, told)
        return HttpResponseRedirect(reverse("setup"))
    if act not in BY_HAND:
        raise Http404
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return _page(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    confirm(step=act, note=form.cleaned_data["note"], by=request.actor, at=at)
    messages.success(request, _("已确认。"))
    return HttpResponseRedirect(reverse("setup"))


def _page(request: StaffRequest, form: ConfirmForm, status: int = HTTPStatus.OK) -> HttpResponse:
    found = set_up(request.actor, at=timezone.now())
    following = found.next_step
    rows = [_row(step, request.actor, n) for n, step in enumerate(found.steps, 1)]
    context = {
        "found": found,
        "needed": [row for row in rows if row["step"].is_needed],
        "extra": [row for row in rows if not row["step"].is_needed],
        "total": len(found.needed),
        "next_key": following.key if following else "",
        "next_title": following.title if following else "",
        "form": form,
    }
    return render(request, "bureau/setup/setup.html", context, status=status)


def _row(step: Step, actor: Actor, number: int) -> dict[str, Any]:
    tone, label = STATES[step.state]
    return {
        "step": step,
        "number": number,
        "tone": tone,
        "label": label,
        "lacks": _("、").join(step.lacks),
        "url": _address(step, actor),
        "roles": _("、").join(roles_of(step.permission)) if step.permission else _("服务器管理员"),
        "is_done": step.state == StepState.DONE,
    }


def _address(step: Step, actor: Actor) -> str:
    """Return the page of a step where it is built in and the actor may open it."""
    if not step.page or (step.permission and not actor.can(step.permission)):
        return ""
    try:
        return reverse(step.page)
    except NoReverseMatch:
        return ""


def roles_of(permission: Permission) -> list[str]:
    """Name the roles that hold a permission."""
    return [str(Role(role).label) for role, held in PERMISSIONS.items() if permission in held]


def hint(actor: Actor) -> str:
    """Return what to tell somebody who sets up and has just come in; "" for nothing."""
    if not actor.can(Permission.SET_UP):
        return ""
    missing = set_up(actor, at=timezone.now()).missing
    if not missing:
        return ""
    words = ngettext(
        "城市配置还缺 %(n)s 步，请在“城市配置”里查看。",
        "城市配置还缺 %(n)s 步，请在“城市配置”里查看。",
        missing,
    )
    return words % {"n": missing}
