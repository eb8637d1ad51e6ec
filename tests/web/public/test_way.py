"""The way through an application: what is asked, in which order, what is left."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circle15.cases.core_platform.functions import function
from circle15.standards.catalogue import Channel
from circle15.standards.catalogue_library import built_in
from circle15.standards.core_platform import DETAILS, filing_of, filings
from circle15.standards.item_forms import FieldKind, code_list, fields_of, item_forms
from circle15.web.public.apply.way import TaskKind, way_of

ITEM = built_in().items["living-elsewhere"]
ANSWERS = {"stay": "long", "who-comes": "self"}
FORM = {"mdtrtarea_admdvs": "上海市", "begndate": "2026-03-01"}


def kinds(way):
    return [(task.kind, task.key, task.is_done) for task in way.tasks]


def test_questions_come_first_and_the_rest_follows_from_the_answers():
    assert kinds(way_of(ITEM, {}, {}, {})) == [(TaskKind.QUESTION, "stay", False)]
    assert kinds(way_of(ITEM, ANSWERS, {}, {})) == [
        (TaskKind.QUESTION, "stay", True),
        (TaskKind.FORM, "filing-form", False),
        (TaskKind.PAPER, "living-proof", False),
        (TaskKind.HANDOVER, "handover", False),
    ]


def test_what_is_done_is_left_no_more():
    way = way_of(ITEM, ANSWERS, {"living-proof": "committed"}, {**FORM, "handover": "online"})
    assert way.left == ()
    assert way.next_after(TaskKind.QUESTION, "stay") is None
    open_ones = way_of(ITEM, ANSWERS, {"living-proof": "rejected"}, FORM)
    assert [task.key for task in open_ones.left] == ["living-proof", "handover"]
    after = open_ones.next_after(TaskKind.FORM, "filing-form")
    assert after is not None
    assert (after.key, open_ones.place_of(TaskKind.PAPER, "living-proof")) == ("living-proof", 3)
    last = open_ones.next_after(TaskKind.HANDOVER, "handover")
    assert last is not None
    assert last.key == "living-proof"  # what was skipped is led back to


def test_an_answer_that_says_no_ends_the_way():
    way = way_of(ITEM, {"stay": "short"}, {}, {})
    assert (way.is_refused, len(way.tasks)) == (True, 1)


@pytest.mark.parametrize("form", item_forms())
def test_every_form_belongs_to_a_form_of_the_catalogue(form):
    papers = {paper.key for item in built_in().items.values() for paper in item.materials}
    fields = fields_of(form)
    assert form in papers
    assert len({field.key for field in fields}) == len(fields)
    assert all(field.choices for field in fields if field.kind is FieldKind.CHOICE)
    assert all(field.name.zh and field.name.en for field in fields)


def test_everything_filed_has_the_fields_its_transaction_wants():
    ours = {"psn_no", "insutype", "begndate"}  # the system knows them
    for item, infno in filings().items():
        filing, made = filing_of(item), function(infno)
        assert filing is not None
        names = {one.name for one in made.items}
        asked = {field.key for field in filing.fields}
        wanted = {one.name for one in made.items if one.is_required} - ours
        assert wanted <= asked, item
        assert {one.key for one in filing.derived} <= names
        assert {field.name_into for field in filing.fields} - {""} <= names
        assert not filing.form or built_in().items[item].material(filing.form)
        lengths = {one.name: one.length for one in made.items}
        texts = [field for field in filing.fields if field.kind in {FieldKind.TEXT, FieldKind.LONG}]
        assert all(field.most <= lengths.get(field.key, field.most) for field in texts), item


@given(st.sampled_from(code_list("places")), st.sampled_from(["code", "zh", "en", "both"]))
def test_place_is_found_by_code_and_by_name(place, how):
    field = fields_of("filing-form")[0]
    typed = {
        "code": f" {place.key}",
        "zh": place.text.zh,
        "en": place.text.en,
        "both": f"{place.key} {place.text.en}",
    }[how]
    found = field.found(typed)
    same = [one for one in field.choices if one.text.en == place.text.en]
    is_clear = how != "en" or len(same) == 1
    assert found == ((place.key, place.text.zh) if is_clear else None)


def test_what_no_paper_stands_for_is_a_page_of_its_own():
    item = replace(built_in().items["outpatient-choice"], channels=(Channel.WEB,))
    way = way_of(item, {}, {}, {})
    assert (TaskKind.FORM, DETAILS, False) in kinds(way)
    assert [field.key for field in way.fields(DETAILS)] == ["fixmedins_code", "begndate"]


def test_items_of_employers_are_not_for_people_at_home():
    items = built_in().items
    assert not items["employer-enrolment"].is_online
    assert items["resident-enrolment"].is_online
    assert sum(each.is_online for each in items.values()) >= 20
