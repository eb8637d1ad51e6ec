"""Compiled code is kept for exactly the sources it was made from."""

import shutil
import subprocess
import sys
from pathlib import Path

import circle15.planning.compiled as door

INNER = (
    "from circle15.planning.compiled import compiled\n\n@compiled\ndef inner():\n    return {}\n"
)
OUTER = """
from circle15.planning.compiled import compiled
from circle15.planning.inner import inner

@compiled
def outer():
    return inner()

print(outer())
"""


def test_a_kernel_sees_changes_in_the_file_of_another(tmp_path: Path) -> None:
    planning = tmp_path / "circle15" / "planning"
    planning.mkdir(parents=True)
    for package in (planning, planning.parent):
        (package / "__init__.py").touch()
    shutil.copy(door.__file__, planning / "compiled.py")
    (planning / "outer.py").write_text(OUTER)
    told = []
    for answer in (1, 22):  # of another length: Python itself compares seconds and size
        (planning / "inner.py").write_text(INNER.format(answer))
        told.append(
            subprocess.run(
                [sys.executable, "-m", "circle15.planning.outer"],
                cwd=tmp_path,
                env={"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin:/bin"},
                capture_output=True,
                text=True,
                check=True,
            ).stdout.strip()
        )
    assert told == ["1", "22"]
    assert len(list((planning / "__pycache__").glob("kernels-*"))) == 1
