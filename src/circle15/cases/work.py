"""Work lists: which cases wait for whom, in pages that cost the same however far one reads."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Q, QuerySet

from circle15.accounts.actors import Actor
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.cases import seeing
from circle15.cases.lines import CaseLine, line_of
from circle15.cases.models import (
    Case,
)
from circle15.cases.states import (
    ENDED,
    OPEN,
    TO_HAND_OUT,
    UNDER_WAY,
    WAITING,
    CaseState,
)
from circle15.cases.tallies.counted import Counted, rows_of
from circle15.core.identifiers import canonical_social_credit_code, is_social_credit_code
from circle15.ledger.people.models import ServedOrganisation

PAGE_SIZE = 50
LARGEST_PAGE = 200
DUE_SOON = timedelta(days=3)


class WorkKind(StrEnum):
    """The lists people work from."""

    MINE = "mine"
    FOLLOW = "follow"
    TO_TAKE_IN = "to_take_in"
    TO_SEND_UP = "to_send_up"
    QUEUE = "queue"
    REVIEW = "review"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    PROMISES = "promises"
    HAND_OUT = "hand_out"
    OPEN = "open"
    ENDED = "ended"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class WorkFilter:
    """Which cases; empty values do not narrow. `number` is the beginning of one.

    `site_path` is a site's or any area's. `organisation`: the code of one that applied, or a part
    of its name.
    """

    kind: WorkKind = WorkKind.OPEN
    item_key: str = ""
    state: str = ""
    channel: str = ""
    site_path: str = ""
    number: str = ""
    organisation: str = ""
    # What a number of the dashboards counts, over the days from `since` to `until`.
    counted: Counted | None = None
    since: date = date.min
    until: date = date.min
    site_kind: str = ""


@dataclass(frozen=True, slots=True)
class WorkPage:
    """A page of a work list; `after` asks for the next one, "" at the end."""

    lines: tuple[CaseLine, ...]
    after: str


def work_list(
    *, by: Actor, what: WorkFilter, on: date, after: str = "", size: int = PAGE_SIZE
) -> WorkPage:
    """Return a page of the actor's cases: what is wanted soonest first, ended ones newest first.

    Raises NotAllowed.
    """
    rows = work_rows(by=by, what=what, on=on)
    size = max(1, min(size, LARGEST_PAGE))
    if what.kind in {WorkKind.ENDED, WorkKind.ALL}:
        return _newest_first(rows, after, size)
    return _most_urgent_first(rows, after, size)


def work_rows(*, by: Actor, what: WorkFilter, on: date) -> QuerySet[Case]:
    """Return the cases of a work list without an order. Raises NotAllowed."""
    rows = seeing.visible(Case.objects.defer("form_sealed"), by)
    if by.area_path != EVERYWHERE:
        rows = rows.filter(seeing.indexed(by.area_path))
    return _narrowed(rows.filter(_of_kind(what.kind, by=by, on=on)), what)


def _of_kind(kind: WorkKind, *, by: Actor, on: date) -> Q:
    under_way = Q(state__in=UNDER_WAY)
    return {
        WorkKind.MINE: Q(owner_id=by.user_id, state__in=OPEN),
        WorkKind.FOLLOW: Q(first_owner_id=by.user_id, state__in=OPEN),
        WorkKind.TO_TAKE_IN: Q(state__in=[CaseState.SUBMITTED, CaseState.INCOMPLETE]),
        WorkKind.TO_SEND_UP: Q(state__in=[CaseState.SUBMITTED, *WAITING], handler_path=""),
        WorkKind.QUEUE: Q(state__in=WAITING, owner_id__isnull=True) & ~Q(handler_path=""),
        WorkKind.REVIEW: Q(state=CaseState.REVIEW) & ~Q(decided_by_id=by.user_id),
        WorkKind.DUE_SOON: under_way & Q(due_on__gte=on, due_on__lte=on + DUE_SOON),
        WorkKind.OVERDUE: under_way & Q(due_on__lt=on),
        WorkKind.PROMISES: under_way & Q(promise_due_on__isnull=False),
        WorkKind.HAND_OUT: Q(state__in=TO_HAND_OUT),
        WorkKind.OPEN: Q(state__in=[state for state in OPEN if state != CaseState.DRAFT]),
        WorkKind.ENDED: Q(state__in=ENDED),
        WorkKind.ALL: Q(),
    }[kind]


def _narrowed(rows: QuerySet[Case], what: WorkFilter) -> QuerySet[Case]:
    exact = {"item_key": what.item_key, "state": what.state, "channel": what.channel}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if what.counted is not None:
        rows = rows.filter(rows_of(what.counted, since=what.since, until=what.until))
    if what.site_path:
        rows = rows.filter(area_path__startswith=what.site_path)
    if what.site_kind:
        rows = rows.filter(site__kind=what.site_kind)
    if what.organisation:
        rows = rows.filter(_of_organisation(what.organisation))
    return rows.filter(number__startswith=what.number) if what.number else rows


def _of_organisation(typed: str) -> Q:
    """Find by the code in the register, else by the name as the case has it."""
    code = canonical_social_credit_code(typed)
    if is_social_credit_code(code):
        with area_scope(EVERYWHERE):
            rows = ServedOrganisation.objects.filter(credit_code=code)
            return Q(organisation_uid__in=[*rows.values_list("uid", flat=True)])
    return Q(organisation_uid__isnull=False, organisation_name__icontains=typed)


def _most_urgent_first(rows: QuerySet[Case], after: str, size: int) -> WorkPage:
    day, _, last = after.partition(".")
    if last.isdecimal():
        try:
            urgent_on = date.fromisoformat(day)
        except ValueError:
            return WorkPage((), "")
        later = Q(urgent_on__gt=urgent_on) | Q(urgent_on=urgent_on, id__gt=int(last))
        rows = rows.filter(later, urgent_on__gte=urgent_on)
    page = list(rows.order_by("urgent_on", "id")[: size + 1])
    more = f"{page[size - 1].urgent_on}.{page[size - 1].pk}" if len(page) > size else ""
    return WorkPage(tuple(line_of(one) for one in page[:size]), more)


def _newest_first(rows: QuerySet[Case], after: str, size: int) -> WorkPage:
    if after.isdecimal():
        rows = rows.filter(id__lt=int(after))
    page = list(rows.order_by("-id")[: size + 1])
    more = str(page[size - 1].pk) if len(page) > size else ""
    return WorkPage(tuple(line_of(one) for one in page[:size]), more)
