"""`make run` after set-up: database, preparation, web server and worker under one supervisor."""

import fcntl
import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from threading import Event
from types import FrameType

from circle15.ops import fitness, keys, postgres, prepare
from circle15.ops.children import Child
from circle15.ops.lodging import PostgresFailed

PORT_FREE_WITHIN_S = 5.0
ANSWER_WITHIN_S = 60.0
LOOK_EVERY_S = 0.5
_ending = Event()


class CannotServe(Exception):
    """Something outside circle15 is in the way; the message says what to do."""


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    signal.signal(signal.SIGINT, _end)
    signal.signal(signal.SIGTERM, _end)
    os.environ.setdefault("CIRCLE15_DEMO", "1" if _is_trial() else "0")
    try:
        _serve(prepare.var_dir())
    except KeyboardInterrupt:
        return 0
    except (
        CannotServe,
        PostgresFailed,
        fitness.UnfitDatabase,
        prepare.PreparationFailed,
    ) as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    return 0


def _end(_number: int, _frame: FrameType | None) -> None:
    """Interrupt what waits; the flag remains if the interruption hits a place that swallows it."""
    _ending.set()
    raise KeyboardInterrupt


def _is_trial() -> bool:
    """Tell whether nobody else can be meant: demo accounts must never reach a real system."""
    here = os.environ.get("CIRCLE15_HOST", "127.0.0.1") in {"127.0.0.1", "::1", "localhost"}
    outer = {"CIRCLE15_DATABASE_URL", "CIRCLE15_HTTPS", "CIRCLE15_ALLOWED_HOSTS"}
    return here and not outer & os.environ.keys()


def _serve(var: Path) -> None:
    with _only_one(var):
        host, port, live_port = os.environ.get("CIRCLE15_HOST", "127.0.0.1"), *_ports()
        _await_free(host, port, "CIRCLE15_PORT=8001")
        _await_free(host, live_port, "CIRCLE15_LIVE_PORT=8101")
        keys.ensure(var)
        # `make run` shows the demo city; a real installation says CIRCLE15_DEMO=0.
        os.environ.setdefault("CIRCLE15_DEMO", "1" if _is_trial() else "0")
        _check_settings()
        with _database(var) as url:
            fitness.check(url)
            prepare.files(var)
            prepare.database(var, url)
            _supervise(var, host, port, live_port)


@contextmanager
def _only_one(var: Path) -> Iterator[None]:
    var.mkdir(parents=True, exist_ok=True)
    with (var / "serve.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotServe(
                f"本目录的 circle15 已在运行。 circle15 already runs in {var}."
            ) from None
        yield


def _ports() -> tuple[int, int]:
    """Return the port of the web server and that of live updates, the next one by default."""
    port = _port("CIRCLE15_PORT", "8000")
    return port, _port("CIRCLE15_LIVE_PORT", str(port + 1))


def _port(name: str, default: str) -> int:
    raw = os.environ.get(name, default)
    if not raw.isdecimal() or not 1 <= int(raw) <= 65535:  # noqa: PLR2004 -- TCP
        raise CannotServe(f"{name}={raw!r}: want 1..65535")
    return int(raw)


def _await_free(host: str, port: int, way_out: str) -> None:
    """Give the workers of a killed supervisor a moment to end, then name the way out."""
    patience = time.monotonic() + PORT_FREE_WITHIN_S
    while True:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as failure:
                if time.monotonic() > patience:
                    raise CannotServe(
                        f"端口 {port} 不可用({failure.strerror}),可用 {way_out}。\n"
                        f"Can't listen on {host}:{port}: stop what holds it, "
                        f"or {way_out} make run."
                    ) from failure
            else:
                return
        time.sleep(0.2)


def _check_settings() -> None:
    """Read the settings once, so that a bad one is one line and not a page of traceback."""
    try:
        import_module("circle15.config.settings")  # by name: they stand above this layer
    except ValueError as failure:
        raise CannotServe(str(failure)) from failure


@contextmanager
def _database(var: Path) -> Iterator[str]:
    """Give the URL of the outer database, or run the embedded one meanwhile."""
    outer = os.environ.get("CIRCLE15_DATABASE_URL")
    if outer:
        yield outer
        return
    try:
        url = os.environ["CIRCLE15_DATABASE_URL"] = postgres.start(var)
        yield url
    finally:
        _ignore_signals()
        postgres.stop(var)


def _ignore_signals() -> None:
    """Let the orderly end finish, however often Ctrl-C is pressed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def _supervise(var: Path, host: str, port: int, live_port: int) -> None:
    workers = os.environ.get("CIRCLE15_WORKERS") or str(len(os.sched_getaffinity(0)))
    python = [sys.executable, "-m"]
    web = Child("web", [*python, "circle15.ops.webserver", host, str(port), workers])
    sweep = Child("sweep", [*python, "circle15", "sweep", "--loop"])
    work = Child("work", [*python, "circle15", "work", "--loop"])
    core = Child("core platform", [*python, "circle15", "core_platform", "--loop"])
    live = Child("live", [*python, "circle15.ops.live.server", host, str(live_port)])
    children = [web, live, sweep, work, core]
    if os.environ["CIRCLE15_DEMO"] == "1" and not _has_true_line(var):
        simulator = [*python, "circle15.ops.simulators", "core-platform", "--var", str(var)]
        children.append(Child("simulated core platform", simulator))
    if (var / "uplink").exists():  # a hall's own instance tells the city what happens
        children.append(Child("relay", [*python, "circle15", "relay", "--loop"]))
    if import_module("circle15.config.settings").READING:
        children.append(Child("read", [*python, "circle15", "read", "--loop"]))
    embedded = postgres.running_url(var) == os.environ["CIRCLE15_DATABASE_URL"]
    try:
        web.start()
        _announce(var, host, port, web)
        for quiet in children[1:]:  # last: nobody waits for them, and they would take a core
            quiet.start()
        while not _ending.is_set():
            _look_after(children, var if embedded else None)
            time.sleep(LOOK_EVERY_S)
    finally:
        _ignore_signals()
        for child in children:
            child.stop()


def _has_true_line(var: Path) -> bool:
    """Tell whether a core platform is set up that is no simulator of ours."""
    path = var / "core_platform.json"
    return path.exists() and '"simulated"' not in path.read_text(encoding="utf-8")


def _look_after(children: list[Child], embedded: Path | None) -> None:
    for child in children:
        if told := child.look_after():
            say(told)
    if embedded and postgres.running_url(embedded) is None:
        say("PostgreSQL ended; starting it again")
        try:
            postgres.start(embedded)
        except PostgresFailed as failure:  # told, and tried again at the next look
            say(str(failure))


def _announce(var: Path, host: str, port: int, web: Child) -> None:
    patience = time.monotonic() + ANSWER_WITHIN_S
    while not _answers(host, port):
        if time.monotonic() > patience:
            raise CannotServe("the web server does not answer; its words are above")
        _look_after([web], None)
        time.sleep(0.05)
    say(f"\ncircle15 已启动 is ready: http://{host}:{port}/   (Ctrl-C 停止 stops)")
    accounts = var / "demo_accounts.txt"
    if accounts.exists():
        say(accounts.read_text(encoding="utf-8").rstrip())


def _answers(host: str, port: int) -> bool:
    line = http.client.HTTPConnection(host, port, timeout=10)
    try:
        line.request("GET", "/")
        return bool(line.getresponse().status)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


if __name__ == "__main__":
    sys.exit(main())
