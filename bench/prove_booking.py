"""Ten thousand tries at the same slots through three doors: nothing is sold twice.

Run: make prove   (also runs the other campaigns; writes docs/benchmarks/booking-races.json)

People book, change, cancel and book again at random, twenty at a time, on a real PostgreSQL;
holds lapse meanwhile. Then with one wall taken down after the other: the locks of the slot rows,
the checks of the table. Without both the same campaign must find slots sold twice, or it could
not find anything.
"""
# ruff: noqa: PLC0415 -- models need the set-up

import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from bench.hall.cycles import CHECKOUT, own_database

RESULT = CHECKOUT / "docs" / "benchmarks" / "booking-races.json"
VAR = CHECKOUT / "var" / "prove-booking"
TRIES, FEWER = 10_000, 2_000
THREADS = 20
CHECKS = ("hall_slot_public_not_oversold", "hall_slot_counter_not_oversold")


def campaign(tries: int) -> dict[str, object]:
    """Let people come until there were so many tries; return what was done and what was wrong."""
    from tests.hall.appointments.places import LONG, at_hour, furnish, oversold
    from tests.hall.appointments.races import HALVES, Race, buyers, people

    race, wrong, rounds = Race(), [], 0
    while sum(race.done.values()) < tries:
        _empty()
        hall = furnish(public=1 if rounds % 2 else 3, counter=1)
        jobs = [job for at in HALVES[:3] for job in buyers(hall, at, 60, LONG)]
        race.run(jobs, THREADS)
        race.run(people(hall, race, 120, seed=rounds), THREADS)
        race.run(buyers(hall, at_hour(11, 30), 60), THREADS)
        wrong += oversold()
        rounds += 1
    return {"tries": sum(race.done.values()), "sold_twice": len(wrong), **_told(race)}


def _told(race: object) -> dict[str, object]:
    done, faults = race.done, race.faults
    broken = [each for each in faults if "not_oversold" not in each]
    return {
        "done": done["done"],
        "refused": sum(count for name, count in done.items() if name not in {"done", "fault"}),
        "stopped_by_a_check": len(faults) - len(broken),
        "faults": [each.partition("\\n")[0] for each in broken[:5]],
    }


def _empty() -> None:
    """Leave nothing of the round before but the people and places."""
    from django.db import connection

    names = "hall_notice, hall_place, hall_appointment, hall_slot, hall_openingseries,"
    with connection.cursor() as cursor:
        cursor.execute(
            f"TRUNCATE {names} hall_bookableitem, hall_bookingrules, accounts_user CASCADE"
        )


@contextmanager
def without_locks() -> Iterator[None]:
    """Read slots without locking them."""
    from circle15.hall.appointments import booking, changing, places
    from circle15.hall.booking_models import Slot

    def unlocked(ids: Iterable[int]) -> dict[int, object]:
        return {slot.pk: slot for slot in Slot.objects.filter(pk__in=set(ids)).order_by("id")}

    modules = (places, booking, changing)
    former = places.locked_slots
    for module in modules:
        module.locked_slots = unlocked
    try:
        yield
    finally:
        for module in modules:
            module.locked_slots = former


def drop_checks() -> None:
    """Take the checks of the table away; the database is thrown away afterwards."""
    from django.db import connection

    with connection.cursor() as cursor:
        for name in CHECKS:
            cursor.execute(f"ALTER TABLE hall_slot DROP CONSTRAINT {name}")


def main() -> None:
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "circle15.config.settings",
        "CIRCLE15_DEMO": "0",
        "CIRCLE15_LOG_LEVEL": "ERROR",
        "CIRCLE15_TEST_DATABASE": "prove_booking",
    }
    with own_database(VAR):
        import django

        django.setup()
        from django.conf import settings
        from django.db import connection

        settings.PASSWORD_HASHERS = ["tests.factories.QuickArgon2"]
        old = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        try:
            found = {"with_both": campaign(TRIES)}
            with without_locks():
                found["without_locks"] = campaign(FEWER)
            drop_checks()
            found["without_checks"] = campaign(FEWER)
            with without_locks():
                found["without_both"] = campaign(FEWER)
        finally:
            connection.creation.destroy_test_db(old, verbosity=0)
    result = {"measured_on": f"{datetime.now(UTC):%Y-%m-%d}", "threads": THREADS, **found}
    RESULT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(RESULT.read_text(encoding="utf-8"))
    sold = {name: each["sold_twice"] for name, each in found.items()}
    if any(sold[name] for name in sold if name != "without_both") or not sold["without_both"]:
        sys.exit("a slot was sold twice, or the campaign cannot tell")


if __name__ == "__main__":
    main()
