"""From draft to published: how a rule book gets a new edition."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.areas.scope import EVERYWHERE
from circle15.assessments.models import StoredEdition
from circle15.assessments.states import EDITION_TRANSITIONS, EditionState
from circle15.audit.actions import record
from circle15.standards.library import editions, source
from circle15.standards.parser import InvalidEdition, parse_edition


class UnusableEdition(Refused):
    """A text that is no edition; `problems` names everything wrong with it."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("；".join(problems))
        self.problems = problems


class WrongEditionState(Refused):
    """The edition cannot go from its state to the wanted one."""


def _noted(
    stored: StoredEdition, verb: str, by: Actor, at: datetime, old: str | None = None
) -> None:
    record(
        who=by.who,
        verb=verb,
        target_kind="edition",
        target_id=f"{stored.book}@{stored.version}",
        area_path=EVERYWHERE,
        at=at,
        old={"state": old} if old else None,
        new={"state": stored.state, "digest": stored.digest, "note": stored.change_note},
    )


@transaction.atomic
def install_built_in(*, by: Actor, at: datetime) -> int:
    """Put the built-in editions in force where their book has no newer one; returns how many."""
    added = 0
    for edition in editions():
        if StoredEdition.objects.filter(book=edition.id, version=str(edition.version)).exists():
            continue
        in_force = StoredEdition.objects.filter(book=edition.id, state=EditionState.PUBLISHED)
        in_force.update(state=EditionState.WITHDRAWN)
        stored = StoredEdition.objects.create(
            book=edition.id,
            version=str(edition.version),
            title=edition.title.zh,
            text=source(edition.id),
            digest=edition.hash,
            state=EditionState.PUBLISHED,
            is_built_in=True,
            drafted_by=by.name,
            drafted_at=at,
            published_by=by.name,
            published_at=at,
        )
        _noted(stored, "edition.install", by, at)
        added += 1
    return added


def _locked(edition_id: int, by: Actor, permission: Permission) -> StoredEdition:
    if not by.can(permission):
        raise NotAllowed
    stored = StoredEdition.objects.select_for_update().filter(id=edition_id).first()
    if stored is None:
        raise NotFound
    return stored


@transaction.atomic
def start_draft(*, from_id: int, by: Actor, at: datetime) -> StoredEdition:
    """Copy an edition into a draft of the book's next version."""
    former = _locked(from_id, by, Permission.DRAFT_EDITIONS)
    versions = StoredEdition.objects.filter(book=former.book).values_list("version", flat=True)
    version = max(int(each) for each in versions) + 1
    text = _with_version(former.text, version)
    draft = StoredEdition.objects.create(
        book=former.book,
        version=str(version),
        title=former.title,
        text=text,
        digest=parse_edition(text).hash,
        drafted_by_id=by.user_id,
        drafted_by=by.name,
        drafted_at=at,
    )
    _noted(draft, "edition.draft", by, at)
    return draft


def _with_version(text: str, version: int) -> str:
    lines = text.splitlines(keepends=True)
    return "".join(
        f"version: {version}\n" if line.startswith("version:") else line for line in lines
    )


@transaction.atomic
def save_draft(
    *, edition_id: int, text: str, change_note: str, by: Actor, at: datetime
) -> StoredEdition:
    """Save a draft's text; raises UnusableEdition naming every problem, and keeps the old text."""
    stored = _locked(edition_id, by, Permission.DRAFT_EDITIONS)
    if stored.state != EditionState.DRAFT:
        raise WrongEditionState(_("只有草稿可以修改；已发布的版本请另起新版本。"))
    try:
        edition = parse_edition(text)
    except InvalidEdition as refusal:
        raise UnusableEdition(refusal.problems) from None
    if (edition.id, str(edition.version)) != (stored.book, stored.version):
        raise UnusableEdition(
            (_("id 和 version 不能改：应为 %s 第 %s 版。") % (stored.book, stored.version),)
        )
    stored.text, stored.digest, stored.title = text, edition.hash, edition.title.zh
    stored.change_note = change_note
    stored.save(update_fields=["text", "digest", "title", "change_note"])
    _noted(stored, "edition.save", by, at)
    return stored


@transaction.atomic
def move(*, edition_id: int, state: str, by: Actor, at: datetime) -> StoredEdition:
    """Submit, return, publish or withdraw an edition along its transition table.

    Publishing takes a second person: the one who drafted it may not (三权分立, two-person rule).
    The edition in force before is withdrawn in the same transaction.
    """
    publishing = state in {EditionState.PUBLISHED, EditionState.WITHDRAWN}
    needed = Permission.PUBLISH_EDITIONS if publishing else Permission.DRAFT_EDITIONS
    stored = _locked(edition_id, by, needed)
    if state not in EDITION_TRANSITIONS[stored.state]:
        raise WrongEditionState(
            _("“%(old)s”的版本不能改为“%(new)s”。")
            % {"old": stored.get_state_display(), "new": EditionState(state).label}
        )
    if state == EditionState.PUBLISHED:
        _replace_in_force(stored, by, at)
    old, stored.state = stored.state, state
    stored.save(update_fields=["state", "published_by", "published_at"])
    _noted(stored, f"edition.{state}", by, at, old)
    return stored


def _replace_in_force(stored: StoredEdition, by: Actor, at: datetime) -> None:
    if stored.drafted_by_id is not None and stored.drafted_by_id == by.user_id:
        raise NotAllowed(_("起草人不能发布自己的版本，请由另一位有发布权限的同事发布。"))
    former = StoredEdition.objects.filter(book=stored.book, state=EditionState.PUBLISHED)
    for edition in former.select_for_update():
        edition.state = EditionState.WITHDRAWN
        edition.save(update_fields=["state"])
        _noted(edition, "edition.withdrawn", by, at, EditionState.PUBLISHED)
    stored.published_by, stored.published_at = by.name, at
