"""From draft to the catalogue in force: review, publish, withdraw; the one that comes with us."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotAllowed
from circle15.accounts.states import Permission
from circle15.items.first_days import first_day
from circle15.items.keeping import (
    ReasonMissing,
    UnusableItem,
    WrongEditionState,
    locked,
    move,
    noted,
    own_draft,
)
from circle15.items.models import Edition, ItemVersion
from circle15.items.states import EditionState
from circle15.standards.catalogue import Catalogue
from circle15.standards.catalogue_data import item_data
from circle15.standards.catalogue_library import built_in
from circle15.standards.catalogue_parser import catalogue_faults, parse_item


@transaction.atomic
def send_to_review(*, edition_id: int, change_note: str, by: Actor, at: datetime) -> Edition:
    """Hand one's own draft to a second person, with what changes and why.

    Raises UnusableItem naming what keeps the items from being a catalogue together.
    """
    draft, _every = locked(edition_id, by, Permission.DRAFT_ITEMS)
    own_draft(draft, by)
    if not change_note.strip():
        raise ReasonMissing
    _whole(draft)
    old = move(draft, EditionState.REVIEW)
    draft.change_note, draft.return_note = change_note.strip(), ""
    draft.save(update_fields=["state", "change_note", "return_note"])
    noted(draft, "review", by, at, old={"state": old}, new={"note": draft.change_note})
    return draft


@transaction.atomic
def send_back(*, edition_id: int, reason: str, by: Actor, at: datetime) -> Edition:
    """Give an edition under review back to who drafted it."""
    edition, _every = locked(edition_id, by, Permission.PUBLISH_ITEMS, Permission.DRAFT_ITEMS)
    if not reason.strip():
        raise ReasonMissing
    if edition.state != EditionState.REVIEW:
        raise WrongEditionState(_("只有待审核的目录可以退回。"))
    old = move(edition, EditionState.DRAFT)
    edition.return_note = reason.strip()
    edition.save(update_fields=["state", "return_note"])
    noted(edition, "back", by, at, old={"state": old}, new={"note": edition.return_note})
    return edition


@transaction.atomic
def give_up(*, edition_id: int, reason: str = "", by: Actor, at: datetime) -> Edition:
    """Give up a draft, also of somebody who has left: an open one keeps others from beginning."""
    draft, _every = locked(edition_id, by, Permission.DRAFT_ITEMS)
    if draft.state != EditionState.DRAFT:
        raise WrongEditionState(_("只有草稿可以放弃。"))
    return _end(draft, reason.strip(), by, at, "give_up")


# Clauses: D-17, D-24, W-07, Q-21, Q-67, J-62
@transaction.atomic
def publish(
    *, edition_id: int, in_force_from: date | None = None, by: Actor, at: datetime
) -> Edition:
    """Put an edition in force from a day, today unless given.

    Takes a second person: who drafted it may not (三权分立). A past day is refused, for cases of
    that day stand on the edition of then. Raises WrongFirstDay.
    """
    edition, every = locked(edition_id, by, Permission.PUBLISH_ITEMS)
    old = move(edition, EditionState.PUBLISHED)
    if edition.drafted_by_id is not None and edition.drafted_by_id == by.user_id:
        raise NotAllowed(_("起草人不能发布自己的目录，请由另一位有发布权限的同事发布。"))
    _whole(edition)
    today = timezone.localdate(at)
    days = [(each.in_force_from, each.number) for each in _published(every)]
    taken = {since: number for since, number in days if since is not None}
    edition.in_force_from = first_day(in_force_from or today, taken=taken, today=today)
    edition.published_by_id, edition.published_by = by.user_id, by.name
    edition.published_at = at
    edition.save(update_fields=_PUBLISHED)
    since = {"in_force_from": edition.in_force_from}
    noted(edition, "publish", by, at, old={"state": old}, new=since)
    return edition


_PUBLISHED = ("state", "in_force_from", "published_by_id", "published_by", "published_at")


@transaction.atomic
def withdraw(*, edition_id: int, reason: str, by: Actor, at: datetime) -> Edition:
    """Take a published edition back: the one before it counts again; cases keep their version.

    Takes a second person: who published it may not. Refused for an edition that a newer one has
    followed, and for the only one there is.
    """
    edition, every = locked(edition_id, by, Permission.PUBLISH_ITEMS)
    if edition.state != EditionState.PUBLISHED:
        raise WrongEditionState(_("只有已发布的目录可以停用。"))
    if not reason.strip():
        raise ReasonMissing
    if edition.published_by_id is not None and edition.published_by_id == by.user_id:
        raise NotAllowed(_("发布人不能停用自己发布的目录，请由另一位有发布权限的同事停用。"))
    _may_leave(edition, every, timezone.localdate(at))
    return _end(edition, reason.strip(), by, at, "withdraw")


def _may_leave(edition: Edition, every: list[Edition], today: date) -> None:
    others = [row.in_force_from for row in _published(every) if row.id != edition.id]
    begun = [day for day in others if day is not None and day <= today]
    since = edition.in_force_from
    assert since is not None  # by constraint: it is published
    if since > today:
        return
    if any(day > since for day in begun):
        raise WrongEditionState(_("这一版已由新版接替，不必停用。"))
    if not begun:
        raise WrongEditionState(_("停用后就没有施行的目录了，请先发布接替的一版。"))


def _end(edition: Edition, reason: str, by: Actor, at: datetime, verb: str) -> Edition:
    old = move(edition, EditionState.WITHDRAWN)
    edition.withdrawn_by, edition.withdrawn_at = by.name, at
    edition.withdrawn_why = reason
    edition.save(update_fields=["state", "withdrawn_by", "withdrawn_at", "withdrawn_why"])
    noted(edition, verb, by, at, old={"state": old}, new={"note": reason})
    return edition


def _published(every: list[Edition]) -> list[Edition]:
    return [row for row in every if row.state == EditionState.PUBLISHED]


def _whole(edition: Edition) -> None:
    rows = edition.versions.order_by("position", "id")
    problems = catalogue_faults({row.key: parse_item(row.data) for row in rows})
    if problems:
        raise UnusableItem(problems)


@transaction.atomic
def install_built_in(*, by: Actor, at: datetime) -> int:
    """Put in the catalogue that comes with the house, once; returns how many editions that were.

    It counts from its own day while the installation has none. Where there is one already it only
    lies ready as a base for the next draft.
    """
    catalogue = built_in()
    every = list(Edition.objects.select_for_update().order_by("id"))
    if any(row.is_built_in and row.version == catalogue.version for row in every):
        return 0
    edition = Edition.objects.create(
        number=max((row.number for row in every), default=0) + 1,
        version=catalogue.version,
        title=catalogue.title.zh,
        title_en=catalogue.title.en,
        is_built_in=True,
        digest=catalogue.digest,
        drafted_by=by.name,
        drafted_at=at,
    )
    _fill(edition, catalogue)
    if _published(every):
        edition.state = EditionState.WITHDRAWN
        edition.withdrawn_by, edition.withdrawn_at = by.name, at
    else:
        edition.state = EditionState.PUBLISHED
        edition.in_force_from = catalogue.since or timezone.localdate(at)
        edition.published_by, edition.published_at = by.name, at
    edition.save()
    noted(edition, "install", by, at)
    return 1


def _fill(edition: Edition, catalogue: Catalogue) -> None:
    ItemVersion.objects.bulk_create(
        ItemVersion(
            edition=edition,
            key=item.key,
            position=position,
            data=item_data(item),
            digest=item.digest,
        )
        for position, item in enumerate(catalogue.items.values(), start=1)
    )
