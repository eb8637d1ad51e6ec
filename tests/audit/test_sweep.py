"""The sweeper as a process of its own: seals, outlives a lost connection, stops when told."""

import os
import signal
import subprocess
import sys
import time
from urllib.parse import quote, urlencode

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from tests.audit.trail import write

from circle15.audit.models import Link
from circle15.audit.queries import verify

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_sweep_seals_once(caplog):
    caplog.set_level("INFO")
    write(3)
    call_command("sweep")
    call_command("sweep")
    assert verify().links == 3
    told = [line.message for line in caplog.records if line.name.startswith("circle15.ops")]
    assert [line for line in told if "audit" in line] == ["circle15.audit.actions.seal did 3"]


@pytest.mark.parametrize("seconds", ["0", "-1", "86401", "x"])
def test_sweep_refuses_a_senseless_interval(seconds):
    with pytest.raises(CommandError):
        call_command("sweep", f"--loop={seconds}")


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_sweep_outlives_a_lost_connection_and_stops_clean(tmp_path, stop):
    write(2)
    with sweeper(tmp_path) as process:
        try:
            wait_for_links(2)
            assert break_connections() == 1
            write(3)
            wait_for_links(5)
            process.send_signal(stop)
            _, errors = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 0
    assert "Traceback" not in errors
    assert errors.count("database not usable") in {0, 1}  # or found dead between rounds
    assert verify().is_intact


def sweeper(var):
    database = connection.settings_dict
    query = {"application_name": "sweeper"}
    query |= {"host": database["HOST"], "port": database["PORT"], "user": database["USER"]}
    url = f"postgresql:///{quote(database['NAME'])}?" + urlencode(
        {name: value for name, value in query.items() if value}
    )
    return subprocess.Popen(
        [sys.executable, "-m", "circle15", "sweep", "--loop", "0.2"],
        env={
            **os.environ,
            "CIRCLE15_DATABASE_URL": url,
            "CIRCLE15_VAR_DIR": str(var),
            **{f"CIRCLE15_{name}_KEY": key(name).hex() for name in ("DATA", "INDEX", "AUDIT")},
            "CIRCLE15_SECRET_KEY": key("AUDIT").hex(),
            "PYTHONPATH": os.pathsep.join(sys.path),
        },
        stderr=subprocess.PIPE,
        text=True,
    )


def key(name):
    from django.conf import settings

    return settings.DATA_KEYS[0] if name == "DATA" else getattr(settings, f"{name}_KEY")


def wait_for_links(count):
    patience = time.monotonic() + 120
    while Link.objects.count() < count:
        assert time.monotonic() < patience
        time.sleep(0.05)


def break_connections():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE application_name = 'sweeper'"
        )
        return cursor.fetchone()[0]
