"""Registers of activities: what is due, what the ledger is told; incidents and their clock."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from tests import factories, hostile
from tests.factories import AT

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import AnotherPerson, NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.candidates import veto_candidates
from circle15.ledger.files import CheckedFile, check_evidence
from circle15.ledger.models import Fact
from circle15.programme.activities import incidents, records
from circle15.programme.activities.due import due_list
from circle15.programme.activities.lists import ActivityFilter, activities
from circle15.programme.activities.records import NewRecord, UnusableRecord
from circle15.programme.activities.showing import record_day
from circle15.programme.activities_models import Activity, Incident
from circle15.programme.activities_states import DueStanding
from circle15.sites.models import Site

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(AT)
HOUR = timedelta(hours=1)
FAIR = {
    "topics": ["enrolment", "medical-aid"],
    "channel": "field",
    "about": ["circle"],
    "place": "集市",
    "reached": "80",
}


def record(
    by: Actor,
    kind: str,
    done_on: date = TODAY,
    files: tuple[CheckedFile, ...] = (),
    **given: object,
) -> Activity:
    with area_scope(by.area_path):
        code = Site.objects.get(area_path=by.area_path).code
        new = NewRecord(kind, code, done_on, given, files)
        return records.record_activity(new=new, by=by, at=AT)


def told() -> dict[str, object]:
    with area_scope(EVERYWHERE):
        rows = Fact.objects.order_by("observed_on", "id").values_list("name", "value")
        return dict(rows)


# Clauses: J-70, J-71, W-56, W-57, N-08, N-09, Q-60
# Clauses: N-29, W-37, Q-53
def test_publicity_tells_the_ledger_until_it_lapses() -> None:
    alice = factories.actor_for(factories.alice())
    record(alice, "publicity", **FAIR)
    assert record_day(day=TODAY, at=AT) == 4
    assert record_day(day=TODAY, at=AT) == 0
    later = AT + timedelta(days=100)
    assert record_day(day=timezone.localdate(later), at=later) == 1
    assert told() == {
        "publicity.activities_recorded": False,
        "publicity.circle_campaign": True,
        "topic.enrolment": True,
        "topic.medical_aid": True,
    }


def test_what_is_struck_out_is_taken_back_from_the_ledger() -> None:
    alice = factories.actor_for(factories.alice())
    with pytest.raises(UnusableRecord):
        record(alice, "publicity", **FAIR | {"reached": "0.04"})
    row = record(alice, "publicity", **FAIR)
    record_day(day=TODAY, at=AT)
    later = AT + timedelta(days=1)
    with area_scope(alice.area_path):
        records.strike(uid=row.uid, reason="记错了", by=alice, at=later)
    assert record_day(day=timezone.localdate(later), at=later) == 2
    facts = told()
    assert not facts["publicity.activities_recorded"]
    assert not facts["publicity.circle_campaign"]


# Clauses: J-90, J-123, W-71
def test_patrols_are_due_each_working_day_and_struck_ones_count_nothing() -> None:
    alice = factories.actor_for(factories.alice())
    row = record(alice, "patrol", TODAY - timedelta(days=2), state="fine")
    with area_scope(alice.area_path):
        due = {one.kind.key: one for one in due_list(alice, on=TODAY)}
        assert (due["patrol"].due_on, due["patrol"].standing) == (TODAY, DueStanding.TODAY)
        assert due["drill"].standing == DueStanding.NEVER
        records.strike(uid=row.uid, reason="记错了", by=alice, at=AT)
        again = {one.kind.key: one.standing for one in due_list(alice, on=TODAY)}
    assert again["patrol"] == DueStanding.NEVER
    assert record_day(day=TODAY, at=AT) == 0


def test_everything_wrong_is_said_at_once_and_other_sites_are_not_there() -> None:
    alice = factories.actor_for(factories.alice())
    with pytest.raises(UnusableRecord) as found:
        record(alice, "publicity", TODAY + timedelta(days=1), reached="-3", channel="x")
    names = [name for name, _words in found.value.problems]
    assert names == ["done_on", "topics", "channel", "place", "reached"]
    with pytest.raises(UnusableRecord):
        record(alice, "emergency_plan", title="预案", version="1")
    row = record(alice, "patrol", state="fine")
    dave = factories.actor_for(factories.dave())
    with area_scope(dave.area_path):
        assert not activities(dave)
        with pytest.raises(NotFound):
            records.strike(uid=row.uid, reason="别人的", by=dave, at=AT)


# Clauses: J-53
def test_only_the_latest_security_check_decides_whether_data_are_safe() -> None:
    alice = factories.actor_for(factories.alice())
    fine = {"terminals": "fine", "accounts": "fine", "mail": "none", "data": "fine"}
    record(alice, "security_check", TODAY - timedelta(days=9), **fine)
    assert record_day(day=TODAY - timedelta(days=9), at=AT) == 1
    assert told() == {"sec.personal_data_protected": True}
    record(alice, "security_check", **fine | {"accounts": "open", "found": "共用一个账号"})
    assert record_day(day=TODAY, at=AT) == 1
    assert told() == {"sec.personal_data_protected": False}
    with pytest.raises(UnusableRecord) as found:
        record(alice, "security_check", accounts="perhaps")
    assert [name for name, _words in found.value.problems] == [
        "terminals",
        "accounts",
        "mail",
        "data",
    ]


# Clauses: J-32
def test_a_town_leader_is_named_by_a_letter_and_guides_the_site() -> None:
    alice = factories.actor_for(factories.alice())
    post = {"post": "分管副镇长", "letter": "汇政发〔2026〕3号"}
    with pytest.raises(UnusableRecord):
        record(alice, "town_leader", **post)  # the letter itself is missing
    letter = check_evidence(hostile.pdf(), name="分工.pdf")
    guided = {"who": "town", "what": "supervise", "words": "限月底前补齐标牌"}
    record(alice, "town_guidance", **guided)
    assert record_day(day=TODAY, at=AT) == 0
    record(alice, "town_leader", files=(letter,), **post)
    assert record_day(day=TODAY, at=AT) == 1
    assert told() == {"org.town_leader_designated": True}
    with area_scope(alice.area_path):
        due = {one.kind.key: one.due_on for one in due_list(alice, on=TODAY)}
    assert due["town_guidance"] == TODAY + timedelta(days=92)


# Clauses: Q-19
def test_service_for_the_elderly_and_innovations_are_kept_on_record() -> None:
    alice = factories.actor_for(factories.alice())
    elder = {"what": "elder", "functions": ["large", "cash"], "title": "适老服务核对"}
    record(alice, "elder_friendly", **elder)
    row = record(alice, "elder_friendly", what="innovation", title="赶集日流动窗口")
    assert records.answers(row, "zh-hans")[0] == ("记什么", "工作创新", False)
    with area_scope(alice.area_path):
        kept = activities(alice, ActivityFilter(kind="elder_friendly"))
        assert [each.given["what"] for each in kept] == ["innovation", "elder"]


def happened(by: Actor, hours: int, kind: str = "opinion", level: str = "grave") -> Incident:
    with area_scope(by.area_path):
        code = Site.objects.get(area_path=by.area_path).code
        given = {"site_code": code, "kind": kind, "level": level, "words": "网上有人发帖"}
        return incidents.report(**given, happened_at=AT - hours * HOUR, by=by, at=AT)


# Clauses: J-59, J-106
def test_an_incident_is_late_followed_up_and_closed_by_another() -> None:
    alice, carol = (factories.actor_for(make()) for make in (factories.alice, factories.carol))
    late, early = happened(alice, 2), happened(alice, 1, kind="outage")
    assert (late.is_late, early.is_late) == (True, False)
    with area_scope(alice.area_path):
        incidents.follow_up(uid=late.uid, words="正在核实", by=alice, at=AT + HOUR)
        with pytest.raises(AnotherPerson):
            incidents.close(uid=late.uid, words="已澄清", by=alice, at=AT + HOUR)
    with area_scope(carol.area_path):
        seen = incidents.incident_by_uid(carol, late.uid)
        stands = incidents.standing(seen, seen.last_at, at=AT + 14 * HOUR)
        assert (stands.since_event, stands.is_follow_up_late) == (16 * HOUR, True)
        incidents.see(uid=late.uid, by=carol, at=AT + HOUR)
        incidents.close(uid=late.uid, words="已澄清", by=carol, at=AT + 2 * HOUR)
        found = incidents.veto_candidates([late.site_id], since=AT - 24 * HOUR)
        shown = veto_candidates(late.site, since=timezone.localdate(AT))
        still = [row.pk for row in incidents.incidents(carol, is_open=True)]
    assert [(one.veto, one.incident.pk) for one in found] == [("V5", late.pk)]
    assert [(one.veto, one.why) for one in shown] == [("V5", late.words)]  # for the assessors
    assert still == [early.pk]
