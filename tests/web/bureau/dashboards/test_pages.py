"""Every number of a dashboard opens as many rows as it says, and none of elsewhere."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from io import BytesIO
from random import Random
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.utils import timezone
from openpyxl import load_workbook
from tests import factories

from circle15.accounts.models import User
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.dashboards.sums import Span, sums_of, totals_of
from circle15.cases.models import Case
from circle15.cases.states import CaseState, Channel
from circle15.cases.tallies.keeping import recount
from circle15.hall.models import HallDay
from circle15.items.queries import version_on
from circle15.ratings import tallies
from circle15.ratings.models import DueDay, Order, Rating
from circle15.sites.models import Site
from circle15.standards.ratings import rating_rules

TODAY = timezone.localdate()
COUNTY = "/320600000000/320681000000/"
# A number inside a link to a list of rows.
LINK = re.compile(r'<a href="(/(?:cases|ratings)/[^"]*counted=[^"]*)">([\d,]+)</a>')
COUNT = re.compile(r"共 ([\d,]+) 条。")


def moment(dice: Random) -> datetime:
    day = datetime.combine(TODAY, datetime.min.time(), timezone.get_current_timezone())
    return day - timedelta(minutes=dice.randrange(1, 60 * 24 * 50))


def a_case(dice: Random, site: Site | None, n: int) -> Case:
    begun = moment(dice)
    decided = begun + timedelta(hours=dice.randrange(90)) if dice.random() < 0.6 else None
    state = CaseState.CLOSED if decided else dice.choice([*CaseState][:9])
    item = dice.choice(["certificate", "own-record"])
    return Case(
        uid=UUID(int=dice.getrandbits(128)),
        number=f"N{n}",
        item_key=item,
        item_version_id=version_on(item, TODAY),
        person_uid=UUID(int=1),
        channel=dice.choice([Channel.WINDOW, Channel.WEB]),
        site=site,
        area_path=site.area_path if site else COUNTY,
        state=state,
        since=begun,
        opened_at=begun,
        submitted_at=None if state == CaseState.DRAFT else begun,
        accepted_at=begun if decided else None,
        decided_at=decided,
        outcome="approved" if decided else "",
        overdue_at=begun if dice.random() < 0.2 else None,
        urgent_on=begun.date(),
    )


def rate(dice: Random, site: Site, n: int) -> None:
    on = TODAY - timedelta(days=dice.randrange(1, 50))
    rating = Rating.objects.create(
        handling=f"{site.code}{n}",
        site=site,
        area_path=site.area_path,
        served_on=on,
        channel="phone",
        labels_version=rating_rules().labels,
        item_grade=dice.choice([1, 3, 4, 5, 5]),
        is_default=dice.random() < 0.1,
        is_excluded=dice.random() < 0.1,
        recorded_at=timezone.now() - timedelta(days=1),
    )
    if not rating.is_excluded:
        tallies.add(rating)
    if rating.item_grade == 1:
        Order.objects.create(
            number=f"O{site.code}{n}",
            kind="bad_rating",
            came_from="rating",
            rating=rating,
            site=site,
            area_path=site.area_path,
            state="received",
            since=timezone.now(),
            received_on=on,
            answer_due_on=on,
            is_excluded=rating.is_excluded,
            overdue_at=timezone.now() if dice.random() < 0.5 else None,
        )


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker) -> Iterator[dict[str, User]]:
    """Write three sites of two counties with cases, ratings, orders and days of a hall."""
    with (
        override_settings(PASSWORD_HASHERS=["tests.factories.QuickArgon2"]),
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        dice, hall = Random(15), factories.HallFactory()
        sites = [
            hall.site,
            factories.SiteFactory(other=True, organisation=None),
            factories.SiteFactory(foreign=True, organisation=None),
        ]
        factories.catalogue()
        with area_scope(EVERYWHERE):
            places = [*sites, None]
            Case.objects.bulk_create(a_case(dice, dice.choice(places), n) for n in range(160))
            recount()
            for n in range(80):
                rate(dice, dice.choice(sites), n)
            day = {"area_path": hall.area_path, "recorded_at": timezone.now()}
            DueDay.objects.create(site=hall.site, day=date(2020, 1, 1), **day)
            HallDay.objects.create(
                hall=hall,
                day=TODAY - timedelta(days=2),
                came=12,
                served=10,
                unfinished=0,
                no_shows=2,
                waits={"3": 6, "12": 4},
                instant_items=0,
                instant_s=0,
                **day,
            )
        yield {
            "city": factories.city_officer(),
            "carol": factories.carol(),
            "manager": factories.manager(),
        }
        transaction.set_rollback(True)


@pytest.fixture
def users(seeded, db) -> dict[str, User]:
    return seeded


def page(client: Client, **asked: str) -> str:
    reply = client.get("/dashboards/", asked)
    assert reply.status_code == 200
    return str(reply.content.decode())


# Clauses: D-07, W-05, W-06, W-09
@pytest.mark.parametrize(("who", "of"), [("carol", ""), ("manager", ""), ("carol", "QD-0001")])
def test_every_number_opens_as_many_rows(users: dict[str, User], who: str, of: str) -> None:
    client = factories.logged_in(users[who])
    with area_scope(EVERYWHERE):
        kind = Site.objects.get(code=of).kind if of else ""
    links = dict(LINK.findall(page(client, kind=kind).replace("&amp;", "&")))
    assert len(links) > 10
    for address, number in links.items():
        listed = COUNT.search(client.get(address).content.decode())
        assert listed is not None, address
        assert (address, listed[1]) == (address, number)


def test_parts_add_up_to_the_area_and_each_opens(users: dict[str, User]) -> None:
    since, until = TODAY - timedelta(days=30), TODAY - timedelta(days=1)
    with area_scope(EVERYWHERE):
        found = sums_of(span := Span(COUNTY, since, until))
        whole = totals_of(span)
        rows = Case.objects.filter(area_path__startswith=COUNTY)
        decided = [row for row in rows if row.decided_at]
        told = [row for row in decided if since <= timezone.localdate(row.decided_at) <= until]
    assert found.total["decided"] == len(told) == sum(p["decided"] for p in found.parts.values())
    assert sum(day["decided"] for on, day in found.days.items() if on >= since) == len(told)
    assert found.total.waits == whole.waits == {3: 6, 12: 4}
    assert whole.of == Counter(found.total.of) - Counter(
        {name: found.total[name] for name in ("open", "open_late")}
    )
    client = factories.logged_in(users["carol"])
    for path in sorted(found.parts)[:2]:
        assert page(client, area=path).count("<h1>") == 1


def test_elsewhere_is_not_there_and_wrong_values_narrow_nothing(users: dict[str, User]) -> None:
    carol = factories.logged_in(users["carol"])
    foreign = {"area": "/320600000000/320682000000/"}
    days = {"counted": "received", "since": "2026-01-01", "until": "2026-01-02"}
    for address in ("/dashboards/", "/dashboards/map/", "/dashboards/scores/"):
        assert carol.get(address, foreign).status_code == 404
    for address in ("/cases/", "/ratings/orders/", "/ratings/given/"):
        assert carol.get(address, foreign | days).status_code == 404
    assert page(carol, since="x", kind="x", by="x", step="x").count("启东市") > 0


def test_the_wall_and_the_workbook_tell_the_same_numbers(users: dict[str, User]) -> None:
    client = factories.logged_in(users["city"])
    with area_scope(EVERYWHERE):
        until = TODAY - timedelta(days=1)
        total = sums_of(Span("/320600000000/", until - timedelta(days=29), until)).total
    wall = client.get("/dashboards/wall/").content.decode()
    assert f"<b>{total['received']}</b>" in wall
    book = load_workbook(BytesIO(client.post("/dashboards/export/").content))
    rows = [[cell.value for cell in row] for row in book.active]
    assert ["办件", None, "收件", f"{total['received']}件"] in [row[:4] for row in rows]
    points = client.get("/dashboards/map/", {"by": "on_time"}).json()["features"]
    assert sorted(point["properties"]["code"] for point in points) == [
        "QD-0001",
        "QD-0002",
        "RG-0001",
    ]
