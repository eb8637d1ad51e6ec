import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from circle15.ops.children import Child

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
PARENT = """
import sys, time
from circle15.ops.children import Child
child = Child("sleep", [sys.executable, "-c", "import time; time.sleep(60)"])
child.start()
print(child.process.pid, flush=True)
time.sleep(60)
"""


def is_alive(pid: int) -> bool:
    try:
        return b"sleep" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return False


def wait_until_gone(pid: int) -> bool:
    patience = time.monotonic() + 5
    while is_alive(pid) and time.monotonic() < patience:
        time.sleep(0.02)
    return not is_alive(pid)


def test_child_ends_with_its_killed_parent() -> None:
    path = {**os.environ, "PYTHONPATH": "src"}
    command = [sys.executable, "-c", PARENT]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=path) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert is_alive(pid)
        parent.kill()

    assert wait_until_gone(pid)


def test_killed_child_is_started_again_after_a_pause() -> None:
    child = Child("sleep", SLEEP)
    child.start()
    assert child.process is not None
    first = child.process.pid
    os.kill(first, signal.SIGKILL)
    child.process.wait()

    told = child.look_after()

    assert told == "sleep ended with -9; starting again in 0.5 s"
    assert child.look_after() is None
    assert child.process is None
    time.sleep(0.6)
    child.look_after()
    assert child.process is not None
    assert child.process.pid != first
    child.stop()


def test_pause_grows_while_it_keeps_failing() -> None:
    child = Child("fails", [sys.executable, "-c", "raise SystemExit(3)"])
    told = []

    for _ in range(4):
        child.start()
        assert child.process is not None
        child.process.wait()
        told.append(child.look_after())

    pauses = ["0.5", "1", "2", "2"]
    assert told == [f"fails ended with 3; starting again in {pause} s" for pause in pauses]


def test_stop_ends_the_grandchildren_too() -> None:
    script = f"import subprocess; print(subprocess.Popen({SLEEP!r}).pid, flush=True); input()"
    child = Child("family", [sys.executable, "-c", f"{script}; import time; time.sleep(60)"])
    child.start()
    assert child.process is not None
    group = child.process.pid

    child.stop()

    members = [entry for entry in Path("/proc").glob("[0-9]*") if group_of(entry) == group]
    assert members == []


def group_of(entry: Path) -> int:
    try:
        return os.getpgid(int(entry.name))
    except ProcessLookupError:
        return 0
