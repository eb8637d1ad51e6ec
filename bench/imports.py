"""Check of a large workbook: 50,000 sites in 20 columns, seconds and memory.

Run: make bench ARGS=imports   (writes docs/benchmarks/imports.md)
"""
# ruff: noqa: PLC0415 -- models need the set-up; the builder's memory must not count

import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
ROWS, COLUMNS = 50_000, 20
LIMIT_S, LIMIT_MB = 60, 500
TOWNS = 200
KNOWN = [
    "网点编码",
    "网点名称",
    "网点类型",
    "所在区划代码",
    "主办单位",
    "状态",
    "地址",
    "电话",
    "经度",
    "纬度",
    "启用日期",
]


def build(path: Path) -> None:
    """Write the workbook, every tenth row with an oddity and every hundredth with a mistake."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("网点")
    sheet.append([*KNOWN, *(f"附加{n}" for n in range(COLUMNS - len(KNOWN)))])
    for n in range(ROWS):
        town = f"3206811{n % TOWNS:02d}000" if n % TOWNS < 100 else f"3206812{n % 100:02d}000"
        sheet.append(
            [
                f"QD-{n:06d}",
                f"第{n}便民服务中心",
                "乡镇（街道）便民服务中心",
                "320681999000" if n % 100 == 99 else town,
                f"第{n % TOWNS}镇人民政府",
                "运行中",
                f"人民路{n}号",
                "0513-83300000",
                121.5 + n % 100 / 1000,
                "31.８" if n % 10 == 9 else 31.8,
                "2024.1.5",
                *("填充文字" for _ in range(COLUMNS - len(KNOWN))),
            ]
        )
    book.save(path)


def measure(path: Path) -> dict[str, float]:
    """Check the workbook against a database of its own."""
    import django

    django.setup()
    from django.db import connection

    from circle15.accounts.actors import system_actor
    from circle15.areas.bulk import DivisionRow, upsert_divisions
    from circle15.areas.scope import area_scope
    from circle15.imports.actions import bring_in_now

    by, at = system_actor("bench"), datetime.now(UTC)
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        codes = [f"3206811{n:02d}000" for n in range(100)]
        codes += [f"3206812{n:02d}000" for n in range(100)]
        rows = [
            DivisionRow(code="320600000000", name="南通市", level="city"),
            DivisionRow(code="320681000000", name="启东市", level="county"),
            *(DivisionRow(code=code, name=f"{code}镇", level="town") for code in codes),
        ]
        with area_scope("/"):
            upsert_divisions(rows, by=by, at=at)
        content = path.read_bytes()
        began = time.perf_counter()
        done = bring_in_now(content, kind="sites", coordinates="gcj02", dry_run=True, by=by, at=at)
        seconds = time.perf_counter() - began
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)
    return {
        "seconds": seconds,
        "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "file_mb": len(content) / 1024 / 1024,
        "load": os.getloadavg()[0],
        "new": done.report.new,
        "failed": done.report.failed,
    }


def machine() -> str:
    text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    name = next(
        (line.split(":")[1].strip() for line in text.splitlines() if "model name" in line), ""
    )
    return f"{os.cpu_count()} × {name or platform.machine()}, {platform.system()}"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sites.xlsx"
        build(path)
        env = {
            **os.environ,
            "PYTHONPATH": str(CHECKOUT / "src"),
            "DJANGO_SETTINGS_MODULE": "circle15.config.settings",
            "CIRCLE15_TEST_DATABASE": "bench_imports",
        }
        command = [sys.executable, "-m", "bench.imports", str(path)]
        out = subprocess.run(
            command, env=env, capture_output=True, text=True, check=True, cwd=CHECKOUT
        )
    seen = json.loads(out.stdout.splitlines()[-1])
    assert (seen["new"], seen["failed"]) == (ROWS - ROWS // 100, ROWS // 100), seen
    page = CHECKOUT / "docs" / "benchmarks" / "imports.md"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(_page(seen), encoding="utf-8")
    print(page.read_text(encoding="utf-8"))
    sys.exit(seen["seconds"] > LIMIT_S or seen["rss_mb"] > LIMIT_MB)


def _page(seen: dict[str, float]) -> str:
    parts = ", ".join(
        f"{name} {version(name)}" for name in ("django", "python-calamine", "psycopg")
    )
    return f"""# Import check

Dry run of {ROWS:,} sites × {COLUMNS} columns (xlsx, {seen["file_mb"]:.1f} MB, 1 % bad rows): read,
checked, converted from GCJ-02, written and taken back, and the workbook of the bad rows made.

| figure | measured | promised |
|---|---|---|
| time | {seen["seconds"]:.1f} s (load of the machine {seen["load"]:.1f}) | ≤ {LIMIT_S} s |
| memory (peak RSS of the process) | {seen["rss_mb"]:.0f} MB | ≤ {LIMIT_MB} MB |

`make bench ARGS=imports`; {datetime.now(UTC):%Y-%m-%d}; {machine()}; Python
{platform.python_version()}, {parts}, embedded PostgreSQL on the same machine.
"""


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(Path(sys.argv[1]))))
    else:
        main()
