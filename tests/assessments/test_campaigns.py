"""A site's way through an assessment: frozen, reviewed, seen, objected to, decided, published."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from tests import factories
from tests.assessments.records import BOOK, ON, a_site, complete, rule_books
from tests.factories import AT, actor_for

from circle15.accounts.actors import actor_of
from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.accounts.states import Role
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.actions import record_fact
from circle15.assessments.campaign_models import Adjustment, Entry, EntrySpan, SiteTitle
from circle15.assessments.campaign_states import EntryState, Outcome
from circle15.assessments.campaigns import (
    ending,
    exporting,
    freezing,
    making,
    objecting,
    proving,
    queries,
    refusals,
    reviewing,
    titles,
    vetoing,
)
from circle15.assessments.inspection_models import Finding, Inspection, InspectionLine
from circle15.assessments.reports import outgoing
from circle15.assessments.vetoes import judge_vetoes
from circle15.audit.models import Event
from circle15.ledger.models import Evidence

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(days=1)
LEDGER_ONLY, BOTH = "I13.1.a", "I01.2.a"


@pytest.fixture(autouse=True)
def everywhere(db):
    rule_books()
    with area_scope(EVERYWHERE):
        yield


@pytest.fixture
def site():
    found = a_site()
    complete(found)
    return found


@pytest.fixture
def carol(site):
    return actor_for(factories.carol())


@pytest.fixture
def manager(site):
    return actor_for(factories.manager())


@pytest.fixture
def second(carol):
    """Return another officer of the county."""
    return replace(carol, user_id=10_000, name="复核")


@pytest.fixture
def third(carol):
    return replace(carol, user_id=10_001, name="三审")


@pytest.fixture
def file(site):
    return Evidence.objects.create(
        site=site,
        digest="0" * 64,
        media_type="application/pdf",
        name="佐证.pdf",
        size=1,
        storage_name="x",
        uploaded_at=AT,
        uploaded_by="test",
    ).pk


def a_campaign(by, **changed):
    given = {"name": "2026 年验收", "kind": "acceptance", "book": BOOK, "freeze_on": ON}
    wanted = making.Wanted(
        **given
        | {"objection_days": 5, "pass_mark": Decimal(80), "title": "demonstration"}
        | changed
    )
    return making.make_campaign(wanted=wanted, chosen=making.Chosen(), by=by, at=AT)


def frozen(by, **changed) -> Entry:
    campaign = a_campaign(by, **changed)
    assert freezing.freeze(uid=campaign.uid, by=by, at=AT).left == 0
    return campaign.entries.get()


def reviewed(by, **changed) -> Entry:
    entry = frozen(by, **changed)
    reviewing.review_rest(uid=entry.uid, by=by, at=AT)
    return reviewing.end_review(uid=entry.uid, by=by, at=AT)


def objectionable(by, **changed) -> Entry:
    entry = reviewed(by, **changed)
    reviewing.see_rest(uid=entry.uid, by=visitor(by), at=AT)
    return reviewing.end_visit(uid=entry.uid, by=by, at=AT)


def visitor(by):
    """Return the officer who goes there: another than who sat at the desk."""
    return replace(by, user_id=10_002, name="现场")


def published(by, manager, **changed) -> Entry:
    entry = objectionable(by, **changed)
    objecting.accept(uid=entry.uid, by=manager, at=AT)
    ending.decide(uid=entry.uid, note="", by=by, at=AT)
    return ending.publish(uid=entry.uid, by=by, at=AT)


# Clauses: W-29, Q-20, D-68, D-69, D-71, D-72, W-27
def test_a_whole_acceptance_grants_a_title_and_stands_on_the_trail(carol, manager, site):
    entry = published(carol, manager)

    states = list(entry.spans.order_by("id").values_list("state", flat=True))
    assert states == ["chosen", "frozen", "reviewed", *["objections"] * 2, "decided", "published"]
    assert (entry.total, entry.outcome) == (Decimal(100), Outcome.PASS)
    told = Event.objects.get(verb="assessment.publish")
    assert told.new["digest"] == entry.result_digest
    result = queries.latest_result(site)
    assert (result.total, result.digest) == (Decimal(100), entry.result_digest)
    assert queries.results_of(entry.campaign, by=carol) == (result,)
    assert [(each.name, each.is_held) for each in queries.titles_of(site)] == [("示范点", True)]


def test_no_result_is_published_at_or_before_the_moment_of_another(carol, manager):
    first = published(carol, manager)
    second = objectionable(carol, name="补考", title="")
    objecting.accept(uid=second.uid, by=manager, at=AT)
    ending.decide(uid=second.uid, note="", by=carol, at=AT)

    ending.publish_decided(uid=second.campaign.uid, by=carol, at=AT - timedelta(days=1))

    given = {"since": ON.replace(month=1, day=1), "limit": 5}
    after = outgoing.results_since(carol, after=first.uid, **given)
    assert [each.uid for each in after] == [second.uid]


def test_what_the_ledger_says_later_changes_nothing(carol, site):
    entry = frozen(carol)
    before = (entry.sheet.total, entry.frozen_digest)

    record_fact(
        code=site.code,
        name="site.indoor_area_m2",
        value=Decimal(70),
        source="on_site",
        observed_on=ON,
        by=carol,
        at=LATER,
    )

    entry.refresh_from_db()
    assert (entry.sheet.total, freezing.frozen_digest(entry.sheet)) == before
    assert proving.prove(carol).is_whole


def test_an_unknown_is_never_a_zero(carol):
    factories.SiteFactory(other=True)
    campaign = a_campaign(carol)

    found = freezing.freeze(uid=campaign.uid, by=carol, at=AT)

    assert (found.done, found.left) == (1, 1)
    assert "site.indoor_area_m2" in found.missing["QD-0002"]


def test_sites_that_lack_facts_keep_no_other_waiting(carol, monkeypatch):
    factories.SiteFactory(other=True)
    campaign = a_campaign(carol)
    whole = campaign.entries.filter(site__code="QD-0001")
    EntrySpan.objects.filter(entry__in=whole).delete()
    whole.update(id=1_000_000)  # behind the one whose ledger is empty
    monkeypatch.setattr(freezing, "MOST_AT_ONCE", 1)

    found = freezing.freeze(uid=campaign.uid, by=carol, at=AT)

    assert (found.done, found.left, list(found.missing)) == (1, 1, ["QD-0002"])


def test_a_title_keeps_its_pass_mark(carol):
    campaign = a_campaign(carol)

    with pytest.raises(refusals.BadCampaign, match="合格线"):
        making.set_pass_mark(uid=campaign.uid, mark=None, by=carol, at=AT)


def test_nothing_is_frozen_before_its_day(carol):
    campaign = a_campaign(carol, freeze_on=date(2026, 3, 9))

    with pytest.raises(refusals.NotYetFrozen, match="2026-03-09"):
        freezing.freeze(uid=campaign.uid, by=carol, at=AT)


def test_a_line_of_both_methods_waits_for_the_visit(carol):
    entry = reviewed(carol)

    with pytest.raises(refusals.NotSeen, match="待现场核对"):
        reviewing.end_visit(uid=entry.uid, by=carol, at=AT)
    line = {"uid": entry.uid, "rule_id": BOTH, "words": "量得 40 平方米", "at": AT}
    with pytest.raises(refusals.NotTheSame):  # ledger and site are never one person's word
        reviewing.see(**line, agrees=False, by=carol)
    with pytest.raises(refusals.NotTheSame):
        reviewing.see_rest(uid=entry.uid, by=carol, at=AT)
    reviewing.see(**line, agrees=False, by=visitor(carol))
    view = queries.entry_view(carol, entry.uid)

    assert queries.standing_of(view, BOTH).final == 0
    assert queries.standing_of(view, LEDGER_ONLY).final == 1
    assert view.total < 50


def test_a_questioned_line_is_answered_and_has_to_be_seen(carol, manager):
    entry = frozen(carol)
    line = {"uid": entry.uid, "rule_id": LEDGER_ONLY, "at": AT}

    with pytest.raises(refusals.NeedsWords):
        reviewing.review(**line, confirms=False, reason=" ", by=carol)
    reviewing.review(**line, confirms=False, reason="没有附件", by=carol)
    reviewing.answer(**line, words="附件已补", by=manager)

    view = queries.entry_view(manager, entry.uid)
    assert queries.standing_of(view, LEDGER_ONLY).waits
    with pytest.raises(NotAllowed):
        reviewing.review(**line, confirms=True, reason="", by=manager)


def test_a_self_assessment_takes_no_points_or_vetoes_from_officers(carol, manager, file):
    entry = frozen(carol, kind="self", title="", pass_mark=None)
    about = {"uid": entry.uid, "reason": "多了", "evidence_id": file, "by": carol, "at": AT}

    with pytest.raises(refusals.WrongStep):
        objecting.propose(**about, rule_id=BOTH, points=Decimal(0))
    with pytest.raises(refusals.WrongStep):
        vetoing.find_vetoes(**about, vetoes=["V1"])


def test_no_pass_mark_is_set_to_fit_points_that_are_known(carol):
    entry = frozen(carol)
    uid = entry.campaign.uid
    making.set_pass_mark(uid=uid, mark=Decimal(85), by=carol, at=AT)
    reviewing.review(uid=entry.uid, rule_id=BOTH, confirms=True, reason="", by=carol, at=AT)

    with pytest.raises(refusals.BadCampaign, match="已经开始评审"):
        making.set_pass_mark(uid=uid, mark=Decimal(60), by=carol, at=AT)


def test_an_objection_is_decided_by_another_and_paid_with_a_third(
    carol, second, third, manager, file
):
    entry = reviewed(carol)
    line = {"uid": entry.uid, "rule_id": BOTH, "at": AT}
    reviewing.see(**line, agrees=False, words="没有量到", by=visitor(carol))
    reviewing.see_rest(uid=entry.uid, by=visitor(carol), at=AT)
    reviewing.end_visit(uid=entry.uid, by=carol, at=AT)
    objecting.object_to(**line, text="有测绘报告", evidence_id=file, by=manager)
    ruling = {"upholds": True, "why": "报告属实", "points": Decimal(3)}

    with pytest.raises(refusals.NotTheSame):
        objecting.decide_objection(**line, **ruling, by=carol)
    objecting.decide_objection(**line, **ruling, by=second)
    with pytest.raises(refusals.NotTheSame):
        objecting.judge_adjustment(**line, approves=True, why="", by=second)
    assert ending.open_matters(entry) == ["1 条调整待第二人同意"]
    objecting.judge_adjustment(**line, approves=True, why="", by=third)

    found = queries.standing_of(queries.entry_view(carol, entry.uid), BOTH)
    assert (found.line.computed, found.paid, found.final) == (Decimal(5), 0, Decimal(3))


def test_a_closed_window_names_its_day(carol, manager, file):
    entry = objectionable(carol)
    objection = {"uid": entry.uid, "rule_id": BOTH, "text": "不认", "evidence_id": file}

    with pytest.raises(refusals.WindowOpen, match="2026-03-09"):
        ending.decide(uid=entry.uid, note="", by=carol, at=AT)
    with pytest.raises(refusals.WindowClosed, match="2026-03-09"):
        objecting.object_to(**objection, by=manager, at=AT + timedelta(days=8))
    with pytest.raises(refusals.NeedsFile):
        objecting.object_to(**objection | {"evidence_id": 0}, by=manager, at=AT)

    assert ending.decide(uid=entry.uid, note="", by=carol, at=AT + timedelta(days=8)).total == 100


def test_points_are_adjusted_by_two_even_in_the_database(carol, second, file):
    entry = frozen(carol)
    line = {"uid": entry.uid, "rule_id": BOTH, "at": AT}
    given = {"reason": "登记有误", "evidence_id": file, "by": carol}

    with pytest.raises(refusals.BadPoints):
        objecting.propose(**line, points=Decimal(6), **given)
    objecting.propose(**line, points=Decimal("2.5"), **given)
    with pytest.raises(IntegrityError), transaction.atomic():
        Adjustment.objects.update(
            judged_at=AT, judged_by="x", judged_by_id=carol.user_id, is_approved=True
        )
    objecting.judge_adjustment(**line, approves=True, why="", by=second)

    view = queries.entry_view(carol, entry.uid)
    assert queries.standing_of(view, BOTH).final == Decimal("2.5")
    assert entry.sheet.total == 100


# Clauses: J-102, J-103, J-106, J-107
def test_a_confirmed_veto_freezes_the_score_and_takes_the_title(carol, second, manager, site, file):
    published(carol, manager)
    entry = reviewed(carol, kind="dynamic", title="", name="动态评估")
    finding = {"uid": entry.uid, "reason": "虚报数据", "evidence_id": file, "by": carol, "at": AT}
    with pytest.raises(refusals.UnknownVeto):
        vetoing.find_vetoes(vetoes=["V9"], **finding)
    found = vetoing.find_vetoes(vetoes=["V3"], **finding)
    with pytest.raises(refusals.ScoreFrozen):
        objecting.propose(
            uid=entry.uid,
            rule_id=BOTH,
            points=Decimal(1),
            by=carol,
            at=AT,
            reason="降一档",
            evidence_id=file,
        )
    judge_vetoes(sheet_id=found.vetoed_id, agrees=True, by=second, at=AT)
    reviewing.see_rest(uid=entry.uid, by=visitor(carol), at=AT)
    reviewing.end_visit(uid=entry.uid, by=carol, at=AT)
    objecting.accept(uid=entry.uid, by=manager, at=AT)
    ending.decide(uid=entry.uid, note="", by=carol, at=AT)
    ending.publish_decided(uid=entry.campaign.uid, by=carol, at=LATER)

    result = queries.latest_result(site)
    assert (result.total, result.outcome, result.vetoes) == (Decimal(100), Outcome.FAIL, ("V3",))
    (title,) = queries.titles_of(site)
    assert (title.is_held, title.until) == (False, date(2026, 3, 3))
    assert "V3" in title.reason


def test_a_title_is_withdrawn_by_two(carol, second, manager):
    published(carol, manager)
    title = SiteTitle.objects.get()
    titles.ask_withdrawal(title_id=title.pk, reason="服务场所改作他用", by=carol, at=AT)

    with pytest.raises(refusals.NotTheSame):
        titles.judge_withdrawal(title_id=title.pk, agrees=True, by=carol, at=AT)
    titles.judge_withdrawal(title_id=title.pk, agrees=True, by=second, at=AT)

    assert SiteTitle.objects.get().withdrawn_by == "复核"
    with pytest.raises(refusals.HasTitle):
        titles.ask_withdrawal(title_id=title.pk, reason="再来一次", by=carol, at=AT)


def test_without_a_pass_mark_there_are_points_only(carol, manager):
    entry = published(carol, manager, pass_mark=None, title="", kind="special")

    assert entry.outcome == Outcome.NO_PASS_MARK
    with pytest.raises(refusals.BadCampaign, match="合格线"):
        a_campaign(carol, pass_mark=None)
    with pytest.raises(refusals.BadCampaign, match="已经开始评审"):
        making.set_pass_mark(uid=entry.campaign.uid, mark=Decimal(60), by=carol, at=AT)


# Clauses: J-45
def test_a_site_judges_itself_line_by_line(carol, manager):
    entry = frozen(carol, kind="self", title="", pass_mark=None)
    with pytest.raises(refusals.NotAnswered):
        reviewing.submit_self(uid=entry.uid, by=manager, at=AT)
    for line in entry.lines.all():
        given = {"points": line.most / 2 if line.rule_id == BOTH else line.most, "words": ""}
        reviewing.judge_self(uid=entry.uid, rule_id=line.rule_id, **given, by=manager, at=AT)

    reviewing.submit_self(uid=entry.uid, by=manager, at=AT)
    ending.publish(uid=entry.uid, by=carol, at=AT)

    assert queries.latest_result(entry.site) is None
    (own,) = queries.results_beside(entry.site)
    assert (own.kind, own.total) == ("self", Decimal("97.5"))


def test_another_area_finds_nothing(carol, manager):
    entry = objectionable(carol)
    away = actor_of(
        user_id=9,
        name="外县",
        role=Role.COUNTY_OFFICER,
        area_path="/320600000000/320682000000/",
        area_name="",
    )

    for read in (queries.entry_view, queries.campaign_by_uid):
        uid = entry.uid if read is queries.entry_view else entry.campaign.uid
        with pytest.raises(NotFound):
            read(away, uid)
    with pytest.raises(NotFound):
        reviewing.see_rest(uid=entry.uid, by=away, at=AT)
    with pytest.raises(refusals.WrongStep):
        reviewing.end_visit(uid=entry.uid, by=carol, at=AT)
    assert queries.results_of(entry.campaign, by=away) == ()


def test_a_changed_result_is_found_out(carol, manager, site):
    entry = published(carol, manager)
    assert proving.prove(carol) == proving.Proof(1, (), 1, ())

    entry.result["total"] = "99.0"
    Entry.objects.filter(pk=entry.pk).update(result=entry.result)

    assert proving.prove(carol).wrong_results == (str(entry.uid),)


def test_a_workbook_of_the_results_stands_on_the_trail(carol, manager):
    entry = published(carol, manager)

    content = exporting.export_results(uid=entry.campaign.uid, by=carol, at=AT)

    assert content.startswith(b"PK")
    assert Event.objects.filter(verb="assessment.export", new__lines=1).exists()
    assert queries.progress(carol, [entry.campaign])[entry.campaign_id].at(EntryState.PUBLISHED)


def test_what_a_check_saw_pays_what_its_facts_pay(carol):
    entry = reviewed(carol)
    check = Inspection.objects.create(
        site=entry.site,
        area_path=entry.site.area_path,
        edition=entry.campaign.edition,
        edition_digest=entry.campaign.edition.digest,
        profile="town",
        state="merged",
        since=AT,
        due_on=ON,
        planned_at=AT,
        merged_at=AT - timedelta(days=40),
    )
    with pytest.raises(refusals.NoSuchCheck, match="不早于"):  # what was seen long ago
        reviewing.take_over(uid=entry.uid, inspection_uid=check.uid, by=carol, at=AT)
    Inspection.objects.update(merged_at=AT)
    of_check = {"inspection": check, "area_path": check.area_path, "state": "agreed"}
    facts = {"site.indoor_area_m2": "100"}
    InspectionLine.objects.create(**of_check, rule_id=BOTH, verdict="partly", facts=facts)
    InspectionLine.objects.create(**of_check, rule_id="I01.1.a", verdict="not_applicable")
    InspectionLine.objects.create(**of_check, rule_id="I01.1.b", verdict="partly")
    finding = {"site": entry.site, "inspection": check, "area_path": check.area_path}
    Finding.objects.create(**finding, kind="contradiction", rule_id=BOTH, found_at=AT)

    taken = reviewing.take_over(uid=entry.uid, inspection_uid=check.uid, by=carol, at=AT)

    view = queries.entry_view(carol, entry.uid)
    assert (taken, queries.standing_of(view, BOTH).final) == (1, Decimal(3))
    assert queries.standing_of(view, "I01.1.a").waits
    assert queries.standing_of(view, "I01.1.b").waits  # partly, and by no fact: not nothing
    assert ending.open_matters(entry) == [f"现场检查的 1 条问题待核实（{check.number} 1（2））"]
    # No officer alone puts another word in the place of what the check saw.
    with pytest.raises(refusals.WrongStep):
        reviewing.see(uid=entry.uid, rule_id=BOTH, agrees=True, words="看过了", by=carol, at=AT)
    with pytest.raises(refusals.NoSuchCheck):
        reviewing.take_over(uid=entry.uid, inspection_uid=entry.uid, by=carol, at=AT)
