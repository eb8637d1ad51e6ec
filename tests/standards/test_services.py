"""The topics, short forms and parts of boards that come with circle15."""

from circle15.cases.service_states import Ending, ServiceKind
from circle15.standards.facts import facts
from circle15.standards.services import board_parts, endings, proofs, service_forms, topics


def test_seven_topics_and_six_make_eight():
    books = {book: {k for k, t in topics().items() if book in t.books} for book in ("js", "wh")}
    assert (len(books["js"]), len(books["wh"])) == (7, 6)
    assert len(books["js"] | books["wh"]) == 8
    assert [key for key, topic in topics().items() if not topic.is_named] == ["other"]


def test_every_fact_of_a_topic_is_one_of_the_ledger_and_none_is_left_out():
    named = {topic.fact for topic in topics().values()} - {""}
    assert named == {name for name in facts() if name.startswith("topic.")}


def test_what_records_prove_are_facts():
    ways = (way for form in service_forms().values() for way in form.ways.values())
    proved = {name for way in ways for name in way.proves}
    proved |= {*proofs().of_elders, *proofs().of_topics}
    assert proved <= set(facts())
    assert {part.fact for part in board_parts().values()} - {""} <= set(facts())


def test_forms_and_endings_are_those_the_tables_know():
    assert list(service_forms()) == ServiceKind.values
    assert list(endings()) == Ending.values


def test_every_word_is_there_in_both_languages():
    texts = [one.name for one in (*topics().values(), *board_parts().values())]
    for form in service_forms().values():
        texts += [form.name, form.about, *(way.name for way in form.ways.values())]
    assert all(text.zh and text.en for text in texts)
