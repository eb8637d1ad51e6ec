"""The inventory page: everything a score hangs on is entered here, by hand."""

from datetime import date, time

import pytest
from tests import factories
from tests.factories import logged_in

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.ledger.models import Training
from circle15.sites.models import Equipment, OpeningHours, Sign, Window, Zone
from circle15.standards.facts import facts

pytestmark = pytest.mark.django_db
PAGE = "/sites/QD-0001/inventory/"
# Address, what is typed rightly, and what makes it wrong.
FORMS = {
    "equipment": (
        "equipment/new/",
        {"key": "eq.printer", "asset_no": "ZC-7", "quantity": "2", "acquired_on": "2025-05-01"},
        {"quantity": "1000"},
    ),
    "sign": ("signs/", {"kind": "brand", "place": "大门口", "problem": "褪色"}, {"place": ""}),
    "window": (
        "windows/",
        {"number": "3", "name": "专窗", "is_green_channel": "on"},
        {"number": "三"},
    ),
    "hours": (
        "hours/",
        {"weekday": "6", "opens": "09:00", "closes": "11:30", "is_extended": "on"},
        {"closes": "09:00"},
    ),
    "training": (
        "trainings/",
        {"held_on": "2026-02-03", "kind": "central", "topic": "异地备案", "attendees": "12"},
        {"held_on": "2999-01-01"},
    ),
}


@pytest.fixture
def client():
    return logged_in(factories.manager())


def everything(model, *fields) -> list[tuple]:
    with area_scope(EVERYWHERE):
        return list(model.objects.values_list(*fields))


def verbs() -> list[str]:
    with area_scope(EVERYWHERE):
        return list(Event.objects.order_by("id").values_list("verb", flat=True))


@pytest.mark.parametrize(
    ("part", "kept"),
    [
        ("equipment", ("ZC-7", "eq.printer", 2, date(2025, 5, 1))),
        ("sign", ("brand", "大门口", "褪色")),
        ("window", (3, "专窗", False, True)),
        ("hours", (6, time(9), time(11, 30), True)),
        ("training", (date(2026, 2, 3), "central", "异地备案", 12)),
    ],
)
def test_part_is_entered_by_its_form(client, part, kept):
    address, typed, _wrong = FORMS[part]
    columns = {
        "equipment": (Equipment, "asset_no", "key", "quantity", "acquired_on"),
        "sign": (Sign, "kind", "place", "problem"),
        "window": (Window, "number", "name", "is_comprehensive", "is_green_channel"),
        "hours": (OpeningHours, "weekday", "opens", "closes", "is_extended"),
        "training": (Training, "held_on", "kind", "topic", "attendees"),
    }[part]

    page = client.post(PAGE + address, typed, follow=True)

    assert page.redirect_chain == [(PAGE, 302)]
    assert page.text.count("已保存，评分已更新。") == 1
    assert (everything(*columns), len(verbs())) == ([kept], 1)


@pytest.mark.parametrize("part", FORMS)
def test_refused_form_stands_open_with_what_was_typed(client, part):
    address, typed, wrong = FORMS[part]

    page = client.post(PAGE + address, typed | wrong)

    form = page.context["forms"][part]
    assert (page.status_code, {name: form.data[name] for name in typed}) == (422, typed | wrong)
    assert (page.text.count("data-error-summary"), page.text.count('no-print" open')) == (1, 1)
    assert verbs() == []


def test_asset_number_given_before_is_refused_in_words(client):
    factories.EquipmentFactory(asset_no="ZC-7")
    address, typed, _wrong = FORMS["equipment"]

    page = client.post(PAGE + address, typed)

    assert (page.status_code, verbs()) == (422, [])
    assert "资产编号“ZC-7”已经登记过，请换一个或留空。" in page.text


def test_every_zone_of_the_rule_books_is_offered(client):
    factories.SiteFactory()
    keys = [name for name in facts() if name.startswith("zone.")]
    page = client.get(PAGE)
    assert [key for key, zone in page.context["zones"] if zone is None] == keys
    assert page.text.count("未登记") == len(keys)

    client.post(f"{PAGE}zones/", {"key": keys[-1], "state": "present"})

    assert everything(Zone, "key", "state") == [(keys[-1], "present")]
    assert client.get(PAGE).text.count("未登记") == len(keys) - 1


def test_problem_of_a_sign_is_noted_and_put_right(client):
    given = {"kind": "brand", "place": "大门口"}
    for problem in ("褪色", ""):
        client.post(f"{PAGE}signs/", given | {"problem": problem})
        assert everything(Sign, "place", "problem") == [("大门口", problem)]
    assert verbs() == ["sign.set", "sign.set"]


def test_window_and_hours_are_removed(client):
    for part in ("window", "hours"):
        address, typed, _wrong = FORMS[part]
        client.post(PAGE + address, typed)

    client.post(f"{PAGE}windows/remove/", {"number": "3"})
    client.post(f"{PAGE}hours/remove/", {"weekday": "6", "opens": "09:00"})

    assert (everything(Window, "id"), everything(OpeningHours, "id")) == ([], [])
    assert verbs() == ["window.set", "hours.set", "window.remove", "hours.remove"]


@pytest.mark.parametrize(
    ("address", "typed"),
    [
        ("windows/remove/", {"number": "x"}),
        ("windows/remove/", {"number": "8"}),
        ("windows/remove/", {"number": "9" * 30}),
        ("hours/remove/", {"weekday": "1", "opens": "25:00"}),
        ("hours/remove/", {"weekday": "8", "opens": "09:00"}),
        ("hours/remove/", {}),
    ],
)
def test_what_is_not_there_answers_404(client, address, typed):
    factories.SiteFactory()
    assert client.post(PAGE + address, typed).status_code == 404
    assert verbs() == []


@pytest.mark.parametrize("part", FORMS)
def test_forms_are_for_their_role_and_area_only(client, part):
    factories.SiteFactory(other=True)
    address, typed, _wrong = FORMS[part]

    assert client.post(f"/sites/QD-0002/inventory/{address}", typed).status_code == 404
    clerk = logged_in(factories.alice())
    assert clerk.post(PAGE + address, typed).status_code == 403
    assert clerk.get(PAGE).text.count('<details class="more') == 0
    assert verbs() == []
