"""Give a rating: once for each handling, of one's own free will, and nobody learns by whom."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.states import Permission
from circle15.accounts.steps import kept_words
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.actions import record
from circle15.audit.states import Who
from circle15.cases.exchange_states import HookEvent
from circle15.cases.partners.telling import tell_area
from circle15.ratings import tallies
from circle15.ratings.handlings import Handling, check_open
from circle15.ratings.models import Rating
from circle15.ratings.orders.opening import Asker, check_asker, open_for_rating
from circle15.ratings.refusals import AlreadyRated, NeedsWhy, NotByTheRated, UnusableRating
from circle15.ratings.states import ENTERED, RatedBy
from circle15.ratings.topics import topics_of
from circle15.standards.ratings import labels, rating_rules

# The trail must not tell who rated either.
RATER = Who(id=None, name="rater", role="rater")
_NAMED = re.compile(r"(我叫|我名叫|姓名[是为:：]?)\s*[\u4e00-\u9fff]{2,4}")


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody says; labels belong to the grades, the person is rated at windows only.

    `asker` is who gave a name or a number, so that the bad ones are answered.
    """

    item_grade: int
    person_grade: int | None = None
    labels: Sequence[str] = ()
    text: str = ""
    is_default: bool = False
    asker: Asker = field(default_factory=Asker)


@dataclass(frozen=True, slots=True)
class Rated:
    """A rating that was kept; with a bad one comes the order that follows from it."""

    uid: UUID
    is_bad: bool
    order_uid: UUID | None


# Clauses: D-70, J-47
def rate(
    handling: Handling, given: Given, *, channel: RatedBy, at: datetime, by: Actor | None = None
) -> Rated:
    """Keep a rating, count it, and open an order where it is bad, all in one transaction.

    `by` is the member of staff who writes a hotline call or a sheet of paper down: never who was
    rated. Raises AlreadyRated, TooLateToRate, NeedsWhy, NoPhone, UnusableRating, NotAllowed.
    """
    if by is not None:
        _may_enter(handling, channel, by)
    _check(given, handling, channel)
    check_asker(given.asker)
    with area_scope(EVERYWHERE):
        check_open(handling, on=timezone.localdate(at))
        rating = _kept(handling, given, channel=channel, by=by, at=at)
        if rating.is_summed:
            tallies.add(rating)
        is_bad = tallies.is_bad(rating) and not rating.is_default
        order = open_for_rating(rating, handling, asker=given.asker, at=at) if is_bad else None
        _tell(rating, by=by, at=at)
        _tell_partners(rating, is_bad=is_bad, at=at)
    return Rated(rating.uid, is_bad, order)


def said(text: str, most: int) -> str:
    """Return free text as it is kept: on one line, numbers and told names masked."""
    return _NAMED.sub(r"\1**", kept_words(text, None))[:most]


def _may_enter(handling: Handling, channel: RatedBy, by: Actor) -> None:
    demand(by, Permission.ENTER_RATINGS)
    is_own = by.user_id is not None and by.user_id == handling.staff_id
    if is_own and channel in ENTERED:
        raise NotByTheRated


def _check(given: Given, handling: Handling, channel: RatedBy) -> None:
    rules, known = rating_rules(), labels()
    grades = [given.item_grade, *([] if given.person_grade is None else [given.person_grade])]
    is_wrong = any(grade not in rules.grades for grade in grades)
    is_wrong |= any(code not in known or known[code].grade not in grades for code in given.labels)
    rates_person = handling.is_visit and rules.ways[channel].rates_person
    if is_wrong or (given.person_grade is not None and not rates_person):
        raise UnusableRating
    is_bad = any(rules.is_bad(grade) for grade in grades)
    told = given.text.strip() or any(rules.is_bad(known[code].grade) for code in given.labels)
    if is_bad and not told and not given.is_default:
        raise NeedsWhy


def _kept(
    handling: Handling, given: Given, *, channel: RatedBy, by: Actor | None, at: datetime
) -> Rating:
    text = said(given.text, rating_rules().text_length)
    codes = list(dict.fromkeys(given.labels))
    # Who answers in the end goes before what was assumed.
    for former in Rating.objects.filter(handling=handling.key, is_default=True):
        if former.is_summed:
            tallies.add(former, -1)
        former.delete()
    values = Rating(
        handling=handling.key,
        site_id=handling.site_id,
        area_path=handling.area_path,
        served_on=handling.served_on,
        item_key=handling.item_key,
        channel=channel,
        labels_version=rating_rules().labels,
        item_grade=given.item_grade,
        person_grade=given.person_grade,
        labels=codes,
        topics=topics_of(text, codes),
        text=text,
        is_default=given.is_default,
        is_real_name=given.asker.is_known,
        # Of a finished day: in neither sum nor list before tomorrow, or both tell who rated now.
        is_summed=handling.served_on >= timezone.localdate(at),
        staff_id=handling.staff_id,
        entered_by_id=by.user_id if by else None,
        entered_by=by.name[:80] if by else "",
        recorded_at=at,
        is_synthetic=handling.is_synthetic,
    )
    try:
        with transaction.atomic():
            values.save(force_insert=True)
    except IntegrityError as error:  # somebody else was quicker with the same link
        raise AlreadyRated from error
    return values


def _tell_partners(rating: Rating, *, is_bad: bool, at: datetime) -> None:
    """Tell of a rating that was given: its site and day, and whether an order follows from it."""
    if rating.is_default:
        return
    what = {
        "uid": str(rating.uid),
        "site": rating.site.code if rating.site else "",
        "served_on": rating.served_on.isoformat(),
        "grade": "bad" if is_bad else "good",
    }
    tell_area(rating.area_path, HookEvent.RATING_RECEIVED, what, kind="rating", at=at)


def _tell(rating: Rating, *, by: Actor | None, at: datetime) -> None:
    record(
        who=by.who if by else RATER,
        verb="rating.give",
        target_kind="rating",
        target_id=str(rating.uid),
        area_path=rating.area_path,
        at=at,
        new={"channel": rating.channel, "grade": rating.item_grade},
    )
