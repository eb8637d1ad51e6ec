"""Writes trails for the tests."""

from datetime import UTC, datetime, timedelta
from random import Random

from django.db import connection, transaction

from circle15.audit.actions import record, seal
from circle15.audit.states import Who

AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
COUNTY = "/320600000000/320681000000/"
ALICE = Who(id=7, name="alice", role="clerk")
BOB = Who(id=8, name="bob", role="site_manager")


def write(count: int, *, seed: int = 0, area_path: str = COUNTY) -> None:
    """Record `count` different events, each in a transaction of its own."""
    random = Random(seed)
    for number in range(count):
        with transaction.atomic():
            record(
                who=random.choice([ALICE, BOB]),
                verb=random.choice(["site.rename", "fact.record"]),
                target_kind="site",
                target_id=number,
                area_path=area_path,
                at=AT + timedelta(seconds=random.randrange(10**6)),
                old=random.choice([None, {}, {"name": "城东网点"}]),
                new={"name": f"城东网点{random.randrange(10**9)}"},
                clause=random.choice(["", "3.2"]),
            )


def sealed_trail(*batches: int) -> None:
    """Write and seal several batches."""
    for seed, count in enumerate(batches):
        write(count, seed=seed)
        assert seal(at=AT + timedelta(hours=seed)) == count


def all_events() -> list[tuple]:
    """Read every event, in the order of ids."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('circle15.area', '/', true)")
        cursor.execute("SELECT * FROM audit_event ORDER BY id")
        return cursor.fetchall()
