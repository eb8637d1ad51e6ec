"""Guides to life events: a few questions, all items that follow, each paper once."""

import re

import pytest
from django.test import Client
from tests.factories import catalogue

pytestmark = pytest.mark.django_db
BIRTH = "/guides/life/birth/"
UNPAID = "q-mother=yes&q-bills=unpaid&q-share=no"


def text(path: str, status: int = 200) -> str:
    reply = Client().get(path)
    assert reply.status_code == status
    return re.sub(r"\s+", " ", reply.content.decode())


@pytest.fixture(autouse=True)
def _catalogue() -> None:
    catalogue()


# Clauses: J-86
def test_a_life_event_is_found_asked_about_and_answered_without_a_script():
    assert "/guides/life/birth/" in text("/guides/")
    assert "一件事：孩子出生" in text("/guides/?q=生孩子")
    assert text(BIRTH).count("<fieldset") == 3
    missing = text(f"{BIRTH}?asked=1&q-mother=yes", 422)
    assert missing.count("还没有回答：") == 2
    assert 'value="yes" checked' in missing
    page = text(f"{BIRTH}?{UNPAID}")
    assert "要办 4 项" in page
    assert page.count("<strong>费用清单</strong>") == 1
    assert "用于：产前检查费、生育医疗费" in page
    assert "20 个工作日内" in page
    assert "要带的材料，每样一次" in text(f"{BIRTH}paper/a4/?{UNPAID}")


def test_what_is_not_there_is_not_found_and_nothing_to_do_is_said():
    text("/guides/life/no-such/", 404)
    text(f"{BIRTH}paper/a5/?{UNPAID}", 404)
    assert Client().get(f"{BIRTH}paper/a4/?q-mother=yes").url == f"{BIRTH}?q-mother=yes"
    nothing = "q-scheme=employer&q-carry=no&q-code=yes"
    assert "没有要您自己办的" in text(f"/guides/life/moving-in/?{nothing}")
