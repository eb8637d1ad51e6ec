"""Measure the registers of people: `make bench ARGS=people` writes docs/benchmarks/people.json.

A million invented people, sealed one by one as real ones are, in a database of its own, made and
removed here. Seeded: the same people every time.
"""

import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random

import django
from django.db import connection, transaction

RESULT = Path(__file__).parents[1] / "docs" / "benchmarks" / "people.json"
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SEED = 15
COUNTY = "320681000000"
TOWNS, VILLAGES = 20, 20
ASKED = 400
BATCH = 20_000
COLUMNS = (
    *("uid", "division_id", "area_path", "id_kind", "name_sealed", "id_number_sealed"),
    *("id_number_index", "phone_sealed", "phone_index", "birth_year", "insurance", "source"),
    *("entered_at", "touched_at", "touched_by", "is_synthetic", "created_at"),
)
# Row-level security keeps COPY away from the table itself.
LOAD = f"CREATE TEMPORARY TABLE fresh AS SELECT {', '.join(COLUMNS)} FROM ledger_person LIMIT 0"
MOVE = f"INSERT INTO ledger_person ({', '.join(COLUMNS)}) SELECT * FROM fresh"
STAND = """
INSERT INTO ledger_membership (person_id, area_path, register, kind, since, source, entered_by,
    touched_at)
SELECT id, area_path, CASE WHEN id % 20 = 0 THEN 'hardship' ELSE 'insured' END, '', '2026-01-01',
    'import', 'bench', touched_at FROM ledger_person
"""


def main(count: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "circle15.config.settings")
    django.setup()
    connection.creation.create_test_db(verbosity=0)
    try:
        found = measure(count)
    finally:
        connection.creation.destroy_test_db("", verbosity=0)
    RESULT.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(RESULT.read_text(encoding="utf-8"))


def measure(count: int) -> dict[str, object]:
    from circle15.accounts.actors import system_actor  # noqa: PLC0415 -- models need the set-up
    from circle15.ledger.people import looking, queries  # noqa: PLC0415
    from circle15.ledger.people.queries import PeopleFilter  # noqa: PLC0415
    from circle15.ledger.people.registers import freshness  # noqa: PLC0415

    by, on = system_actor("bench"), AT.date()
    started = time.perf_counter()
    known = fill(count)
    made_s = time.perf_counter() - started
    chance = Random(SEED)
    asked = chance.sample(known, min(ASKED, len(known)))
    unknown = [number(date(1950, 1, 1) + timedelta(days=n), 999) for n in range(ASKED)]
    told: dict[str, object] = {
        "what": "registers of people: exact search by number (blind index), first page of a"
        " register of one in twenty, what registers hold, of a county and of a village",
        "measured_on": f"{datetime.now(UTC):%Y-%m-%d}",
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "django": django.__version__,
        "load_before": round(os.getloadavg()[0], 1),
        "people": count,
        "sealed_and_written_s": round(made_s),
    }

    def find(one: str) -> object:
        return looking.find_by_id_number(one, by=by, at=AT, purpose="intake")

    first = PeopleFilter(register="hardship")
    path = f"/320600000000/{COUNTY}/"
    village = f"{path}{COUNTY[:6]}101000/{COUNTY[:6]}101001/"
    told["somebody_known"], found = timed(find, asked)
    assert all(found)
    told["nobody_has_it"], found = timed(find, unknown)
    assert not any(found)
    told["first_page"], _ = timed(lambda _: queries.people_in_order(by, first, on=on), [0] * 20)
    told["county_counted"], _ = timed(lambda _: freshness(path, on=on), [0] * 5)
    told["village_counted"], _ = timed(lambda _: freshness(village, on=on), [0] * 20)
    return told


def timed(
    work: Callable[[object], object], asked: list[object]
) -> tuple[dict[str, object], list[object]]:
    """Do something with each, one transaction at a time; return how long it took, and what came."""
    took, found = [], []
    for one in asked:
        start = time.perf_counter()
        with transaction.atomic():
            found.append(work(one))
        took.append((time.perf_counter() - start) * 1000)
    took.sort()
    told = {
        "times": len(took),
        "median_ms": round(took[len(took) // 2], 1),
        "p95_ms": round(took[int(len(took) * 0.95)], 1),
        "longest_ms": round(took[-1], 1),
    }
    return told, found


def fill(count: int) -> list[str]:
    """Write the divisions and the people; return every hundredth number."""
    from circle15.areas.scope import EVERYWHERE, area_scope  # noqa: PLC0415 -- as above

    homes = divisions()
    numbers: list[str] = []
    rows = people(count, homes, numbers)
    while batch := list(islice(rows, BATCH)):
        with area_scope(EVERYWHERE), connection.cursor() as cursor:
            cursor.execute(LOAD)
            with cursor.copy(f"COPY fresh ({', '.join(COLUMNS)}) FROM STDIN") as copy:
                for row in batch:
                    copy.write_row(row)
            cursor.execute(MOVE)
            cursor.execute("DROP TABLE fresh")
    with area_scope(EVERYWHERE), connection.cursor() as cursor:
        cursor.execute(STAND)
        cursor.execute("ANALYZE ledger_person, ledger_membership")
    return numbers


def divisions() -> list[tuple[int, str]]:
    """Write a county of 20 towns with 20 villages each; return the villages."""
    from circle15.accounts.actors import system_actor  # noqa: PLC0415 -- as above
    from circle15.areas.bulk import DivisionRow, upsert_divisions  # noqa: PLC0415
    from circle15.areas.models import Division  # noqa: PLC0415
    from circle15.areas.scope import EVERYWHERE, area_scope  # noqa: PLC0415

    rows = [DivisionRow(code="320600000000", name="城市", level="city")]
    rows.append(DivisionRow(code=COUNTY, name="县", level="county"))
    for town in range(1, TOWNS + 1):
        code = f"{COUNTY[:6]}{100 + town}"
        rows.append(DivisionRow(code=f"{code}000", name=f"镇{town}", level="town"))
        rows += [
            DivisionRow(code=f"{code}{one:03d}", name=f"村{town}-{one}", level="village")
            for one in range(1, VILLAGES + 1)
        ]
    with area_scope(EVERYWHERE):
        upsert_divisions(rows, by=system_actor("bench"), at=AT)
        return list(Division.objects.filter(level="village").values_list("id", "path"))


def people(
    count: int, homes: list[tuple[int, str]], numbers: list[str]
) -> Iterator[tuple[object, ...]]:
    from circle15.ledger.people.models import new_uid  # noqa: PLC0415 -- as above
    from circle15.ledger.people.sealing import sealed  # noqa: PLC0415
    from circle15.ledger.people.states import Field  # noqa: PLC0415

    born_first = date(1930, 1, 1)
    for one in range(count):
        uid, (home, path) = new_uid(), homes[one % len(homes)]
        # No two alike: 30,000 days with up to 999 births each.
        born = born_first + timedelta(days=one % 30_000)
        own = number(born, one // 30_000)
        if one % 100 == 0:
            numbers.append(own)
        said = {Field.NAME: "王甲子", Field.ID_NUMBER: own, Field.PHONE: f"100{one:08d}"}
        columns = sealed(uid, said)
        yield (
            *(uid, home, path, "resident", columns["name_sealed"], columns["id_number_sealed"]),
            *(columns["id_number_index"], columns["phone_sealed"], columns["phone_index"]),
            *(born.year, "resident", "import", AT, AT, "bench", True, AT),
        )


def number(born: date, serial: int) -> str:
    from circle15.core.identifiers import resident_id_check_character  # noqa: PLC0415 -- as above

    body = f"999999{born:%Y%m%d}{serial:03d}"
    return body + resident_id_check_character(body)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
