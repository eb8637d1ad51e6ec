"""The key of a million people changed while they are looked up: no look fails, nothing is left.

Run: make prove   (also runs the other campaigns; writes docs/benchmarks/rotation.json)
     python -m bench.prove_rotation --people 100000

Two processes look people up by number and open their names all the time. `keys rotate` runs as a
process of its own and is killed with -9 again and again, at random times, then left to end. A
PostgreSQL of its own, with `fsync` on.
"""
# ruff: noqa: PLC0415 -- models need the set-up

import json
import os
import random
import subprocess
import sys
import time
from datetime import UTC, datetime

from bench.hall.cycles import CHECKOUT, own_database

RESULT = CHECKOUT / "docs" / "benchmarks" / "rotation.json"
VAR = CHECKOUT / "var" / "prove-rotation"
PEOPLE, READERS, KILLS, GRACE_S = 1_000_000, 2, 5, 5
SEED = 15
READ = "read"


def main() -> None:
    words = sys.argv[1:]
    if words[:1] == [READ]:
        read()
        return
    people = int(words[words.index("--people") + 1]) if "--people" in words else PEOPLE
    os.environ |= {"DJANGO_SETTINGS_MODULE": "circle15.config.settings", "CIRCLE15_DEMO": "0"}
    load_before = os.getloadavg()[0]
    with own_database(VAR):
        found = campaign(people) | {"load_before": load_before}
    print(json.dumps(found, indent=2))
    RESULT.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    if found["failed"] or found["left"] or found["keys"] != 1:
        sys.exit("the change of the key is not what it promises")


def campaign(people: int) -> dict[str, object]:
    import django

    django.setup()
    from bench.people import fill
    from django.core.management import call_command

    from circle15.ops.rotating import standing

    call_command("migrate", verbosity=0)
    known = fill(people)
    numbers = VAR / "numbers.json"
    numbers.write_text(json.dumps(known), encoding="utf-8")
    readers = [start("bench.prove_rotation", READ) for _ in range(READERS)]
    chance, began = random.Random(SEED), time.monotonic()
    killed = [rows_before_the_kill(people, chance) for _ in range(KILLS)]
    ended = time.monotonic()
    last = start("circle15", "keys", "rotate", f"--grace={GRACE_S}")
    last.communicate()
    took = time.monotonic() - ended
    (VAR / "stop").touch()
    told = [json.loads(reader.communicate()[0].splitlines()[-1]) for reader in readers]
    now = standing()
    return {
        "measured_on": f"{datetime.now(UTC):%Y-%m-%d}",
        "cores": os.cpu_count(),
        "people": people,
        "killed_with_left": killed,
        "reads": sum(each["reads"] for each in told),
        "failed": sum(each["failed"] for each in told),
        "slowest_ms": max(each["slowest_ms"] for each in told),
        "left": sum(rows for _label, rows in now.left),
        "keys": len(now.key_ids),
        "seconds": round(ended - began + took),
    }


def start(module: str, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-u", "-m", module, *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=CHECKOUT)


def rows_before_the_kill(people: int, chance: random.Random) -> int:
    """Kill a rotation after a random number of batches; return how many rows were left."""
    from circle15.ops.rotating import standing

    process = start("circle15", "keys", "rotate", f"--grace={GRACE_S}")
    assert process.stdout is not None
    for _ in range(chance.randint(1, max(2, people // 200 // KILLS // 2))):
        process.stdout.readline()
    process.kill()
    process.communicate()
    return sum(rows for _label, rows in standing().left)


def read() -> None:
    """Find people by number and open their names, until told to stop; tell how it went."""
    import django

    django.setup()
    from circle15.areas.scope import EVERYWHERE, area_scope
    from circle15.ledger.people.models import Person
    from circle15.ledger.people.sealing import index_of, plain
    from circle15.ledger.people.states import Field

    numbers = json.loads((VAR / "numbers.json").read_text(encoding="utf-8"))
    chance, reads, failed, slowest = random.Random(os.getpid()), 0, 0, 0.0
    while not (VAR / "stop").exists():
        number, began = chance.choice(numbers), time.perf_counter()
        try:
            with area_scope(EVERYWHERE):
                person = Person.objects.get(id_number_index=index_of(number, Field.ID_NUMBER))
                failed += plain(person, Field.ID_NUMBER) != number
        except Exception as failure:  # noqa: BLE001 -- whatever it is, it is counted
            print(repr(failure), flush=True)
            failed += 1
        reads += 1
        slowest = max(slowest, time.perf_counter() - began)
    print(json.dumps({"reads": reads, "failed": failed, "slowest_ms": round(slowest * 1000, 1)}))


if __name__ == "__main__":
    main()
