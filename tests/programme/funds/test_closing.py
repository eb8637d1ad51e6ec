"""A round of money is closed by two, and is seen together with the applications it is for."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from django.urls import reverse
from tests import factories
from tests.factories import AT, logged_in
from tests.programme.funds.treasury import Treasury

from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.programme.funds.closing import ask_closing, close, keep_open, link_round
from circle15.programme.funds.queries import Narrowed, journal, overview
from circle15.programme.funds.refusals import (
    CannotClose,
    RestChanged,
    RestUnsaid,
    RoundClosed,
    SamePerson,
    StillWaiting,
)
from circle15.programme.funds.together import money_by_site, money_of
from circle15.programme.funds_models import FundRound
from circle15.programme.rounds_models import Application, Round


@pytest.fixture
def treasury(db) -> Treasury:
    made = Treasury()
    made.booked("receipt", "1000.10", to_path="city")
    made.booked("allocation", "600.05", from_path="city", to_path="s1")
    made.booked("use", "100.01", from_path="s1")
    return made


def done(action, treasury: Treasury, *, by=None, **given) -> FundRound:
    by = by or treasury.city
    with area_scope(by.area_path), transaction.atomic():
        return action(uid=treasury.round.uid, by=by, at=AT, **given)


def test_a_round_is_closed_by_two_when_nothing_waits_and_the_rest_is_said(treasury):
    waiting = treasury.propose("use", "1.00", from_path="s1")
    with pytest.raises(StillWaiting):
        done(ask_closing, treasury, words="结转下一年度")
    treasury.judge(waiting)
    with pytest.raises(CannotClose):
        done(close, treasury)
    with pytest.raises(RestUnsaid, match=r"899\.09"):
        done(ask_closing, treasury, words=" ")
    with pytest.raises(NotAllowed):
        done(ask_closing, treasury, words="结转", by=treasury.manager)
    with pytest.raises(NotFound):
        done(ask_closing, treasury, words="结转", by=treasury.county)
    assert done(ask_closing, treasury, words="结转下一年度").rest == Decimal("899.09")
    with pytest.raises(SamePerson):
        done(close, treasury)
    treasury.booked("use", "0.01", from_path="s1")
    with pytest.raises(RestChanged):
        done(close, treasury, by=treasury.city2)
    assert done(keep_open, treasury).asked_at is None
    done(ask_closing, treasury, words="结转下一年度")
    assert done(close, treasury, by=treasury.city2).closed_by == treasury.city2.name
    with area_scope(EVERYWHERE):
        events = Event.objects.filter(target_id=str(treasury.round.uid)).order_by("id")
        verbs = list(events.values_list("verb", flat=True))
    steps = ("open_round", "ask_closing", "keep_open", "ask_closing", "close_round")
    assert verbs == [f"funds.{step}" for step in steps]


def test_nothing_moves_in_a_closed_round_not_even_around_the_application(treasury):
    booked = treasury.booked("return", "500.03", from_path="s1", to_path="")
    treasury.booked("return", "400.05", from_path="city", to_path="")
    treasury.booked("return", "0.01", from_path="s1", to_path="")
    assert done(ask_closing, treasury, words="").rest == 0
    done(close, treasury, by=treasury.city2)
    for refused in (
        lambda: treasury.propose("receipt", "1.00", to_path="city"),
        lambda: treasury.reverse(booked),
        lambda: done(keep_open, treasury),
        lambda: done(link_round, treasury, applications=None),
    ):
        with pytest.raises(RoundClosed):
            refused()
    with area_scope(EVERYWHERE):
        booked.pk, booked.uid, booked.key, booked.state = None, uuid4(), "another", "proposed"
        booked.judged_at = booked.booked_on = None
        with pytest.raises(DatabaseError, match="closed round"), transaction.atomic():
            booked.save(force_insert=True)
        with pytest.raises(DatabaseError, match="is kept"), transaction.atomic():
            FundRound.objects.filter(pk=treasury.round.pk).update(closed_at=None, closed_by="")


def test_the_database_closes_nothing_by_one_or_with_money_unsaid(treasury):
    rows = FundRound.objects.filter(pk=treasury.round.pk)
    asked = {"asked_at": AT, "asked_by": "甲", "asked_by_id": 1, "rest_words": "结转"}
    with area_scope(EVERYWHERE):
        for given, told in (
            ({"rest": Decimal("900.09"), "closed_by_id": 1}, "closed_by_two"),
            ({"rest": Decimal("900.09"), "rest_words": ""}, "rest_said"),
            ({"rest": Decimal("1.00")}, "its rest is said"),
        ):
            closed = {"closed_at": AT, "closed_by": "乙", "closed_by_id": 2}
            with pytest.raises(DatabaseError, match=told), transaction.atomic():
                rows.update(**asked | closed | given)


def applied(treasury: Treasury) -> Round:
    """Return a round of applications of the city in which the first site applies."""
    with area_scope(EVERYWHERE):
        one = Round.objects.create(
            kind="city_demo",
            year=2026,
            area_path=treasury.paths["city"],
            area_name="某市",
            opens_on=date(2026, 1, 1),
            closes_on=date(2026, 12, 31),
            quota=3,
            conditions=[],
            opened_at=AT,
            opened_by="x",
        )
        Application.objects.create(
            round=one, site=factories.SiteFactory(), state="late", since=AT, started_by="x"
        )
    return one


def test_money_and_applications_of_a_year_are_seen_together_to_the_cent(treasury):
    one = applied(treasury)
    done(link_round, treasury, applications=one.uid)
    assert done(link_round, treasury, applications=one.uid).applications == one
    for by in (treasury.city, treasury.county, treasury.manager):
        with area_scope(by.area_path):
            (money,) = money_of(by, one)
            assert money.figures == overview(by, treasury.round).total
            figures = money.figures
            assert figures.received - figures.used - figures.returned == figures.left
            site = money_by_site(by, one)[treasury.paths["s1"]]
            assert (site.received, site.used, site.left) == (
                *(Decimal("600.05"), Decimal("100.01"), Decimal("500.04")),
            )


def test_both_pages_show_each_other(treasury):
    one = applied(treasury)
    officer, other = (
        logged_in(factories.staff(name, "city_officer", area=factories.CountyFactory().parent))
        for name in ("frank", "grace")
    )
    act = [reverse("fund_round_act", args=[treasury.round.uid, each]) for each in ("link", "ask")]
    linked = {"once": uuid4().hex, "applications": str(one.uid)}
    assert officer.post(act[0], linked).status_code == 302
    money = officer.get(reverse("funds")).content.decode()
    assert reverse("round", args=[one.uid]) in money
    with area_scope(EVERYWHERE):
        application = one.applications.get()
    assert reverse("application", args=[application.uid]) in money
    page = officer.get(reverse("round", args=[one.uid])).content.decode()
    assert re.findall(r">([0-9,]+\.\d\d)</td>", page) == (
        ["1,000.10", "100.01", "0.00", "900.09", "600.05", "100.01"]
    )
    unsaid = officer.post(act[1], {"once": uuid4().hex, "words": ""})
    assert unsaid.status_code == 409
    assert "900.09" in unsaid.content.decode()
    officer.post(act[1], {"once": uuid4().hex, "words": "结转下一年度"})
    ended = other.post(act[1].replace("ask", "close"), {"once": uuid4().hex})
    assert ended.status_code == 302
    assert "结转下一年度" in other.get(reverse("funds")).content.decode()


def test_a_journal_of_pages_carries_its_balance_over(treasury):
    for cents in range(1, 8):
        treasury.booked("use", f"0.0{cents}", from_path="s1")
    what, by = Narrowed(figure="left"), treasury.city
    with area_scope(by.area_path):
        whole = journal(by, treasury.round, what)
        pages = [
            journal(by, treasury.round, what, first=first, most=4)
            for first in range(0, whole.count, 4)
        ]
    assert [line for page in pages for line in page.lines] == list(whole.lines)
    assert [page.brought for page in pages[1:]] == [page.carried for page in pages[:-1]]
    assert pages[-1].carried == whole.closing == pages[0].closing
    assert {replace(page, lines=(), brought=0) for page in pages} == {
        replace(whole, lines=(), brought=0)
    }
