"""The desk as its templates show it: words, tones, and which button may be pressed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.hall.desk import OwnDay, emergencies, halls_beside, own_day, served_s
from circle15.hall.queries import (
    Desk,
    TicketLine,
    WaitingTicket,
    WindowLine,
    desk_of,
    window_of,
    windows_in_order,
)
from circle15.hall.states import TRANSITIONS, Source, Step, TicketState
from circle15.hall.watching import newcomers_wait
from circle15.items.naming import ItemNames, item_names
from circle15.standards.hall import green_classes, phrases
from circle15.web.counter import keys
from circle15.web.counter.forms import (
    PAUSE_REASONS,
    CoverForm,
    ItemForm,
    PauseForm,
    TransferForm,
)
from circle15.web.shared.item_words import listed, said

WARN_S, LATE_S = 8 * 60, 10 * 60
TONES: Final = {TicketState.CALLED: ("info", "bell"), TicketState.SERVING: ("brand", "user")}
# What the buttons of the desk do to the ticket at the window.
ON_TICKET: Final = {
    "recall": Step.RECALL,
    "begin": Step.BEGIN,
    "finish": Step.FINISH,
    "hold": Step.HOLD,
    "no_show": Step.NO_SHOW,
    "transfer": Step.MOVE_WINDOW,
}
# What is said in a state, in the order of a visit.
SAID: Final[Mapping[str, tuple[str, ...]]] = {
    TicketState.CALLED: ("recall",),
    TicketState.SERVING: ("greet", "check", "missing", "finish"),
    "paused": ("pause",),
}


def own_language() -> str:
    return get_language() or ""


def green_name(key: str) -> str:
    """Name a class of the green channel; "" for none."""
    found = green_classes().get(key)
    return found.name.in_language(own_language()) if found else key


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody in a list: waiting, held, or gone for now."""

    uid: UUID
    label: str
    kind: str
    lane_name: str
    green_name: str
    item_names: str
    waited_s: float
    since: datetime | None = None
    gone_words: str = ""


def waiting_row(ticket: WaitingTicket, names: ItemNames) -> Row:
    return Row(
        uid=ticket.uid,
        label=ticket.label,
        kind=ticket.kind,
        lane_name=ticket.lane_name,
        green_name=green_name(ticket.green_class),
        item_names=listed(said(names.name(item)) for item in ticket.items),
        waited_s=ticket.waited_s,
    )


def line_row(ticket: TicketLine, names: ItemNames, *, at: datetime) -> Row:
    away = {TicketState.NO_SHOW, TicketState.LEFT}
    return Row(
        uid=ticket.uid,
        label=ticket.label,
        kind=ticket.kind,
        lane_name=ticket.lane_name,
        green_name=green_name(ticket.green_class),
        item_names=listed(said(names.name(item)) for _n, item, done in ticket.items if not done),
        waited_s=(at - ticket.queued_at).total_seconds(),
        since=ticket.since,
        gone_words=str(TicketState(ticket.state).label) if ticket.state in away else "",
    )


@dataclass(frozen=True)
class Current:
    """The ticket at the window, with its clock."""

    line: TicketLine
    at: datetime
    served_s: float
    names: ItemNames

    @property
    def label(self) -> str:
        return self.line.label

    @property
    def kind(self) -> str:
        return self.line.kind

    @property
    def lane_name(self) -> str:
        return self.line.lane_name

    @property
    def green_name(self) -> str:
        return green_name(self.line.green_class)

    @property
    def state_label(self) -> str:
        return str(TicketState(self.line.state).label)

    @property
    def source_label(self) -> str:
        return str(Source(self.line.source).label)

    @property
    def tone(self) -> str:
        return TONES[TicketState(self.line.state)][0]

    @property
    def icon(self) -> str:
        return TONES[TicketState(self.line.state)][1]

    @property
    def is_serving(self) -> bool:
        return self.line.state == TicketState.SERVING

    @property
    def items(self) -> list[dict[str, object]]:
        return [
            {"position": position, "name": said(self.names.name(item)), "done": done}
            for position, item, done in self.line.items
        ]

    @property
    def clock_since(self) -> datetime:
        """Return when the clock began: held time does not count as service."""
        if self.is_serving:
            return self.at - timedelta(seconds=self.served_s)
        return self.line.since

    @property
    def waited_s(self) -> float:
        called = self.line.called_at or self.line.since
        return max(0.0, (called - self.line.queued_at).total_seconds())

    @property
    def elapsed_s(self) -> int:
        return int((self.at - self.clock_since).total_seconds())

    @property
    def grade(self) -> str:
        if not self.is_serving or self.elapsed_s < WARN_S:
            return "ok"
        return "late" if self.elapsed_s >= LATE_S else "warn"

    @property
    def clock_words(self) -> str:
        return _("办理用时") if self.is_serving else _("叫号以来")

    @property
    def grade_words(self) -> str:
        late = {"warn": _("快到 10 分钟了"), "late": _("已超过 10 分钟")}
        return late.get(self.grade, self.clock_words)


@dataclass(frozen=True)
class DeskShown:
    """The whole screen."""

    desk: Desk
    windows: tuple[WindowLine, ...]
    day: OwnDay
    served_s: float
    alarms: tuple[tuple[int, datetime], ...]
    halls: tuple[tuple[str, str], ...]
    newcomer_min: tuple[int, int] | None
    names: ItemNames
    is_synthetic: bool
    at: datetime

    flow = keys.FLOW
    beside = keys.BESIDE
    questions = keys.QUESTIONS
    all_keys = tuple(key for key in keys.ALL if key.step not in {"resume_window", "end_emergency"})

    @property
    def window_id(self) -> int:
        return self.desk.window_id

    @property
    def window_name(self) -> str:
        return _("%(number)s 号窗口") % {"number": self.desk.window_number}

    @property
    def title(self) -> str:
        """Name the page in the browser's tab: what is there, and how many wait."""
        what = self.current.label if self.current else _("空闲")
        return f"{what} · {self.window_name}"

    @cached_property
    def current(self) -> Current | None:
        line = self.desk.current
        return Current(line, self.at, self.served_s, self.names) if line else None

    @property
    def uid(self) -> UUID | str:
        return self.desk.current.uid if self.desk.current else ""

    @property
    def seen(self) -> str:
        """Tell one call of a ticket from the next: a second press is no second call."""
        return str(self.desk.current.calls) if self.desk.current else ""

    @property
    def is_paused(self) -> bool:
        return self.paused_at is not None

    @property
    def paused_at(self) -> datetime | None:
        return self.desk.session.paused_at if self.desk.session else None

    @property
    def pause_reason(self) -> str:
        return pause_words(self.desk.session.pause_reason if self.desk.session else "")

    @property
    def calls_for_help(self) -> bool:
        return any(number == self.desk.window_number for number, _at in self.alarms)

    @property
    def next(self) -> list[Row]:
        return [waiting_row(ticket, self.names) for ticket in self.desk.next]

    @property
    def held(self) -> list[Row]:
        return [line_row(line, self.names, at=self.at) for line in self.desk.held]

    @property
    def newcomer_words(self) -> str:
        return newcomer_words(self.newcomer_min)

    @property
    def main_step(self) -> str:
        """Return the step that usually comes next."""
        if self.current is None:
            return "call"
        return "finish" if self.current.is_serving else "begin"

    @property
    def undo_words(self) -> str:
        undo = self.desk.undo
        if undo is None:
            return ""
        words = _("撤销%(step)s") % {"step": Step(undo.last_step).label}
        # Whose step, where it is not the one everybody looks at.
        return words if undo.uid == self.uid else f"{words} {undo.label}"

    @property
    def undo_uid(self) -> UUID | str:
        return self.desk.undo.uid if self.desk.undo else ""

    @property
    def undo_s(self) -> int:
        until = self.desk.undo_until
        return max(0, int((until - self.at).total_seconds())) if until else 0

    @property
    def phrases(self) -> list[str]:
        """Return the civil words for the step at hand."""
        line = self.desk.current
        state = line.state if line else "paused" if self.is_paused else ""
        gaps = {
            "label": line.label if line else "",
            "window": str(self.desk.window_number),
            "papers": "……",
        }
        return [
            phrases()[step].words.in_language(own_language()).format_map(gaps)
            for step in SAID.get(state, ())
        ]

    @cached_property
    def forms(self) -> dict[str, forms.Form]:
        """Return the questions, empty."""
        return {
            "transfer": TransferForm(auto_id="transfer-%s", places=self.places),
            "pause": PauseForm(auto_id="pause-%s"),
            "add_item": ItemForm(auto_id="item-%s", names=self.names),
            "cover": CoverForm(auto_id="cover-%s"),
        }

    @cached_property
    def places(self) -> list[tuple[str, str]]:
        return list(self._others())

    def _others(self) -> Iterator[tuple[str, str]]:
        """Yield where a ticket may go: windows where somebody calls, other halls near by."""
        for line in self.windows:
            if line.id != self.window_id and (line.is_open or line.covered_by):
                number = _("%(number)s 号窗口") % {"number": line.number}
                yield f"window:{line.id}", f"{number} · {line.clerk_name}"
        for code, name in self.halls:
            yield f"site:{code}", name

    @cached_property
    def why(self) -> dict[str, str]:
        """Say of each step that can't be taken why not; the others are missing."""
        return {step: reason for step, reason in self._reasons() if reason}

    def _reasons(self) -> Iterator[tuple[str, str]]:
        line = self.desk.current
        possible: Mapping[Any, Any] = TRANSITIONS[TicketState(line.state)] if line else {}
        for button, step in ON_TICKET.items():
            yield button, "" if step in possible else self._why_not(button)
        if Step.MOVE_WINDOW in possible and not self.places:
            yield "transfer", _("别的窗口都没有开，附近也没有别的大厅，没有地方可转。")
        yield "add_item", "" if Step.FINISH in possible else self._why_not("add_item")
        busy = _("窗口上还有一个号，请先办结、暂离或过号。") if line else ""
        paused = _("窗口暂停中，请先按 P 恢复叫号。") if self.is_paused else ""
        yield "pick", busy or paused
        yield "call", busy or paused or ("" if self.desk.next else _("现在没有您可以叫的号。"))
        yield "resume", busy or ("" if self.desk.held else _("没有暂离的号。"))
        yield "undo", "" if self.desk.undo else _("一分钟内没有可以撤销的步骤。")
        yield "close_window", busy
        alone = _("本大厅只有一个窗口。") if len(self.windows) == 1 else ""
        yield "cover", alone

    def _why_not(self, button: str) -> str:
        if self.current is None:
            return _("现在没有叫到的人，请先按 J 叫号。")
        if self.current.is_serving:
            return _("已经开始办理了。")
        if button in {"finish", "hold", "add_item"}:
            return _("还没有开始办理，请先按 K。")
        return _("现在不能这样做。")


def newcomer_words(minutes: tuple[int, int] | None) -> str:
    """Say how long somebody waits who comes now; "" where it can't be told."""
    if minutes is None:
        return ""
    return _("现在取号约等 %(low)s-%(high)s 分钟") % {"low": minutes[0], "high": minutes[1]}


def pause_words(reason: str) -> str:
    """Return the reason of a pause in the language of the page."""
    known = {key: str(words) for key, words in PAUSE_REASONS}
    return known.get(reason, reason)


def desk_shown(actor: Actor, window_id: int, *, at: datetime) -> DeskShown:
    """Read the whole screen of a window."""
    _window, hall = window_of(actor, window_id)
    desk = desk_of(actor, window_id, at=at)
    serving = desk.current is not None and desk.current.state == TicketState.SERVING
    return DeskShown(
        desk=desk,
        windows=windows_in_order(actor, desk.site_code),
        day=own_day(actor, window_id, on=timezone.localdate(at)),
        alarms=emergencies(hall.site_id, at=at),
        halls=halls_beside(hall),
        newcomer_min=newcomers_wait(hall.pk, at=at),
        names=item_names(timezone.localdate(at)),
        is_synthetic=hall.is_synthetic,
        served_s=served_s(desk.current.ticket_id, at=at) if desk.current and serving else 0.0,
        at=at,
    )
