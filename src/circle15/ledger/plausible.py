"""What a record cannot truthfully say: one check for every door of the ledger."""

from datetime import date
from typing import NamedTuple

from circle15.core.messages import NOTHING, Message
from circle15.sites.models import Site
from circle15.standards.facts import FactValue, first_day, implausible

MOST_ATTENDEES = 9999


class Doubt(NamedTuple):
    """Which part of a record to look at again, and why."""

    part: str
    message: Message


def doubt(
    name: str, value: FactValue, observed_on: date, *, today: date, site: Site | None
) -> Doubt | None:
    """Return what is doubtful of a fact; `site` is whose it is, None for one of a division."""
    if why := implausible(name, value):
        return Doubt("value", why)
    if why := doubtful_day(observed_on, today=today):
        return Doubt("observed_on", why)
    if site and site.opened_on and observed_on < site.opened_on:
        return Doubt("observed_on", _before_opening(observed_on, site.opened_on))
    return None


def _before_opening(day: date, opened_on: date) -> Message:
    return Message(
        "日期%(day)s早于网点启用日期%(opened)s，请核对；材料在启用前形成的，填启用日期",
        day=day,
        opened=opened_on,
    )


def doubtful_day(day: date, *, today: date) -> Message:
    """Say why nothing can have been observed on a day; empty if it can."""
    if day > today:
        return Message("日期%(day)s还没有到", day=day)
    if day < first_day():
        return Message("日期%(day)s早于%(first)s，请核对年份", day=day, first=first_day())
    return NOTHING
