"""The identity card photographed at the window: confirmed by the clerk, then looked up."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from tests import factories
from tests.cases.reading.test_reading import Reader
from tests.cases.test_files import photo
from tests.core.reading.test_papers import FRONT, NUMBER, lines
from tests.web.cases import conftest

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.cases.reading import working
from circle15.cases.reading_models import Reading

pytestmark = pytest.mark.django_db
KNOWN = (*FRONT[:5], f"公民身份号码{conftest.NUMBER}")


@pytest.fixture(autouse=True)
def offered(settings):
    settings.READING = True


def read(client, *texts: str) -> str:
    """Photograph a card at the window and have it read; return the page."""
    picture = SimpleUploadedFile("x.jpg", photo(), "image/jpeg")
    here = client.post(reverse("intake_card"), {"card": picture})["Location"]
    working.work_off(Reader(lines(*texts)), at=timezone.now())
    return here


def agreed(number: str, name: str = "样本甲") -> dict[str, str]:
    ticks = {"agreed-number": "on", "agreed-name": "on"}
    return {"value-number": number, "value-name": name, **ticks}


def test_whose_card_it_is_is_found_once_the_clerk_agrees(alice, person):
    assert "拍身份证" in alice.get(reverse("intake")).content.decode()
    here = read(alice, *KNOWN)
    shown = alice.get(here).content.decode()
    assert (conftest.NUMBER in shown, "校验通过" in shown) == (True, True)
    assert alice.post(here, {"value-number": conftest.NUMBER}).status_code == 422
    found = alice.post(here, agreed(conftest.NUMBER)).content.decode()
    assert "320***********1232" in found
    with area_scope(EVERYWHERE):
        assert Reading.objects.count() == 0


def test_a_newcomer_is_entered_with_what_was_confirmed(alice, world):
    page = alice.post(read(alice, *FRONT), agreed(f" {NUMBER.lower()} ", "样本乙")).content.decode()
    assert (f'value="{NUMBER}"' in page, 'value="样本乙"' in page) == (True, True)


def test_a_number_that_is_none_is_not_used(alice, world):
    here = read(alice, *FRONT)
    reply = alice.post(here, agreed(NUMBER[:-1] + "0"))
    assert (reply.status_code, "身份证号码不对" in reply.content.decode()) == (422, True)
    reply = alice.post(here, {"value-name": "样本甲", "agreed-name": "on"})
    assert (reply.status_code, "核对号码并勾上" in reply.content.decode()) == (422, True)
    assert alice.post(here, {"then": "forget"})["Location"] == reverse("intake")
    assert alice.get(here).status_code == 404


def test_no_other_clerk_sees_it(alice, world):
    here = read(alice, *FRONT)
    bob = factories.logged_in(factories.bob())
    assert (bob.get(here).status_code, bob.get(here + "picture/").status_code) == (404, 404)
    assert alice.get(here + "picture/")["Content-Type"] == "image/jpeg"


def test_without_a_photo_or_the_reader_the_page_says_so(alice, world, settings):
    assert alice.post(reverse("intake_card"), {}).status_code == 422
    settings.READING = False
    assert "拍身份证" not in alice.get(reverse("intake")).content.decode()
    picture = SimpleUploadedFile("x.jpg", photo(), "image/jpeg")
    reply = alice.post(reverse("intake_card"), {"card": picture})
    assert (reply.status_code, "请自己填写" in reply.content.decode()) == (409, True)
