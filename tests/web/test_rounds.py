"""Pages of a round: tasks in any order, refusals that keep the words, returns, files, areas."""

from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook
from tests import factories
from tests.factories import logged_in
from tests.programme.test_rounds import people  # noqa: F401 -- a fixture

from circle15.accounts.models import User
from circle15.programme.rounds_models import Application, Round
from circle15.web.shared.once import new_key

pytestmark = pytest.mark.django_db
HOME = "/programme/"


@pytest.fixture
def screens(people) -> dict[str, Client]:  # noqa: F811 -- a fixture
    return {user.username: logged_in(user) for user in User.objects.all()}


def post(client: Client, address: str, **given: object):
    return client.post(address, {"once": new_key(), **given})


def opened(screens) -> str:
    """Open a round through its page and return its address."""
    today = timezone.localdate()
    given = {"kind": "city_demo", "year": today.year, "opens_on": today, "closes_on": today}
    reply = post(
        screens["city"],
        f"{HOME}new/",
        quota=1,
        phone="12393",
        conditions=["willing", "equipped"],
        **given,
    )
    assert reply.status_code == 302, reply.content.decode()
    return reply.url


def begun(screens, where: str) -> str:
    return post(screens["manager"], f"{where}do/start/", site="QD-0001").url


def fill(screens, page: str) -> None:
    """Fill in every task, in another order than listed."""
    manager, task = screens["manager"], f"{page}tasks/"
    person = Application.objects.get().site.staff.get().person.uid
    for key, given in (
        ("plan", {"text": "六月底建成。"}),
        ("contact", {"person": person}),
        ("profile", {"text": "窗口独立。"}),
        ("site", {}),
    ):
        seen = Application.objects.get().saved.get(key, {}).get("n", 0)
        assert post(manager, f"{task}{key}/", seen=seen, **given).status_code == 302, key


def words_of(reply) -> str:
    paper = Document(BytesIO(reply.content))
    cells = (cell.text for table in paper.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(each.text for each in paper.paragraphs), *cells])


# Clauses: W-15, W-102, W-103, W-113
# Clauses: W-99, W-100, W-101
def test_the_form_is_prefilled_counted_and_names_every_problem_at_once(screens):
    page = begun(screens, opened(screens))
    manager = screens["manager"]
    told = manager.get(page).content.decode()
    assert "128 平方米" in told
    assert "台账“室内服务场所面积”" in told
    assert "/sites/QD-0001/facts/site.indoor_area_m2/" in told
    refused = post(manager, f"{page}do/file/")
    assert refused.status_code == 422
    assert refused.content.decode().count("还没有办") == 4
    long, fits = "好" * 501, "好" * 499 + "\r\n好"
    refused = post(manager, f"{page}tasks/plan/", text=long, seen=0)
    assert (refused.status_code, long in refused.content.decode()) == (422, True)
    assert "请删去 1 个" in refused.content.decode()
    post(manager, f"{page}tasks/plan/", text=fits, seen=0)
    assert Application.objects.get().plan == ""
    post(manager, f"{page}tasks/plan/", text="好" * 498 + "\r\n好", seen=0)
    assert len(Application.objects.get().plan) == 500


def test_the_second_of_two_keeps_the_typed_words_and_sees_the_others(screens):
    page = begun(screens, opened(screens))
    address = f"{page}tasks/profile/"
    assert post(screens["manager"], address, text="经理写的", seen=0).status_code == 302
    refused = post(screens["carol"], address, text="县里写的", seen=0)
    told = refused.content.decode()
    assert refused.status_code == 409
    assert "经理写的" in told
    assert "县里写的" in told
    assert post(screens["carol"], address, text="县里写的", seen=1).status_code == 302


def test_returned_with_reasons_per_line_then_filed_again_and_selected(screens):
    where = opened(screens)
    page = begun(screens, where)
    manager, carol, city = (screens[who] for who in ("manager", "carol", "city"))
    fill(screens, page)
    once = {"once": new_key()}
    assert [manager.post(f"{page}do/file/", once).status_code for _ in range(2)] == [302, 302]
    assert Application.objects.get().attempt == 1
    assert post(carol, f"{page}do/return/").status_code == 409
    assert post(carol, f"{page}do/return/", why_plan="没有时间安排").status_code == 302
    assert "没有时间安排" in manager.get(f"{page}tasks/plan/").content.decode()
    refused = post(manager, f"{page}do/file/").content.decode()
    assert "退回的问题还没有修改" in refused
    post(manager, f"{page}tasks/plan/", text="五月开工，六月底建成。", seen=1)
    assert post(manager, f"{page}do/file/").status_code == 302
    given = {"opinion": "同意上报。", "signed_as": "主要负责人", "confirmed": ["willing"]}
    assert post(carol, f"{page}do/endorse/", **given).status_code == 302
    assert post(carol, f"{page}do/select/").status_code == 409
    assert post(city, f"{page}do/select/").status_code == 302
    told = words_of(manager.get(f"{page}form.docx"))
    year = timezone.localdate().year
    for wanted in (f"{year}年度市级", "128平方米", "五月开工", "同意上报。", "主要负责人"):
        assert wanted in told
    assert manager.get(f"{page}form.pdf").content.startswith(b"%PDF")
    assert post(city, f"{page}do/record/").status_code == 302
    refused = post(city, f"{page}do/propose/", acceptance="", built_on=timezone.localdate())
    assert refused.status_code == 422
    assert city.get(f"{where}files/awarded.docx").status_code == 409
    assert f"关于组织申报{year}年度" in words_of(city.get(f"{where}files/notice.docx"))
    book = load_workbook(BytesIO(post(city, f"{where}export/").content))
    assert "已备案，建设中" in {cell.value for row in book.active.rows for cell in row}


def test_a_round_is_read_below_it_and_an_application_nowhere_else(screens):
    where = opened(screens)
    page = begun(screens, where)
    stranger = logged_in(
        factories.staff(
            "far", "site_manager", area=factories.SiteFactory(foreign=True), name="倪远方"
        )
    )
    for address in (page, f"{page}tasks/plan/", f"{page}form.docx"):
        assert stranger.get(address).status_code == 404
        assert screens["other"].get(address).status_code == 404
    assert screens["other"].get(where).status_code == 200
    assert post(screens["other"], f"{where}do/start/", site="QD-0001").status_code == 422
    assert post(screens["manager"], f"{where}do/change/", quota=2).status_code in {403, 422}
    assert Round.objects.get().quota == 1
    assert "还没有报送" in screens["manager"].get(HOME).content.decode()
