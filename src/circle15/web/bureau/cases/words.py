"""How cases look: states, papers and deadlines each with a tone, a sign and words."""

from datetime import date
from typing import Final, NamedTuple

from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from circle15.cases.states import CaseState, MaterialState, PromiseState
from circle15.core.deadlines import Standing
from circle15.standards.text import Text


class Look(NamedTuple):
    """A tone of the design system and one of its icons."""

    tone: str
    icon: str


STATES: Final = {
    CaseState.DRAFT: Look("idle", "edit"),
    CaseState.SUBMITTED: Look("info", "upload"),
    CaseState.INCOMPLETE: Look("warn", "alert"),
    CaseState.NOT_ACCEPTED: Look("bad", "cross-circle"),
    CaseState.ACCEPTED: Look("info", "check-circle"),
    CaseState.CONDITIONAL: Look("warn", "clock"),
    CaseState.HANDLING: Look("brand", "user"),
    CaseState.ASKED: Look("warn", "help"),
    CaseState.SUSPENDED: Look("idle", "minus-circle"),
    CaseState.REVIEW: Look("info", "shield"),
    CaseState.DECIDED: Look("good", "scales"),
    CaseState.READY: Look("good", "file"),
    CaseState.DELIVERED: Look("good", "arrow-right"),
    CaseState.CLOSED: Look("good", "check-circle"),
    CaseState.WITHDRAWN: Look("idle", "trash"),
    CaseState.LAPSED: Look("bad", "minus-circle"),
}
PAPERS: Final = {
    MaterialState.MISSING: Look("warn", "alert"),
    MaterialState.GIVEN: Look("good", "check-circle"),
    MaterialState.SHARED: Look("good", "link"),
    MaterialState.COMMITTED: Look("info", "edit"),
    MaterialState.DEFERRED: Look("warn", "clock"),
    MaterialState.REJECTED: Look("bad", "cross-circle"),
}
STANDINGS: Final = {
    Standing.RUNNING: Look("good", "clock"),
    Standing.HALF: Look("info", "clock"),
    Standing.EVE: Look("warn", "alert"),
    Standing.OVERDUE: Look("bad", "cross-circle"),
    Standing.PAUSED: Look("idle", "minus-circle"),
    Standing.MET: Look("good", "check-circle"),
    Standing.MET_LATE: Look("bad", "alert"),
}
PROMISES: Final = {
    PromiseState.OPEN: "warn",
    PromiseState.KEPT: "good",
    PromiseState.REVOKED: "bad",
    PromiseState.BROKEN: "bad",
    PromiseState.ENDED: "idle",
}


def said(text: Text | None) -> str:
    """Give a text of the catalogue in the language of the page."""
    return text.in_language(get_language() or "") if text else ""


# How a paper came that somebody at home handed in: the mark it was given there.
HOW_ONLINE: Final = {
    "code": _lazy("登录时核对过身份"),
    "ecard": _lazy("登录时核对过身份"),
    "web": _lazy("网上填写或上传"),
}


def short_day(day: date) -> str:
    """Write a day without its year: 12月3日."""
    return str(formats.date_format(day, _("n月j日")))


def clock_words(standing: str, due_on: date | None, *, is_forecast: bool = False) -> str:
    """Say how a deadline stands: its color is never alone."""
    day = short_day(due_on) if due_on else ""
    about = _("约") if is_forecast else ""
    words = {
        Standing.RUNNING: _("%(about)s%(day)s到期"),
        Standing.HALF: _("已过半，%(about)s%(day)s到期"),
        Standing.EVE: _("即将到期：%(day)s"),
        Standing.OVERDUE: _("已超期，应在%(day)s前办结"),
        Standing.PAUSED: _("暂停计时"),
        Standing.MET: _("按时办结"),
        Standing.MET_LATE: _("超期办结"),
    }
    return words[Standing(standing)] % {"about": about, "day": day}
