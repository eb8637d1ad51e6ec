"""Joint handlings of the demo: a birth and a retirement, taken in at once at two windows."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from circle15.accounts.actors import Actor
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.cases.actions import deciding
from circle15.cases.actions.joint import JointItem, Together, take_in_together
from circle15.cases.joint import events_of
from circle15.cases.queries import cases_of_person
from circle15.cases.states import CaseState
from circle15.cases.texting import sending
from circle15.items.joint import Following, following
from circle15.items.queries import catalogue_on
from circle15.ledger.people.queries import PeopleFilter, people_in_order
from circle15.ops.demo.cases import Counter, Nowhere, answered, counters
from circle15.standards.life_events import life_events_on

# What happened, how many days ago, and what was answered at the window.
_EVENTS: tuple[tuple[str, int, Mapping[str, str]], ...] = (
    ("birth", 1, {"mother": "yes", "bills": "unpaid", "share": "no"}),
    ("retirement", 4, {"payer": "self", "living": "elsewhere"}),
)
_PEOPLE_FROM = 45
_SHANGHAI = ZoneInfo("Asia/Shanghai")
_WHILE_THEY_WAIT = timedelta(minutes=6)


def ensure(*, by: Actor, at: datetime, today: date) -> int:
    """Take in what follows from things in people's lives, unless it was done; return how often."""
    with area_scope(EVERYWHERE):
        everybody = people_in_order(by, PeopleFilter(), on=today).object_list
        # A small city of the tests has fewer people: its last ones then.
        people = everybody[max(0, min(_PEOPLE_FROM, len(everybody) - len(_EVENTS))) :]
        known = [line.uid for each in people[:1] for line in cases_of_person(each.uid, by=by)]
        if not people or events_of(known):
            return 0
        for person, counter, (event, days, said) in zip(people, counters(), _EVENTS, strict=False):
            day = today - timedelta(days=days)
            moment = min(datetime.combine(day, time(10, 20), _SHANGHAI), at - _WHILE_THEY_WAIT)
            found = following(life_events_on(day).events[event], catalogue_on(day), said)
            items = tuple(_item(each) for each in found)
            _take_in(Together(event, counter.site_code, person.uid, items), counter, at=moment)
        sending.send_due_by(Nowhere(), at=at)
        return len(_EVENTS)


def _item(each: Following) -> JointItem:
    answers, made = answered(each.item, each.answers)
    keys = tuple(paper.key for paper in made.materials if paper.is_required)
    return JointItem(each.item.key, answers, given=keys)


def _take_in(what: Together, counter: Counter, *, at: datetime) -> None:
    """Take all of it in, and do what is instant while the person waits."""
    catalogue = catalogue_on(at.date())
    for line in take_in_together(what, by=counter.clerk, at=at).cases:
        if catalogue.items[line.item_key].limit.is_instant and line.state == CaseState.ACCEPTED:
            later = at + _WHILE_THEY_WAIT
            deciding.finish_at_window(case_uid=line.uid, by=counter.clerk, at=later)
