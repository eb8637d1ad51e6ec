"""Open an order: from a bad rating in the same transaction, or from what somebody says."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from circle15.accounts.actors import Actor, system_actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.sealing import blind_index, seal
from circle15.accounts.states import Permission
from circle15.accounts.steps import kept_words
from circle15.areas import scope
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.cases.actions.numbers import county_of
from circle15.core.deadlines import standard_reckoner
from circle15.core.identifiers.phone import is_phone
from circle15.core.uids import new_uid
from circle15.ratings.handlings import Handling, name_of_staff
from circle15.ratings.models import WORDS_LENGTH, Order, Rating
from circle15.ratings.orders.life import advance, begin
from circle15.ratings.refusals import AlreadyKnown, NeedsWords, NoPhone
from circle15.ratings.states import CameFrom, OrderKind, OrderState, OrderStep
from circle15.ratings.topics import topics_of
from circle15.sites.models import Site
from circle15.sites.states import SiteStatus
from circle15.standards.ratings import rating_rules

KIND = "rating_order"
SHORTEST = 2
_NEXT = """
INSERT INTO ratings_ordercounter (area_path, day, last) VALUES (%s, %s, 1)
ON CONFLICT (area_path, day) DO UPDATE SET last = ratings_ordercounter.last + 1
RETURNING last
"""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, as far as they want to be known."""

    person_uid: UUID | None = None
    name: str = ""
    phone: str = ""

    @property
    def is_known(self) -> bool:
        return bool(self.person_uid or self.phone.strip())


def check_asker(asker: Asker) -> None:
    """Let only a number that can be called stand for a name. Raises NoPhone."""
    if asker.phone.strip() and not is_phone(asker.phone):
        raise NoPhone


@dataclass(frozen=True, slots=True)
class Matter:
    """What somebody complains of or suggests; without a site it is the county's or city's."""

    kind: str
    text: str
    came_from: str
    site_code: str = ""
    external_number: str = ""
    is_complex: bool = False


def open_for_rating(rating: Rating, handling: Handling, *, asker: Asker, at: datetime) -> UUID:
    """Open the order of a bad rating and give it to who handled the matter (谁办理、谁负责)."""
    order = _order(rating.area_path, at=at, asker=asker)
    order.kind, order.came_from = OrderKind.BAD_RATING, CameFrom.RATING
    order.rating, order.text, order.topics = rating, rating.text, rating.topics
    order.site_id, order.site_name = handling.site_id, handling.site_name
    order.item_key, order.about_id = handling.item_key, rating.staff_id
    order.is_synthetic = rating.is_synthetic
    if asker.is_known and handling.case_uid is not None:
        case = str(handling.case_uid)
        order.case_sealed = seal(case, field="case", uid=order.uid, kind=KIND)
    begin(order, at=at)
    if rating.staff_id is not None:
        order.owner_id, order.owner_name = rating.staff_id, name_of_staff(rating.staff_id)
        advance(order, OrderStep.ASSIGN, by=system_actor("circle15"), at=at)
    return order.uid


# Clauses: D-76, W-38, W-47, Q-61
def open_from_home(matter: Matter, *, asker: Asker, at: datetime) -> UUID:
    """Take a complaint, opinion or suggestion from anybody.

    Raises NeedsWords, NoPhone, NotFound.
    """
    with area_scope(EVERYWHERE):
        sites = Site.objects.filter(status=SiteStatus.OPEN)
        return _opened(matter, asker, sites.filter(code=matter.site_code).first(), at=at).uid


def open_for_somebody(matter: Matter, *, asker: Asker, by: Actor, at: datetime) -> Order:
    """Write down what somebody said at a window, by phone or by letter; or another house's order.

    The same external number again is the same order. Raises NotAllowed, NotFound, NeedsWords,
    AlreadyKnown, NoPhone.
    """
    demand(by, Permission.ENTER_RATINGS)
    site = scope.within(Site.objects.all(), by.area_path).filter(code=matter.site_code).first()
    if site is None:
        raise NotFound
    if matter.external_number:
        known = _known(matter)
        if known is not None:
            return known
    try:
        return _opened(matter, asker, site, by=by, at=at)
    except IntegrityError:  # it came twice at once, or it is another area's
        if not matter.external_number:
            raise
        known = _known(matter)
        if known is None:
            raise AlreadyKnown from None
        return known


def _known(matter: Matter) -> Order | None:
    """Return the order of an external number, if it came before. Raises AlreadyKnown."""
    rows = Order.objects.filter(came_from=matter.came_from)
    known = rows.filter(external_number=matter.external_number).first()
    words = kept_words(matter.text, WORDS_LENGTH)
    if known is not None and (known.text != words or known.kind != matter.kind):
        raise AlreadyKnown
    return known


def secret_of(uid: UUID) -> str:
    """Return what the link of an order proves: 128 keyed bits, stored nowhere."""
    return blind_index(str(uid), field="order", kind=KIND)


@transaction.atomic
def _opened(
    matter: Matter, asker: Asker, site: Site | None, *, at: datetime, by: Actor | None = None
) -> Order:
    check_asker(asker)
    text = kept_words(matter.text, WORDS_LENGTH)
    if len(text) < SHORTEST:
        raise NeedsWords
    if site is None:
        raise NotFound
    order = _order(site.area_path, at=at, asker=asker)
    order.kind, order.came_from = OrderKind(matter.kind), CameFrom(matter.came_from)
    order.text, order.topics = text, topics_of(text)
    order.site_id, order.site_name = site.pk, site.name
    order.external_number = matter.external_number
    order.is_synthetic = site.is_synthetic
    if matter.is_complex:
        order.is_complex = True
        order.answer_due_on = answer_due(order.received_on, is_complex=True)
    begin(order, by=by, at=at)
    return order


def answer_due(received_on: date, *, is_complex: bool) -> date:
    """Return by when a matter is to be answered."""
    days = rating_rules().deadlines["complex" if is_complex else "simple"]
    return standard_reckoner().due(received_on, days)


def _order(area_path: str, *, at: datetime, asker: Asker) -> Order:
    uid, on = new_uid(), timezone.localdate(at)
    return Order(
        uid=uid,
        number=_number(area_path, on),
        area_path=area_path,
        state=OrderState.RECEIVED,
        since=at,
        received_on=on,
        answer_due_on=answer_due(on, is_complex=False),
        is_real_name=asker.is_known,
        person_uid=asker.person_uid,
        name_sealed=seal(asker.name.strip()[:40], field="name", uid=uid, kind=KIND),
        phone_sealed=seal(asker.phone.strip()[:20], field="phone", uid=uid, kind=KIND),
    )


def _number(area_path: str, on: date) -> str:
    county = county_of(area_path)
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [county, on])
        last = cursor.fetchone()[0]
    code = county.strip("/").rpartition("/")[2]
    return f"P{code[:6]}{on:%Y%m%d}{last:04}"
