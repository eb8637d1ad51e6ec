"""Hand an edition on: to review, back, into force, out of it."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.items import publishing
from circle15.items.keeping import UnusableItem
from circle15.web.bureau.items.editions import edition_page
from circle15.web.bureau.items.forms import MoveForm, PublishForm
from circle15.web.shared.access import StaffRequest, requires, writes

Step = Callable[[int, MoveForm, Actor, datetime], object]


def _review(catalogue_id: int, form: MoveForm, by: Actor, at: datetime) -> object:
    note = form.cleaned_data["note"]
    return publishing.send_to_review(edition_id=catalogue_id, change_note=note, by=by, at=at)


def _back(catalogue_id: int, form: MoveForm, by: Actor, at: datetime) -> object:
    reason = form.cleaned_data["note"]
    return publishing.send_back(edition_id=catalogue_id, reason=reason, by=by, at=at)


def _give_up(catalogue_id: int, form: MoveForm, by: Actor, at: datetime) -> object:
    reason = form.cleaned_data["note"]
    return publishing.give_up(edition_id=catalogue_id, reason=reason, by=by, at=at)


def _withdraw(catalogue_id: int, form: MoveForm, by: Actor, at: datetime) -> object:
    reason = form.cleaned_data["note"]
    return publishing.withdraw(edition_id=catalogue_id, reason=reason, by=by, at=at)


STEPS: dict[str, tuple[Step, str | Promise]] = {
    "review": (_review, _("已提交审核，请另一位有发布权限的同事核对后发布。")),
    "back": (_back, _("已退回起草人修改。")),
    "give_up": (_give_up, _("已放弃这份草稿。")),
    "withdraw": (_withdraw, _("已停用，改按前一版执行。")),
}
_PUBLISHED = _("已发布，自施行日期起各处自动换用这一版。")


@writes
@requires(Permission.VIEW_ITEMS)
def move(request: StaffRequest, catalogue_id: int) -> HttpResponse:
    """Take one step with an edition: `do` says which. The action asks for the permission."""
    do, at = request.POST.get("do", ""), timezone.now()
    if do == "publish":
        return _publish(request, catalogue_id, at)
    if do not in STEPS:
        raise NotFound
    step, said = STEPS[do]
    form = MoveForm(request.POST)
    if not form.is_valid():
        return _again(request, catalogue_id, note_form=form)
    try:
        step(catalogue_id, form, request.actor, at)
    except (NotAllowed, NotFound):
        raise
    except UnusableItem as refusal:
        return _again(request, catalogue_id, note_form=form, problems=refusal.problems)
    except Refused as refusal:
        form.add_error("note", str(refusal))
        return _again(request, catalogue_id, note_form=form)
    messages.success(request, str(said))
    return redirect("item_edition", catalogue_id)


def _publish(request: StaffRequest, catalogue_id: int, at: datetime) -> HttpResponse:
    form = PublishForm(request.POST)
    if not form.is_valid():
        return _again(request, catalogue_id, publish_form=form)
    since = form.cleaned_data["in_force_from"]
    try:
        publishing.publish(edition_id=catalogue_id, in_force_from=since, by=request.actor, at=at)
    except (NotAllowed, NotFound):
        raise
    except UnusableItem as refusal:
        return _again(request, catalogue_id, publish_form=form, problems=refusal.problems)
    except Refused as refusal:
        form.add_error("in_force_from", str(refusal))
        return _again(request, catalogue_id, publish_form=form)
    messages.success(request, _PUBLISHED)
    return redirect("item_edition", catalogue_id)


def _again(request: StaffRequest, catalogue_id: int, **more: object) -> HttpResponse:
    return edition_page(request, catalogue_id, status=HTTPStatus.UNPROCESSABLE_ENTITY, **more)
