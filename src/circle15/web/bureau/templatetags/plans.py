"""Figures, bands and states of plans, each with word and sign."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from circle15.plans.documents.drawn import DrawnSite
from circle15.plans.documents.wording import percent as percent_text
from circle15.plans.queries import Difference
from circle15.standards import editions
from circle15.web.bureau.plans.changes import ADD, CLOSE, Change
from circle15.web.shared.templatetags.c15 import status

register = template.Library()

# Filled: reached in time. A ring: reached, but too late. A cross: not at all.
_DISC = '<circle cx="10" cy="10" r="7"/>'
_RING = '<circle cx="10" cy="10" r="6"/>'
_CROSS = '<path d="M4 4 16 16M16 4 4 16"/>'
_SQUARE = '<rect x="4" y="4" width="12" height="12"/>'
_MARKS = {
    "near": _DISC,
    "middle": _DISC,
    "within": _DISC,
    "beyond": _RING,
    "far": _RING,
    "no_way": _CROSS,
    "both": _DISC,
    "gained": _SQUARE,
    "lost": _CROSS,
    "neither": _RING,
}
_IN_TIME = {"near", "middle", "within"}


@register.filter
def people(count: float | None) -> str:
    """Write a number of people."""
    return "—" if count is None else _("%(n)s 人") % {"n": f"{count:,.0f}"}


@register.filter
def percent(share: float | None) -> str:
    """Write a share."""
    return percent_text(share)


@register.filter
def share_text(record: Mapping[str, Any]) -> str:
    """Write the share of an answer."""
    return percent_text(record["share"])


@register.filter
def uncovered(record: Mapping[str, Any]) -> float:
    """Count who is not covered."""
    return float(record["people"]) - float(record["covered"])


@register.filter
def minutes(value: float | None) -> str:
    """Write a travel time."""
    return _("没有路可到") if value is None else _("%(n)s 分钟") % {"n": f"{value:.1f}"}


@register.simple_tag
def gained_mark(difference: Difference) -> SafeString:
    """Say how many more or fewer are covered, with sign and colour."""
    gained = round(difference.gained)
    if not gained:
        return format_html('<span class="muted">{}</span>', _("不变"))
    words = _("多 %(n)s 人") if gained > 0 else _("少 %(n)s 人")
    return status("good" if gained > 0 else "bad", words % {"n": f"{abs(gained):,}"})


@register.simple_tag
def band_mark(style: str) -> SafeString:
    """Draw the mark a band has on the map."""
    return format_html(
        '<svg class="band band-{}" viewBox="0 0 20 20" aria-hidden="true">{}</svg>',
        style.replace("_", "-"),
        mark_safe(_MARKS[style]),  # noqa: S308 -- one of the constants above
    )


@register.simple_tag
def band_word(style: str, labels: Mapping[str, str] | None = None) -> SafeString:
    """Say whether a band is in time, or what it means where it is not about time."""
    words = labels or {
        "no_way": _("没有路可到"),
        "gained": _("新覆盖"),
        "lost": _("不再覆盖"),
    }
    usual = _("覆盖") if style in _IN_TIME else _("超出时限")
    return format_html("{}{}", band_mark(style), words.get(style, usual))


@register.simple_tag
def state_mark(state: str) -> SafeString:
    """Say what becomes of a site."""
    words = {
        "kept": ("idle", _("现有")),
        "added": ("good", _("拟新增")),
        "moved": ("info", _("拟移动")),
        "closed": ("bad", _("拟关闭")),
        "chosen": ("good", _("建议新增")),
    }
    return status(*words[state])


@register.simple_tag
def change_words(change: Change, sites: Iterable[DrawnSite]) -> str:
    """Say a change in words."""
    name = next((site.name for site in sites if site.id == change.id), change.name or change.id)
    place = f"{change.lon:.4f}, {change.lat:.4f}"
    if change.do == ADD:
        return _("新增：%(name)s（%(place)s）") % {"name": change.name or name, "place": place}
    if change.do == CLOSE:
        return _("关闭：%(name)s") % {"name": name}
    return _("移动：%(name)s（到 %(place)s）") % {"name": name, "place": place}


@register.simple_tag
def standing_mark(standing: str) -> SafeString:
    """Say how a target stands."""
    words = {
        "met": ("good", _("已达到")),
        "open": ("info", _("进行中")),
        "late": ("bad", _("已过期，未达到")),
    }
    return status(*words[standing])


@register.filter
def hour(value: int) -> str:
    """Write a clock hour."""
    return f"{value}:00"


@register.filter
def norm_title(norm: Mapping[str, Any]) -> str:
    """Name the rule book of a norm in the reader's language."""
    found = next((each for each in editions() if each.id == norm["edition"]), None)
    return found.title.in_language(get_language() or "") if found else str(norm["title"])
