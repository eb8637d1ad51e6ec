"""The decoder of e-certificates in trouble, as seen at the machine, the window and from home."""

import json
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from tests import factories
from tests.web.kiosk.conftest import Machine

from circle15.cases.core_platform.breaker import MOST_FAILURES
from circle15.cases.core_platform.line import FILE

pytestmark = pytest.mark.django_db
CODE = "X" * 28


@pytest.fixture
def decoder(settings, tmp_path):
    """Give the address of a decoder in a process of its own."""
    settings.VAR_DIR = tmp_path
    command = [sys.executable, "-m", "circle15.ops.simulators", "core-platform", "--var"]
    with subprocess.Popen([*command, str(tmp_path)], stdout=subprocess.PIPE, text=True) as process:
        yield json.loads(process.stdout.readline())["ecard"]
        process.kill()


def switch(decoder: str, mode: str) -> int:
    """Begin a trouble; return how often the decoder was asked so far."""
    body = json.dumps({"mode": mode, "slow_s": 0.5}).encode()
    with urllib.request.urlopen(f"{decoder}mode", body, timeout=5) as reply:
        return json.load(reply)["asked"]


def set_up_anew(folder: Path, timeout_s: float) -> None:
    """Change the line, and with it its breaker."""
    path = folder / FILE
    path.write_text(json.dumps(json.loads(path.read_text()) | {"timeout_s": timeout_s}))


def test_a_decoder_in_trouble_is_said_at_each_door_and_soon_asked_no_more(
    decoder, tmp_path, machine: Machine
):
    factories.catalogue()
    window = factories.logged_in(factories.alice())
    for turn, mode in enumerate(("away", "slow", "garbage")):
        set_up_anew(tmp_path, 0.2 + turn / 100)
        before = switch(decoder, mode)
        told = [
            Client().post("/signin/ecard/", {"code": CODE}),
            window.post(reverse("intake"), {"number": CODE}),
            *(machine.client().post("/kiosk/scan/", {"scan": CODE}) for _turn in range(3)),
        ]

        assert [one.status_code for one in told] == [422, 422, 200, 200, 200]
        assert all("暂时读不了医保码" in one.content.decode() for one in told)
        assert "或用其他方式" in told[1].content.decode()
        assert "请改刷身份证" in told[4].content.decode()
        assert switch(decoder, mode) - before == MOST_FAILURES
