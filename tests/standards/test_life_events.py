"""Life events: sound, of items there are, in dated editions."""

from datetime import date

import pytest

from circle15.standards.catalogue_library import built_in
from circle15.standards.life_events import (
    InvalidLifeEvents,
    editions,
    event_name,
    life_events_on,
    parse_life_events,
)

BROKEN = """
version: "x"
since: 2026-01-01
events:
- key: birth
  name: [孩子出生, A child is born]
  about: [一起办, Together]
  icon: users
  aliases: [生孩子]
  questions:
  - {key: mother, text: [参加吗, Insured], choices: [{key: "yes", text: [参加, "Yes"]}]}
  items:
  - {item: no-such-item}
  - {item: advice}
  - {item: employer-change, when: {mother: ["no"]}}
  - {item: birth-costs, answers: {settled: perhaps}}
"""


# Clauses: J-86
def test_every_event_names_items_in_force_each_reached_by_some_answers():
    edition, items = life_events_on(date(2026, 11, 23)), built_in().items

    named = {entry.item for event in edition.events.values() for entry in event.items}

    assert (edition.version, len(edition.events)) == ("2026-11", 9)
    assert named - set(items) == set()
    assert {"newborn", "account-payout", "two-diseases", "retired-elsewhere"} <= named
    assert all(event.questions for event in edition.events.values())


def test_days_before_the_first_edition_have_that_one_and_unknown_events_their_key():
    assert life_events_on(date(1999, 1, 1)) is editions()[0]
    assert event_name("birth", "2026-11").zh == "孩子出生"
    assert event_name("birth", "1999").zh == "birth"


def test_all_that_is_wrong_with_an_edition_is_named_at_once():
    with pytest.raises(InvalidLifeEvents) as found:
        parse_life_events(BROKEN, items=built_in().items)

    assert [*map(str, found.value.problems)] == [
        "birth.no-such-item：目录里没有这个事项",
        "birth.advice：不是个人可以申请的办件",
        "birth.employer-change：问题 mother 没有选项 no",
        "birth.employer-change：不是个人可以申请的办件",
        "birth.birth-costs：问题 settled 没有选项 perhaps",
    ]
