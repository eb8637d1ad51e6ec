import os
import pwd
import shutil
import signal
import subprocess
import threading
import time
from pathlib import Path

import psycopg
import pytest

from circle15.ops import lodging, postgres
from circle15.ops.lodging import PostgresFailed


def ask(url: str, query: bytes) -> tuple[object, ...] | None:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(query).fetchone()


def do(url: str, statement: bytes) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


def place(var: Path) -> lodging.Lodging:
    found = lodging.lodging_of(var)
    assert found is not None
    return found


def pid_of(var: Path) -> int:
    pid = postgres.postmaster(place(var))
    assert pid is not None
    return pid


def test_start_gives_a_role_bound_by_row_security(server: Path) -> None:
    url = postgres.start(server)

    rights = ask(
        url,
        b"SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, current_database()"
        b" FROM pg_roles WHERE rolname = current_user",
    )

    assert rights == ("circle15", False, False, False, True, "circle15")


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("listen_addresses", ""),
        ("fsync", "on"),
        ("synchronous_commit", "on"),
        ("full_page_writes", "on"),
        ("data_checksums", "on"),
        ("server_encoding", "UTF8"),
        ("log_min_error_statement", "panic"),
        ("log_error_verbosity", "terse"),
    ],
)
def test_settings_are_durable_private_and_local(server: Path, setting: str, value: str) -> None:
    assert ask(postgres.start(server), f"SHOW {setting}".encode()) == (value,)


def test_folders_are_closed_to_others(server: Path) -> None:
    found = place(server)

    modes = {path.stat().st_mode & 0o777 for path in (found.directory, found.data, found.socket)}
    owner = pwd.getpwuid(found.data.stat().st_uid).pw_name

    assert modes == {0o700}
    assert owner == found.user != "root"


def test_starting_twice_finds_the_same_server(server: Path) -> None:
    first = pid_of(server)

    url = postgres.start(server)

    assert pid_of(server) == first
    assert postgres.running_url(server) == url


def test_starting_at_the_same_time_makes_one_server(var: Path) -> None:
    urls: list[str] = []
    threads = [threading.Thread(target=lambda: urls.append(postgres.start(var))) for _ in "abc"]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(urls) == 3
    assert len(set(urls)) == 1


def test_stop_ends_it_and_tells_whether_it_ran(var: Path) -> None:
    assert postgres.stop(var) is False
    postgres.start(var)

    assert postgres.stop(var) is True

    assert postgres.running_url(var) is None
    assert postgres.stop(var) is False


@pytest.mark.slow
def test_kill_9_loses_no_acknowledged_row(var: Path) -> None:
    url = postgres.start(var)
    do(url, b"CREATE TABLE ack (n int PRIMARY KEY)")
    kept: set[int] = set()
    last = -1

    for _round in range(2):
        writer = threading.Thread(target=write_until_cut, args=(url, last + 1, kept), daemon=True)
        writer.start()
        time.sleep(0.4)
        os.kill(pid_of(var), signal.SIGKILL)
        writer.join(timeout=10)
        postgres.start(var)
        with psycopg.connect(url) as connection:
            found = {n for (n,) in connection.execute("SELECT n FROM ack").fetchall()}
        assert kept - found == set()
        last = max(found)

    assert len(kept) > 30


def write_until_cut(url: str, first: int, kept: set[int]) -> None:
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            for n in range(first, first + 1_000_000):
                connection.execute("INSERT INTO ack VALUES (%s)", (n,))
                kept.add(n)
    except psycopg.OperationalError:
        return  # the cut


@pytest.mark.slow
def test_orphan_that_notices_nothing_is_dismissed(var: Path) -> None:
    url = postgres.start(var)
    busy = threading.Thread(target=spin, args=(url,), daemon=True)
    busy.start()
    time.sleep(0.5)

    os.kill(pid_of(var), signal.SIGKILL)
    postgres.start(var)

    busy.join(timeout=10)
    assert not busy.is_alive()
    assert ask(url, b"SELECT 1") == (1,)


LOOP = b"""\
DO $$ DECLARE until timestamptz := clock_timestamp() + interval '1 minute';
BEGIN WHILE clock_timestamp() < until LOOP PERFORM 1; END LOOP; END $$"""


def spin(url: str) -> None:
    """Keep a backend computing: it looks for its postmaster only between statements.

    Not for ever: were this test itself killed, nobody else would end it.
    """
    with pytest.raises(psycopg.OperationalError):
        do(url, LOOP)


def test_recycled_process_id_in_the_lock_file_does_not_block(var: Path) -> None:
    postgres.start(var)
    lock = place(var).lock
    told = lock.read_text().split("\n")
    postgres.stop(var)
    user = place(var).user if os.geteuid() == 0 else None
    with subprocess.Popen(["sleep", "60"], user=user) as stranger:
        lock.write_text("\n".join([str(stranger.pid), *told[1:]]))
        lock.chmod(0o666)

        url = postgres.start(var)

        assert pid_of(var) != stranger.pid
        assert ask(url, b"SELECT 1") == (1,)
        stranger.kill()


def test_killed_initdb_leaves_nothing_in_the_way(var: Path) -> None:
    found = lodging.find_lodging(var)
    (found.directory / "data.new").mkdir()
    (found.directory / "data.new" / "PG_VERSION").write_text("18\n")

    assert ask(postgres.start(var), b"SELECT 1") == (1,)


def test_long_path_gets_a_short_private_socket_folder(var: Path) -> None:
    deep = var / ("深" * 20) / ("y" * 60)
    deep.mkdir(parents=True)
    try:
        assert ask(postgres.start(deep), b"SELECT 1") == (1,)
        found = place(deep)
        assert found.data.is_relative_to(deep)
        assert not found.socket.is_relative_to(deep)
        assert found.socket.stat().st_mode & 0o777 == 0o700
    finally:
        postgres.stop(deep)
        shutil.rmtree(place(deep).socket)


def test_socket_folder_made_by_another_is_refused(var: Path) -> None:
    found = lodging.find_lodging(var)
    found.socket.rmdir()
    found.socket.symlink_to(var)

    with pytest.raises(PostgresFailed, match="look who made it"):
        postgres.start(var)

    found.socket.unlink()


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user's server runs as that user")
def test_root_in_a_closed_folder_keeps_the_data_where_the_server_can_go(
    var: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    var.chmod(0o700)

    assert ask(postgres.start(var), b"SELECT 1") == (1,)

    assert place(var).directory.parent == Path("/var/lib")
    assert str(place(var).directory) in capsys.readouterr().err


def test_moved_folder_finds_its_data_at_the_new_place(var: Path) -> None:
    old, new = var / "old", var / "new"
    do(postgres.start(old), b"CREATE TABLE kept (n int)")
    postgres.stop(old)
    old.rename(new)
    try:
        url = postgres.start(new)
        assert ask(url, b"SELECT count(*) FROM kept") == (0,)
        assert place(new).directory.is_relative_to(new)
    finally:
        postgres.stop(new)


def test_copied_record_never_shares_the_data_of_another(var: Path) -> None:
    (var / "postgres.json").write_text(
        '{"var": "/elsewhere", "directory": "/var/lib/x", "socket": "/var/lib/x/s", "user": "x"}'
    )

    with pytest.raises(PostgresFailed, match="was moved or copied from /elsewhere"):
        postgres.start(var)

    (var / "postgres.json").unlink()


def test_command_tells_the_state(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    codes = [postgres.main([verb, str(var)]) for verb in ("status", "start", "url", "stop")]

    assert codes == [3, 0, 0, 0]
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "not running"
    assert told[1] == told[2]
    assert told[3] == "stopped"
