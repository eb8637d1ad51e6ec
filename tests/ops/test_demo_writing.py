import subprocess
import sys
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from tests.web.browser import city

from circle15.ops.demo.writing import is_there


@pytest.fixture
def demo(settings, tmp_path):
    settings.DEMO = True
    settings.VAR_DIR = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "evidence"},
        },
    }
    return tmp_path


def _demo(*words):
    told = StringIO()
    call_command("demo", *words, stdout=told)
    return told.getvalue()


@pytest.mark.django_db
def test_nothing_is_written_into_a_system_that_is_no_demo(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="CIRCLE15_DEMO=1"):
        _demo()
    assert not is_there()


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["2024-12-31", "2999-01-01"])
def test_days_before_the_sites_opened_and_to_come_are_refused(demo, day):
    with pytest.raises(CommandError, match="--today"):
        _demo(f"--today={day}")


@pytest.mark.slow
def test_demo_city_is_written_once_and_scores_as_meant():
    with city.written():
        command = [sys.executable, "-m", "tests.ops.demo_city"]
        asked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert asked.returncode == 0, asked.stderr
