"""Taking cases in: where, for whom, once, with which papers, under which number."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from tests.cases.conftest import ANSWER, PAPERS, fresh
from tests.factories import AT

from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.cases import queries
from circle15.cases.actions import handling, intake, papers, promises
from circle15.cases.looked_up import LookedUp
from circle15.cases.models import Case, CaseMaterial, Clock
from circle15.cases.refusals import (
    AlreadySentUp,
    LookedUpAhead,
    NeedsAgent,
    NeedsBasis,
    NeedsPerson,
    NoCase,
    NoSuchMaterial,
    NotAuthorised,
    NotByCommitment,
    NotConditional,
    NotEligible,
    NotOnline,
    NotShareable,
    OtherContents,
    PapersMissing,
    QuestionsOpen,
    SiteNotOpen,
    SourceMissing,
    WrongApplicant,
    WrongState,
)
from circle15.ledger.people.entering import OrganisationEntry
from circle15.ledger.people.organisations import upsert_organisation
from circle15.sites.models import Site

DAY, TODAY = timedelta(days=1), AT.date()
LETTER = "authorisation-letter"


def test_a_case_names_masked_people_and_no_number(place):
    line = place.open()
    case = fresh(line.uid)
    assert (line.state, line.number, line.person_name) == ("draft", "", "张**")
    assert (case.person_path, case.area_path) == (
        "/320600000000/320681000000/320681100000/",
        "/320600000000/320681000000/320681100000/QD-0001/",
    )
    assert case.authority == "handle"
    assert case.first_owner_id == case.owner_id == place.users["alice"].pk


# Clauses: Q-25
def test_whoever_is_insured_in_the_city_is_served_at_any_window_with_the_authority(place):
    line = place.take_in(person_uid=place.stranger, item="contribution-years")
    case = fresh(line.uid)
    # Handled by the county the person belongs to, wherever they came in.
    assert case.handler_path == "/320600000000/320682000000/"
    assert case.area_path.startswith("/320600000000/320681000000/")


# Clauses: D-18
@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"item": "hospital-contract"}, NotAuthorised),
        ({"item": "advice"}, NoCase),
        ({"item": "no-such-item"}, NotFound),
        ({"site_code": "RG-0001"}, NotFound),
        ({"site_code": None}, NotAuthorised),
        ({"person_uid": None}, NeedsPerson),
        ({"who": "handler"}, NotAllowed),
    ],
)
def test_a_case_that_may_not_be_opened_is_not(place, change, refusal):
    with pytest.raises(refusal):
        place.open(**change)
    with area_scope(EVERYWHERE):
        assert Case.objects.count() == 0


def test_a_closed_site_takes_nothing_in(place):
    with area_scope(EVERYWHERE):
        Site.objects.filter(code=place.site_code).update(status="suspended")
    with pytest.raises(SiteNotOpen):
        place.open()


def test_the_same_key_again_is_the_same_case_with_one_event(place):
    first = place.open(key="0123456789")
    again = place.open(key="0123456789", at=AT + DAY)
    assert again == first
    assert place.open(key="9876543210").uid != first.uid
    with pytest.raises(OtherContents):
        place.open(key="0123456789", item="contribution-years")
    with area_scope(EVERYWHERE):
        opened = Event.objects.filter(verb="case.open", target_id=str(first.uid))
        assert opened.count() == 1


def test_a_repeated_window_intake_is_the_case_as_it_is(place):
    first = place.take_in(key="0123456789")
    assert place.take_in(key="0123456789") == first
    with area_scope(EVERYWHERE):
        assert Case.objects.count() == 1


def test_numbers_count_up_by_county_and_day(place):
    numbers = [place.take_in().number for _ in range(2)]
    numbers.append(place.take_in(at=AT + DAY).number)
    numbers.append(place.take_in("hall", site_code="QD-0000").number)
    assert numbers == [
        "3206812026030200001",
        "3206812026030200002",
        "3206812026030300001",
        "3206812026030200003",
    ]


def test_a_number_given_back_is_given_again(place):
    with area_scope(EVERYWHERE), transaction.atomic():
        place.take_in()
        transaction.set_rollback(True)
    assert place.take_in().number.endswith("00001")


def test_answers_decide_which_papers_are_asked_for_and_given_ones_stay(place):
    uid = place.open(item="hospital-costs").uid
    place.do("alice", intake.answer, case_uid=uid, answers=ANSWER["hospital-costs"])
    place.do("alice", papers.give_material, case_uid=uid, key="invoice")
    place.do("alice", intake.answer, case_uid=uid, answers={"who-comes": "proxy"})
    view = place.look("alice", queries.case, uid, on=AT.date())
    assert [(line.key, line.state) for line in view.materials] == [
        ("id-document", "missing"),
        ("invoice", "given"),
        ("cost-list", "missing"),
        ("diagnosis", "missing"),
        ("agent-id", "missing"),
    ]


def test_nothing_is_submitted_while_a_question_is_open(place):
    uid = place.open(item="insurance-transfer").uid
    with pytest.raises(QuestionsOpen):
        place.do("alice", intake.submit, case_uid=uid)


def test_papers_missing_keep_a_case_from_being_accepted(place):
    line = place.take_in(item="insurance-transfer", given=("id-document",))
    assert line.state == "submitted"
    with pytest.raises(PapersMissing, match="转移"):
        place.do("alice", intake.accept, case_uid=line.uid)


@pytest.mark.parametrize(
    ("key", "how", "refusal"),
    [
        ("invoice", "shared", NotShareable),
        ("invoice", "committed", NotByCommitment),
        ("no-such-paper", "given", NoSuchMaterial),
    ],
)
def test_a_paper_comes_only_as_the_item_allows(place, key, how, refusal):
    uid = place.open(item="hospital-costs").uid
    with pytest.raises(refusal):
        place.do("alice", papers.give_material, case_uid=uid, key=key, how=how)
    came = {key: LookedUp("公安人口信息", TODAY)} if how == "shared" else (key,)
    with pytest.raises(refusal):
        place.take_in(item="hospital-costs", **{"given": (), how: came})


def test_what_is_looked_up_says_where_and_when(place):
    named, later = LookedUp(" 公安人口信息\u200b", TODAY), LookedUp("公安人口信息", TODAY + DAY)
    own = {"key": "id-document", "how": "shared"}
    uid = place.open().uid
    nameless = LookedUp("\u200b", TODAY)
    for seen, refusal in ((None, "身份证件"), (nameless, "身份证件"), (later, "日期")):
        with pytest.raises((SourceMissing, LookedUpAhead), match=refusal):
            place.do("alice", papers.give_material, case_uid=uid, **own, looked_up=seen)
    with pytest.raises(SourceMissing, match="身份证件"):
        place.take_in(given=(), shared={"id-document": LookedUp("", TODAY)})

    line = place.do("alice", papers.give_material, case_uid=uid, **own, looked_up=named)
    whole = place.take_in(given=(), shared={"id-document": named})
    brought = place.do("alice", papers.give_material, case_uid=uid, key="id-document")

    assert (line.looked_up, brought.looked_up) == (LookedUp("公安人口信息", TODAY), None)
    assert whole.state == "accepted"
    with area_scope(EVERYWHERE):
        told = Event.objects.get(verb="case.give_material", target_id=str(whole.uid)).new
    assert told["sources"] == {"id-document": "公安人口信息"}


def test_intake_is_refused_with_a_rule(place):
    line = place.take_in(item="accident", accepts=False)
    with pytest.raises(NeedsBasis):
        place.do("alice", intake.refuse_intake, case_uid=line.uid, basis="  ")
    done = place.do("alice", intake.refuse_intake, case_uid=line.uid, basis="条例第三条")
    assert (done.state, done.closed_at) == ("not_accepted", AT)
    assert fresh(line.uid).basis == "条例第三条"


def test_online_a_case_goes_to_the_county_of_the_person(place):
    line = place.at_home(intake.open_case, item_key="own-record", channel="web")
    assert (line.area_path, line.handler_path) == ("/320600000000/320681000000/",) * 2
    with pytest.raises(PapersMissing):
        place.at_home(intake.submit, case_uid=line.uid)
    place.at_home(papers.give_material, case_uid=line.uid, key="id-document")
    assert place.at_home(intake.submit, case_uid=line.uid).state == "submitted"
    with pytest.raises(NotFound):
        place.do("alice", intake.accept, case_uid=line.uid)
    accepted = place.do("handler", intake.accept, case_uid=line.uid)
    assert (accepted.state, accepted.first_owner_name) == ("accepted", "秦**（handler1）")


def test_online_only_what_may_be_done_online_and_fits_the_person(place):
    with pytest.raises(NotOnline):
        place.at_home(intake.open_case, item_key="special-drugs", channel="web")
    answers = {"third-party": "yes"}
    line = place.at_home(
        intake.open_case, item_key="insurance-transfer", answers={"enrolled-here": "no"}
    )
    with pytest.raises(NotEligible, match="先在转入地参保"):
        place.at_home(intake.submit, case_uid=line.uid)
    assert place.open(item="accident", answers=answers).state == "draft"


def test_a_village_point_assists_hands_up_and_the_county_accepts(place):
    line = place.take_in("village", item="accident", site_code=place.village_code)
    with pytest.raises(NotAuthorised):
        place.do("village", intake.accept, case_uid=line.uid)
    assert line.state == "submitted"
    with area_scope(EVERYWHERE):
        clock = Clock.objects.get(case__uid=line.uid)
    assert (clock.kind, clock.due_on) == ("proxy", date(2026, 3, 5))
    sent = place.do("village", handling.send_up, case_uid=line.uid, at=AT + DAY)
    assert sent.handler_path == "/320600000000/320681000000/"
    with pytest.raises(WrongState):
        place.do("handler", handling.claim, case_uid=line.uid, at=AT + DAY)
    assert place.do("handler", intake.accept, case_uid=line.uid, at=AT + DAY).state == "accepted"
    with area_scope(EVERYWHERE):
        clock.refresh_from_db()
    assert (clock.stopped_on, clock.overdue_at) == (date(2026, 3, 3), None)


def test_handing_up_too_late_stays_too_late(place):
    line = place.take_in("village", item="accident", site_code=place.village_code)
    late = AT + 4 * DAY
    sent = place.do("village", handling.send_up, case_uid=line.uid, at=late)
    assert sent.is_overdue
    with pytest.raises(AlreadySentUp):
        place.do("village", handling.send_up, case_uid=line.uid, at=late)


def test_form_data_are_sealed_and_open_for_who_may_see_the_case(place):
    line = place.open(form={"phone": "13800001234", "bank": "6222000011112222"})
    sealed = fresh(line.uid).form_sealed
    assert "1380000" not in sealed
    assert place.look("alice", queries.form_of, line.uid) == {
        "phone": "13800001234",
        "bank": "6222000011112222",
    }
    place.do("alice", intake.fill, case_uid=line.uid, form={"phone": "13900001234"})
    assert queries.form_of(line.uid, by=place.mine) == {"phone": "13900001234"}
    with pytest.raises(NotFound):
        place.look("dave", queries.form_of, line.uid)


def test_rows_of_papers_follow_their_item(place):
    line = place.take_in(item="hospital-costs")
    with area_scope(EVERYWHERE):
        rows = CaseMaterial.objects.filter(case__uid=line.uid).order_by("position")
        assert [row.key for row in rows] == ["id-document", "invoice", "cost-list", "diagnosis"]
        assert {row.state for row in rows} == {"given"}


def test_online_the_days_are_those_promised_online(place):
    line = place.at_home(intake.open_case, item_key="living-elsewhere")
    item = place.look("handler", queries.case, line.uid, on=AT.date()).item
    said = {question.key: question.choices[0].key for question in item.questions}
    place.at_home(intake.answer, case_uid=line.uid, answers=said)
    for paper in queries.case(line.uid, by=place.mine, on=AT.date()).missing:
        place.at_home(papers.give_material, case_uid=line.uid, key=paper.key)
    place.at_home(intake.submit, case_uid=line.uid)
    accepted = place.do("handler", intake.accept, case_uid=line.uid)
    assert (accepted.channel, accepted.due_on) == ("web", date(2026, 3, 4))


def test_an_organisation_has_cases_too(place):
    entry = OrganisationEntry(name="启东市合成电动工具厂", division_code="320681100000")
    uid = upsert_organisation(entry=entry, by=place.actors["carol"], at=AT).uid
    whose = {"person_uid": None, "organisation_uid": uid, "agent_uid": place.stranger}
    given = (*PAPERS["employer-record"], LETTER)
    line = place.take_in(item="employer-record", given=given, **whose)
    again = place.open(item="employer-record", at=AT + DAY, **whose)

    assert (line.organisation_name, line.person_name, line.agent_name, line.state) == (
        "启东市合成电动工具厂",
        "",
        "李**",
        "accepted",
    )
    assert fresh(line.uid).person_path == "/320600000000/320681000000/320681100000/"
    view = place.look("alice", queries.case, again.uid, on=AT.date())
    assert [(one.key, one.state, line.number in one.note) for one in view.materials] == [
        ("credit-code", "missing", False),
        (LETTER, "given", True),
    ]
    with pytest.raises(NeedsAgent):
        place.open(item="employer-record", **whose | {"agent_uid": None})


def test_each_item_has_its_kind_of_applicant(place):
    entry = OrganisationEntry(name="启东市合成水泵厂", division_code="320681100000")
    uid = upsert_organisation(entry=entry, by=place.actors["carol"], at=AT).uid
    whose = {"person_uid": None, "organisation_uid": uid, "agent_uid": place.person}
    with pytest.raises(WrongApplicant, match="由单位申请"):
        place.open(item="employer-record")
    with pytest.raises(WrongApplicant, match="由个人申请"):
        place.open(item="own-record", **whose)
    line = place.open(item="employee-enrolment", **whose)
    assert fresh(line.uid).answers == {"for-whom": "employee", "organisation-agent": "staff"}


def test_an_organisation_that_broke_a_promise_gets_no_other(place):
    entry = OrganisationEntry(name="启东市合成阀门厂", division_code="320681100000")
    uid = upsert_organisation(entry=entry, by=place.actors["carol"], at=AT).uid
    whose = {"person_uid": None, "organisation_uid": uid, "agent_uid": place.person}
    wish = {
        "item": "working-elsewhere",
        "answers": {"proof": "dispatch"},
        "given": ("id-document", "filing-form", LETTER),
        "deferred": ("dispatch-letter",),
    }
    first = place.take_in(**wish, **whose)
    place.do("manager", promises.revoke, case_uid=first.uid, reason="承诺不实")
    with pytest.raises(NotConditional, match="这个单位"):
        place.take_in(**wish, **whose)
