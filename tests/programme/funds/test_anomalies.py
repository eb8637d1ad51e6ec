"""Anomalies planted into a clean journal are all found, and none is invented."""

import os
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from tests import factories
from tests.factories import AT
from tests.programme.funds.planting import ON, Planter
from tests.programme.funds.treasury import Treasury, paper

from circle15.accounts.refusals import NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.programme.funds.anomalies import anomalies
from circle15.programme.funds.looking import look, looked_at
from circle15.programme.funds.progress import last_progress, register
from circle15.programme.funds.queries import forwarded_for
from circle15.programme.funds.refusals import NeedsReason, NeedsRole, NoSuchAnomaly, OwnUse
from circle15.standards.funds import fund_rules

SEEDS = 20 * int(os.environ.get("CIRCLE15_HISTORIES", "15"))


# Clauses: J-102, J-103
def test_what_is_planted_is_found_and_nothing_else():
    kinds = set()
    for seed in range(SEEDS):
        planter = Planter(seed, fund_rules())
        found = anomalies(planter.books(), fund_rules(), on=ON)
        assert set(found) == planter.planted, f"seed {seed}"
        assert len(found) == len(planter.planted), f"seed {seed}"
        kinds |= {one.kind for one in found}
    assert kinds == set(fund_rules().anomalies)


@pytest.fixture
def treasury(db) -> Treasury:
    made = Treasury()
    made.booked("receipt", "100000.00", to_path="city")
    made.booked("allocation", "60000.00", from_path="city", to_path="s1")
    return made


def kinds(by) -> list[str]:
    with area_scope(by.area_path):
        return [one.anomaly.kind for one in looked_at(by, on=AT.date())]


# Clauses: Q-18, J-102, J-103
def test_rows_of_the_database_are_looked_at_and_handed_on(treasury):
    scan = paper("one scan")
    day = AT.date() - timedelta(days=1)
    given = {"from_path": "s1", "file": scan, "number": "A1", "payee": "甲公司"}
    one = treasury.booked("use", "10.00", **given)
    treasury.propose("use", "10.00", **given, purpose="running", dated_on=day)

    wanted = ["off_purpose", "before_allocation", "same_number", "same_file"]
    assert kinds(treasury.city) == wanted
    assert kinds(treasury.county) == wanted
    treasury.judge(treasury.reverse(one))
    # What was taken back is no second voucher.
    assert kinds(treasury.manager) == ["off_purpose", "before_allocation"]

    with area_scope(treasury.county.area_path):
        found = looked_at(treasury.county, on=AT.date())[0]
        given = {"key": found.anomaly.key, "by": treasury.county, "at": AT}
        with pytest.raises(NeedsReason):
            look(act="forward", reason=" ", **given)
        said = look(act="forward", reason="用于日常运行", **given)
        assert look(act="forward", reason="用于日常运行", **given) == said
        with pytest.raises(NoSuchAnomaly):
            look(act="dismiss", reason="没有", **given | {"key": "0" * 64})
    assert [row.veto for row in forwarded_for("QD-0001", since=AT.date())] == ["V1"]
    assert forwarded_for("QD-0002", since=AT.date()) == ()
    with area_scope(treasury.county.area_path):
        look(act="dismiss", reason="县里另有文件", **given)
    assert forwarded_for("QD-0001", since=AT.date()) == ()


def test_a_site_with_money_is_idle_until_something_moves(treasury):
    with area_scope(EVERYWHERE):
        site = factories.SiteFactory()
        site.status = "building"
        site.save()
    later = AT.date() + timedelta(days=fund_rules().anomalies["idle_site"].days)

    def idle() -> bool:
        with area_scope(EVERYWHERE):
            found = looked_at(treasury.city, on=later)
        return "idle_site" in [one.anomaly.kind for one in found]

    assert idle()
    moved = {}
    register(lambda ids: {pk: day for pk, day in moved.items() if pk in ids})
    moved[site.pk] = later
    assert last_progress([site.pk]) == {site.pk: later}
    assert not idle()


def test_who_proposed_a_use_does_not_dismiss_it_here_or_in_the_database(treasury):
    treasury.propose("use", "10.00", from_path="s1", purpose="running", by=treasury.county)
    with area_scope(treasury.county.area_path):
        found = next(
            one for one in looked_at(treasury.county, on=AT.date()) if one.is_of(treasury.county)
        )
        given = {"key": found.anomaly.key, "reason": "县里另有文件", "at": AT}
        with pytest.raises(OwnUse):
            look(act="dismiss", by=treasury.county, **given)
        forwarded = look(act="forward", by=treasury.county, **given)
        forwarded.pk, forwarded.act = None, "dismiss"
        with pytest.raises(DatabaseError, match="does not dismiss it"), transaction.atomic():
            forwarded.save(force_insert=True)
        assert look(act="dismiss", by=treasury.county2, **given).act == "dismiss"


def test_a_large_use_asks_for_the_city_and_foreign_money_is_not_there(treasury):
    use = treasury.propose("use", "50000.00", from_path="s1", by=treasury.manager)
    with pytest.raises(NeedsRole):
        treasury.judge(use, by=treasury.county)
    assert treasury.judge(use, by=treasury.city).amount == Decimal(50_000)
    with pytest.raises(NotFound):
        treasury.propose("use", "1.00", from_path="s2", by=treasury.manager)
