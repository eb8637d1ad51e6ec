"""A small supervisor of the embedded PostgreSQL: initialise, start, stop, status.

The server listens on a private unix socket only. Without Django, so it can run before everything.
"""

import argparse
import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from circle15.ops.lodging import (
    SOCKET_NAME,
    Lodging,
    PostgresFailed,
    find_lodging,
    lodging_of,
    own_name,
    programs,
)

ADMIN = "circle15_admin"  # superuser, for this file only
ROLE = "circle15"  # the application: row-level security applies to it
DATABASE = "circle15"
START_WITHIN_S = 60
LINGER_S = 3.0  # how long the children of a killed postmaster get to notice by themselves
LOG_LIMIT_BYTES = 10_000_000

# Statements and values of failed ones stay out of the log: they may hold personal data.
CONFIGURATION = """\
# Written by circle15 at every start.
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
fsync = {fsync}
synchronous_commit = on
full_page_writes = on
max_connections = 80
shared_buffers = 128MB
work_mem = 8MB
maintenance_work_mem = 64MB
max_wal_size = 512MB
max_parallel_workers_per_gather = 0
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_min_error_statement = panic
log_error_verbosity = terse
log_parameter_max_length_on_error = 0
"""


def start(var: Path, *, throwaway: bool = False) -> str:
    """Start the server of this folder, or find it running; return its URL.

    A throwaway one, for tests, survives kill -9 too, but needn't survive a power cut.
    """
    with _one_at_a_time(var):
        lodging = find_lodging(var)
        patience = time.monotonic() + LINGER_S
        while True:
            if postmaster(lodging) is None:
                _bring_up(lodging, throwaway=throwaway)
            try:
                _ensure_role(lodging)
            except psycopg.OperationalError as failure:  # killed this moment, and not gone yet
                if time.monotonic() > patience:
                    raise PostgresFailed(
                        f"PostgreSQL runs but does not answer: {failure}"
                    ) from None
                time.sleep(0.1)
            else:
                return url(lodging)


def stop(var: Path) -> bool:
    """Stop the server of this folder; tell whether one was running."""
    lodging = lodging_of(var)
    if lodging is None or postmaster(lodging) is None:
        return False
    done = _pg_ctl(lodging, "stop", "-m", "fast")
    if done.returncode != 0:
        raise PostgresFailed(f"PostgreSQL did not stop: see {lodging.log}")
    return True


def running_url(var: Path) -> str | None:
    """Return the URL of this folder's server if it runs."""
    lodging = lodging_of(var)
    return url(lodging) if lodging and postmaster(lodging) else None


def url(lodging: Lodging, *, role: str = ROLE, database: str = DATABASE) -> str:
    return f"postgresql://{role}@/{database}?host={quote(str(lodging.socket), safe='/')}"


def postmaster(lodging: Lodging) -> int | None:
    """Return the process id of the running server; a recycled id or a zombie is none."""
    pid = _locked_by(lodging)
    if pid is None:
        return None
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return None
    return pid if os.fsencode(lodging.data) in command.split(b"\0") else None


def _locked_by(lodging: Lodging) -> int | None:
    try:
        first = lodging.lock.read_text(encoding="utf-8").split("\n", 1)[0]
    except FileNotFoundError:
        return None
    return int(first) if first.strip().isdigit() else None


@contextmanager
def _one_at_a_time(var: Path) -> Iterator[None]:
    var.mkdir(parents=True, exist_ok=True)
    with (var / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _bring_up(lodging: Lodging, *, throwaway: bool) -> None:
    if not (lodging.data / "PG_VERSION").exists():
        _initialise(lodging)
    _configure(lodging, fsync="off" if throwaway else "on")
    _clear_stale_lock(lodging)
    _launch(lodging)


def _initialise(lodging: Lodging) -> None:
    """Make the cluster beside its place and move it there whole: a killed initdb leaves nothing."""
    draft = lodging.directory / "data.new"
    shutil.rmtree(draft, ignore_errors=True)
    made = _as_user(
        lodging,
        [
            *(str(programs(lodging) / "initdb"), f"--pgdata={draft}", f"--username={ADMIN}"),
            *("--encoding=UTF8", "--locale=C", "--locale-provider=builtin"),
            *("--builtin-locale=C.UTF-8", "--data-checksums", "--auth=peer"),
        ],
    )
    if made.returncode != 0:
        raise PostgresFailed(f"initdb failed:\n{_tail(lodging)}")
    draft.rename(lodging.data)


def _configure(lodging: Lodging, *, fsync: str) -> None:
    """Write our settings; only the user who runs circle15 may connect, as either role."""
    socket = str(lodging.socket).replace("'", "''")
    me = own_name().replace('"', '""')
    texts = {
        "circle15.conf": CONFIGURATION.format(socket=socket, fsync=fsync),
        "pg_hba.conf": "local all all peer map=circle15\n",
        "pg_ident.conf": f'circle15 "{me}" {ROLE}\ncircle15 "{me}" {ADMIN}\n',
    }
    for name, text in texts.items():
        _write(lodging, lodging.data / name, text)
    main = lodging.data / "postgresql.conf"
    include = "include 'circle15.conf'"
    text = main.read_text(encoding="utf-8")
    if include not in text.splitlines():
        _write(lodging, main, f"{text}\n{include}\n")


def _write(lodging: Lodging, path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    if os.geteuid() == 0:
        entry = pwd.getpwnam(lodging.user)
        os.chown(path, entry.pw_uid, entry.pw_gid)
    path.chmod(0o600)


def _clear_stale_lock(lodging: Lodging) -> None:
    """Remove lock files whose process id now belongs to something else.

    PostgreSQL only asks whether the id lives, so a recycled one would block every start.
    """
    pid = _locked_by(lodging)
    if pid is None or not Path(f"/proc/{pid}").exists():
        return  # PostgreSQL itself clears the lock of a dead process
    _dismiss_orphans(lodging)
    if _shared_memory_users(lodging):
        raise PostgresFailed(f"processes of an earlier PostgreSQL still use {lodging.data}")
    lodging.lock.unlink(missing_ok=True)
    (lodging.socket / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)


def _launch(lodging: Lodging) -> None:
    deadline = time.monotonic() + START_WITHIN_S
    while True:
        was_killed = lodging.lock.exists()
        if _pg_ctl(lodging, "start").returncode == 0:
            return
        if not was_killed or time.monotonic() > deadline:
            raise PostgresFailed(f"PostgreSQL did not start:\n{_tail(lodging)}")
        _dismiss_orphans(lodging)
        time.sleep(0.1)


def _dismiss_orphans(lodging: Lodging) -> None:
    """Wait for the children of a killed postmaster; end those that don't notice by themselves."""
    if _left_within(lodging, LINGER_S):
        return
    for ask in (signal.SIGQUIT, signal.SIGKILL):
        for pid in _orphans(lodging):
            with suppress(ProcessLookupError):
                os.kill(pid, ask)
        if _left_within(lodging, LINGER_S):
            return


def _left_within(lodging: Lodging, seconds: float) -> bool:
    patience = time.monotonic() + seconds
    while _shared_memory_users(lodging):
        if time.monotonic() > patience:
            return False
        time.sleep(0.05)
    return True


def _shared_memory_users(lodging: Lodging) -> int:
    """Count the processes attached to the shared memory named in the lock file."""
    lines = _lines(lodging.lock)
    if len(lines) < 7:  # noqa: PLR2004 -- the seventh line holds key and id
        return 0
    identifier = lines[6].split()[-1]
    for line in _lines(Path("/proc/sysvipc/shm"))[1:]:
        columns = line.split()
        if columns[1] == identifier:
            return int(columns[6])
    return 0


def _orphans(lodging: Lodging) -> list[int]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            is_ours = (process / "cwd").readlink() == lodging.data
        except OSError:
            continue  # ended, or not ours to look at
        if is_ours and (process / "cmdline").read_bytes().startswith(b"postgres:"):
            found.append(int(process.name))
    return found


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []


def _pg_ctl(lodging: Lodging, verb: str, *options: str) -> subprocess.CompletedProcess[bytes]:
    program = str(programs(lodging) / "pg_ctl")
    command = [program, verb, "-D", str(lodging.data), "-w", "-t", str(START_WITHIN_S), *options]
    return _as_user(lodging, command)


def _as_user(lodging: Lodging, command: list[str]) -> subprocess.CompletedProcess[bytes]:
    """Run a PostgreSQL program as the server's user, its words going to our log."""
    entry = pwd.getpwnam(lodging.user)
    changes_user = os.geteuid() == 0
    _turn_log(lodging.log)
    with lodging.log.open("ab") as log:
        return subprocess.run(  # noqa: S603 -- fixed programs of the pinned wheel
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=lodging.directory,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            user=entry.pw_uid if changes_user else None,
            group=entry.pw_gid if changes_user else None,
            extra_groups=[] if changes_user else None,
            umask=0o077,
            check=False,
        )


def _turn_log(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_LIMIT_BYTES:
        log.replace(log.with_suffix(".log.1"))


def _tail(lodging: Lodging) -> str:
    return "\n".join(_lines(lodging.log)[-8:])


def _ensure_role(lodging: Lodging) -> None:
    """Make the application's role and database; it may neither override nor skip row security."""
    with psycopg.connect(url(lodging, role=ADMIN, database="postgres"), autocommit=True) as admin:
        rights = sql.SQL("LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOREPLICATION")
        role = sql.Identifier(ROLE)
        if not _exists(admin, "SELECT 1 FROM pg_roles WHERE rolname = %s", ROLE):
            admin.execute(sql.SQL("CREATE ROLE {} {}").format(role, rights))
        if not _exists(admin, "SELECT 1 FROM pg_database WHERE datname = %s", DATABASE):
            name = sql.Identifier(DATABASE)
            admin.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, role))


def _exists(admin: "psycopg.Connection[tuple[object, ...]]", query: str, name: str) -> bool:
    return admin.execute(query.encode(), (name,)).fetchone() is not None


def main(arguments: list[str] | None = None) -> int:
    """Serve `python -m circle15.ops.postgres start|stop|status|url [VAR]`."""
    parser = argparse.ArgumentParser(prog="circle15.ops.postgres", description=__doc__)
    parser.add_argument("verb", choices=("start", "stop", "status", "url"))
    parser.add_argument("var", nargs="?", type=Path, default=Path("var"))
    parser.add_argument("--throwaway", action="store_true", help="for tests: faster")
    asked = parser.parse_intermixed_args(arguments)
    try:
        return _obey(asked.verb, asked.var, throwaway=asked.throwaway)
    except PostgresFailed as failure:
        sys.stderr.write(f"{failure}\n")
        return 1


def _obey(verb: str, var: Path, *, throwaway: bool) -> int:
    if verb == "start":
        sys.stdout.write(f"{start(var, throwaway=throwaway)}\n")
        return 0
    if verb == "stop":
        sys.stdout.write("stopped\n" if stop(var) else "was not running\n")
        return 0
    found = running_url(var)
    sys.stdout.write(f"{found or 'not running'}\n")
    return 0 if found else 3


if __name__ == "__main__":
    sys.exit(main())
