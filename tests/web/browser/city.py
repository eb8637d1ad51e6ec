"""The demo city served as users get it: own database, own keys, the real web server."""

import hashlib
import http.client
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import date
from fcntl import LOCK_EX, flock
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from playwright.sync_api import Browser, BrowserContext
from psycopg import sql
from tests.migrated import migrated
from tests.plugin import VAR
from tests.ports import free_port

from circle15.accounts.demo_accounts import PASSWORD
from circle15.ops.children import Child

SOURCE = Path(__file__).resolve().parents[3] / "src"
HOME = VAR / "city"
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")
# What decides how the city is written; pages are read anew by every server.
CONTENT = (".py", ".yaml", ".csv", ".geojson", ".png")
# The web server's, that of live updates, and that of the ticket printer's agent.
PORTS = ("CIRCLE15_PORT", "CIRCLE15_LIVE_PORT", "CIRCLE15_KIOSK_PRINTER_PORT")
ANSWER_WITHIN_S = 180.0
# Who is no account: an insured person of the demo. Where those end up who have to sign in.
INSURED = "insured"
DOORS = ("/login/", "/signin/")


@dataclass(slots=True)
class City:
    """A served city, and who has logged in to it."""

    url: str
    database: str
    live_port: int
    printer_port: int
    home: Path = HOME
    cookies: dict[str, list[dict[str, object]]] = field(default_factory=dict)

    def one(self, query: str, *values: object) -> str:
        """Ask the city's database for one value, with nothing hidden by row-level security."""
        with psycopg.connect(self.database) as connection:
            connection.execute("SELECT set_config('circle15.area', '/', false)")
            row = connection.execute(query, values).fetchone()  # type: ignore[arg-type]
        assert row is not None, query
        return str(row[0])

    def work_off(self) -> None:
        """Compute the plans that wait, as the worker beside the web server does."""
        with self.environment():
            _run("circle15", "work")

    def environment(self) -> AbstractContextManager[None]:
        """Say to children what the city's own processes are told."""
        return _environment(self.database, *self.ports, home=self.home)

    @contextmanager
    def told_live(self) -> Iterator[Child]:
        """Run the process of live updates beside the web server, as the supervisor does."""
        place = ["127.0.0.1", str(self.live_port)]
        live = Child("live", [sys.executable, "-m", "circle15.ops.live.server", *place])
        with self.environment():
            live.start()
            try:
                _await_answer(live, self.live_port, "/live/")
                yield live
            finally:
                live.stop()

    def revive(self, killed: Child) -> None:
        """Look after a killed process as the supervisor does, until it answers again."""
        with self.environment():
            while killed.process is None or killed.process.poll() is not None:
                killed.look_after()
                time.sleep(0.05)
            _await_answer(killed, self.live_port, "/live/")

    @property
    def ports(self) -> tuple[int, ...]:
        return urlsplit(self.url).port or 0, self.live_port, self.printer_port

    def visit(
        self,
        browser: Browser,
        *,
        user: str | None = None,
        mode: str = "",
        language: str = "",
        size: tuple[int, int] = (1366, 768),
        scripts: bool = True,
    ) -> BrowserContext:
        """Open a browser of one's own, already logged in as `user`."""
        context = browser.new_context(
            base_url=self.url,
            locale="zh-CN",
            java_script_enabled=scripts,
            reduced_motion="reduce",
            viewport={"width": size[0], "height": size[1]},
        )
        wanted = {"circle15-mode": mode, "circle15-language": language}
        for name, value in wanted.items():
            if value:
                context.add_cookies([{"name": name, "value": value, "url": self.url}])
        if user is not None:
            enter, first_page = (sign_in, "/mine/") if user == INSURED else (log_in, "/start/")
            if user not in self.cookies:
                self.cookies[user] = enter(browser, self.url, user)
            context.add_cookies(self.cookies[user])  # type: ignore[arg-type]
            if context.request.get(first_page).url.partition("?")[0].endswith(DOORS):
                # One session per account: a journey that logged in by itself has ended this one.
                self.cookies[user] = enter(browser, self.url, user)
                context.add_cookies(self.cookies[user])  # type: ignore[arg-type]
        return context


def log_in(browser: Browser, url: str, user: str) -> list[dict[str, object]]:
    """Log in through the page a person uses; return the session's cookies."""
    context = browser.new_context(base_url=url)
    page = context.new_page()
    page.goto("/login/")
    page.locator("#id_username").fill(user)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("main form button.btn-primary").click()
    page.wait_for_url(lambda address: "/login/" not in address)
    cookies = [cookie for cookie in context.cookies() if "mode" not in str(cookie.get("name"))]
    context.close()
    return cookies  # type: ignore[return-value]


def sign_in(browser: Browser, url: str, _user: str) -> list[dict[str, object]]:
    """Sign in as an insured person of the demo, with the code shown in place of a message."""
    context = browser.new_context(base_url=url)
    page = context.new_page()
    page.goto("/signin/")
    page.locator(".online-demo a").first.click()
    page.locator("main form.form button.btn-primary").click()
    page.locator("#id_code").fill(page.locator(".online-code").inner_text())
    page.locator("main form.form button.btn-primary").click()
    page.wait_for_url("**/mine/")
    cookies = context.cookies()
    context.close()
    return cookies  # type: ignore[return-value]


@contextmanager
def served(home: Path = HOME) -> Iterator[City]:
    """Write the city, unless an equal one was written before, and serve a copy of it.

    With a home of its own it is a city apart: other tests see nothing of what is done there.
    """
    name = f"city_{WORKER}" if home == HOME else home.name
    with _one_at_a_time():
        template = _written()
        _copy(template, name)
    ports = port, *others = [free_port() for _ in PORTS]
    if home != HOME:
        _furnish(home)
    child = Child("web", _logged(home, "circle15.ops.webserver", *_place(port)))
    with _environment(_address(name), *ports, home=home):
        child.start()
    try:
        _await_answer(child, port, "/login/")
        yield City(f"http://127.0.0.1:{port}", _address(name), *others, home)
    finally:
        child.stop()


@contextmanager
def written() -> Iterator[None]:
    """Give a copy of the city as written to what is started meanwhile; nobody serves it."""
    name = f"city_read_{WORKER}"
    with _one_at_a_time():
        _copy(_written(), name)
    with _environment(_address(name)):
        yield
    with _admin() as connection:
        connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))


def write_beforehand() -> None:
    """Write the city while nothing else needs both processors, so that no test waits for it."""
    with _one_at_a_time():
        _written()


def _furnish(home: Path) -> None:
    """Give a city apart the same keys and files, so that what it writes is seen there alone."""
    shutil.rmtree(home, ignore_errors=True)
    left = shutil.ignore_patterns("lock", "sms", "simulators", "core_platform.json")
    shutil.copytree(HOME, home, copy_function=os.link, ignore=left)


def _logged(home: Path, module: str, *words: str) -> list[str]:
    """Return how to run a program of ours; a city apart keeps what it says."""
    command = [sys.executable, "-m", module, *words]
    if home == HOME:
        return command
    return ["/bin/sh", "-c", 'exec "$@" >>"$0" 2>&1', str(home / "web.log"), *command]


def _place(port: int) -> tuple[str, str, str]:
    return "127.0.0.1", str(port), "1"


def _written() -> str:
    """Return the database that holds the city as written, and as nobody ever serves it."""
    with _environment(_address("postgres")):
        _run("circle15.ops.prepare")
    name = f"city_written_{_fingerprint()}"
    with _admin() as connection:
        known = [row[0] for row in connection.execute("SELECT datname FROM pg_database")]
        for old in known:
            if old.startswith("city_written_") and old != name:
                connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(old)))
    if name not in known:
        _write(name)
    return name


def _write(name: str) -> None:
    """Write under another name first: a killed run leaves no half city."""
    draft = f"{name}_draft"
    with _admin() as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(draft)))
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(copy.format(sql.Identifier(draft), sql.Identifier(migrated())))
    with _environment(_address(draft)):
        _run("circle15", "editions")
        told = _run("circle15", "demo")
        assert told.startswith("演示城市已写入")
        assert (HOME / "demo_accounts.txt").read_text("utf-8") in told
        _run("circle15", "work")  # the demo's plans, which a worker computes after the start
    with _admin() as connection:
        rename = "ALTER DATABASE {} RENAME TO {}"
        connection.execute(sql.SQL(rename).format(sql.Identifier(draft), sql.Identifier(name)))


def _copy(template: str, name: str) -> None:
    with _admin() as connection:
        old = "DROP DATABASE IF EXISTS {} WITH (FORCE)"
        connection.execute(sql.SQL(old).format(sql.Identifier(name)))
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(copy.format(sql.Identifier(name), sql.Identifier(template)))


def _run(module: str, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", module, *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@cache
def _fingerprint() -> str:
    told = hashlib.sha256(str(date.today()).encode())  # noqa: DTZ011 -- the demo's today
    for path in sorted(SOURCE.rglob("*")):
        if path.suffix in CONTENT and "web" not in path.parts:
            told.update(path.read_bytes())
    return told.hexdigest()[:12]


def _address(database: str) -> str:
    return urlsplit(os.environ["CIRCLE15_DATABASE_URL"])._replace(path=f"/{database}").geturl()


def _admin() -> psycopg.Connection:
    return psycopg.connect(_address("postgres"), autocommit=True)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    HOME.mkdir(parents=True, exist_ok=True)
    with (HOME / "lock").open("w") as lock:
        flock(lock, LOCK_EX)
        yield


@contextmanager
def _environment(database: str, *ports: int, home: Path = HOME) -> Iterator[None]:
    """Say what children inherit; this process keeps its own settings, read long ago."""
    ours = {
        "CIRCLE15_DATABASE_URL": database,
        "CIRCLE15_VAR_DIR": str(home),
        "CIRCLE15_DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "circle15.config.settings",
        "PYTHONPATH": str(SOURCE),
        **dict(zip(PORTS, map(str, ports), strict=False)),
    }
    former = {name: os.environ.get(name) for name in ours}
    os.environ.update(ours)
    try:
        yield
    finally:
        for name, value in former.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _await_answer(child: Child, port: int, path: str) -> None:
    patience, told = time.monotonic() + ANSWER_WITHIN_S, ""
    while time.monotonic() < patience:
        assert child.process is not None
        assert child.process.poll() is None, f"{child.name} ended; its words are above"
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            line.request("GET", path)
            reply = line.getresponse()
            if reply.status == http.HTTPStatus.OK:
                return
            told = f"{reply.status} {reply.read()[:400]!r}"
        except OSError as problem:
            told = repr(problem)
        finally:
            line.close()
        time.sleep(0.1)
    raise AssertionError(f"{child.name} does not answer: {told}")
