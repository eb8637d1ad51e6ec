"""Buttons with their keys, clocks and lanes of the desk."""

from datetime import datetime
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from circle15.hall.states import LaneKind
from circle15.web.counter.keys import BY_STEP
from circle15.web.shared.templatetags.c15 import status

register = template.Library()

LANE_SIGNS = {
    LaneKind.ORDINARY: ("idle", "ticket"),
    LaneKind.GREEN: ("brand", "flag"),
    LaneKind.BOOKED: ("info", "calendar"),
}
MINUTE_S = 60


@register.inclusion_tag("counter/_button.html", takes_context=True)
def desk_button(  # noqa: PLR0913, PLR0917 -- written in a template, by position
    context: template.Context,
    desk: Any,
    step: str,
    css: str = "",
    uid: str = "",
    has_key: bool = True,  # noqa: FBT001, FBT002
) -> dict[str, object]:
    """Draw the button of a step with its key; a step that asks first is a link to its question."""
    return {
        "desk": desk,
        "key": BY_STEP[step],
        "css": css,
        "uid": uid or (desk.undo_uid if step == "undo" else desk.uid),
        "own_id": f"key-{step}-{uid}" if uid else f"key-{step}",
        "why": desk.why.get(step, ""),
        "has_key": has_key,
        "is_fragment": context.get("is_fragment"),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("counter/_ask.html", takes_context=True)
def desk_question(context: template.Context, desk: Any, step: str) -> dict[str, object]:
    """Draw what a step asks before it acts."""
    return {
        "desk": desk,
        "step": step,
        "key": BY_STEP[step],
        "form": desk.forms.get(step),
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag
def lane_tag(ticket: Any) -> SafeString:
    """Say in which lane somebody waits, with the class of the green channel."""
    if ticket.kind == LaneKind.ORDINARY:
        return format_html('<span class="muted">{}</span>', _(ticket.lane_name))
    return lane_sign(ticket.kind, ticket.green_name or ticket.lane_name)


@register.simple_tag
def lane_sign(kind: str, name: object) -> SafeString:
    """Draw a lane by its kind."""
    tone, sign = LANE_SIGNS[LaneKind(kind)]
    return status(tone, _(str(name)), sign)


@register.filter
def primary(main_step: str, step: str) -> str:
    """Make the button of the step that usually comes next the strong one."""
    return "btn-primary" if main_step == step else ""


@register.filter
def millis(moment: datetime) -> int:
    """Give a moment to a clock in the browser, in tenths: the same moment is the same text."""
    return round(moment.timestamp() * 10) * 100


@register.filter
def minutes(seconds: float) -> str:
    """Say a wait in whole minutes."""
    count = int(seconds // MINUTE_S)
    if count < 1:
        return _("不到 1 分钟")
    return ngettext("%(n)s 分钟", "%(n)s 分钟", count) % {"n": count}


@register.filter
def spell(seconds: float) -> str:
    """Say a length in minutes and seconds."""
    whole = round(seconds)
    return _("%(minutes)s 分 %(seconds)s 秒") % {
        "minutes": whole // MINUTE_S,
        "seconds": whole % MINUTE_S,
    }


@register.filter
def waited(since: datetime, at: datetime) -> float:
    """Return the seconds between two moments."""
    return (at - since).total_seconds()
