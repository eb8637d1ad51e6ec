"""Cases of invented employers: who comes for them, a second visit, different items."""

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from circle15.accounts.actors import Actor
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.cases.actions import window
from circle15.cases.actions.window import Intake
from circle15.cases.organisations import cases_of_organisation
from circle15.items.queries import catalogue_on
from circle15.ledger.people.cards import PersonCard
from circle15.ledger.people.queries import PeopleFilter, organisations_in_order, people_in_order
from circle15.ops.demo.cases import Counter, answered, counters
from circle15.standards.organisation_cases import organisation_cases

# Which employer comes how many days ago for what; the last one has come before.
_VISITS = (
    (0, 6, "employer-record"),
    (1, 4, "employer-change"),
    (2, 3, "maternity-allowance"),
    (0, 1, "employer-change"),
)
_AGENTS_FROM = 40
_SHANGHAI = ZoneInfo("Asia/Shanghai")


def ensure(*, by: Actor, at: datetime, today: date) -> int:
    """Let employers come, unless they did; return how often."""
    with area_scope(EVERYWHERE):
        firms = organisations_in_order(by, register="employers").object_list
        if not firms or cases_of_organisation(firms[0].uid, by=by):
            return 0
        people = people_in_order(by, PeopleFilter(), on=today).object_list[_AGENTS_FROM:]
        windows = counters()
        for which, days, item_key in _VISITS:
            _visit(
                firms[which].uid,
                people[which],
                windows[which % len(windows)],
                item_key,
                at=min(datetime.combine(today - timedelta(days=days), time(10), _SHANGHAI), at),
            )
        return len(_VISITS)


def _visit(
    firm_uid: UUID, agent: PersonCard, counter: Counter, item_key: str, *, at: datetime
) -> None:
    """Take a matter in with all its papers."""
    rules, item = organisation_cases(), catalogue_on(at.date()).items[item_key]
    answers, made = answered(rules.item(item), rules.known_answers(item_key))
    what = Intake(
        item_key=item_key,
        site_code=counter.site_code,
        organisation_uid=firm_uid,
        agent_uid=agent.uid,
        answers=answers,
        given=tuple(paper.key for paper in made.materials if paper.is_required),
    )
    window.take_in(what, by=counter.clerk, at=at)
