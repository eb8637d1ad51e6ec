"""Whatever is falsified is found, and found where it is."""

import os
from random import Random

import pytest
from django.db import connection, transaction
from tests.audit import tampering
from tests.audit.trail import sealed_trail, write

from circle15.audit import heads_file
from circle15.audit.queries import Finding, Verification, verify
from circle15.audit.states import FindingKind

TABLES = ("audit_event", "audit_link", "audit_head")
TIMES = int(os.environ.get("CIRCLE15_TAMPERINGS", "30"))  # of each kind
CHANGE_SECOND = "UPDATE audit_event SET verb = 'x' WHERE id = (SELECT min(id) + 1 FROM audit_event)"


@pytest.fixture
def trail(as_owner):
    sealed_trail(*tampering.BATCHES)
    return Backup(as_owner)


class Backup:
    """Copies of tables and file that put everything back after a tampering."""

    def __init__(self, cursor):
        self.cursor = cursor
        self.file = heads_file.heads_path().read_text()
        for table in TABLES:
            cursor.execute(f"CREATE TEMP TABLE kept_{table} AS TABLE {table}")

    def restore(self):
        heads_file.heads_path().write_text(self.file)
        with transaction.atomic():
            for table in TABLES:
                self.cursor.execute(f"DELETE FROM {table}")
                self.cursor.execute(
                    f"INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM kept_{table}"
                )

    def drop(self):
        for table in TABLES:
            self.cursor.execute(f"DROP TABLE kept_{table}")


@pytest.mark.slow
@pytest.mark.parametrize("tamper", tampering.EXACT, ids=lambda tamper: tamper.__name__)
def test_tampering_is_found_exactly(trail, tamper):
    for seed in range(TIMES):
        with transaction.atomic():
            expected = tamper(trail.cursor, Random(seed))
        assert set(verify().findings) == expected, seed
        trail.restore()
    assert verify().is_intact
    trail.drop()


@pytest.mark.slow
@pytest.mark.parametrize("tamper", tampering.AMONG_OTHERS, ids=lambda tamper: tamper.__name__)
def test_tampering_is_found_where_it_is(trail, tamper):
    for seed in range(TIMES):
        with transaction.atomic():
            expected = tamper(trail.cursor, Random(seed))
        assert expected - set(verify().findings) == set(), seed
        trail.restore()
    assert verify().is_intact
    trail.drop()


def test_empty_trail_is_intact(transactional_db):
    assert verify() == Verification(0, 0, 0, (), 0)


def test_untouched_trail_is_intact_and_counted(transactional_db):
    sealed_trail(3, 2)
    write(4)
    assert verify() == Verification(links=5, heads=2, unsealed=4, findings=(), more_findings=0)


def test_findings_past_the_limit_are_counted(as_owner, monkeypatch):
    monkeypatch.setattr("circle15.audit.verification.MAX_FINDINGS", 3)
    sealed_trail(10)
    as_owner.execute("DELETE FROM audit_event WHERE id <> (SELECT max(id) FROM audit_event)")
    seen = verify()
    assert [finding.first for finding in seen.findings] == [1, 2, 3]
    assert seen.more_findings == 6


def test_missing_file_is_found(transactional_db):
    sealed_trail(3, 2)
    heads_file.heads_path().unlink()
    assert verify().findings == (Finding(FindingKind.FILE_LINE_MISSING, 1, 5),)


def test_changed_event_before_a_gap_is_found(as_owner):
    sealed_trail(6)
    as_owner.execute(
        "UPDATE audit_event SET verb = 'x' WHERE id = (SELECT min(id) + 1 FROM audit_event)"
    )
    as_owner.execute("DELETE FROM audit_link WHERE position = 3")
    assert [(finding.kind, finding.first) for finding in verify().findings] == [
        (FindingKind.EVENT_CHANGED, 2),
        (FindingKind.LINK_MISSING, 3),
    ]


def test_changed_event_before_a_deleted_one_is_found(as_owner):
    sealed_trail(6)
    as_owner.execute(
        "UPDATE audit_event SET verb = 'x' WHERE id = (SELECT min(id) + 1 FROM audit_event)"
    )
    as_owner.execute("DELETE FROM audit_event WHERE id = (SELECT min(id) + 2 FROM audit_event)")
    assert [(finding.kind, finding.first) for finding in verify().findings] == [
        (FindingKind.EVENT_CHANGED, 2),
        (FindingKind.EVENT_DELETED, 3),
    ]


def test_verify_leaves_no_lock(transactional_db):
    verify()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database"
            " WHERE locktype = 'advisory' AND datname = current_database()"
        )
        assert cursor.fetchone() == (0,)
