"""Fill in an application part by part, and file it once everything is there."""

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand_area
from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.accounts.states import Permission
from circle15.accounts.steps import name_of
from circle15.audit.masks import masked
from circle15.ledger.actions import keep_evidence
from circle15.ledger.files import CheckedFile
from circle15.programme.rounds.life import advance, demand_step, locked, note_step, tell
from circle15.programme.rounds.prefill import contacts_of, values_of
from circle15.programme.rounds.refusals import (
    AlreadyApplied,
    ChangedMeanwhile,
    Incomplete,
    NeedsText,
    NoSuchContact,
    NotForThisSite,
    NotYetOpen,
    TooLong,
    TooManyFiles,
)
from circle15.programme.rounds_models import Application, ApplicationFile, Round
from circle15.programme.rounds_states import ApplicationState, ApplicationStep
from circle15.sites.queries import site_by_code
from circle15.sites.states import SiteStatus
from circle15.standards.rounds import round_rules

MOST_FILES = 10
_TEXTS = ("profile", "plan")


# Clauses: W-15, Q-03
@transaction.atomic
def start(*, round_uid: UUID, code: str, by: Actor, at: datetime) -> Application:
    """Start the application of a site. Raises NotAllowed, NotFound, AlreadyApplied, NotYetOpen."""
    if not (by.can(Permission.APPLY) or by.can(Permission.RUN_PROGRAMME)):
        raise NotAllowed
    one = Round.objects.filter(uid=round_uid).first()
    if one is None:
        raise NotFound
    site = site_by_code(by, code)
    demand_area(by, site.area_path)
    if not site.area_path.startswith(one.area_path):
        raise NotFound
    if timezone.localdate(at) < one.opens_on:
        raise NotYetOpen(one.opens_on)
    if site.kind not in round_rules().kinds[one.kind].site_kinds:
        raise NotForThisSite
    if site.status == SiteStatus.CLOSED:
        raise NotForThisSite
    try:
        with transaction.atomic():
            made = Application.objects.create(
                round=one,
                site=site,
                since=at,
                started_by=name_of(by),
                started_by_id=by.user_id,
            )
    except IntegrityError as error:
        raise AlreadyApplied from error
    note_step(made, ApplicationStep.START, by=by, at=at)
    tell(made, ApplicationStep.START, by=by, at=at, round=str(one.uid))
    return made


def plain(text: str) -> str:
    """Return a text as it is kept and counted: line ends as one character, no blanks around."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


# Clauses: W-102, W-103
def save_text(  # noqa: PLR0913 -- which part, its words, and what they were written upon
    *, uid: UUID, task: str, text: str, seen: int, by: Actor, at: datetime
) -> Application:
    """Save one of the two texts. Raises TooLong, ChangedMeanwhile with the other's words."""
    assert task in _TEXTS
    with locked(uid, by) as one:
        demand_step(one, ApplicationStep.FILE, by)
        words = masked(plain(text))
        most = round_rules().most_chars
        if len(words) > most:
            raise TooLong(len(words), most)
        if not words:
            raise NeedsText
        _save(one, task, seen, by=by, at=at, theirs=getattr(one, task))
        setattr(one, task, words)
        one.save(update_fields=[task, "saved"])
        tell(one, "save", by=by, at=at, task=task, length=len(words))
        return one


def confirm_site(*, uid: UUID, seen: int, by: Actor, at: datetime) -> Application:
    """Say that what the registers have of the site is right. Raises ChangedMeanwhile."""
    with locked(uid, by) as one:
        demand_step(one, ApplicationStep.FILE, by)
        _save(one, "site", seen, by=by, at=at)
        one.save(update_fields=["saved"])
        tell(one, "save", by=by, at=at, task="site")
        return one


def choose_contact(
    *, uid: UUID, person_uid: UUID, seen: int, by: Actor, at: datetime
) -> Application:
    """Name a member of the site's staff as the contact. Raises NoSuchContact."""
    with locked(uid, by) as one:
        demand_step(one, ApplicationStep.FILE, by)
        serving = {each.uid for each in contacts_of(one.site, on=timezone.localdate(at))}
        if person_uid not in serving:
            raise NoSuchContact
        _save(one, "contact", seen, by=by, at=at)
        one.contact_uid = person_uid
        one.save(update_fields=["contact_uid", "saved"])
        tell(one, "save", by=by, at=at, task="contact")
        return one


def attach(*, uid: UUID, checked: CheckedFile, by: Actor, at: datetime) -> Application:
    """Attach a checked photo or PDF; the same file is attached once. Raises TooManyFiles."""
    with locked(uid, by) as one:
        demand_step(one, ApplicationStep.FILE, by)
        if one.files.count() >= MOST_FILES:
            raise TooManyFiles(MOST_FILES)
        evidence = keep_evidence(code=one.site.code, checked=checked, by=by, at=at)
        ApplicationFile.objects.get_or_create(
            application=one,
            evidence=evidence,
            defaults={"added_at": at, "added_by": name_of(by)},
        )
        _save(one, "files", saved_times(one, "files"), by=by, at=at)
        one.save(update_fields=["saved"])
        tell(one, "attach", by=by, at=at, digest=evidence.digest)
        return one


def detach(*, uid: UUID, file_id: int, by: Actor, at: datetime) -> Application:
    """Take an attached file off; it stays in the ledger's store. Raises NotFound."""
    with locked(uid, by) as one:
        demand_step(one, ApplicationStep.FILE, by)
        row = one.files.filter(id=file_id).select_related("evidence").first()
        if row is None:
            raise NotFound
        digest = row.evidence.digest
        row.delete()
        _save(one, "files", saved_times(one, "files"), by=by, at=at)
        one.save(update_fields=["saved"])
        tell(one, "detach", by=by, at=at, digest=digest)
        return one


def saved_times(one: Application, task: str) -> int:
    """Return how often a part was saved: whoever saves it says which state was on the screen."""
    return int(one.saved.get(task, {}).get("n", 0))


def _save(  # noqa: PLR0913 -- as its callers
    one: Application, task: str, seen: int, *, by: Actor, at: datetime, theirs: str = ""
) -> None:
    times = saved_times(one, task)
    if times != seen:
        raise ChangedMeanwhile(one.saved[task]["by"], theirs)
    one.saved = {
        **one.saved,
        task: {"n": times + 1, "at": at.isoformat(), "by": name_of(by)},
    }


def is_saved(one: Application, task: str) -> bool:
    """Tell whether a part was saved since the form was last returned."""
    saved = one.saved.get(task)
    if saved is None:
        return False
    if one.returned_at is None or not returned_fields(one, task):
        return True
    return datetime.fromisoformat(saved["at"]) > one.returned_at


def returned_fields(one: Application, task: str) -> dict[str, str]:
    """Return what was said of the lines of a part when the form was last returned."""
    if one.returned_at is None:
        return {}
    keys = [field.key for field in round_rules().fields_of(task)]
    rows = one.remarks.filter(attempt=one.attempt, field__in=keys)
    return dict(rows.order_by("id").values_list("field", "reason"))


def problems_of(one: Application, *, on: date) -> Iterator[tuple[str, str]]:
    """Yield everything that keeps an application from being filed: the part, what to do."""
    language = get_language() or "zh-hans"
    values = values_of(one, on=on)
    for task in round_rules().tasks.values():
        name = task.name.in_language(language)
        if returned_fields(one, task.key) and not is_saved(one, task.key):
            yield task.key, _("%(task)s：退回的问题还没有修改") % {"task": name}
        elif task.is_required and not is_saved(one, task.key):
            yield task.key, _("%(task)s：还没有办") % {"task": name}
        for field in round_rules().fields_of(task.key):
            if field.key == "contact" and not is_saved(one, task.key):
                continue  # said already
            if field.key in values and not values[field.key].words:
                label = field.name.in_language(language)
                yield task.key, _("%(field)s：没有登记，请到出处补上") % {"field": label}


# Clauses: W-16
def file(*, uid: UUID, by: Actor, at: datetime) -> Application:
    """File an application, whole: its values are kept as they stand. Late waits for the owner.

    Raises Incomplete naming every problem at once, WrongStep, NotYours.
    """
    with locked(uid, by) as one:
        demand_step(one, ApplicationStep.FILE, by)
        today = timezone.localdate(at)
        problems = list(problems_of(one, on=today))
        if problems:
            raise Incomplete(problems)
        is_first = one.filed_at is None
        if is_first:
            one.is_late = today > one.round.closes_on
        one.attempt += 1
        one.filed_at, one.filed_by, one.filed_by_id = at, name_of(by), by.user_id
        one.form = written(one, on=today)
        waits = is_first and one.is_late
        advance(
            one,
            ApplicationStep.FILE,
            by=by,
            at=at,
            to=ApplicationState.LATE if waits else None,
            attempt=one.attempt,
            is_late=one.is_late,
        )
        return one


def written(one: Application, *, on: date) -> dict[str, str]:
    """Return the form as plain words, as it stands on a day."""
    found = {key: value.words for key, value in values_of(one, on=on).items()}
    names = [row.evidence.name for row in one.files.select_related("evidence").order_by("id")]
    return found | {"profile": one.profile, "plan": one.plan, "files": "、".join(names)}


def withdraw(*, uid: UUID, reason: str, by: Actor, at: datetime) -> Application:
    """Take an application back before it is decided; the site may apply anew."""
    with locked(uid, by) as one:
        advance(one, ApplicationStep.WITHDRAW, by=by, at=at, note=masked(plain(reason))[:500])
        return one
