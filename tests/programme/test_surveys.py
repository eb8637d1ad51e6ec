"""Surveys of awareness: their shares with what they are certain to, by half-year; and uptake."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from tests import factories
from tests.factories import AT, logged_in

from circle15.accounts.refusals import NotFound
from circle15.areas.models import Division
from circle15.areas.queries import people_in
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.dashboards.uptake import Uptake
from circle15.core.shares import Share
from circle15.programme.activities.records import AlreadyStruck, NotYourRecord, UnusableRecord
from circle15.programme.activities.surveys import (
    NewSurvey,
    added_up,
    half_year,
    record_survey,
    strike_survey,
    surveys,
    trend,
)

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(AT)
GIVEN = {"subject": "online", "way": "hall", "done_on": TODAY, "source": "大厅问卷"}
COUNTS = {"asked": 40, "knowing": 30, "used": 12}


def record(by, **given):
    with area_scope(by.area_path):
        return record_survey(new=NewSurvey(**GIVEN | COUNTS | given), by=by, at=AT)


# Clauses, J-125
def test_awareness_is_added_up_by_half_year_and_struck_surveys_do_not_count():
    alice, carol = (factories.actor_for(each()) for each in (factories.alice, factories.carol))
    record(alice)
    record(carol, asked=60, knowing=20, used=0)
    record(carol, subject="policy")
    struck = record(alice, asked=100, knowing=100, used=100)
    with area_scope(carol.area_path):
        strike_survey(uid=struck.uid, reason="重复登记", by=carol, at=AT)
        with pytest.raises(AlreadyStruck):
            strike_survey(uid=struck.uid, reason="重复登记", by=carol, at=AT)
        found = trend(carol, "online")
    known = found[half_year(TODAY)]
    assert list(found) == [half_year(TODAY)]
    assert (known.knowing, known.used, known.asked) == (Share(50, 100), Share(12, 100), 100)
    assert [round(bound, 3) for bound in known.knowing_range] == [0.404, 0.596]
    with area_scope(alice.area_path):
        assert trend(alice, "online")[half_year(TODAY)].asked == 40
        with pytest.raises(NotFound):
            strike_survey(uid=uuid4(), reason="重复", by=alice, at=AT)


def test_nobody_asked_is_a_dash_and_half_years_turn_in_july():
    none = added_up([])
    assert (none.knowing.value, none.knowing_range, none.used_range) == (None, None, None)
    halves = [half_year(date(2026, month, 1)) for month in (1, 6, 7, 12)]
    assert halves == ["2026H1", "2026H1", "2026H2", "2026H2"]


def test_everything_wrong_with_a_survey_is_said_at_once():
    alice = factories.actor_for(factories.alice())
    with pytest.raises(UnusableRecord) as refused:
        record(
            alice,
            subject="weather",
            way="crow",
            source=" ",
            asked=0,
            knowing=3,
            used=4,
            done_on=TODAY + timedelta(days=1),
        )
    named = [name for name, _words in refused.value.problems]
    assert named == ["subject", "way", "done_on", "asked", "knowing", "used", "source"]
    own = record(factories.actor_for(factories.carol()))
    with area_scope(alice.area_path), pytest.raises((NotFound, NotYourRecord)):
        strike_survey(uid=own.uid, reason="重复登记", by=alice, at=AT)


# Clauses: J-125
def test_uptake_is_of_the_people_of_the_area_or_a_dash():
    site = factories.SiteFactory()
    with area_scope(EVERYWHERE):
        Division.objects.update(population_registered=None, population_resident=None)
        assert people_in(site.area_path) == 0
        Division.objects.filter(level="town").update(
            population_registered=100, population_resident=120
        )
        assert people_in(site.area_path) == 120
    assert Uptake(TODAY, TODAY, 5, 7, 0).cases_per_ten_thousand is None
    assert str(Uptake(TODAY, TODAY, 5, 7, 120).visits_per_ten_thousand) == "583.3"


# Clauses: Q-54, J-125
def test_the_page_takes_a_survey_and_shows_its_interval():
    site = logged_in(factories.alice())
    form = {key: str(each) for key, each in (GIVEN | COUNTS).items()}
    form |= {"done_on": timezone.localdate().isoformat(), "once": uuid4().hex}
    wrong = site.post(reverse("surveys"), form | {"knowing": "41", "once": uuid4().hex})
    assert wrong.status_code == 422
    assert "知道的人数不能超过调查人数" in wrong.content.decode()
    assert site.post(reverse("surveys"), form).status_code == 302
    page = site.get(reverse("surveys")).content.decode()
    assert "75.0%（59.8–85.8%，30/40）" in page
    with area_scope(EVERYWHERE):
        uid = surveys(factories.actor_for(factories.carol())).get().uid
    note = {"note": "重复登记", "once": uuid4().hex}
    assert site.post(reverse("survey_strike", args=[uid]), note).status_code == 302
    assert "75.0%" in site.get(reverse("survey", args=[uid])).content.decode()
