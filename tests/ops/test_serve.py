import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.ops.conftest import clear_away, make_folder
from tests.ports import free_port

from circle15.ops import lodging, postgres

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
START_WITHIN_S = 90
LIVE_PORTS: dict[int, int] = {}  # by port of the web server


@pytest.fixture(scope="module")
def prepared() -> Iterator[Path]:
    """A folder that was served from once, so that each test needs a second start only."""
    folder = make_folder()
    try:
        with serving(folder, free_port()) as process:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)
        yield folder
    finally:
        clear_away(folder)


def environment(var: Path, port: int) -> dict[str, str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("CIRCLE15_")}
    ours = {"CIRCLE15_VAR_DIR": str(var), "CIRCLE15_PORT": str(port), "CIRCLE15_DEMO": "0"}
    ours["CIRCLE15_LIVE_PORT"] = str(LIVE_PORTS.setdefault(port, free_port()))
    return {**inherited, **ours, "PYTHONPATH": str(ROOT / "src"), "CIRCLE15_WORKERS": "2"}


@contextmanager
def serving(var: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "circle15.ops.serve"],
        env=environment(var, port),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        told: list[str] = []
        for line in process.stdout:
            told.append(line)
            if f"http://127.0.0.1:{port}/" in line:
                break
        else:
            pytest.fail("".join(told))
        yield process
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def refused_start(told: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "circle15.ops.serve"],
        env=told,
        capture_output=True,
        text=True,
        check=False,
    )


def answers(port: int, path: str = "/login/") -> bool:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", path)
        return line.getresponse().status == 200
    except OSError:
        return False
    finally:
        line.close()


def within(seconds: float, condition: Callable[[], bool]) -> bool:
    patience = time.monotonic() + seconds
    while not (has_come := condition()) and time.monotonic() < patience:
        time.sleep(0.1)
    return has_come


def web_processes(port: int) -> list[int]:
    return processes("circle15.ops.webserver", port)


def processes(module: str, port: int) -> list[int]:
    """Return the processes of a server at a port, the first one started first."""
    told = str(port).encode()  # granian renames its processes if setproctitle is installed
    marks = (module.encode() + b"\x00127.0.0.1\x00" + told, b"gi 127.0.0.1:" + told)
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes()
            if any(mark in command for mark in marks):
                found.append(int(entry.name))
        except OSError:
            continue
    return sorted(found)


def processes_of(var: Path) -> list[int]:
    """Return the programs of ours that run for a folder; PostgreSQL is none of them."""
    mark = f"CIRCLE15_VAR_DIR={var}\0".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            is_ours = b"circle15" in (entry / "cmdline").read_bytes()
            if is_ours and mark in (entry / "environ").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def test_second_start_is_refused_and_ctrl_c_ends_everything(prepared: Path) -> None:
    port = free_port()
    with serving(prepared, port) as process:
        assert within(60, lambda: answers(port))
        second = refused_start(environment(prepared, free_port()))
        assert second.returncode == 1
        assert "circle15 already runs in" in second.stderr
        process.send_signal(signal.SIGINT)

        assert process.wait(timeout=30) == 0

    assert web_processes(port) == []
    assert postgres.running_url(prepared) is None


def test_killed_parts_come_back_and_a_killed_whole_starts_again(prepared: Path) -> None:
    port = free_port()
    with serving(prepared, port):
        os.kill(web_processes(port)[0], signal.SIGKILL)
        assert within(60, lambda: answers(port))
        assert within(60, lambda: answers(LIVE_PORTS[port], "/live/"))
        os.kill(processes("circle15.ops.live.server", LIVE_PORTS[port])[0], signal.SIGKILL)
        assert within(60, lambda: not answers(LIVE_PORTS[port], "/live/"))
        assert within(60, lambda: answers(LIVE_PORTS[port], "/live/"))
        found = lodging.lodging_of(prepared)
        assert found is not None
        postmaster = postgres.postmaster(found)
        assert postmaster is not None
        os.kill(postmaster, signal.SIGKILL)
        assert within(60, lambda: postgres.running_url(prepared) is not None and answers(port))

    assert within(60, lambda: web_processes(port) == [])  # ended with their killed supervisor
    assert within(60, lambda: not answers(LIVE_PORTS[port], "/live/"))
    assert within(60, lambda: processes_of(prepared) == [])

    with serving(prepared, port):
        assert within(60, lambda: answers(port))


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("CIRCLE15_PORT", "0", "CIRCLE15_PORT='0': want 1..65535"),
        ("CIRCLE15_DATA_KEY", "00" * 32, "CIRCLE15_DATA_KEY: want at least 32 random bytes"),
        ("CIRCLE15_AUDIT_KEY", "abcd", "CIRCLE15_AUDIT_KEY: want at least 32 random bytes"),
        ("CIRCLE15_SECRET_KEY", "secret", "CIRCLE15_SECRET_KEY: want hexadecimal digits"),
        ("CIRCLE15_INDEX_KEY", "file:/none", "CIRCLE15_INDEX_KEY: no key file at /none"),
    ],
)
def test_bad_setting_stops_the_start_in_one_line(
    var: Path, variable: str, value: str, words: str
) -> None:
    refused = refused_start({**environment(var, free_port()), variable: value})

    assert refused.returncode == 1
    assert words in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def test_taken_port_is_named_with_the_way_out(var: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        refused = refused_start(environment(var, holder.getsockname()[1]))

    assert refused.returncode == 1
    assert "CIRCLE15_PORT=8001 make run" in refused.stderr
