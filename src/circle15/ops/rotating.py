"""Change the key of personal data while the system runs: what is sealed, and the way through it.

A new key is put before the old one and seals from that moment; everything else is sealed anew in
batches; when nothing of the old key is left and nobody can be holding any, it is put away.
Cut off anywhere, the next run goes on.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from circle15.accounts import key_ring, public_codes
from circle15.accounts.resealing import BATCH, SealedTable, batches, left, older_transactions
from circle15.accounts.sms import reseal_filed
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.areas.turns import alone
from circle15.assessments.inspections import sealing as inspections
from circle15.audit.actions import record
from circle15.audit.states import SYSTEM
from circle15.cases import sealing as forms
from circle15.cases.actions.storing import reseal_files
from circle15.cases.core_platform import filing
from circle15.cases.partners import webhooks
from circle15.cases.reading import answers
from circle15.cases.texting import queueing
from circle15.hall.appointments import booking
from circle15.imports.keeping import reseal_kept
from circle15.ledger.people import sealing as people
from circle15.ops import keys
from circle15.ratings.orders import opening

TABLES = (
    SealedTable("accounts.Person", "person", ("name", "phone", "id_number")),
    SealedTable("accounts.User", "user", ("totp",), uid="username"),
    SealedTable("accounts.SignInCode", public_codes.KIND, ("code", "phone")),
    SealedTable("ledger.Person", people.KIND, ("name", "id_number", "phone")),
    SealedTable("ledger.ServedOrganisation", "served", ("contact_name", "contact_phone")),
    SealedTable("ledger.Need", "need", ("words", "answer")),
    SealedTable("ledger.FollowUp", "follow-up", ("note",)),
    SealedTable("hall.Uplink", "uplink", ("token",), uid="site_code"),
    SealedTable("hall.Appointment", booking.KIND, ("name", "phone", "id_number")),
    SealedTable("cases.Case", forms.KIND, ("form",)),
    SealedTable("cases.CoreMessage", filing.KIND, ("values", "person")),
    SealedTable("cases.IssuedPaper", forms.KIND, ("words",), uid="case__uid"),
    SealedTable("cases.Reading", answers.KIND, ("answer",)),
    SealedTable("cases.TextMessage", queueing.KIND, ("phone",)),
    SealedTable("cases.Webhook", webhooks.KIND, ("secret",)),
    SealedTable("ratings.Order", opening.KIND, ("name", "phone", "case")),
    SealedTable("assessments.InspectionSubmission", inspections.KIND, ("sent",)),
)
GRACE_S = 60.0  # longer than any request holds what it has read
_LOCK = 41507
_LOOK_EVERY_S = 0.2
_GONE_WITHIN_S = 10.0  # PostgreSQL notices that a killed run is gone

Tell = Callable[[str, int], None]


class CannotRotate(Exception):
    """The keys can't be changed now; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The keys in force, the newest first, and how many rows older ones still seal."""

    key_ids: tuple[str, ...]
    left: tuple[tuple[str, int], ...]


def standing() -> Standing:
    ids = tuple(key.id for key in key_ring.ring().keys)
    return Standing(ids, tuple((table.label, left(table)) for table in TABLES))


def rotate(
    *, at: datetime, tell: Tell, grace_s: float = GRACE_S, size: int = BATCH
) -> tuple[Path, ...]:
    """Change the key, or end the change another run began; return where old keys were put away.

    `tell` hears the name of a table or folder and how much was sealed anew, after each batch of
    at most `size` rows. Raises CannotRotate.
    """
    with alone(_LOCK, within_s=_GONE_WITHIN_S) as mine:
        if not mine:
            raise CannotRotate("另一个进程正在更换密钥，请等它结束")
        if len(key_ring.ring().keys) == 1:
            _begin(at)
        else:  # by a run that may have ended a moment ago: what was under way then may still be
            _await_others(time.time())
            time.sleep(grace_s)
        _reseal_all(tell, grace_s, size)
        return _retire(at)


def _begin(at: datetime) -> None:
    file = settings.DATA_KEY_FILE
    if file is None:
        raise CannotRotate(
            "密钥写在环境变量 CIRCLE15_DATA_KEY 里：请把新密钥写在旧密钥前面（空格隔开），"
            "重新启动后再运行本命令"
        )
    former = key_ring.ring().keys[0].id
    keys.put_before(file)
    _record("keys.begin", at, old={"key": former})


def _reseal_all(tell: Tell, grace_s: float, size: int) -> None:
    """Go round until a whole round, begun when no earlier work is under way, finds nothing."""
    while True:
        began = time.time()
        if not sum(_round(tell, size)) and not any(rows for _label, rows in standing().left):
            return
        _await_others(began)
        time.sleep(grace_s)


def _round(tell: Tell, size: int) -> Iterator[int]:
    for table in TABLES:
        for rows in batches(table, size=size):
            tell(table.label, rows)
            yield rows
    mark = f"{key_ring.ring().keys[0].id}:"
    yield _told(tell, "cases/", reseal_files())
    yield _told(tell, "imports/", reseal_kept())
    yield _told(tell, "sms/", reseal_filed(mark))


def _told(tell: Tell, place: str, files: int) -> int:
    if files:
        tell(place, files)
    return files


def _await_others(moment: float) -> None:
    """Wait for the transactions of before a moment: they may have sealed with the old key."""
    while older_transactions(moment):
        time.sleep(_LOOK_EVERY_S)


def _retire(at: datetime) -> tuple[Path, ...]:
    file = settings.DATA_KEY_FILE
    if file is None:
        return ()
    names = {key: key_ring.key_id(bytes.fromhex(key)) for key in keys.kept(file)}
    put_away = tuple(keys.retire(file, names))
    _record("keys.retire", at, old={"retired": [path.name for path in put_away]})
    return put_away


def _record(verb: str, at: datetime, *, old: dict[str, object]) -> None:
    key = key_ring.ring().keys[0].id
    with area_scope(EVERYWHERE):
        record(
            who=SYSTEM,
            verb=verb,
            target_kind="data_key",
            target_id=key,
            area_path=EVERYWHERE,
            at=at,
            old=old,
            new={"key": key},
        )
