"""The machine room: runs the product's own due work in the city, at any hour that is asked for.

Started as a process of its own; the first word of a line names the work, the second the hour.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.web.browser.city import City

CHECKOUT = Path(__file__).resolve().parents[3]
SWEEP = "circle15.cases.actions.sweep.sweep"
MEASURE = "circle15.cases.measuring.days.record_days"
SEND = "circle15.cases.core_platform.worker.drain"


@dataclass
class Room:
    """Somebody there, who waits for what to do."""

    process: subprocess.Popen[str]

    def do(self, work: str, at: datetime) -> int:
        """Do a round of some work as if it were `at`; return how much there was to do."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{work} {at.isoformat()}\n")
        self.process.stdin.flush()
        said = self.process.stdout.readline()
        assert said.strip().isdecimal(), said or "the machine room ended; its words are above"
        return int(said)


@contextmanager
def staffed(city: "City") -> Iterator[Room]:
    with city.environment():
        process = subprocess.Popen(
            [sys.executable, str(Path(__file__))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=CHECKOUT,
        )
    try:
        yield Room(process)
    finally:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        process.wait(20)
        process.stdout.close()


def main() -> None:
    import django

    django.setup()
    from django.utils.module_loading import import_string

    for line in sys.stdin:
        work, at = line.split()
        done = import_string(work)(at=datetime.fromisoformat(at))
        sys.stdout.write(f"{done}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
