"""Once-only submissions: the same key again gets the first answer, and has no second effect.

The key's row is written in the transaction of the effect: both are there or neither, and who
comes with the same key at the same time waits for the first to end.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.models import GivenAnswer
from circle15.accounts.refusals import Refused
from circle15.areas.scope import EVERYWHERE, area_scope

KEPT_FOR = timedelta(hours=24)
KEY = re.compile(r"[!-~]{8,64}", re.ASCII)

_BEGIN = """
INSERT INTO accounts_givenanswer (holder, key, area_path, digest, status, headers, body, at)
VALUES (%s, %s, %s, %s, 0, '{}', '', %s) ON CONFLICT (holder, key) DO NOTHING
"""
_FIND = """
SELECT digest, status, headers, body FROM accounts_givenanswer WHERE holder = %s AND key = %s
"""
_KEEP = """
UPDATE accounts_givenanswer SET status = %s, headers = %s, body = %s WHERE holder = %s AND key = %s
"""
_GIVE = """
INSERT INTO accounts_givenanswer (holder, key, area_path, digest, status, headers, body, at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (holder, key) DO NOTHING
"""
_FORGET = "DELETE FROM accounts_givenanswer WHERE holder = %s AND key = %s"


class OtherContents(Refused):
    def __init__(self) -> None:
        super().__init__(_("这个提交编号已用于另一次提交，内容不同。请换一个新的编号再提交。"))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a submission was answered."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Submission:
    """Who submits what under which key."""

    holder: str
    key: str
    area_path: str
    digest: str


def holder_of(actor: Actor, *, device_id: object = "") -> str:
    """Return whose key it is: a machine, or a person in an area."""
    return f"device:{device_id}" if device_id else f"user:{actor.user_id}:{actor.area_path}"


def digest_of(*parts: str | bytes) -> str:
    """Return the digest of a submission's address and contents."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(part.encode() if isinstance(part, str) else part)
        whole.update(b"\0")
    return whole.hexdigest()


def begin(submission: Submission, *, at: datetime) -> Answer | None:
    """Return the answer given before, or None: then do the work and `keep` its answer.

    Call it first in the transaction of the effect, inside the scope of `area_path`; waits for a
    submission with the same key under way. Raises OtherContents.
    """
    one = submission
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, [one.holder, one.key, one.area_path, one.digest, at])
        if cursor.rowcount:
            return None
    return former(submission)


def give(submission: Submission, answer: Answer, *, at: datetime) -> bool:
    """Store the answer of work already done, last in its transaction: one statement for all.

    False when the key has an answer: the caller takes the work back and gives the `former` one.
    Who has the same key at the same time waits here.
    """
    key = (submission.holder, submission.key, submission.area_path, submission.digest)
    headers = json.dumps(dict(answer.headers))
    with connection.cursor() as cursor:
        cursor.execute(_GIVE, (*key, answer.status, headers, answer.body, at))
        return bool(cursor.rowcount)


def former(submission: Submission) -> Answer:
    """Return the answer given before. Raises OtherContents."""
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [submission.holder, submission.key])
        digest, status, headers, body = cursor.fetchone()
    if digest != submission.digest:
        raise OtherContents
    headers = json.loads(headers) if isinstance(headers, str) else headers
    return Answer(status, bytes(body), headers)


def keep(submission: Submission, answer: Answer) -> None:
    """Store the answer beside the effect."""
    headers = json.dumps(dict(answer.headers))
    key = (submission.holder, submission.key)
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, (answer.status, headers, answer.body, *key))


def forget(submission: Submission) -> None:
    """Free the key of a submission that had no effect."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [submission.holder, submission.key])


def forget_old(*, at: datetime) -> int:
    """Delete answers older than a day; return how many."""
    with area_scope(EVERYWHERE):
        return GivenAnswer.objects.filter(at__lt=at - KEPT_FOR).delete()[0]
