"""A day of on-site checks without a line: 300 answers, 100 photos, two kills; all arrive once.

Run: make prove   (also runs the other campaigns; writes docs/benchmarks/inspect-offline.json)

A real Chromium with a profile that stays is killed with -9 twice, its clock is moved over eight
hours, the line is cut (for the page and its service worker) and cut again while sending. Afterwards
no name may be readable in the profile; a name planted there on purpose must be found.
"""

import os
import subprocess
import sys

from bench.hall.cycles import CHECKOUT, own_database

RESULT = CHECKOUT / "docs" / "benchmarks" / "inspect-offline.json"
VAR = CHECKOUT / "var" / "prove-inspect"
TEST = "tests/web/inspect/long_day.py"


def main() -> None:
    """Run the day as a test of its own, on a database of its own."""
    with own_database(VAR):
        environment = {
            **os.environ,
            "CIRCLE15_TEST_DATABASE": "prove_inspect",
            "CIRCLE15_LONG_DAY_RESULT": str(RESULT),
        }
        command = [sys.executable, "-m", "pytest", "-q", TEST]
        code = subprocess.run(command, env=environment, cwd=CHECKOUT, check=False).returncode
    if code:
        sys.exit("a check was lost, came twice, or left a name on the disk")
    print(RESULT.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
