"""`circle15 audit` from the outside."""

import json
import os
import subprocess
import sys

import pytest
from tests.audit.trail import sealed_trail, write
from typer.testing import CliRunner

from circle15.audit import heads_file
from circle15.cli.audit import app

pytestmark = pytest.mark.django_db(transaction=True)


def run(*words):
    result = CliRunner().invoke(app, words)
    return result.exit_code, result.stdout.splitlines()


def test_verify_of_an_intact_chain():
    sealed_trail(3)
    write(1)
    assert run("verify") == (0, ["审计链完好：链环 3，封存 1 批，待封存事件 1"])


def test_verify_names_each_fault(as_owner):
    sealed_trail(5)
    as_owner.execute("DELETE FROM audit_event WHERE id IN (SELECT min(id) + 1 FROM audit_event)")
    heads_file.heads_path().unlink()
    as_owner.execute("SELECT event_id FROM audit_link WHERE position = 2")
    event_id = as_owner.fetchone()[0]
    assert run("verify") == (
        1,
        [
            f"事件被删除：第 2 环，事件 {event_id}",
            "链外记录缺失：第 1—5 环",
            "审计链被篡改：链环 5，封存 1 批，待封存事件 0",
        ],
    )


def test_verify_counts_what_it_does_not_list(as_owner, monkeypatch):
    monkeypatch.setattr("circle15.audit.verification.MAX_FINDINGS", 1)
    sealed_trail(5)
    as_owner.execute("DELETE FROM audit_event")
    assert run("verify")[1][1:] == [
        "另有 4 处未列出",
        "审计链被篡改：链环 5，封存 1 批，待封存事件 0",
    ]


def test_verify_as_json(as_owner):
    sealed_trail(2)
    as_owner.execute("UPDATE audit_link SET mac = 'x' WHERE position = 2 RETURNING event_id")
    event_id = as_owner.fetchone()[0]
    code, lines = run("verify", "--json")
    assert code == 1
    assert json.loads(lines[0]) == {
        "intact": False,
        "links": 2,
        "heads": 1,
        "unsealed": 0,
        "findings": [{"kind": "link_changed", "first": 2, "last": 2, "event_id": event_id}],
        "more_findings": 0,
    }


def test_verify_that_cannot_check_says_so(as_owner):
    as_owner.execute("ALTER TABLE audit_link RENAME TO gone")
    try:
        verified, sealed = run("verify"), run("seal")
    finally:
        as_owner.execute("ALTER TABLE gone RENAME TO audit_link")
    assert verified == (2, [])
    assert sealed == (2, [])


def test_bad_settings_are_one_line():
    done = subprocess.run(
        [sys.executable, "-c", "from circle15.cli.audit import app; app()", "verify"],
        env={**os.environ, "CIRCLE15_AUDIT_KEY": "short", "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "配置有误：CIRCLE15_AUDIT_KEY: want hexadecimal digits\n"


def test_seal_says_how_many():
    write(3)
    assert run("seal") == (0, ["已封存 3 条事件"])
    assert run("seal") == (0, ["已封存 0 条事件"])
