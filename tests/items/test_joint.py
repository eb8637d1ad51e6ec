"""What follows from a life event, and the union of its papers."""

from datetime import date

from circle15.items.joint import Following, following, longest, papers_once, together
from circle15.items.search.events import events_like
from circle15.standards.catalogue import Authority, Place
from circle15.standards.catalogue_library import built_in
from circle15.standards.life_events import life_events_on

EVENTS = life_events_on(date(2026, 11, 23))
UNPAID = {"mother": "yes", "bills": "unpaid", "share": "no"}


def born(**answers: str) -> tuple[Following, ...]:
    return following(EVENTS.events["birth"], built_in(), UNPAID | answers)


# Clauses: J-86
def test_answers_decide_which_items_follow():
    assert [each.item.key for each in born()] == [
        "newborn",
        "antenatal-costs",
        "birth-costs",
        "maternity-allowance",
    ]
    assert [each.item.key for each in born(mother="no")] == ["newborn"]
    assert following(EVENTS.events["birth"], built_in(), {"mother": "nobody"})[1:] == ()


def test_the_same_paper_is_asked_for_once_as_strictly_as_anybody_wants_it():
    papers = papers_once((each.item, each.tailored.materials) for each in born())

    needed = {each.material.name.zh: [item.key for item, _m in each.needed] for each in papers}
    record = next(each for each in papers if each.material.name.zh == "病历资料")

    costs = ["antenatal-costs", "birth-costs"]
    assert needed["费用清单"] == needed["医院收费票据（含电子票据）"] == costs
    assert needed["病历资料"] == ["birth-costs", "maternity-allowance"]
    assert [material.is_deferrable for _item, material in record.needed] == [True, False]
    assert not record.material.is_deferrable
    assert len({each.key for each in papers}) == len(papers)


def test_papers_no_answer_speaks_for_any_more_are_not_told_of():
    retired = EVENTS.events["retirement"]
    answers = {"payer": "self", "living": "here"}
    enrolment = following(retired, built_in(), answers)[1]

    assert [each.key for each in enrolment.possible] == ["id-document", "retirement-approval"]


def test_all_of_it_is_done_where_the_least_of_the_items_is_and_takes_as_long_as_the_longest():
    whole = together(born())

    assert whole.authority(Place.TOWN) == Authority.TAKE_IN
    assert whole.authority(Place.VILLAGE) == Authority.NONE
    assert longest(born()).limit.promised_days == 20


def test_events_are_found_by_what_people_say():
    assert [each.key for each in events_like("生孩子", EVENTS)][:1] == ["birth"]
    assert [each.key for each in events_like("随子女养老", EVENTS)] == ["living-elsewhere"]
    assert events_like("社保卡补办", EVENTS) == ()
