"""The key of personal data changed beside the work: killed in the middle, found throughout."""

import os
import signal
import time
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, connections
from tests import factories
from tests.cases.conftest import enter
from tests.factories import AT

from circle15.accounts import key_ring, public_codes, sms
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.core.ciphers import CannotOpen
from circle15.imports import keeping
from circle15.ledger.people.looking import find_by_id_number
from circle15.ledger.people.models import Person
from circle15.ledger.people.sealing import plain
from circle15.ledger.people.states import Field
from circle15.ops import keys, rotating
from circle15.ops.rotating import TABLES, rotate, standing

OLD, NEW = (f"{which} key of thirty-two bytes or so".encode() for which in ("old", "new"))
NUMBERS = tuple(f"32068119500101{n:03}" for n in range(12))


@pytest.fixture
def var(settings, tmp_path) -> Path:
    """Give keys of its own, and a place for what is kept in files."""
    keys.ensure(tmp_path)
    settings.INDEX_KEY = bytes.fromhex((tmp_path / "secrets" / "index_key").read_text())
    settings.VAR_DIR = tmp_path
    settings.DATA_KEY_FILE = tmp_path / "secrets" / "data_key"
    backend = "django.core.files.storage.FileSystemStorage"
    default = {"BACKEND": backend, "OPTIONS": {"location": tmp_path / "evidence"}}
    settings.STORAGES = settings.STORAGES | {"default": default}
    return tmp_path


def test_every_sealed_column_is_named():
    theirs = {
        (model._meta.label, field.name)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.name.endswith("_sealed")
    }
    assert {(table.label, column) for table in TABLES for column in table.columns} == theirs


def checked(number: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(number, weights, strict=True))
    return number + "10X98765432"[total % 11]


def furnish() -> dict[str, str]:
    """Return the numbers and names of those in the register; beside it, one of everything else."""
    factories.alice(enrolled=True)
    factories.TownFactory()
    told = {checked(number): f"张{n}" for n, number in enumerate(NUMBERS)}
    for number, name in told.items():
        enter(name, number, "320681100000", phone="13800138000")
    reachable = public_codes.Reachable(uuid4(), EVERYWHERE, "13800138000")
    number = next(iter(told))
    with area_scope(EVERYWHERE):
        public_codes.ask(id_number=number, reachable=reachable, address="127.0.0.1", at=AT)
    sms.FileSender().send(phone="13800138000", text="请带身份证", key="one")
    return told


def found(told: dict[str, str], clerk) -> dict[str, str]:
    """Return the names found by number, opened."""
    names = {}
    for number in told:
        with area_scope(clerk.area_path):
            card = find_by_id_number(number, by=clerk, at=AT, purpose="办理业务")
        with area_scope(EVERYWHERE):
            names[number] = plain(Person.objects.get(uid=card.uid), Field.NAME)
    return names


def killed_in_the_middle() -> None:
    """Rotate in a process that is killed after its third batch.

    It forgets every connection it was born with. After a browser test, Django here keeps those of
    the event loop and leaves the thread's own open; a child has no loop, finds the thread's again
    and would take the lock in a session that outlives it.
    """
    child = os.fork()
    if child == 0:
        _inherited = connections["default"]  # kept: closing it would end the parent's session
        del connections["default"]
        told: list[str] = []

        def tell(place: str, _count: int) -> None:
            told.append(place)
            if told.count("ledger.Person") == 3:
                os.kill(os.getpid(), signal.SIGKILL)

        rotate(at=AT, tell=tell, grace_s=0, size=2)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


_HOLDERS = """
SELECT a.pid, a.state, a.backend_start, a.wait_event, left(a.query, 80)
FROM pg_locks l JOIN pg_stat_activity a USING (pid)
WHERE l.locktype = 'advisory' AND l.objid = %s AND a.datname = current_database()
"""


def await_its_end(within_s: float = 10) -> None:
    """Wait until PostgreSQL has noticed that the killed process is gone; name who still holds."""
    patience, holders = time.monotonic() + within_s, [()]
    while holders and time.monotonic() < patience:
        with connection.cursor() as cursor:
            cursor.execute(_HOLDERS, [rotating._LOCK])
            holders = cursor.fetchall()
        time.sleep(0.05 if holders else 0)
    assert holders == []


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_killed_change_of_the_key_is_taken_up_and_everybody_is_found_throughout(var, settings):
    told, uid = furnish(), uuid4()
    keeping.keep(uid, b"rows")
    clerk = factories.actor_for(factories.User.objects.get(username="alice"))
    retired = key_ring.ring().keys[0]

    killed_in_the_middle()
    await_its_end()
    assert found(told, clerk) == told
    assert dict(standing().left)["ledger.Person"] == 6

    seen = []
    rotate(at=AT, grace_s=0, size=4, tell=lambda _place, _n: seen.append(found(told, clerk)))
    assert len(seen) > 3
    assert seen == [told] * len(seen)
    assert found(told, clerk) == told
    assert retired not in key_ring.ring().keys
    assert [rows for _label, rows in standing().left] == [0] * len(TABLES)
    assert (keeping.kept(uid), sms.filed()[0]) == (b"rows", ("13800138000", "请带身份证"))
    with area_scope(EVERYWHERE):
        assert Event.objects.filter(verb__in=("keys.begin", "keys.retire")).count() == 2
        person = Person.objects.first()
    kept = next((var / "secrets" / "retired").iterdir())
    settings.DATA_KEY_FILE = kept
    assert key_ring.ring().keys == (retired,)
    with pytest.raises(CannotOpen):
        plain(person, Field.NAME)


def test_a_key_in_the_environment_is_changed_there(var, settings, db):
    settings.DATA_KEY_FILE, settings.DATA_KEYS = None, (OLD,)
    with pytest.raises(CommandError, match="CIRCLE15_DATA_KEY"):
        call_command("keys", "rotate")
    settings.DATA_KEYS = (NEW, OLD)
    out = StringIO()
    call_command("keys", "rotate", "--grace=0", stdout=out)
    call_command("keys", "status", stdout=out)
    assert "请从 CIRCLE15_DATA_KEY 里删去旧密钥" in out.getvalue()
    assert "仍可解密" in out.getvalue()
