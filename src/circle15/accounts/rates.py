"""How often somebody without a name may ask: 60 times a minute from an address.

Counted in the database, for all server processes together. Registered machines and logged-in
staff are never counted: forty of them may share one address.
"""

from datetime import datetime
from typing import Final

from django.db import connection
from django.utils.translation import gettext as _

from circle15.accounts.models import AnonymousVisits
from circle15.accounts.refusals import Refused

PER_MINUTE: Final = 60
MINUTE_S: Final = 60
# One statement: the minute before counts with the part of it that lies within the last 60 s.
_COUNT = """
INSERT INTO accounts_anonymousvisits AS v (address, minute, now_count, before_count)
VALUES (%s, %s, 1, 0)
ON CONFLICT (address) DO UPDATE SET
  before_count = CASE v.minute WHEN excluded.minute THEN v.before_count
                               WHEN excluded.minute - 1 THEN v.now_count ELSE 0 END,
  now_count = CASE v.minute WHEN excluded.minute THEN least(v.now_count + 1, 1000000) ELSE 1 END,
  minute = excluded.minute
RETURNING now_count, before_count
"""


class TooOften(Refused):
    """Says how many seconds to wait, for `Retry-After`."""

    def __init__(self, wait_s: int) -> None:
        self.wait_s = wait_s
        super().__init__(_("操作太频繁，请 %(wait)s 秒后再试。") % {"wait": wait_s})


def count_visit(address: str, *, at: datetime) -> None:
    """Count one anonymous request; it stays counted when refused. Raises TooOften.

    Call it outside the transaction of the request, which may be read-only or rolled back.
    """
    minute, second = divmod(int(at.timestamp()), MINUTE_S)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [address, minute])
        now_count, before_count = cursor.fetchone()
    if now_count + before_count * (MINUTE_S - second) / MINUTE_S > PER_MINUTE:
        raise TooOften(max(MINUTE_S - second, 1))


def forget_old(*, at: datetime) -> int:
    """Delete addresses that have not asked for ten minutes; return how many."""
    long_ago = int(at.timestamp()) // MINUTE_S - 10
    return AnonymousVisits.objects.filter(minute__lt=long_ago).delete()[0]
