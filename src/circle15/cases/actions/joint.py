"""一件事联办: all that follows from one thing in a life, taken in at once or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.steps import Numbered, tell_step
from circle15.cases.actions import intake, window
from circle15.cases.actions.life import day_of, name_of
from circle15.cases.joint import JointView, view_of
from circle15.cases.joint_models import JointCase, JointHandling
from circle15.cases.lines import CaseLine
from circle15.cases.looked_up import LookedUp
from circle15.cases.models import Case
from circle15.cases.refusals import JointRefused, NothingChosen
from circle15.cases.states import Channel, Mode
from circle15.ledger.files import UnsafeFile
from circle15.standards.life_events import LifeEvent, LifeEvents, life_events_on
from circle15.standards.service_items import item_name

if TYPE_CHECKING:
    from circle15.standards.text import Text


@dataclass(frozen=True, slots=True)
class JointItem:
    """One item of a joint handling: what was answered, filled in and shown for it."""

    item_key: str
    answers: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    given: tuple[str, ...] = ()
    shared: Mapping[str, LookedUp] = field(default_factory=dict)
    committed: tuple[str, ...] = ()
    pictures: Mapping[str, tuple[bytes, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Together:
    """What happened to whom, where they stand, and which items are taken in for it."""

    event_key: str
    site_code: str
    person_uid: UUID
    items: tuple[JointItem, ...]
    agent_uid: UUID | None = None
    channel: str = Channel.WINDOW
    mode: str = Mode.ORDINARY
    ticket_uid: UUID | None = None


# Clauses: J-86
@transaction.atomic
def take_in_together(what: Together, *, by: Actor, at: datetime) -> JointView:
    """Take in all items of a life event as cases of their own, bound by one record.

    Each goes as at a window: accepted where its papers are all there, else submitted for a notice
    or for conditional intake. Is one of them refused, none is taken in. Raises NotAllowed,
    NotFound, SiteNotOpen, NothingChosen, JointRefused naming every problem at once.
    """
    demand(by, Permission.TAKE_IN)
    edition = life_events_on(day_of(at))
    event = edition.events.get(what.event_key)
    keys = [each.item_key for each in what.items]
    if event is None or len({*keys}) < len(keys) or {*keys} - {e.item for e in event.items}:
        raise NotFound
    if not keys:
        raise NothingChosen
    lines = _take_in(what, by=by, at=at)
    joint = _bind(what, lines, edition, event, by=by, at=at)
    new = {"event": event.key, "edition": edition.version, "cases": [one.number for one in lines]}
    tell_step(
        Numbered("joint", joint.uid, "", joint.area_path), "take_in", who=by.who, at=at, new=new
    )
    return view_of(joint)


def _take_in(what: Together, *, by: Actor, at: datetime) -> list[CaseLine]:
    """Take in each of the items; what is refused is gathered, so that all of it is said."""
    lines: list[CaseLine] = []
    problems: list[tuple[Text, str]] = []
    for one in what.items:
        try:
            with transaction.atomic():
                lines.append(window.take_in(_intake(what, one), by=by, at=at))
        except (NotAllowed, NotFound):
            raise
        except (Refused, UnsafeFile) as refusal:
            problems.append((item_name(one.item_key), str(refusal)))
    if problems:
        raise JointRefused(problems)
    return lines


def _intake(what: Together, one: JointItem) -> window.Intake:
    return window.Intake(
        item_key=one.item_key,
        site_code=what.site_code,
        person_uid=what.person_uid,
        agent_uid=what.agent_uid,
        channel=what.channel,
        mode=what.mode,
        answers=one.answers,
        form=one.form,
        ticket_uid=what.ticket_uid,
        given=one.given,
        shared=one.shared,
        committed=one.committed,
        pictures=one.pictures,
    )


def _bind(  # noqa: PLR0913 -- what a joint handling consists of
    what: Together,
    lines: list[CaseLine],
    edition: LifeEvents,
    event: LifeEvent,
    *,
    by: Actor,
    at: datetime,
) -> JointHandling:
    first, site = lines[0], intake.site_of(what.site_code, by)
    assert site is not None
    assert by.user_id is not None
    joint = JointHandling.objects.create(
        event_key=event.key,
        event_version=edition.version,
        person_uid=what.person_uid,
        person_name=first.person_name,
        site=site,
        site_name=first.site_name,
        area_path=first.area_path,
        clerk_id=by.user_id,
        clerk_name=name_of(by),
        handled_at=at,
        is_synthetic=first.is_synthetic,
    )
    with area_scope(EVERYWHERE):
        ids = dict(Case.objects.filter(uid__in=[one.uid for one in lines]).values_list("uid", "pk"))
        JointCase.objects.bulk_create(
            JointCase(joint=joint, case_id=ids[one.uid], position=position)
            for position, one in enumerate(lines, 1)
        )
    return joint
