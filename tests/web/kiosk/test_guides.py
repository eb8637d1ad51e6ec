"""Guides at the ticket machine, and on its paper."""

import pytest
from django.utils import timezone
from tests.factories import catalogue
from tests.web.kiosk.conftest import Machine

from circle15.hall.printing.encoding import PaperWidth
from circle15.hall.printing.paper import Qr, Words
from circle15.hall.printing.reading_back import code_modules, read_back
from circle15.standards.catalogue import CatalogueItem
from circle15.web.kiosk.guide_paper import guide_lines

pytestmark = pytest.mark.django_db

STEPS = ("", "of/costs/", "hospital-costs/", "hospital-costs/print/")


@pytest.fixture(autouse=True)
def _catalogue() -> None:
    catalogue()


def item() -> CatalogueItem:
    return catalogue().items["hospital-costs"]


@pytest.mark.parametrize("step", STEPS)
def test_every_step_is_kept_nowhere_and_only_a_machine_gets_in(client, machine: Machine, step: str):
    reply = machine.client().get(f"/kiosk/guides/{step}")
    stranger = client.get(f"/kiosk/guides/{step}", headers={"Accept": "text/html"})

    assert (reply.status_code, reply["Cache-Control"]) == (200, "no-store")
    assert (stranger.status_code, stranger["Location"]) == (302, "/device/")


def test_group_leads_to_its_items_and_the_start_to_the_groups(machine: Machine):
    start = machine.client().get("/kiosk/").content.decode()
    items = machine.client().get("/kiosk/guides/of/costs/").content.decode()

    assert 'href="/kiosk/guides/"' in start
    keys = [each.key for each in catalogue().of_group("costs")]
    assert [key for key in keys if f'href="/kiosk/guides/{key}/"' not in items] == []


def test_guide_shows_every_paper_and_takes_a_number_for_the_item(machine: Machine):
    page = machine.client().get("/kiosk/guides/hospital-costs/").content.decode()

    assert [each.name.zh for each in item().materials if each.name.zh not in page] == []
    assert '<button class="kiosk-choice" name="item" value="hospital-costs">' in page


@pytest.mark.parametrize("path", ["nothing/", "of/nothing/", "nothing/print/", "nothing/paper/80/"])
def test_what_does_not_exist_is_not_found(machine: Machine, path: str):
    assert machine.client().get(f"/kiosk/guides/{path}").status_code == 404


@pytest.mark.parametrize("width", PaperWidth)
def test_paper_is_as_wide_as_the_printer(machine: Machine, width: PaperWidth):
    path = f"/kiosk/guides/hospital-costs/paper/{width.value}/"
    paper = read_back(machine.client().get(path).content)

    assert paper.picture.width == width.dots
    assert len(code_modules(paper.picture)) > 20
    assert machine.client().get(path.replace(f"/{width.value}/", "/76/")).status_code == 404


def test_paper_says_what_the_guide_says():
    lines = guide_lines(
        item(), hall_name="大厅", version="9", link="http://a.test/g/", at=timezone.localtime()
    )
    said = [line.text for line in lines if isinstance(line, Words)]

    assert [
        n for n, each in enumerate(item().materials, 1) if f"{n}. {each.name.zh}" not in said
    ] == []
    assert "多久办好：30 个工作日内" in said
    assert "可以先办，以后补交" in said
    assert [line.payload for line in lines if isinstance(line, Qr)] == ["http://a.test/g/"]
    assert not any("其他材料" in text for text in said)


def test_paper_of_an_item_without_papers_says_so():
    advice = catalogue().items["advice"]
    lines = guide_lines(advice, hall_name="", version="", link="x", at=timezone.localtime())

    assert any(isinstance(line, Words) and line.text == "不用带任何材料。" for line in lines)
