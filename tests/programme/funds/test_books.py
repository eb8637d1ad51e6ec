"""The books balance to the cent, whatever is done, refused, taken back or done at once."""

import os
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from django.db.utils import DatabaseError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories import AT
from tests.programme.funds.treasury import ON, Treasury

from circle15.accounts.refusals import NotAllowed, Refused
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.programme.funds.figures import NAMES
from circle15.programme.funds.proposing import open_round
from circle15.programme.funds.queries import Narrowed, journal, overview
from circle15.programme.funds.refusals import (
    AlreadyJudged,
    CannotReverse,
    NeedsReason,
    NotEnough,
    RoundTaken,
    SamePerson,
    UnusableMove,
    WrongDays,
)
from circle15.programme.funds_models import FundAccount, FundLine, FundMove

HISTORIES = int(os.environ.get("CIRCLE15_HISTORIES", "15"))
PLACES = ("city", "county", "s1", "s2")
AMOUNT = st.integers(1, 90_000).map(lambda cents: f"{Decimal(cents) / 100:.2f}")
SOURCE = st.sampled_from(("city", "matching"))
MOVES = st.one_of(
    st.tuples(st.just("receipt"), st.just(""), st.sampled_from(("city", "county"))),
    st.sampled_from(
        [
            ("allocation", one, other)
            for one, other in (
                ("city", "county"),
                ("city", "s1"),
                ("county", "s1"),
                ("county", "s2"),
            )
        ]
    ),
    st.tuples(st.just("use"), st.sampled_from(PLACES), st.just("")),
    st.sampled_from(
        [
            ("return", one, other)
            for one, other in (
                ("s1", "county"),
                ("s2", "city"),
                ("county", "city"),
                ("city", ""),
                ("s1", ""),
            )
        ]
    ),
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("propose"), MOVES, SOURCE, AMOUNT),
        st.tuples(
            st.sampled_from(("approve", "approve", "approve", "refuse", "own")), st.integers(0, 50)
        ),
        st.tuples(st.just("reverse"), st.integers(0, 50)),
    ),
    min_size=8,
    max_size=24,
)

# Money everywhere, and some of it back again, so that what is drawn is not refused all the time.
BEGUN = [
    step
    for kind, one, other, amount in (
        ("receipt", "", "city", "3000.00"),
        ("allocation", "city", "county", "2000.00"),
        ("allocation", "county", "s1", "1000.05"),
        ("return", "s1", "county", "0.02"),
    )
    for step in (("propose", (kind, one, other), "city", amount), ("approve", 0))
]


class Oracle:
    """The same books in a few lines: what is in hand by place and source, what was used."""

    def __init__(self) -> None:
        self.hand = defaultdict(Decimal)
        self.used = defaultdict(Decimal)

    def takes(self, move: FundMove, names: dict[str, str]) -> bool:
        """Do what a movement says; False when there is not enough."""
        base = move.reverses or move
        sign = -1 if move.reverses else 1
        ends = [(names[base.from_path], -sign), (names[base.to_path], sign)]
        after = {
            (place, base.source): self.hand[place, base.source] + each * base.amount
            for place, each in ends
            if place
        }
        if min(after.values()) < 0:
            return False
        self.hand.update(after)
        if base.kind == "use":
            self.used[names[base.from_path], base.source] += sign * base.amount
        return True


def play(treasury: Treasury, steps) -> Oracle:
    """Do what is drawn, and say at each step whether it had to be refused."""
    oracle, names = Oracle(), {path: name for name, path in treasury.paths.items()}
    waiting, booked = [], []
    for step, *drawn in steps:
        if step == "propose":
            (kind, one, other), source, amount = drawn
            waiting.append(
                treasury.propose(kind, amount, source=source, from_path=one, to_path=other)
            )
        elif step == "reverse" and booked:
            try:
                waiting.append(treasury.reverse(booked[drawn[0] % len(booked)]))
            except Refused:
                continue
        elif step == "own" and waiting:
            with pytest.raises(SamePerson):
                treasury.judge(waiting[0], by=treasury.city)
        elif step == "refuse" and waiting:
            treasury.judge(waiting.pop(drawn[0] % len(waiting)), "refuse")
        elif step == "approve" and waiting:
            move = waiting.pop(drawn[0] % len(waiting))
            if oracle.takes(move, names):
                booked.append(treasury.judge(move))
            else:
                with pytest.raises(NotEnough), transaction.atomic():
                    treasury.judge(move)
    return oracle


def broken(treasury: Treasury, oracle: Oracle | None = None) -> list[str]:
    """Say what does not balance; with an oracle, also what differs from it."""
    found = []
    with area_scope(EVERYWHERE):
        connection.check_constraints()
        rows = FundAccount.objects.filter(round=treasury.round).annotate(told=Sum("lines__amount"))
        names = {path: name for name, path in treasury.paths.items()}
        for row in rows:
            place = names[row.area_path], row.source
            if row.balance != (row.told or 0):
                found.append(f"{row}: {row.balance} is not {row.told}")
            wanted = {"pool": "hand", "held": "hand", "spent": "used"}.get(row.kind)
            if oracle and wanted and getattr(oracle, wanted)[place] != row.balance:
                found.append(f"{row}: {row.balance}, but {getattr(oracle, wanted)[place]}")
        if FundLine.objects.aggregate(n=Sum("amount"))["n"]:
            found.append("the lines do not add up to nothing")
        for actor in (treasury.city, treasury.county, treasury.manager):
            found += unequal(treasury, actor)
    return found


def unequal(treasury: Treasury, actor) -> list[str]:
    """Open every number of somebody's overview: its rows must add up to it."""
    shown, found = overview(actor, treasury.round), []
    one = shown.total
    if one.received - one.used - one.returned != one.left:
        found.append(f"{actor.name}: {one}")
    places = [("", shown.total), *((each.path, each.figures) for each in shown.by_place)]
    for path, alone in places[1:]:
        if alone.received - alone.allocated - alone.used - alone.returned != alone.left:
            found.append(f"{actor.name} {path}: {alone}")
    for path, figures in places:
        for name in NAMES:
            opened = journal(actor, treasury.round, Narrowed(figure=name, place=path))
            if opened.closing != getattr(figures, name):
                found.append(f"{actor.name} {path} {name}: {opened.closing} {figures}")
    return found


@pytest.fixture
def treasury(db) -> Treasury:
    return Treasury()


# Clauses: J-92, Q-18
@settings(max_examples=HISTORIES, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_accounts_balance_to_the_cent_whatever_is_done(treasury, steps):
    with transaction.atomic():
        oracle = play(treasury, [*BEGUN, *steps])
        assert broken(treasury, oracle) == []
        transaction.set_rollback(True)


AT_ONCE = max(1, HISTORIES // 100)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_do_not_overdraw_and_a_double_click_books_once():
    for turn in range(AT_ONCE):
        at_once(Treasury(f"第{turn}期"), Random(turn))


def at_once(treasury: Treasury, chance: Random) -> None:
    """Let six approve a shuffled heap, everything twice, of a site that cannot pay it all."""
    first = treasury.booked("receipt", "200.00", to_path="county")
    treasury.booked("allocation", "100.00", from_path="county", to_path="s1")
    uses = [
        treasury.propose("use", f"{chance.randint(2000, 4000) / 100}", from_path="s1")
        for _n in range(5)
    ]
    back = treasury.propose("return", "25.00", from_path="s1", to_path="county")
    more = treasury.propose("allocation", "25.00", from_path="county", to_path="s1")
    heap = [*uses, back, more, treasury.reverse(first)] * 2
    chance.shuffle(heap)
    with ThreadPoolExecutor(6) as pool:
        told = list(pool.map(lambda move: approved(treasury, move), heap))

    with area_scope(EVERYWHERE):
        booked = FundMove.objects.filter(round=treasury.round, state="approved")
        out = booked.filter(from_path=treasury.paths["s1"]).aggregate(n=Sum("amount"))["n"] or 0
        came = booked.filter(to_path=treasury.paths["s1"]).aggregate(n=Sum("amount"))["n"]
        left = FundAccount.objects.get(round=treasury.round, kind="held").balance
        assert FundMove.objects.get(reverses=first).state == "proposed"
    assert left == came - out >= 0
    assert told.count("NotEnough") > 0
    assert broken(treasury) == []


def approved(treasury: Treasury, move: FundMove) -> str:
    """Approve in a thread of its own."""
    try:
        return treasury.judge(move).state
    except (NotEnough, AlreadyJudged) as refusal:
        return type(refusal).__name__
    finally:
        connection.close()


def refused(sql: str, *values) -> str:
    """Return what the database says of a statement of its own accord."""
    try:
        with area_scope(EVERYWHERE), connection.cursor() as cursor:
            cursor.execute(sql, values)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except DatabaseError as error:
        return str(error).splitlines()[0]
    return ""


def test_the_database_holds_the_books_by_itself(treasury):
    move = treasury.booked("receipt", "10.00", to_path="county")
    waiting = treasury.propose("receipt", "5.00", to_path="county")
    line = "INSERT INTO programme_fundline (move_id, account_id, area_path, amount, booked_on)"
    with area_scope(EVERYWHERE):
        pool = FundAccount.objects.get(kind="pool")

    more = refused(f"{line} VALUES (%s, %s, %s, 5, %s)", *_line(waiting.pk, pool))
    other = refused(f"{line} VALUES (%s, %s, %s, 5, %s)", *_line(move.pk, pool))
    assert "a line belongs to an account" in more  # one that waits has no day
    assert "funds_line_once" in other
    assert "append-only" in refused("UPDATE programme_fundline SET amount = 1")
    assert "judged once" in refused("UPDATE programme_fundmove SET amount = 1")
    assert "judged once" in refused("DELETE FROM programme_fundmove")
    assert "follows the lines" in refused("UPDATE programme_fundaccount SET balance = 1")
    judged = "UPDATE programme_fundmove SET state = 'approved', judged_at = now(),"
    judged = f"{judged} judged_by = 'x', booked_on = now(), judged_by_id = %s WHERE id = %s"
    assert "funds_move_by_two" in refused(judged, waiting.proposed_by_id, waiting.pk)
    assert "not balanced" in refused(judged, 99, waiting.pk)


def told(treasury: Treasury, by):
    """Return the sums somebody sees."""
    with area_scope(by.area_path):
        return overview(by, treasury.round).total


# Clauses: W-98, Q-09, J-93
def test_a_subsidy_goes_from_the_city_to_a_county_and_what_is_used_of_it_is_measured(treasury):
    treasury.booked("receipt", "900.00", to_path="city", number="财社〔2026〕8号")
    treasury.booked("allocation", "600.00", from_path="city", to_path="county")
    treasury.booked("use", "150.00", from_path="county", purpose="training")

    city, county, manager = (
        told(treasury, by) for by in (treasury.city, treasury.county, treasury.manager)
    )
    assert (city.received, county.received) == (900, 600)
    assert (city.used_share, county.used_share) == (Decimal("16.7"), Decimal("25.0"))
    assert manager.used_share is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": "0.00"},
        {"amount": "1000000000.00"},
        {"source": "lottery"},
        {"purpose": "travel"},
        {"number": " "},
        {"payee": ""},
        {"dated_on": ON + timedelta(days=1)},
        {"to_path": "county"},
        {"from_path": ""},
    ],
    ids=str,
)
def test_what_a_voucher_cannot_say_is_refused(treasury, wrong):
    with pytest.raises(UnusableMove):
        treasury.propose("use", **{"amount": "1.00", "from_path": "s1"} | wrong)


def test_rounds_steps_and_reversals_that_make_no_sense_are_refused(treasury):
    given = {"begins_on": ON, "by": treasury.city, "at": AT}
    with area_scope(treasury.city.area_path):
        with pytest.raises(RoundTaken):
            open_round(name="2026年", ends_on=ON + timedelta(days=9), **given)
        with pytest.raises(WrongDays):
            open_round(name="2027年", ends_on=ON, **given)
    move = treasury.propose("receipt", "9.00", to_path="county", by=treasury.county)
    with pytest.raises(NeedsReason):
        treasury.judge(move, "refuse", why=" ")
    with pytest.raises(NotAllowed):
        treasury.judge(move, "withdraw")
    with pytest.raises(CannotReverse):
        treasury.reverse(move)
    assert treasury.judge(move, "withdraw", by=treasury.county).state == "withdrawn"
    with pytest.raises(NotAllowed):
        treasury.propose("receipt", "9.00", to_path="s1", by=treasury.manager)
    with pytest.raises(UnusableMove):
        treasury.propose("allocation", "9.00", from_path="s1", to_path="county")


def _line(move_id: int, account: FundAccount) -> tuple[object, ...]:
    return move_id, account.pk, account.area_path, ON


def test_the_same_submission_is_one_movement_and_a_reversal_takes_it_back_once(treasury):
    one = treasury.propose("receipt", "10.00", to_path="county", key="once")
    again = treasury.propose("receipt", "10.00", to_path="county", key="once")
    assert one.pk == again.pk
    booked = treasury.judge(one)
    assert treasury.judge(one).pk == booked.pk  # the same click again
    with pytest.raises(AlreadyJudged):
        treasury.judge(one, by=treasury.county)

    treasury.judge(treasury.reverse(booked))

    with pytest.raises(Refused):
        treasury.reverse(booked)
    assert told(treasury, treasury.city).left == 0
    assert AT.date() == ON
