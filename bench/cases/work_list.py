"""Read work lists of a million cases: everybody's lists, first pages and far ones, by area.

Run: make bench ARGS=cases.work_list
(CIRCLE15_BENCH_CASES: how many; writes docs/benchmarks/cases-work-list.json)

The query as the pages ask it, inside the reader's area with row-level security on; PostgreSQL
embedded, of its own. Who reads: a clerk of a site, a handler of a county, an officer of the city.
"""
# ruff: noqa: PLC0415 -- models need the set-up

import json
import os
import platform
import statistics
import time
from datetime import UTC, date, datetime

from bench.hall.cycles import CHECKOUT, own_database

RESULT = CHECKOUT / "docs" / "benchmarks" / "cases-work-list.json"
VAR = CHECKOUT / "var" / f"bench-work-list-{os.getpid()}"
CASES = int(os.environ.get("CIRCLE15_BENCH_CASES", "1000000"))
TIMES, PAGES = 5, 4
ON = date(2026, 11, 22)


def readers() -> dict[str, object]:
    """Return who reads."""
    from circle15.accounts.actors import actor_of
    from circle15.accounts.states import Role

    county = "/320600000000/320681000000/"
    posts = {
        "clerk": (Role.CLERK, f"{county}320681100000/S-0/"),
        "manager of a town": (Role.SITE_MANAGER, f"{county}320681101000/"),
        "handler": (Role.HANDLER, county),
        "city officer": (Role.CITY_OFFICER, "/320600000000/"),
    }
    return {
        name: actor_of(user_id=14, name=name, role=role, area_path=path, area_name="")
        for name, (role, path) in posts.items()
    }


def timed(by: object, kind: str) -> tuple[list[float], int]:
    """Read a list page by page, some times over; return the times and how many cases came."""
    from circle15.areas.scope import area_scope
    from circle15.cases.work import WorkFilter, WorkKind, work_list

    times, lines = [], 0
    for _time in range(TIMES):
        after = ""
        for _page in range(PAGES):
            start = time.perf_counter()
            with area_scope(by.area_path):
                what = WorkFilter(kind=WorkKind(kind))
                page = work_list(by=by, what=what, on=ON, after=after)
            times.append(time.perf_counter() - start)
            lines += len(page.lines)
            after = page.after
            if not after:
                break
    return times, lines


def measured() -> dict[str, object]:
    from bench.cases import past
    from django.db import connection
    from tests import factories

    from circle15.cases.work import WorkKind

    old = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        factories.catalogue()
        past.fill(CASES)
        by_list, every = {}, []
        for name, by in readers().items():
            for kind in WorkKind:
                times, lines = timed(by, kind)
                every += times
                slowest = round(1000 * max(times), 1)
                by_list[f"{name}: {kind}"] = {"slowest_ms": slowest, "cases": lines}
    finally:
        connection.creation.destroy_test_db(old, verbosity=0)
    return {
        "p50_ms": round(1000 * statistics.median(every), 1),
        "p95_ms": round(1000 * statistics.quantiles(every, n=20)[-1], 1),
        "slowest_ms": round(1000 * max(every), 1),
        "lists": by_list,
    }


def main() -> None:
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "circle15.config.settings",
        "CIRCLE15_DEMO": "0",
        "CIRCLE15_TEST_DATABASE": "bench_work_list",
    }
    load_before = os.getloadavg()[0]
    with own_database(VAR):
        import django

        django.setup()
        figures = measured()
    result = {
        "what": f"work lists of {CASES} cases, pages of 50, by the reader's area, row security on",
        "measured_on": f"{datetime.now(UTC):%Y-%m-%d}",
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load_before": load_before,
        **figures,
    }
    RESULT.write_text(json.dumps(result, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print(RESULT.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
