"""How rounds and applications look on pages: tones, days left, where a value is corrected."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.programme.rounds.queries import days_left, name_of_round
from circle15.programme.rounds_states import ApplicationState

if TYPE_CHECKING:
    from circle15.programme.rounds.prefill import Value
    from circle15.programme.rounds_models import Application, Round

TONES = {
    ApplicationState.DRAFT: "idle",
    ApplicationState.LATE: "warn",
    ApplicationState.RETURNED: "warn",
    ApplicationState.SELECTED: "good",
    ApplicationState.RECORDED: "good",
    ApplicationState.AWARDED: "good",
    ApplicationState.REVOKED: "bad",
    ApplicationState.REFUSED: "bad",
    ApplicationState.DECLINED: "bad",
    ApplicationState.WITHDRAWN: "idle",
}
_SOON = 7


def window(one: "Round", on: date) -> tuple[str, str]:
    """Return how the window of a round stands: a tone and words."""
    left = days_left(one, on=on)
    if on < one.opens_on:
        return "idle", _("未开始")
    if left < 0:
        return "idle", _("已截止")
    if left == 0:
        return "warn", _("今天截止")
    words = _("还有 %(n)s 天截止") % {"n": left}
    return ("warn" if left <= _SOON else "good"), words


def round_row(one: "Round", on: date) -> dict[str, Any]:
    """Return a round as lists show it."""
    tone, words = window(one, on)
    return {"round": one, "name": name_of_round(one), "tone": tone, "window": words}


def application_row(one: "Application") -> dict[str, Any]:
    """Return an application as lists show it."""
    state = ApplicationState(one.state)
    return {
        "application": one,
        "state": state.label,
        "tone": TONES.get(state, "info"),
        "filed_on": timezone.localdate(one.filed_at) if one.filed_at else None,
    }


def place_of(value: "Value", code: str) -> str:
    """Return the address of the page where a value is corrected."""
    if value.place == "inventory":
        return reverse("site_inventory", args=[code])
    if value.place == "site":
        return reverse("site", args=[code])
    kind, _colon, name = value.place.partition(":")
    return reverse("fact", args=[code, name]) if kind == "facts" else ""
