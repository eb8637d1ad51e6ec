"""Set a target from a plan or freely, change it with a reason, or give it up."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.areas.queries import choices_under
from circle15.areas.states import Level
from circle15.programme.targets.queries import target_by_uid
from circle15.programme.targets.setting import change_target, drop_target, set_target
from circle15.programme.targets_states import Force
from circle15.standards.targets import target_rules
from circle15.web.bureau.targets.forms import ChangeForm, TargetForm, from_template
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.item_words import said
from circle15.web.shared.once import once

if TYPE_CHECKING:
    from circle15.programme.targets_models import Target


@reads
@requires(Permission.RUN_PROGRAMME)
def ask(request: StaffRequest) -> HttpResponse:
    """Offer the targets of the plans; one that is chosen fills the form."""
    year = timezone.localdate().year
    chosen = target_rules().templates.get(request.GET.get("template", ""))
    initial = from_template(chosen, year=year) if chosen else {"year": year}
    return _new(request, _form(request, initial=initial))


@writes
@requires(Permission.RUN_PROGRAMME)
@once
def make(request: StaffRequest) -> HttpResponse:
    form = _form(request, request.POST)
    if not form.is_valid():
        return _new(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        made = set_target(wanted=form.wanted(), by=request.actor, at=timezone.now())
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _new(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, _("目标已设定。"))
    return HttpResponseRedirect(reverse("target", args=[made.uid]))


def _form(request: StaffRequest, data: Any = None, **more: Any) -> TargetForm:
    under = choices_under(request.actor.area_path)
    areas = [(each.path, each.name) for each in under if each.level != Level.TOWN]
    own = (request.actor.area_path, request.actor.area_name)
    return TargetForm(data, areas=[own, *(each for each in areas if each != own)], **more)


def _new(request: StaffRequest, form: TargetForm, status: int = HTTPStatus.OK) -> HttpResponse:
    templates = [
        {"id": one.id, "name": said(one.name), "one": one, "force": Force(one.force).label}
        for one in target_rules().templates.values()
    ]
    chosen = form["template"].value() or ""
    context = {"form": form, "templates": templates, "chosen": chosen}
    return render(request, "bureau/targets/new.html", context, status=status)


@reads
@requires(Permission.RUN_PROGRAMME)
def ask_change(request: StaffRequest, target_uid: UUID) -> HttpResponse:
    target = target_by_uid(request.actor, target_uid)
    names = ("name", "op", "value", "due_on", "force")
    return _change(request, target, ChangeForm(initial={n: getattr(target, n) for n in names}))


@writes
@requires(Permission.RUN_PROGRAMME)
@once
def change(request: StaffRequest, target_uid: UUID) -> HttpResponse:
    """Change a target, or give it up; both want the reason."""
    target = target_by_uid(request.actor, target_uid)
    form = ChangeForm(request.POST)
    if not form.is_valid():
        return _change(request, target, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    at, reason = timezone.now(), form.cleaned_data["reason"]
    try:
        if "drop" in request.POST:
            drop_target(uid=target_uid, reason=reason, by=request.actor, at=at)
            messages.success(request, _("目标已取消。"))
            return HttpResponseRedirect(reverse("targets"))
        wanted = form.wanted(target)
        change_target(uid=target_uid, wanted=wanted, reason=reason, by=request.actor, at=at)
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _change(request, target, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, _("目标已更改，原来的内容留在更改记录里。"))
    return HttpResponseRedirect(reverse("target", args=[target_uid]))


def _change(
    request: StaffRequest, target: "Target", form: ChangeForm, status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {"form": form, "target": target}
    return render(request, "bureau/targets/change.html", context, status=status)
