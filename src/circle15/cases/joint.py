"""Reads of joint handlings: one with its cases, the one a case belongs to, and by its receipt."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.crypto import constant_time_compare

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.sealing import blind_index
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.cases.joint_models import JointCase, JointHandling
from circle15.cases.lines import CaseLine, PublicView, line_of
from circle15.cases.models import Case
from circle15.cases.queries import public_view
from circle15.cases.seeing import secret_of
from circle15.standards.life_events import event_name
from circle15.standards.text import Text


@dataclass(frozen=True, slots=True)
class JointView:
    """A joint handling with its cases in the order in which they were taken in."""

    uid: UUID
    event_key: str
    event_name: Text
    event_version: str
    person_uid: UUID
    person_name: str
    site_name: str
    area_path: str
    clerk_name: str
    handled_at: datetime
    is_synthetic: bool
    cases: tuple[CaseLine, ...]


@dataclass(frozen=True, slots=True)
class JointPublic:
    """What whoever holds the receipt of a joint handling may know: each case with its own code."""

    event_name: Text
    handled_at: datetime
    site_name: str
    cases: tuple[tuple[PublicView, str], ...]


def joint(uid: UUID, *, by: Actor) -> JointView:
    """Return a joint handling of the actor's area. Raises NotFound, NotAllowed."""
    demand(by, Permission.VIEW_CASES)
    found = scope.within(JointHandling.objects.filter(uid=uid), by.area_path).first()
    if found is None:
        raise NotFound
    return view_of(found)


def joint_of(case_uid: UUID) -> JointView | None:
    """Return the joint handling a case belongs to, if it does.

    For whoever sees the case; which of the others have a page for them is theirs to find out.
    """
    with area_scope(EVERYWHERE):
        found = JointHandling.objects.filter(members__case__uid=case_uid).first()
    return view_of(found) if found else None


def events_of(case_uids: Iterable[UUID]) -> Mapping[UUID, Text]:
    """Name the life events of those among some cases that were taken in jointly."""
    with area_scope(EVERYWHERE):
        rows = JointCase.objects.filter(case__uid__in=list(case_uids)).order_by("id")
        wanted = ("case__uid", "joint__event_key", "joint__event_version")
        return {uid: event_name(key, version) for uid, key, version in rows.values_list(*wanted)}


def view_of(found: JointHandling) -> JointView:
    """Return a joint handling the caller may see, with its cases."""
    with area_scope(EVERYWHERE):
        cases = _cases(found)
        lines = tuple(line_of(one) for one in cases)
    return JointView(
        uid=found.uid,
        event_key=found.event_key,
        event_name=event_name(found.event_key, found.event_version),
        event_version=found.event_version,
        person_uid=found.person_uid,
        person_name=found.person_name,
        site_name=found.site_name,
        area_path=found.area_path,
        clerk_name=found.clerk_name,
        handled_at=found.handled_at,
        is_synthetic=found.is_synthetic,
        cases=lines,
    )


def joint_secret(uid: UUID) -> str:
    """Return what the code of a joint receipt proves: 128 keyed bits, stored nowhere."""
    return blind_index(str(uid), field="receipt", kind="joint")


def joint_by_receipt(uid: UUID, secret: str) -> JointPublic | None:
    """Return what the holder of a joint receipt may know; None for a wrong one."""
    if not constant_time_compare(joint_secret(uid), secret):
        return None
    with area_scope(EVERYWHERE):
        found = JointHandling.objects.filter(uid=uid).first()
        if found is None:
            return None
        cases = tuple((public_view(one), secret_of(one.uid)) for one in _cases(found))
    name = event_name(found.event_key, found.event_version)
    return JointPublic(name, found.handled_at, found.site_name, cases)


def _cases(found: JointHandling) -> Iterable[Case]:
    rows = Case.objects.filter(joined__joint=found).defer("form_sealed")
    return rows.order_by("joined__position", "id")
