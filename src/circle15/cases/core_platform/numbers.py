"""Numbers of messages: never one twice, whatever the clock does and however many ask."""

from datetime import datetime
from typing import Protocol

from django.db import connection

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.cases.core_platform.protocol import MOST_IN_A_SECOND, msgid

# Filings have the lower half of a second's numbers, questions asked while somebody waits the upper.
MOST_FILED = 4_999
_NEXT = """
INSERT INTO cases_corenumber AS known (fixmedins_code, second, last)
VALUES (%(code)s, date_trunc('second', %(at)s::timestamptz), 1)
ON CONFLICT (fixmedins_code) DO UPDATE SET
    second = CASE WHEN excluded.second > known.second THEN excluded.second
                  WHEN known.last >= %(most)s THEN known.second + interval '1 second'
                  ELSE known.second END,
    last = CASE WHEN excluded.second > known.second OR known.last >= %(most)s THEN 1
                ELSE known.last + 1 END
RETURNING second, last
"""
_ONLINE = "SELECT nextval('cases_core_online')"


class Numbers(Protocol):
    """Gives numbers of messages."""

    def next(self, fixmedins_code: str, *, at: datetime) -> str:
        """Return a number nobody has had."""


class FiledNumbers:
    """Numbers of what is filed: exact also when the clock goes back; one row, one at a time."""

    def next(self, fixmedins_code: str, *, at: datetime) -> str:
        """Return the next number; a full second borrows from the one after it."""
        with area_scope(EVERYWHERE), connection.cursor() as cursor:
            cursor.execute(_NEXT, {"code": fixmedins_code, "at": at, "most": MOST_FILED})
            second, number = cursor.fetchone()
        return msgid(fixmedins_code, second, number)


class OnlineNumbers:
    """Numbers of questions: nobody waits for another's transaction.

    Were the clock set back at a busy moment, the platform might refuse one: it is asked again.
    """

    def next(self, fixmedins_code: str, *, at: datetime) -> str:
        with connection.cursor() as cursor:
            cursor.execute(_ONLINE)
            (drawn,) = cursor.fetchone()
        return msgid(fixmedins_code, at, MOST_FILED + 1 + drawn % (MOST_IN_A_SECOND - MOST_FILED))
