"""From draft to published: how a rule book gets a new edition."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.areas.scope import EVERYWHERE
from circle15.areas.wording import worded
from circle15.assessments.beginnings import (
    last_stored_day,
    may_begin,
    stated_day,
)
from circle15.assessments.models import StoredEdition
from circle15.assessments.states import EDITION_TRANSITIONS, EditionState
from circle15.audit.actions import record
from circle15.core.messages import Message
from circle15.scoring import score
from circle15.scoring.samples import full_facts
from circle15.standards.library import editions, source
from circle15.standards.model import Edition
from circle15.standards.parser import InvalidEdition, parse_edition
from circle15.standards.reading import problem

OPEN = (EditionState.DRAFT, EditionState.REVIEW)
_LONGEST = 200_000


class UnusableEdition(Refused):
    """A text that is no edition; `problems` names everything wrong with it."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(_("；").join(map(worded, problems)))
        self.problems = problems


class WrongEditionState(Refused):
    """The edition cannot go from its state to the wanted one."""


class DraftOpen(Refused):
    """The book has a draft already: two at once would overtake each other."""

    def __init__(self, draft: StoredEdition) -> None:
        super().__init__(
            _("这套规则已有第 %(version)s 版正在起草（%(by)s），请先办完或放弃那一版。")
            % {"version": draft.version, "by": draft.drafted_by}
        )


class NoteMissing(Refused):
    """A change nobody explains is not reviewed."""

    def __init__(self) -> None:
        super().__init__(_("提交审核前，请写明改了什么、为什么改。"))


def _noted(
    stored: StoredEdition, verb: str, by: Actor, at: datetime, old: str | None = None
) -> None:
    """Write the trail of the one who acts: their auditor sees it, the rules belong to no area."""
    dated = {"in_force_from": stored.in_force_from} if stored.in_force_from else {}
    record(
        who=by.who,
        verb=verb,
        target_kind="edition",
        target_id=f"{stored.book}@{stored.version}",
        area_path=by.area_path or EVERYWHERE,
        at=at,
        old={"state": old} if old else None,
        new={"state": stored.state, "digest": stored.digest, "note": stored.change_note, **dated},
    )


@transaction.atomic
def install_built_in(*, by: Actor, at: datetime) -> int:
    """Put in the built-in editions that are newer than what their book has; returns how many.

    They count from the day their document states, but never for a day that has been stored. Where
    the city has a version of its own they only lie ready as a base for its next draft.
    """
    added = 0
    for edition in editions():
        rows = _locked_book(edition.id)
        if any(int(stored.version) >= edition.version for stored in rows):
            continue
        stored = StoredEdition(
            book=edition.id,
            version=str(edition.version),
            title=edition.title.zh,
            text=source(edition.id),
            digest=edition.hash,
            state=EditionState.WITHDRAWN,
            is_built_in=True,
            drafted_by=by.name,
            drafted_at=at,
        )
        if all(row.is_built_in for row in rows if row.counts):
            _supersede(stored, rows, stated_day(edition), by, at)
        stored.save()
        _noted(stored, "edition.install", by, at)
        added += 1
    return added


def _supersede(
    stored: StoredEdition, rows: list[StoredEdition], since: date, by: Actor, at: datetime
) -> None:
    """Put a built-in edition in force; those it corrects keep the days that were stored."""
    stored_until = last_stored_day(rows, since=since)
    if stored_until is not None:
        since = stored_until + timedelta(days=1)
    for row in rows:
        if row.counts and row.in_force_from is not None and row.in_force_from >= since:
            old, row.state = row.state, EditionState.WITHDRAWN
            row.save(update_fields=["state"])
            _noted(row, "edition.withdrawn", by, at, old)
    stored.state, stored.in_force_from = EditionState.PUBLISHED, since
    stored.published_by, stored.published_at = by.name, at


def _locked_book(book: str) -> list[StoredEdition]:
    """Lock all versions of a book, in one order: what one of them may do hangs on the others."""
    rows = StoredEdition.objects.select_for_update().filter(book=book)
    return list(rows.order_by("id"))


def _locked(
    edition_id: int, by: Actor, permission: Permission
) -> tuple[StoredEdition, list[StoredEdition]]:
    """Return an edition and all versions of its book, locked; raises NotAllowed and NotFound."""
    if not by.can(permission):
        raise NotAllowed
    book = StoredEdition.objects.filter(id=edition_id).values_list("book", flat=True).first()
    rows = _locked_book(book) if book is not None else []
    for row in rows:
        if row.id == edition_id:
            return row, rows
    raise NotFound


@transaction.atomic
def start_draft(*, from_id: int, by: Actor, at: datetime) -> StoredEdition:
    """Copy an edition, also a withdrawn one, into a draft of the book's next version.

    Raises DraftOpen while the book has a draft or a version under review.
    """
    former, every = _locked(from_id, by, Permission.DRAFT_EDITIONS)
    for each in every:
        if each.state in OPEN:
            raise DraftOpen(each)
    version = max(int(each.version) for each in every) + 1
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


def checked_text(text: str, *, book: str, version: str) -> Edition:
    """Return the edition a draft's text stands for; raises UnusableEdition with every problem."""
    if len(text) > _LONGEST:
        raise UnusableEdition((Message("规则文件过长，最多 %(most)s 字。", most=_LONGEST),))
    try:
        edition = parse_edition(text)
    except InvalidEdition as refusal:
        raise UnusableEdition(refusal.problems) from None
    problems: list[str] = []
    if edition.id != book:
        problems.append(problem("id", Message("不能改，应为 %(book)s", book=book)))
    # On a line of its own, where the next draft puts its number.
    if f"version: {version}" not in text.splitlines() or str(edition.version) != version:
        what = Message("不能改，应单独一行写 version: %(version)s", version=version)
        problems.append(problem("version", what))
    problems += _contradictions(edition)
    if problems:
        raise UnusableEdition(tuple(problems))
    return edition


def _contradictions(edition: Edition) -> list[Message]:
    """Name the clauses nobody can fulfil: their rules ask one fact for different things."""
    profiles: list[str | None] = [each.id for each in edition.profiles]
    lost = {
        line.clause_id: None
        for profile in profiles or [None]
        for line in score(edition, full_facts(edition, profile), profile=profile).clauses
        if line.points < line.max
    }
    numbers = {clause.id: clause.number for clause in edition.clauses}
    return [
        Message("条款 %(number)s：规则互相矛盾，任何网点都得不到满分", number=numbers[clause])
        for clause in lost
    ]


@transaction.atomic
def save_draft(
    *, edition_id: int, text: str, change_note: str, by: Actor, at: datetime
) -> StoredEdition:
    """Save a draft's text; raises UnusableEdition naming every problem, and keeps the old text.

    Only who drafted it may: whoever wrote a part of it could otherwise publish it alone.
    """
    stored, _book = _locked(edition_id, by, Permission.DRAFT_EDITIONS)
    _own_draft(stored, by)
    text = text.replace("\r\n", "\n")
    edition = checked_text(text, book=stored.book, version=stored.version)
    stored.text, stored.digest, stored.title = text, edition.hash, edition.title.zh
    stored.change_note = change_note
    stored.save(update_fields=["text", "digest", "title", "change_note"])
    _noted(stored, "edition.save", by, at)
    return stored


def _own_draft(stored: StoredEdition, by: Actor) -> None:
    if stored.state != EditionState.DRAFT:
        raise WrongEditionState(_("只有草稿可以修改；已发布的版本请另起新版本。"))
    if stored.drafted_by_id != by.user_id:
        raise NotAllowed(_("这是 %s 的草稿，只有起草人可以修改和提交。") % stored.drafted_by)


@transaction.atomic
def move(
    *,
    edition_id: int,
    state: str,
    by: Actor,
    at: datetime,
    in_force_from: date | None = None,
) -> StoredEdition:
    """Submit, return, give up, publish or withdraw an edition along its transition table.

    Publishing takes a second person: the one who drafted it may not (三权分立, two-person rule);
    it counts from `in_force_from`, the day of publishing unless given (raises WrongFirstDay). So
    does withdrawing: one asks for it, another agrees.
    """
    stored, book = _locked(edition_id, by, Permission.DRAFT_EDITIONS)
    if state not in EDITION_TRANSITIONS[stored.state]:
        raise WrongEditionState(
            _("“%(old)s”的版本不能这样处理，可能刚才已有人处理过，请刷新页面核对。")
            % {"old": stored.get_state_display()}
        )
    _may_move(stored, state, by)
    old, verb = stored.state, f"edition.{state}"
    match old, state:
        case EditionState.REVIEW, EditionState.PUBLISHED:
            today = timezone.localdate(at)
            since = in_force_from or today
            may_begin(stored, book, since=since, today=today)
            stored.in_force_from = since
            stored.published_by, stored.published_at = by.name, at
        case _, EditionState.LEAVING:
            stored.leaving_by_id, stored.leaving_by, stored.leaving_at = by.user_id, by.name, at
        case EditionState.LEAVING, EditionState.PUBLISHED:
            verb = "edition.stay"
            stored.leaving_by_id, stored.leaving_by, stored.leaving_at = None, "", None
    stored.state = state
    stored.save(update_fields=_MOVED)
    _noted(stored, verb, by, at, old)
    return stored


_MOVED = (
    "state",
    "in_force_from",
    "published_by",
    "published_at",
    "leaving_by_id",
    "leaving_by",
    "leaving_at",
)


def _may_move(stored: StoredEdition, state: str, by: Actor) -> None:
    match stored.state, state:
        case _, EditionState.REVIEW:
            _own_draft(stored, by)
            if not stored.change_note.strip():
                raise NoteMissing
        case EditionState.REVIEW, EditionState.PUBLISHED:
            refusal = _("起草人不能发布自己的版本，请由另一位有发布权限的同事发布。")
            _second_person(by, stored.drafted_by_id, refusal)
        case EditionState.LEAVING, EditionState.WITHDRAWN:
            refusal = _("申请停用的人不能自己确认，请由另一位有发布权限的同事确认。")
            _second_person(by, stored.leaving_by_id, refusal)


def _second_person(by: Actor, first_id: int | None, refusal: str) -> None:
    """Refuse who may not publish, and who took the first step."""
    if not by.can(Permission.PUBLISH_EDITIONS):
        raise NotAllowed
    if first_id is not None and first_id == by.user_id:
        raise NotAllowed(refusal)
