"""A number of a dashboard as the address of the rows behind it, and how a list reads it."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse
from django.utils.dateparse import parse_date

from circle15.web.shared.access import StaffRequest


@dataclass(frozen=True, slots=True)
class Behind:
    """Which rows a number counts: what, in which area, over which days, of which sites."""

    counted: str
    area: str
    since: date
    until: date
    site_kind: str = ""

    def url(self, page: str, **more: str) -> str:
        """Return the address of a list narrowed to these rows."""
        days = {"since": f"{self.since}", "until": f"{self.until}"}
        kind = {"site_kind": self.site_kind} if self.site_kind else {}
        asked = {"counted": self.counted, "area": self.area, **days, **kind, **more}
        return f"{reverse(page)}?{urlencode(asked)}"


def behind(request: StaffRequest) -> Behind | None:
    """Return what number a list was opened from, if any; an area of elsewhere is not there."""
    asked = request.GET
    area = asked.get("area", request.actor.area_path)
    if not request.actor.covers(area):
        raise Http404
    since, until = (_day(asked.get(name, "")) for name in ("since", "until"))
    if "counted" not in asked or since is None or until is None:
        return None
    return Behind(asked["counted"], area, since, until, asked.get("site_kind", ""))


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
