"""Numbers as dashboards write them: with marks, units and intervals; a dash for none."""

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from circle15.assessments.dashboards.ranking import Estimate, Place

NOTHING = "—"
_WAN, _FROM = 10_000, 100_000
_HOUR, _DAY = 3_600, 86_400
# From fewer than this a change in percent says nothing.
_FEWEST = 20


def number(n: int) -> str:
    """Write a count: 1,234; in Chinese from 100,000 on as 12.3 万."""
    if n >= _FROM and (get_language() or "").startswith("zh"):
        return f"{n / _WAN:,.1f} 万"
    return f"{n:,}"


def percent(value: float | None) -> str:
    return NOTHING if value is None else f"{100 * value:.1f}%"


def points(value: float | None) -> str:
    """Write a share of full marks that is in percent already."""
    return NOTHING if value is None else f"{value:.1f}%"


def interval(one: Estimate, *, scale: float = 100) -> str:
    """Write between which bounds a value lies, in percent."""
    if one.low is None or one.high is None:
        return ""
    low, high = f"{scale * one.low:.1f}%", f"{scale * one.high:.1f}%"
    return _("95%% 区间 %(low)s–%(high)s") % {"low": low, "high": high}


def bounds(one: Estimate, *, scale: float = 100) -> str:
    """Write the same for a narrow cell."""
    if one.low is None or one.high is None:
        return ""
    return f"{scale * one.low:.1f}–{scale * one.high:.1f}%"


def length(seconds: float | None) -> str:
    """Write a time in days, hours or minutes."""
    if seconds is None:
        return NOTHING
    if seconds >= _DAY:
        return _("%(n).1f 天") % {"n": seconds / _DAY}
    if seconds >= _HOUR:
        return _("%(n).1f 小时") % {"n": seconds / _HOUR}
    return _("%(n)d 分钟") % {"n": round(seconds / 60)}


def change(now: float, former: float | None) -> str:
    """Tell a count beside that of the last period."""
    if not former or former < _FEWEST:
        return _("上期 %(n)s") % {"n": number(round(former or 0))}
    share = 100 * (now - former) / former
    return _("上期 %(n)s，%(share)+.1f%%") % {"n": number(round(former)), "share": share}


def change_of_share(now: float | None, former: float | None) -> str:
    """Tell a share beside that of the last period, in points of a hundred."""
    if now is None or former is None:
        return _("上期 %(n)s") % {"n": percent(former)}
    return _("上期 %(n)s，%(points)+.1f 个百分点") % {
        "n": percent(former),
        "points": 100 * (now - former),
    }


def place(one: Place | None) -> str:
    """Write a place; who cannot be told apart shares places: 2–5."""
    if one is None:
        return NOTHING
    return f"{one.first}–{one.last}" if one.is_tied else f"{one.first}"


def of_n(n: int) -> str:
    """Tell how many a figure rests on."""
    return ngettext("共 %(n)s 件", "共 %(n)s 件", n) % {"n": number(n)}
