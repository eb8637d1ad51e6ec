"""The day an edition counts from: which is stated, which is proposed, which is refused."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Max
from django.utils.translation import gettext as _

from circle15.accounts.refusals import Refused
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.editions import EARLIEST, parsed
from circle15.assessments.models import StoredEdition, StoredSheet
from circle15.standards.model import Edition

# A later day is a slip of the pen.
_FURTHEST = timedelta(days=5 * 366)


class WrongFirstDay(Refused):
    """An edition may not count from this day."""


class UnlikelyDay(WrongFirstDay):
    def __init__(self, last: date) -> None:
        super().__init__(
            _("施行日期应在 %(first)s 至 %(last)s 之间。") % {"first": EARLIEST, "last": last}
        )


class DayTaken(WrongFirstDay):
    def __init__(self, other: StoredEdition) -> None:
        super().__init__(
            _("第 %(version)s 版也自 %(on)s 起施行，同一天只能有一个版本，请改日期。")
            % {"version": other.version, "on": other.in_force_from}
        )


class DayStored(WrongFirstDay):
    """Days the edition would count for have been scored and stored under another."""

    def __init__(self, last: date) -> None:
        super().__init__(
            _("%(last)s 已有按原版本存档的评分，施行日期须在这一天以后，不能改变已评过的日子。")
            % {"last": last}
        )


def stated_day(edition: Edition) -> date:
    """Return the day a document counts from: as it says, else that of its issue, else ever."""
    return edition.document.in_force or edition.document.issued or EARLIEST


def may_begin(
    stored: StoredEdition, book: Iterable[StoredEdition], *, since: date, today: date
) -> None:
    """Raise WrongFirstDay unless an edition may count from a day; `book` are all its versions.

    A past day is good as long as no sheet stored for the days that would change hands: the same
    day must not have two results. To correct such days withdraw the edition they were scored by.
    """
    if not EARLIEST <= since <= today + _FURTHEST:
        raise UnlikelyDay(today + _FURTHEST)
    others = [each for each in book if each.counts and each.id != stored.id]
    for other in others:
        if other.in_force_from == since:
            raise DayTaken(other)
    later = [
        each.in_force_from for each in others if each.in_force_from and each.in_force_from > since
    ]
    last = last_stored_day(others, since=since, before=min(later, default=None))
    if last is not None:
        raise DayStored(last)


def last_stored_day(
    book: Iterable[StoredEdition], *, since: date, before: date | None = None
) -> date | None:
    """Return the last day of a span for which a sheet was stored under a version that counts."""
    counting = [each for each in book if each.counts]
    # An officer sees the sheets of the own area only; the rules belong to all.
    with area_scope(EVERYWHERE):
        sheets = StoredSheet.objects.filter(edition__in=counting, scored_on__gte=since)
        if before is not None:
            sheets = sheets.filter(scored_on__lt=before)
        last = sheets.aggregate(last=Max("scored_on"))["last"]
    assert last is None or isinstance(last, date)
    return last


def proposed_day(stored: StoredEdition, book: Iterable[StoredEdition], *, today: date) -> date:
    """Return the day the publish form proposes: the first from today on that may be taken.

    A day to come that the document states goes before it.
    """
    versions = list(book)
    taken = {each.in_force_from for each in versions if each.counts}
    day = max(today, stated_day(parsed(stored.text)))
    last = last_stored_day(versions, since=day)
    if last is not None:
        day = last + timedelta(days=1)
    while day in taken:
        day += timedelta(days=1)
    return day
