"""The real process of live updates on a database of the tests, and a listener to ask it."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import connection
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[3]
UP_WITHIN_S = 120.0


def database_url() -> str:
    """Return the address of the database this test writes to."""
    place = connection.settings_dict
    return f"postgresql://{place['USER']}@/{place['NAME']}?host={place['HOST']}"


@dataclass
class Live:
    """A process that can be killed and started again at the same port."""

    web_port: int
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    lines: list[http.client.HTTPConnection | http.client.HTTPResponse] = field(default_factory=list)

    def start(self) -> None:
        ours = {
            "CIRCLE15_DATABASE_URL": database_url(),
            "CIRCLE15_VAR_DIR": str(settings.VAR_DIR),
            "CIRCLE15_SECRET_KEY": settings.SECRET_KEY,
            "CIRCLE15_PORT": str(self.web_port),
            "CIRCLE15_LIVE_PORT": str(self.port),
            "CIRCLE15_LOG_LEVEL": "WARNING",
            "PYTHONPATH": str(ROOT / "src"),
        }
        command = [sys.executable, "-m", "circle15.ops.live.server", "127.0.0.1", str(self.port)]
        self.process = subprocess.Popen(command, env={**os.environ, **ours})
        until = time.monotonic() + UP_WITHIN_S
        while not self.is_up():
            assert self.process.poll() is None
            assert time.monotonic() < until, "the live process does not answer"
            time.sleep(0.05)

    def is_up(self) -> bool:
        try:
            return self.get("/live/").status == 200
        except OSError:
            return False

    def get(self, path: str, **headers: str) -> http.client.HTTPResponse:
        """Ask for a path; underscores in the names of headers are hyphens."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        self.lines.append(line)
        line.request("GET", path, headers={n.replace("_", "-"): v for n, v in headers.items()})
        reply = line.getresponse()
        self.lines.append(reply)
        return reply

    def listening(self) -> int:
        """Return how many are connected, this question included."""
        return int(self.get("/live/").read())

    def hang_up(self) -> None:
        """Close everything this process asked."""
        for line in self.lines:
            line.close()
        self.lines.clear()

    def kill(self) -> None:
        """Kill it as the kernel would, its worker with it."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        while self.is_up():
            time.sleep(0.02)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(10)


@contextmanager
def lively(web_port: int = 8000) -> Iterator[Live]:
    live = Live(web_port)
    try:
        live.start()
        yield live
    finally:
        live.hang_up()
        live.stop()


@dataclass(frozen=True)
class Heard:
    name: str
    data: dict[str, object]
    number: int | None = None


def events(stream: http.client.HTTPResponse) -> Iterator[Heard]:
    """Yield what a stream sends, beats left out."""
    said: dict[str, str] = {}
    for raw in stream:
        line = raw.decode().rstrip("\n")
        if line:
            name, _, value = line.partition(": ")
            said[name] = value
            continue
        if "data" in said and said["event"] != "beat":
            number = int(said["id"]) if "id" in said else None
            yield Heard(said["event"], json.loads(said["data"]), number)
        said = {}


def numbers(stream: http.client.HTTPResponse, count: int) -> list[int | None]:
    """Return the numbers of the next calls."""
    return [heard.number for heard in islice(_calls(stream), count)]


def _calls(stream: http.client.HTTPResponse) -> Iterator[Heard]:
    return (heard for heard in events(stream) if heard.name == "call")
