"""The steps of the desk: each does one thing to the ticket its button names."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.hall.actions import calling, moving, serving, windows
from circle15.hall.queries import (
    WindowLine,
    desk_of,
    open_session_of,
    window_of,
    windows_in_order,
)
from circle15.items.naming import item_names
from circle15.web.counter import desk as desk_page
from circle15.web.counter.forms import CoverForm, ItemForm, PauseForm, TransferForm
from circle15.web.counter.shown import desk_shown
from circle15.web.shared.access import StaffRequest, requires, writes
from circle15.web.shared.refused import wants_fragment


class NotSaid(Refused):
    """A question was left open, or answered with what can't be read."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One press of a button: where, about which ticket, by whom, and what else was said."""

    window_id: int
    said: Any
    by: Actor
    at: datetime

    @property
    def ticket(self) -> UUID:
        """Return the ticket the button names; raises when it names none."""
        try:
            return UUID(self.said.get("uid", ""))
        except ValueError:
            raise NotSaid(_("现在没有叫到的人，请先叫号。")) from None

    @property
    def here(self) -> dict[str, Any]:
        """Return where and who, as every action takes it."""
        return {"window_id": self.window_id, "by": self.by, "at": self.at}

    def windows(self) -> tuple[WindowLine, ...]:
        """Return the windows of the hall."""
        _window, hall = window_of(self.by, self.window_id)
        return windows_in_order(self.by, hall.site.code)


def _answers(form: forms.Form) -> dict[str, Any]:
    """Return the answers of a question; raises with everything that is wrong."""
    if not form.is_valid():
        raise NotSaid(" ".join(str(errors[0]) for errors in form.errors.values()))
    return form.cleaned_data


def _call(asked: Asked) -> str:
    called = calling.call_next(**asked.here)
    return _("已叫 %(label)s。") % {"label": called.label}


def _pick(asked: Asked) -> str:
    called = calling.pick(uid=asked.ticket, **asked.here)
    return _("已叫 %(label)s。") % {"label": called.label}


def _recall(asked: Asked) -> str:
    """Call again; the button names the calls it has seen, so a second press is no further call."""
    calls = asked.said.get("seen", "")
    seen = (asked.ticket, int(calls) if calls.isdecimal() else 0)
    called = calling.recall(seen=seen, **asked.here)
    if called.is_no_show:
        return _("已叫满次数，%(label)s 记为过号。") % {"label": called.label}
    return _("已再叫 %(label)s。") % {"label": called.label}


def _begin(asked: Asked) -> str:
    begun = serving.begin(uid=asked.ticket, **asked.here)
    return _("开始办理 %(label)s。") % {"label": begun.label}


def _finish(asked: Asked) -> str:
    done = serving.finish(uid=asked.ticket, **asked.here)
    minutes, seconds = divmod(done.service_s, 60)
    words = {"label": done.label, "minutes": minutes, "seconds": seconds}
    return _("%(label)s 已办结，用时 %(minutes)s 分 %(seconds)s 秒。") % words


def _hold(asked: Asked) -> str:
    serving.hold(uid=asked.ticket, by=asked.by, at=asked.at)
    return _("号给留着，回来后按 H 继续。")


def _resume(asked: Asked) -> str:
    serving.resume(uid=asked.ticket, **asked.here)
    return _("继续办理。")


def _add_item(asked: Asked) -> str:
    item = _answers(ItemForm(asked.said, names=item_names(timezone.localdate(asked.at))))["item"]
    there = desk_of(asked.by, asked.window_id, at=asked.at).current
    if (
        there
        and there.uid == asked.ticket
        and item in {i for _n, i, done in there.items if not done}
    ):
        raise NotSaid(_("这一项已经在单子上了。"))
    serving.add_item(uid=asked.ticket, item=item, by=asked.by, at=asked.at)
    return _("已加一项。")


def _transfer(asked: Asked) -> str:
    places = desk_shown(asked.by, asked.window_id, at=asked.at).places
    given = _answers(TransferForm(asked.said, places=places))
    kind, _colon, where = given["to"].partition(":")
    moved = moving.transfer(
        uid=asked.ticket,
        to_window=int(where) if kind == "window" else None,
        to_site=where if kind == "site" else None,
        reason=given["reason"],
        by=asked.by,
        at=asked.at,
    )
    if kind == "window":
        return _("已转走，等候时间不重新算。")
    words = {"label": moved.label, "hall": moved.site_name}
    return _("已转到%(hall)s，新号 %(label)s，请告诉本人。") % words


def _no_show(asked: Asked) -> str:
    moving.no_show(uid=asked.ticket, by=asked.by, at=asked.at)
    return _("已记过号；人来了可以在名单里恢复。")


def _restore(asked: Asked) -> str:
    moving.restore(uid=asked.ticket, by=asked.by, at=asked.at)
    return _("已恢复排队。")


def _undo(asked: Asked) -> str:
    moving.undo(uid=asked.ticket, by=asked.by, at=asked.at)
    return _("已撤销上一步。")


def _pause(asked: Asked) -> str:
    windows.pause(reason=_answers(PauseForm(asked.said))["reason"], **asked.here)
    return _("已暂停叫号。")


def _resume_window(asked: Asked) -> str:
    windows.resume_window(**asked.here)
    return _("可以继续叫号了。")


def _cover(asked: Asked) -> str:
    """Stand in for a window, or end it where this window stands in already."""
    number = _answers(CoverForm(asked.said))["number"]
    absent = next((one.id for one in asked.windows() if one.number == number), None)
    if absent is None:
        raise NotSaid(_("本大厅没有 %(number)s 号窗口。") % {"number": number})
    if number in desk_of(asked.by, asked.window_id, at=asked.at).covering:
        windows.end_cover(absent_window_id=absent, by=asked.by, at=asked.at)
        return _("已结束顶 %(number)s 号窗口的岗。") % {"number": number}
    windows.cover(absent_window_id=absent, by_window_id=asked.window_id, by=asked.by, at=asked.at)
    return _("开始顶 %(number)s 号窗口的岗。") % {"number": number}


def _emergency(asked: Asked) -> str:
    windows.emergency(**asked.here)
    return _("已发出紧急呼叫。")


def _end_emergency(asked: Asked) -> str:
    windows.end_emergency(**asked.here)
    return _("已结束紧急呼叫。")


def _item_done(asked: Asked) -> str:
    """Tick an item off, or take the tick back."""
    position = asked.said.get("position", "")
    if not position.isdecimal():
        raise NotSaid(_("没有说是哪一项。"))
    is_done = asked.said.get("done") == "1"
    serving.item_done(
        uid=asked.ticket, position=int(position), done=is_done, by=asked.by, at=asked.at
    )
    return _("已勾上。") if is_done else _("已去掉勾。")


def _close(asked: Asked) -> str:
    windows.close_window(**asked.here)
    return _("已关窗。")


STEPS: Final[dict[str, Callable[[Asked], str]]] = {
    "call": _call,
    "pick": _pick,
    "recall": _recall,
    "begin": _begin,
    "finish": _finish,
    "hold": _hold,
    "resume": _resume,
    "add_item": _add_item,
    "transfer": _transfer,
    "no_show": _no_show,
    "restore": _restore,
    "undo": _undo,
    "pause": _pause,
    "resume_window": _resume_window,
    "cover": _cover,
    "emergency": _emergency,
    "end_emergency": _end_emergency,
    "item_done": _item_done,
    "close_window": _close,
}


@writes
@requires(Permission.SERVE)
def step(request: StaffRequest, window_id: int, step: str) -> HttpResponse:
    """Take a step; a refusal is shown on the desk, which then shows the true state."""
    if step not in STEPS:
        raise Http404
    window_of(request.actor, window_id)
    asked = Asked(window_id, request.POST, request.actor, timezone.now())
    try:
        said = STEPS[step](asked)
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        return _refused(request, str(refusal))
    if not wants_fragment(request):
        messages.success(request, said)
        return HttpResponseRedirect(reverse("desk"))
    if open_session_of(request.actor) is None:
        return desk_page.no_store(HttpResponse(""))
    return desk_page.page(request, window_id, said=said)


def _refused(request: StaffRequest, words: str) -> HttpResponse:
    session = open_session_of(request.actor)
    if session is None:
        return desk_page.choose(request, words, HTTPStatus.CONFLICT)
    return desk_page.page(
        request, session.window_id, said=words, refused=True, status=HTTPStatus.CONFLICT
    )


@writes
@requires(Permission.SERVE)
def open_window(request: StaffRequest, window_id: int) -> HttpResponse:
    """Sit down at a window for the day."""
    try:
        windows.open_window(window_id=window_id, by=request.actor, at=timezone.now())
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        return _refused(request, str(refusal))
    return HttpResponseRedirect(reverse("desk"))
