"""From which day something that is published counts: today or soon, and nothing else that day."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.utils.translation import gettext as _

from circle15.accounts.refusals import Refused

# A later day is a slip of the pen.
_FURTHEST = timedelta(days=2 * 366)


class WrongFirstDay(Refused):
    """An edition or version may not count from this day."""


class FirstDayTaken(WrongFirstDay):
    """Another one counts from this day already."""


def first_day(since: date, *, taken: Mapping[date, int], today: date) -> date:
    """Return the day something may count from; `taken`: the versions others count from.

    A past day is refused: what was decided then stands on what counted then. Raises WrongFirstDay,
    FirstDayTaken.
    """
    if not today <= since <= today + _FURTHEST:
        words = {"first": today, "last": today + _FURTHEST}
        raise WrongFirstDay(_("施行日期应在 %(first)s 至 %(last)s 之间。") % words)
    if since in taken:
        raise FirstDayTaken(
            _("第 %(number)s 版也自 %(on)s 起施行，同一天只能有一版，请改日期。")
            % {"number": taken[since], "on": since}
        )
    return since
