"""What both registers have in common: where, when, about whom, and how a line is struck out."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.states import Permission
from circle15.accounts.steps import kept_words
from circle15.areas import scope
from circle15.audit.actions import record
from circle15.cases.service_models import Consultation, ServiceRecord
from circle15.ledger.people.cards import PersonCard
from circle15.ledger.people.looking import card
from circle15.sites.models import Site
from circle15.sites.states import SiteStatus

# What is written down later than this would be written from memory.
LATEST = timedelta(days=31)
LONGEST_MINUTES = 720
REASON_LENGTH = 200

Row = TypeVar("Row", ServiceRecord, Consultation)


class UnusableEntry(Refused):
    """What was filled in cannot be so; `problems` names each field with what is wrong."""

    def __init__(self, problems: tuple[tuple[str, str], ...]) -> None:
        super().__init__("；".join(words for _name, words in problems))
        self.problems = problems


class AlreadyStruck(Refused):
    def __init__(self) -> None:
        super().__init__(_("这条记录已经作废，不用重复操作。"))


class NotYoursToStrike(Refused):
    def __init__(self) -> None:
        super().__init__(_("当天本人记的可以自己作废，其他的请负责人作废。"))


class NeedsWhy(Refused):
    def __init__(self) -> None:
        super().__init__(_("请填写作废原因。"))


@dataclass(slots=True)
class Problems:
    """Collects what is wrong, so that all of it can be said at once."""

    found: list[tuple[str, str]] = field(default_factory=list)

    def note(self, name: str, words: str, *, is_so: bool = True) -> None:
        if is_so:
            self.found.append((name, words))

    def settle(self) -> None:
        """Raise UnusableEntry if anything is wrong."""
        if self.found:
            raise UnusableEntry(tuple(self.found))


def site_of(code: str, by: Actor) -> Site:
    """Return an open site where the actor may make entries. Raises NotAllowed, NotFound."""
    demand(by, Permission.TAKE_IN)
    rows = scope.within(Site.objects.filter(status=SiteStatus.OPEN), by.area_path)
    site = rows.filter(code=code).first()
    if site is None:
        raise NotFound
    return site


def check_when(done_on: date, minutes: int | None, problems: Problems, *, at: datetime) -> None:
    """Refuse days to come, days long past and lengths nobody can mean."""
    today = timezone.localdate(at)
    problems.note("done_on", _("日期不能晚于今天。"), is_so=done_on > today)
    too_late = _("只能补记%(days)s天以内的记录。") % {"days": LATEST.days}
    problems.note("done_on", too_late, is_so=done_on < today - LATEST)
    is_wrong = minutes is not None and not 1 <= minutes <= LONGEST_MINUTES
    words = _("时长应在 1 到 %(most)s 分钟之间。") % {"most": LONGEST_MINUTES}
    problems.note("minutes", words, is_so=is_wrong)


def person_of(uid: UUID | None, *, by: Actor, at: datetime, purpose: str) -> PersonCard | None:
    """Look up whom an entry is about; the look stands on the trail. Raises NotFound."""
    return None if uid is None else card(uid, by=by, at=at, purpose=purpose)


def note_entry(
    row: ServiceRecord | Consultation, verb: str, *, by: Actor, at: datetime, **new: object
) -> None:
    """Put what was done to a line on the trail, without the person."""
    record(
        who=by.who,
        verb=f"{row._meta.model_name}.{verb}",  # noqa: SLF001 -- Django's public name for it
        target_kind=str(row._meta.model_name),  # noqa: SLF001 -- as above
        target_id=str(row.uid),
        area_path=row.area_path,
        at=at,
        new={"done_on": row.done_on, **new},
    )


def may_strike(row: ServiceRecord | Consultation, by: Actor, *, on: date) -> bool:
    """Tell whether a line is the actor's to strike out: one's own of today, else a supervisor's."""
    if row.struck_at is not None:
        return False
    is_own = by.user_id is not None and row.recorded_by_id == by.user_id
    is_fresh = timezone.localdate(row.recorded_at) == on
    return by.can(Permission.SUPERVISE_CASES) or (
        by.can(Permission.TAKE_IN) and is_own and is_fresh
    )


@transaction.atomic
def strike(kind: type[Row], *, uid: UUID, why: str, by: Actor, at: datetime) -> Row:
    """Strike a line out, with a reason: it stays to be read and counts no more.

    Raises NotAllowed, NotFound, AlreadyStruck, NotYoursToStrike, NeedsWhy.
    """
    demand(by, Permission.TAKE_IN)
    rows = scope.within(kind._default_manager.select_for_update(), by.area_path)  # noqa: SLF001 -- Django's public name for it
    row = rows.filter(uid=uid).first()
    if row is None:
        raise NotFound
    if row.struck_at is not None:
        raise AlreadyStruck
    if not may_strike(row, by, on=timezone.localdate(at)):
        raise NotYoursToStrike
    why = kept_words(why, REASON_LENGTH)
    if not why:
        raise NeedsWhy
    row.struck_at, row.struck_by, row.struck_why = at, by.name[:80], why
    row.save(update_fields=["struck_at", "struck_by", "struck_why"])
    note_entry(row, "strike", by=by, at=at, why=why)
    return row
