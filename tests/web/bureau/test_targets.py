"""Pages of the targets, from setting one by a plan to its rows and its change."""

from datetime import date
from io import BytesIO

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from tests import factories
from tests.factories import logged_in

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.programme.targets_models import Target
from circle15.sites.states import SiteKind

pytestmark = pytest.mark.django_db
FORM = {"op": "all", "value": "", "due_on": "2030-12-31", "force": "soft"}


@pytest.fixture
def client():
    """Give the browser of an officer whose county has two towns, one with a bank."""
    factories.TownFactory(other=True)
    factories.SiteFactory(
        code="B-1", name="示例银行", kind=SiteKind.BANK_OUTLET, opened_on=date(2025, 6, 1)
    )
    return logged_in(factories.carol())


def made(client, **more):
    area = factories.CountyFactory().path
    given = FORM | {"name": "每镇一家", "metric": "towns_with_bank", "area": area} | more
    given |= {"year": str(timezone.localdate().year), "template": "QT4-towns", "once": "a" * 32}
    return client.post("/targets/new/", given)


# Clauses: Q-50
def test_from_a_plan_to_the_rows_of_the_figure(client):
    chosen = client.get("/targets/new/?template=QT4-towns")
    assert chosen.context["form"]["metric"].value() == "towns_with_bank"
    page = client.get(made(client).url)
    shown = page.context
    assert (shown["figure"], shown["counting_n"], shown["lacking_n"]) == ("1 / 2", 1, 1)
    assert [row["name"] for row in shown["lacking"]] == ["北新镇"]
    assert "样本太少" in page.text
    values = shown["trend"]["series"][0]["values"]
    assert (len(values), values[-1]) == (13, 1.0)
    overview = client.get("/targets/")
    [row] = overview.context["rows"]
    assert (row["figure"], row["source"]) == ("1 / 2", "启政办发〔2022〕41号 三（四）")
    early = client.get("/targets/?on=2025-05-31").context["rows"]
    assert [each["figure"] for each in early] == ["0 / 2"]
    towns = {each["name"]: each["cells"] for each in overview.context["towns"]}
    assert [cell["count"] for cell in towns["汇龙镇"] if cell["label"] == "医银共办网点"] == [1]


def test_workbooks_say_what_the_pages_say(client):
    url = made(client).url
    book = load_workbook(BytesIO(client.post("/targets/export/").content))
    assert [cell.value for cell in book.active[2]][8] == "1 / 2"
    rows = load_workbook(BytesIO(client.post(f"{url}export/").content)).active
    assert [row[1].value for row in rows.iter_rows(min_row=2)] == ["汇龙镇", "北新镇"]


def test_changing_and_giving_up_want_a_reason(client):
    url = made(client).url
    change = FORM | {"name": "每镇一家", "once": "b" * 32}
    assert client.post(f"{url}change/", change).status_code == 422
    change |= {"force": "hard", "reason": "上级要求", "once": "c" * 32}
    page = client.post(f"{url}change/", change, follow=True)
    assert "力争 → 确保" in page.text
    gone = client.post(f"{url}change/", change | {"drop": "1", "once": "d" * 32})
    assert gone.url == "/targets/"
    with area_scope(EVERYWHERE):
        assert Target.objects.get().dropped_at is not None
    assert "已经取消" in client.get(url).text
    assert client.get("/targets/").context["rows"] == []


def test_what_cannot_be_is_said_in_the_form(client):
    reply = made(client, metric="bank_outlets")
    assert (reply.status_code, "至少多少个" in reply.text) == (422, True)
    assert made(client, value="x").status_code == 422
    assert logged_in(factories.alice()).get("/targets/").status_code == 403
    assert logged_in(factories.manager()).post("/targets/new/").status_code == 403
