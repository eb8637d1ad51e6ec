"""Rounds: late filing, the quota, four eyes, the two words of an award, and who sees what."""

from datetime import date, timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from docx import Document
from tests import factories, hostile
from tests.factories import AT, actor_for

from circle15.accounts.refusals import ChangedMeanwhile, NeedsReason, NotAllowed, NotFound
from circle15.areas.queries import town_of
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.core.papers.official import Paragraph
from circle15.ledger.files import check_evidence
from circle15.programme.construction_models import Project
from circle15.programme.rounds import applying, awarding, documents, opening, reviewing
from circle15.programme.rounds.county_plans import (
    county_lines,
    judge_plan,
    may_submit,
    submit_plan,
)
from circle15.programme.rounds.form_docx import form_docx
from circle15.programme.rounds.opening import Wanted, change_round, open_round
from circle15.programme.rounds.prefill import preferences_of
from circle15.programme.rounds.queries import application_by_uid, applications, awarded_in, rounds
from circle15.programme.rounds.refusals import (
    AlreadyApplied,
    BadRound,
    NotAccepted,
    NotYours,
    QuotaFull,
    SamePerson,
    WrongStep,
)
from circle15.programme.rounds_models import Application, Round
from circle15.programme.rounds_states import TRANSITIONS, ApplicationState, ApplicationStep
from circle15.programme.targets import given
from circle15.programme.targets.given import Coverage
from circle15.sites.models import Site, StaffMember
from circle15.web.shared.once import new_key

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)
CITY = "/320600000000/"
LATER = AT + timedelta(days=30)


def wanted(**more) -> Wanted:
    given = {"kind": "city_demo", "year": 2026, "opens_on": TODAY, "quota": 1}
    return Wanted(
        **given | {"closes_on": TODAY + timedelta(days=20), "conditions": ("willing",)} | more
    )


@pytest.fixture
def people():
    """Two sites with what the form needs, and everybody who deals with a round."""
    with area_scope(EVERYWHERE):
        for trait in ({}, {"other": True}):
            site = factories.SiteFactory(**trait)
            site.address, site.phone = "世纪大道1号", "0513-83310000"
            site.save()
            factories.FactFactory(site=site)
            site.windows.create(number=1, name="综合窗口")
            person = factories.PersonFactory(
                organisation=site.organisation, area_path=site.area_path
            )
            StaffMember.objects.create(site=site, person=person, duty="负责人", since="2026-01-01")
        second = factories.SiteFactory(other=True)
        users = {
            "manager": factories.manager(),
            "other": factories.staff("other", "site_manager", area=second, name="陈守一"),
            "carol": factories.carol(),
            "city": factories.city_officer(),
            "city2": factories.staff(
                "city2", "city_officer", area=factories.CityFactory(), name="曹二"
            ),
        }
        yield {name: actor_for(user) for name, user in users.items()}


def filed(one, by, at=AT, code="QD-0001") -> Application:
    """Start, fill in and file an application."""
    made = applying.start(round_uid=one.uid, code=code, by=by, at=at)
    now = {"uid": made.uid, "seen": 0, "by": by, "at": at}
    person = StaffMember.objects.get(site__code=code).person
    applying.save_text(task="plan", text="两个月建成。", **now)
    applying.save_text(task="profile", text="窗口独立，人员齐备。", **now)
    applying.choose_contact(person_uid=person.uid, **now)
    applying.confirm_site(**now)
    return applying.file(uid=made.uid, by=by, at=at)


def endorsed(one, people, who="manager", code="QD-0001") -> Application:
    made = filed(one, people[who], code=code)
    given = {"opinion": "同意上报。", "signed_as": "县级主要负责人", "confirmed": ["willing"]}
    return reviewing.endorse(uid=made.uid, by=people["carol"], at=AT, **given)


def building(made: Application) -> Project:
    """Begin the construction of a selected site."""
    return Project.objects.create(
        site=made.site,
        area_path=made.site.area_path,
        name="建设",
        report="month",
        application_uid=made.uid,
        start_on=TODAY,
        made_at=AT,
        made_by="x",
    )


def test_every_state_has_its_row_and_ends_where_it_should():
    assert set(TRANSITIONS) == set(ApplicationState.values)
    ends = {state for state, steps in TRANSITIONS.items() if not steps}
    assert ends == {"revoked", "declined", "refused", "withdrawn"}
    steps = {step for row in TRANSITIONS.values() for step in row}
    assert steps == set(ApplicationStep.values) - {"start"}


# Clauses: W-16, W-22, W-114
def test_late_filing_waits_for_the_owner_and_stays_marked(people):
    one = open_round(wanted=wanted(), by=people["city"], at=AT)
    made = filed(one, people["manager"], at=LATER)
    assert (made.state, made.is_late) == ("late", True)
    with pytest.raises(NotYours):
        reviewing.decide_late(
            uid=made.uid, accepts=True, reason="道路施工", by=people["carol"], at=LATER
        )
    reviewing.decide_late(
        uid=made.uid, accepts=True, reason="道路施工", by=people["city"], at=LATER
    )
    found = application_by_uid(people["manager"], made.uid)
    assert (found.state, found.is_late) == ("filed", True)


# Clauses: W-104
def test_who_files_does_not_sign_and_a_city_writes_no_opinion(people):
    one = open_round(wanted=wanted(), by=people["city"], at=AT)
    made = filed(one, people["carol"])
    given = {
        "uid": made.uid,
        "opinion": "同意",
        "signed_as": "主要负责人",
        "confirmed": [],
        "at": AT,
    }
    with pytest.raises(SamePerson):
        reviewing.endorse(by=people["carol"], **given)
    with pytest.raises(NotYours):
        reviewing.endorse(by=people["city"], **given)


def test_quota_holds_and_the_rest_waits(people):
    one = open_round(wanted=wanted(), by=people["city"], at=AT)
    first = endorsed(one, people)
    second = endorsed(one, people, "other", "QD-0002")
    by = {"by": people["city"], "at": AT}
    reviewing.select(uid=first.uid, reason="", **by)
    with pytest.raises(QuotaFull):
        reviewing.select(uid=second.uid, reason="", **by)
    reviewing.keep_waiting(uid=second.uid, reason="名额已满", **by)
    with pytest.raises(BadRound):
        change_round(uid=one.uid, closes_on=one.closes_on, quota=0, reason="减少名额", **by)
    change_round(uid=one.uid, closes_on=one.closes_on, quota=2, reason="增加名额", **by)
    assert reviewing.select(uid=second.uid, reason="", **by).state == "selected"


# Clauses: W-18
# Clauses: W-40
def test_filed_is_not_awarded_and_an_award_takes_two_and_an_acceptance(people):
    one = open_round(wanted=wanted(), by=people["city"], at=AT)
    made = endorsed(one, people)
    by, uid = {"by": people["city"], "at": AT}, made.uid
    reviewing.select(uid=uid, reason="", **by)
    reviewing.record_selected(uid=uid, note="", **by)
    passed = awarding.Acceptance("x", "验收", "QD-0001", "90 / 100", True, TODAY)
    failed = awarding.Acceptance("x", "验收", "QD-0001", "50 / 100", False, TODAY)
    early = TODAY + timedelta(days=1)
    for acceptance, built_on in ((None, TODAY), (failed, TODAY), (passed, early)):
        with pytest.raises(NotAccepted):
            awarding.award(uid=uid, acceptance=acceptance, built_on=built_on, **by)
    project = building(made)
    with pytest.raises(NotAccepted, match="确认建成"):
        awarding.award(uid=uid, acceptance=passed, built_on=TODAY, **by)
    Project.objects.filter(pk=project.pk).update(state="finished", ended_on=TODAY)
    awarding.award(uid=uid, acceptance=passed, built_on=TODAY, **by)
    assert not awarded_in(people["city"], one).exists()
    with pytest.raises(SamePerson):
        awarding.judge(uid=uid, agrees=True, why="", **by)
    awarding.judge(uid=uid, agrees=True, why="", by=people["city2"], at=AT)
    assert [row.uid for row in awarded_in(people["city"], one)] == [uid]
    awarding.revoke(uid=uid, reason="长期停业", **by)
    awarding.judge(uid=uid, agrees=True, why="", by=people["city2"], at=AT)
    assert not awarded_in(people["city"], one).exists()
    verbs = Event.objects.filter(target_kind="application", target_id=str(uid))
    assert {"application.propose", "application.award", "application.revoke"} <= set(
        verbs.values_list("verb", flat=True)
    )


def test_a_site_applies_once_until_it_withdraws(people):
    one = open_round(wanted=wanted(), by=people["city"], at=AT)
    start = {"round_uid": one.uid, "by": people["manager"], "at": AT}
    made = applying.start(code="QD-0001", **start)
    with pytest.raises(AlreadyApplied):
        applying.start(code="QD-0001", **start)
    with pytest.raises(NotFound):
        applying.start(code="QD-0002", **start)
    with pytest.raises(NotFound):
        applying.withdraw(uid=made.uid, reason="", by=people["other"], at=AT)
    applying.withdraw(uid=made.uid, reason="", by=people["manager"], at=AT)
    assert applying.start(code="QD-0001", **start).state == "draft"
    with pytest.raises(WrongStep):
        applying.save_text(uid=made.uid, task="plan", text="x", seen=0, by=people["manager"], at=AT)


# Clauses: W-23, W-39
def test_a_county_opens_its_own_kind_only_and_a_town_reads_the_rounds_above(people):
    with pytest.raises(BadRound):
        open_round(wanted=wanted(), by=people["carol"], at=AT)
    own = open_round(wanted=wanted(kind="county_point"), by=people["carol"], at=AT)
    above = open_round(wanted=wanted(), by=people["city"], at=AT)
    assert {one.uid for one in rounds(people["manager"])} == {own.uid, above.uid}
    with pytest.raises(NotAllowed):
        open_round(wanted=wanted(), by=people["manager"], at=AT)
    with pytest.raises(NotFound):
        application_by_uid(people["manager"], uuid4())


# Clauses: W-17
def test_applicants_are_told_whom_to_ask_and_it_is_an_office(people):
    one = open_round(wanted=wanted(phone="0513-83310000"), by=people["city"], at=AT)
    paper = documents.notice(uid=one.uid, by=people["manager"], today=TODAY)
    words = "".join(each.words for each in paper.blocks if isinstance(each, Paragraph))

    assert (one.contact, one.phone) == ("南通市医疗保障局", "0513-83310000")
    assert "联系电话：0513-83310000" in words
    for bad in ("13800138000", "0513", "找老王"):
        with pytest.raises(BadRound, match="办公电话"):
            open_round(wanted=wanted(year=2027, phone=bad), by=people["city"], at=AT)


# Clauses: W-19
def test_a_countys_plan_is_handed_in_returned_and_approved_by_the_city(people):
    one = open_round(wanted=wanted(), by=people["city"], at=AT)
    file = check_evidence(hostile.pdf(), name="方案.pdf")
    now = {"round_uid": one.uid, "at": AT}
    assert [line.is_missing for line in county_lines(one, people["carol"])] == [True]
    first = submit_plan(checked=file, by=people["carol"], **now)
    with pytest.raises(ChangedMeanwhile):
        submit_plan(checked=file, by=people["carol"], **now)
    with pytest.raises(NotYours):
        submit_plan(checked=file, by=people["city"], **now)
    with pytest.raises(NotYours):
        judge_plan(plan_uid=first.uid, approves=True, why="", by=people["carol"], **now)
    with pytest.raises(NeedsReason):
        judge_plan(plan_uid=first.uid, approves=False, why="", by=people["city"], **now)
    judge_plan(plan_uid=first.uid, approves=False, why="写明时间", by=people["city"], **now)
    assert may_submit(one, people["carol"])
    second = submit_plan(checked=file, by=people["carol"], **now)
    judge_plan(plan_uid=second.uid, approves=True, why="", by=people["city"], **now)
    with pytest.raises(ChangedMeanwhile):
        judge_plan(plan_uid=second.uid, approves=True, why="", by=people["city"], **now)

    lines = {line.name: line.is_missing for line in county_lines(one, people["city"])}
    assert lines == {"启东市": False}


# Clauses: W-41
def test_the_six_preferences_say_what_the_ledger_and_planning_know(people, monkeypatch):
    site = Site.objects.get(code="QD-0001")
    stored = Coverage(
        plan=uuid4(),
        title="全市步行",
        on=TODAY,
        people=900.0,
        covered=600.0,
        share=0.667,
        basis="",
        towns=((town_of(site.division).name, 300.0, 251.0),),
    )
    monkeypatch.setattr(given, "_coverage", lambda path, _on: stored if path == CITY else None)
    found = {each.condition.key: each for each in preferences_of(site, on=TODAY)}

    assert list(found) == ["population", "facilities", "window", "service", "signs", "staff"]
    assert found["population"].is_met is None
    assert "251 人（全镇 300 人）" in dict(found["population"].says)["15 分钟内覆盖"]
    assert "1 人在岗" in dict(found["staff"].says)["人员名册"]


# Clauses: Q-03
def test_a_site_is_a_candidate_at_several_levels_at_once(people):
    levels = ("city_demo", "provincial_demo")
    opened = [open_round(wanted=wanted(kind=key), by=people["city"], at=AT) for key in levels]
    made = [filed(one, people["manager"]) for one in opened]

    assert [one.state for one in made] == ["filed", "filed"]
    mine = applications(people["manager"]).filter(site__code="QD-0001")
    assert {one.round.kind for one in mine} == set(levels)


# Clauses: W-106
def test_the_form_leaves_room_for_the_seal(people):
    made = endorsed(open_round(wanted=wanted(), by=people["city"], at=AT), people)
    form = documents.form_of(uid=made.uid, by=people["carol"], today=TODAY)
    paper = Document(BytesIO(form_docx(form)))

    assert "（单位公章）" in paper.tables[0].rows[-1].cells[-1].text


def test_of_two_who_open_the_same_round_the_second_is_refused(people, monkeypatch):
    """As when both have looked before either writes: the constraint alone keeps them apart."""
    open_round(wanted=wanted(), by=people["city"], at=AT)
    monkeypatch.setattr(opening, "_check", lambda _wanted, _by: None)
    with pytest.raises(BadRound, match="已经有了"):
        open_round(wanted=wanted(), by=people["city"], at=AT)
    assert Round.objects.count() == 1


def test_a_recorded_site_begins_to_build_once(people):
    made = endorsed(open_round(wanted=wanted(), by=people["city"], at=AT), people)
    signed_in = factories.logged_in(factories.city_officer())
    where = f"/programme/applications/{made.uid}/"
    signed_in.post(f"{where}build/", {"once": new_key()})
    assert not Project.objects.exists()
    reviewing.select(uid=made.uid, reason="", by=people["city"], at=AT)
    reviewing.record_selected(uid=made.uid, note="", by=people["city"], at=AT)
    assert "开始建设" in signed_in.get(where).content.decode()
    for _again in range(2):
        reply = signed_in.post(f"{where}build/", {"once": new_key()})
    (project,) = Project.objects.all()

    assert reply.headers["Location"] == f"/construction/{project.uid}/"
    assert project.application_uid == made.uid
    assert project.milestones.exists()
    assert str(project.uid) in signed_in.get(where).content.decode()
