"""Sixty in any minute from one address, counted to the second."""

from datetime import timedelta

import pytest
from tests.factories import AT

from circle15.accounts.models import AnonymousVisits
from circle15.accounts.rates import TooOften, count_visit, forget_old

pytestmark = pytest.mark.django_db
HERE, ELSEWHERE = "127.0.0.1", "2001:db8::1"


def _visits(count, *, at=AT, address=HERE):
    for _visit in range(count):
        count_visit(address, at=at)


def test_sixty_in_a_minute_and_no_more():
    _visits(60)

    with pytest.raises(TooOften) as refused:
        count_visit(HERE, at=AT)
    assert refused.value.wait_s == 60
    count_visit(ELSEWHERE, at=AT)


def test_minute_before_counts_with_its_part():
    _visits(60)

    half_past = AT + timedelta(seconds=90)
    _visits(30, at=half_past)
    with pytest.raises(TooOften):
        count_visit(HERE, at=half_past)


def test_two_minutes_later_nothing_counts():
    _visits(60)

    _visits(60, at=AT + timedelta(minutes=2))


def test_who_stays_away_is_forgotten():
    _visits(1)

    assert forget_old(at=AT + timedelta(minutes=10)) == 0
    assert forget_old(at=AT + timedelta(minutes=11)) == 1
    assert AnonymousVisits.objects.count() == 0
