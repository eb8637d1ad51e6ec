"""An assessment in a browser: made, frozen, reviewed, objected to, published, withdrawn."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from PIL import Image
from tests import factories
from tests.assessments.records import BOOK, ON, a_site, complete, rule_books

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.campaign_models import Entry
from circle15.web.shared.once import new_key

pytestmark = pytest.mark.django_db
RULE = "I01.2.a"
FORM = {"name": "2026 年验收", "kind": "acceptance", "book": BOOK, "freeze_on": ON.isoformat()}
FORM |= {"objection_days": "5", "pass_mark": "80", "title": "demonstration", "needs_both": "on"}


@pytest.fixture
def carol(db):
    rule_books()
    complete(a_site())
    return factories.logged_in(factories.carol())


@pytest.fixture
def manager(carol):
    return factories.logged_in(factories.manager())


def post(client: Client, address: str, **given: object):
    return client.post(address, {"once": new_key(), **given})


def entry() -> Entry:
    with area_scope(EVERYWHERE):
        return Entry.objects.select_related("campaign").get()


def acts(client: Client, *names: str, **given: object) -> None:
    for name in names:
        reply = post(client, f"/campaigns/sites/{entry().uid}/do/{name}/", **given)
        assert reply.status_code == 302, reply.content.decode()


def reviewed_and_seen(carol: Client) -> None:
    """Review at the desk; another officer goes there."""
    acts(carol, "confirm_rest", "reviewed")
    acts(factories.logged_in(factories.city_officer()), "see_rest")
    acts(carol, "checked")


def a_photo() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (8, 8), "white").save(out, "JPEG")
    return SimpleUploadedFile("面积.jpg", out.getvalue(), "image/jpeg")


def frozen(carol: Client) -> str:
    post(carol, "/campaigns/new/", **FORM)
    address = f"/campaigns/{entry().campaign.uid}/"
    post(carol, f"{address}do/freeze/")
    return address


def test_a_campaign_from_the_form_to_the_title_on_the_site(carol, manager):
    shown = post(carol, "/campaigns/new/", **FORM, preview="1").content.decode()
    assert "这套规则评的 1 个" in shown
    address = frozen(carol)
    reviewed_and_seen(carol)
    acts(manager, "accept")
    acts(carol, "decide")
    assert "未设合格线" not in carol.get(address).content.decode()
    post(carol, f"{address}do/publish/")

    page = manager.get(f"/campaigns/sites/{entry().uid}/").content.decode()
    assert entry().result_digest in page
    assert "称号和评估结果" in manager.get("/sites/QD-0001/").content.decode()
    assert "示范点" in Client().get("/").content.decode()
    assert "1 份中 1 份" in carol.get("/campaigns/proof/").content.decode()
    assert carol.post(f"{address}export/").content.startswith(b"PK")


def test_an_objection_with_a_photo_and_a_double_click(carol, manager):
    frozen(carol)
    reviewed_and_seen(carol)
    line = f"/campaigns/sites/{entry().uid}/lines/{RULE}/"
    assert post(manager, f"{line}do/object/", note="没有附件").status_code == 422
    given = {"once": new_key(), "note": "附测绘报告", "file": a_photo()}
    first = manager.post(f"{line}do/object/", given)
    given["file"] = a_photo()
    again = manager.post(f"{line}do/object/", given)

    assert (first.status_code, again.status_code) == (302, 302)
    assert manager.get(line).content.decode().count("附测绘报告") == 1
    refused = post(carol, f"{line}do/dismiss/", note="自己审的")
    assert refused.status_code == 409
    assert "另一位同事" in refused.content.decode()


def test_a_closed_window_is_refused_with_its_day(carol, manager):
    frozen(carol)
    reviewed_and_seen(carol)
    last = timezone.localdate() - timedelta(days=1)
    with area_scope(EVERYWHERE):
        Entry.objects.update(due_on=last)

    line = f"/campaigns/sites/{entry().uid}/lines/{RULE}/"
    reply = post(manager, f"{line}do/object/", note="不认", file=a_photo())

    assert reply.status_code == 409
    assert f"{last:%Y-%m-%d} 截止" in reply.content.decode()


def test_a_veto_needs_a_file_and_somebody_else(carol, manager):
    frozen(carol)
    veto = f"/campaigns/sites/{entry().uid}/do/veto/"
    assert post(carol, veto, vetoes="V3", note="虚报").status_code == 422
    assert post(carol, veto, vetoes="V3", note="虚报", file=a_photo()).status_code == 302
    confirm = f"/campaigns/sites/{entry().uid}/do/veto_confirm/"

    assert post(carol, confirm).status_code == 409
    city = factories.logged_in(factories.city_officer())
    assert post(city, confirm).status_code == 302
    assert "分数冻结" in manager.get(f"/campaigns/sites/{entry().uid}/").content.decode()


def test_elsewhere_there_is_nothing(carol):
    address = frozen(carol)
    foreign = factories.CountyFactory(other=True)
    away = factories.logged_in(factories.staff("away", "county_officer", area=foreign, name="外县"))

    uid = entry().uid
    for path in (address, f"/campaigns/sites/{uid}/", f"/campaigns/sites/{uid}/lines/{RULE}/"):
        assert away.get(path).status_code == 404
    assert post(away, f"/campaigns/sites/{uid}/do/confirm_rest/").status_code == 404
    assert "2026 年验收" not in away.get("/campaigns/").content.decode()


def test_the_command_proves_every_sheet(carol, manager, capsys):
    frozen(carol)

    call_command("assessments", "--prove")

    assert "1 份中 1 份复算结果相同" in capsys.readouterr().out
