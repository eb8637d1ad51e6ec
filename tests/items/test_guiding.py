"""An item cut to one person."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circle15.items.guiding import Tailored, clean, tailor
from circle15.standards.catalogue import CatalogueItem
from circle15.standards.catalogue_library import built_in

ITEMS = built_in().items
COSTS = ITEMS["outpatient-costs"]


def papers(tailored: Tailored) -> list[str]:
    return [material.key for material in tailored.materials]


def test_an_accident_on_the_road_wants_the_report_of_the_police():
    answers = {"settled": "no", "accident": "traffic", "emergency": "no", "account": "card"}
    guide = tailor(COSTS, {**answers, "who-comes": "self"})

    assert guide.verdict == "yes"
    assert papers(guide) == [
        "id-document",
        "invoice",
        "cost-list",
        "prescription",
        "accident-report",
    ]
    assert guide.limit.promised_days == 30


def test_a_son_in_an_emergency_brings_more():
    answers = {"settled": "no", "accident": "no", "emergency": "yes", "account": "bank"}
    guide = tailor(COSTS, {**answers, "who-comes": "proxy"})

    assert papers(guide)[-3:] == ["emergency-proof", "bank-account", "agent-id"]


def test_a_refusal_says_why_and_asks_no_more():
    guide = tailor(COSTS, {"settled": "yes"})

    assert guide.verdict == "no"
    assert [reason.en for reason in guide.reasons] == [
        "What has been settled online is not reimbursed again"
    ]
    assert [question.key for question in guide.asked] == ["settled"]
    assert guide.open_questions == ()


def test_a_refusal_leads_to_the_right_item():
    guide = tailor(ITEMS["retired-elsewhere"], {"household-moved": "no"})

    assert (guide.verdict, guide.instead) == ("no", ("living-elsewhere",))


def test_nothing_said_leaves_it_open():
    guide = tailor(COSTS, {})

    assert guide.verdict == "unknown"
    assert [question.key for question in guide.open_questions] == ["settled"]


def test_an_item_without_questions_is_for_everybody_it_is_for():
    assert tailor(ITEMS["own-record"], {}).verdict == "yes"


def test_optional_papers_come_last():
    first, *rest = ITEMS["birth-costs"].materials
    item = replace(ITEMS["birth-costs"], materials=(replace(first, is_required=False), *rest))
    known = {"settled": "no"}

    assert papers(tailor(item, known)) == [*(each.key for each in rest), first.key]


def test_a_changed_answer_takes_what_hangs_on_it():
    item = ITEMS["resident-enrolment"]
    answers = {"other-cover": "yes", "insured": "newborn", "who-comes": "proxy", "x": "y"}

    assert clean(item, answers) == {"other-cover": "yes"}
    assert clean(item, {**answers, "other-cover": "no"}) == {
        "other-cover": "no",
        "insured": "newborn",
    }
    assert clean(item, {"other-cover": "perhaps"}) == {}


End = tuple[dict[str, str], Tailored]


def paths(item: CatalogueItem, answers: dict[str, str]) -> Iterator[End]:
    """Walk every way through the questions of an item."""
    guide = tailor(item, answers)
    if not guide.open_questions:
        yield answers, guide
        return
    question = guide.open_questions[0]
    for choice in question.choices:
        yield from paths(item, {**answers, question.key: choice.key})


# Clauses: D-63, N-01, W-43, Q-37
@pytest.mark.parametrize("key", list(ITEMS))
def test_every_way_through_ends_and_nothing_is_out_of_reach(key):
    item = ITEMS[key]
    ends = list(paths(item, {}))
    asked_for = {material.key for _answers, guide in ends for material in guide.materials}
    reasons = {reason for _answers, guide in ends for reason in guide.reasons}

    assert {guide.verdict for _answers, guide in ends} == (
        {"yes", "no"} if item.refusals else {"yes"}
    )
    assert asked_for == {material.key for material in item.materials}
    assert reasons == {refusal.reason for refusal in item.refusals}
    assert all(clean(item, answers) == answers for answers, _guide in ends)


@pytest.mark.parametrize("key", [key for key, item in ITEMS.items() if item.is_case])
def test_whoever_may_apply_is_told_at_least_one_paper(key):
    ends = [guide for _answers, guide in paths(ITEMS[key], {}) if guide.verdict == "yes"]

    assert min(len(guide.materials) for guide in ends) >= 1
    assert max(len(guide.materials) for guide in ends) <= 11


WORDS = st.dictionaries(st.sampled_from([q.key for q in COSTS.questions] + ["x"]), st.text())


@given(st.sampled_from(list(ITEMS.values())), WORDS)
def test_any_answers_are_cleaned_once_and_for_all(item, answers):
    known = clean(item, answers)

    assert clean(item, known) == known
    assert tailor(item, answers) == tailor(item, known)
