"""Append facts and trainings to the ledger in bulk; what is there already is not appended twice."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from circle15.accounts.actors import Actor
from circle15.areas.bulk import common_path, no_division
from circle15.areas.models import Division
from circle15.areas.upserts import (
    Counts,
    Fields,
    Key,
    RowProblem,
    batches,
    digest_of,
    given,
    recount,
    refuse,
    repeated,
    stored_by,
    tell,
    write,
)
from circle15.core.messages import Message
from circle15.ledger.models import Fact, Training
from circle15.ledger.plausible import doubt, doubtful_day
from circle15.ledger.values import stored, value_of
from circle15.sites.actions import touch
from circle15.sites.bulk import no_site
from circle15.sites.models import Site
from circle15.standards.facts import FactValue


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRow:
    """A fact of a site or of a division: exactly one of the two codes is given."""

    name: str
    value: FactValue
    observed_on: date
    source: str
    site_code: str | None = None
    division_code: str | None = None
    unit: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingRow:
    """A training of a site's staff, or of all sites of a division."""

    held_on: date
    kind: str
    topic: str
    attendees: int
    site_code: str | None = None
    division_code: str | None = None


@dataclass(frozen=True, slots=True)
class _Subjects:
    """The sites and divisions some rows speak of."""

    sites: Mapping[str, Site]
    divisions: Mapping[str, Division]

    def of(self, row: FactRow | TrainingRow) -> dict[str, object]:
        if row.site_code:
            return {"site_id": self.sites[row.site_code].pk, "division_id": None}
        assert row.division_code
        return {"site_id": None, "division_id": self.divisions[row.division_code].pk}

    def path(self, row: FactRow | TrainingRow) -> str | None:
        if row.site_code:
            site = self.sites.get(row.site_code)
            return site.area_path if site else None
        division = self.divisions.get(row.division_code or "")
        return division.path if division else None


@transaction.atomic
def append_facts(rows: Sequence[FactRow], *, by: Actor, at: datetime) -> Counts:
    """Append facts; one with the same subject, name, day, value and source is there already.

    Raises RowsRefused.
    """
    problems: list[RowProblem] = []
    counts = Counts()
    paths: set[str] = set()
    subjects_seen: set[Key] = set()
    for start, batch in batches(rows):
        subjects = _subjects_of(batch)
        problems += _subject_problems(start, batch, subjects, by)
        problems += _doubts(start, batch, subjects, timezone.localdate(at))
        if problems:
            continue
        wanted = [_fact_fields(row, subjects, by, at) for row in batch]
        fresh = list(_unknown_facts(wanted))
        Fact.objects.bulk_create(Fact(**fields) for fields in fresh)
        recount(Fact, len(fresh))
        counts += Counts(new=len(fresh), same=len(batch) - len(fresh))
        subjects_seen |= {(one["site_id"], one["division_id"]) for one in fresh}
        paths |= {path for row in batch if (path := subjects.path(row))}
    refuse(problems)
    _touch_all(subjects_seen)
    _told("facts.import", "fact", counts, rows, paths, by, at)
    return counts


def _fact_fields(row: FactRow, subjects: _Subjects, by: Actor, at: datetime) -> Fields:
    return subjects.of(row) | given(
        name=row.name,
        value=stored(row.value),
        unit=row.unit,
        source=row.source,
        observed_on=row.observed_on,
        recorded_at=at,
        recorded_by=by.name[:80],
        recorded_by_id=by.user_id,
        note=row.note,
    )


def _unknown_facts(wanted: Iterable[Fields]) -> Iterator[Fields]:
    wanted = list(wanted)
    # An index leads to the subjects; the rest is compared here, since JSON has no order.
    near = Fact.objects.filter(
        Q(site_id__in={one["site_id"] for one in wanted})
        | Q(division_id__in={one["division_id"] for one in wanted}),
        name__in={one["name"] for one in wanted},
        observed_on__in={one["observed_on"] for one in wanted},
    )
    names = ("site_id", "division_id", "name", "observed_on", "source", "value")
    known = {_distinct(*values) for values in near.values_list(*names).iterator()}
    for one in wanted:
        key = _distinct(*(one[name] for name in names))
        if key not in known:
            known.add(key)
            yield one


def _distinct(*parts: object) -> Key:
    """Compare numbers as numbers (128.5 is 128.50), yet keep `True` and `1` apart."""
    value = value_of(parts[-1])
    return (*parts[:-1], type(value).__name__, value)


@transaction.atomic
def append_trainings(rows: Sequence[TrainingRow], *, by: Actor, at: datetime) -> Counts:
    """Add trainings, known by subject, day, kind and topic; the number of people may change.

    Raises RowsRefused.
    """
    problems = [*repeated(rows, _training_key, "topic")]
    counts = Counts()
    paths: set[str] = set()
    subjects_seen: set[Key] = set()
    for start, batch in batches(rows):
        subjects = _subjects_of(batch)
        problems += _subject_problems(start, batch, subjects, by)
        problems += _doubtful_trainings(start, batch, timezone.localdate(at))
        if problems:
            continue
        wanted = [_training_fields(row, subjects, by, at) for row in batch]
        written = write(Training, _with_trainings(wanted))
        counts += written.counts
        subjects_seen |= {
            (one.site_id, one.division_id) for one in (*written.new, *written.changed)
        }
        paths |= {path for row in batch if (path := subjects.path(row))}
    refuse(problems)
    _touch_all(subjects_seen)
    _told("trainings.import", "training", counts, rows, paths, by, at)
    return counts


def _training_key(row: TrainingRow) -> Key:
    return (row.site_code, row.division_code, row.held_on, row.kind, row.topic)


def _training_fields(row: TrainingRow, subjects: _Subjects, by: Actor, at: datetime) -> Fields:
    return subjects.of(row) | {
        "held_on": row.held_on,
        "kind": row.kind,
        "topic": row.topic,
        "attendees": row.attendees,
        "recorded_at": at,
        "recorded_by": by.name[:80],
    }


def _with_trainings(wanted: Sequence[Fields]) -> Iterator[tuple[Training | None, Fields]]:
    for subject in ("site_id", "division_id"):
        names = (subject, "held_on", "kind", "topic")
        of_kind = [one for one in wanted if one[subject] is not None]
        keys = [tuple(one[name] for name in names) for one in of_kind]
        known = stored_by(Training.objects.all(), names, keys)
        for key, one in zip(keys, of_kind, strict=True):
            training = known.get(key)
            # Who recorded it and when stays with the first record.
            yield training, {"attendees": one["attendees"]} if training else one


def _subjects_of(batch: Sequence[FactRow | TrainingRow]) -> _Subjects:
    sites = Site.objects.filter(code__in={row.site_code for row in batch if row.site_code})
    codes = {row.division_code for row in batch if row.division_code}
    divisions = Division.objects.filter(code__in=codes)
    return _Subjects({one.code: one for one in sites}, {one.code: one for one in divisions})


def _subject_problems(
    start: int, batch: Sequence[FactRow | TrainingRow], subjects: _Subjects, by: Actor
) -> Iterator[RowProblem]:
    for number, row in enumerate(batch, start):
        path = subjects.path(row)
        if bool(row.site_code) == bool(row.division_code):
            yield RowProblem(number, "site_code", one_subject())
        elif path is None or not by.covers(path):
            yield _unknown(number, row)


def _doubts(
    start: int, batch: Sequence[FactRow], subjects: _Subjects, today: date
) -> Iterator[RowProblem]:
    for number, row in enumerate(batch, start):
        site = subjects.sites.get(row.site_code or "")
        if found := doubt(row.name, row.value, row.observed_on, today=today, site=site):
            yield RowProblem(number, found.part, found.message)


def _doubtful_trainings(
    start: int, batch: Sequence[TrainingRow], today: date
) -> Iterator[RowProblem]:
    for number, row in enumerate(batch, start):
        if why := doubtful_day(row.held_on, today=today):
            yield RowProblem(number, "held_on", why)


def _unknown(number: int, row: FactRow | TrainingRow) -> RowProblem:
    if row.site_code:
        return RowProblem(number, "site_code", no_site(row.site_code))
    return RowProblem(number, "division_code", no_division(row.division_code or ""))


def one_subject() -> Message:
    """Say that a row speaks of one site or of one division."""
    return Message("网点编码和区划代码应当且只能填一项")


def _touch_all(subjects: Iterable[Key]) -> None:
    """Touch the sites themselves, and every site under a division that was spoken of."""
    subjects = set(subjects)
    ids = {site_id for site_id, _ in subjects if isinstance(site_id, int)}
    divisions = [one for _, one in subjects if isinstance(one, int)]
    for path in Division.objects.filter(pk__in=divisions).values_list("path", flat=True):
        ids |= set(Site.objects.filter(area_path__startswith=path).values_list("pk", flat=True))
    touch(sorted(ids))


def _told(  # noqa: PLR0913, PLR0917 -- the parts of the event
    verb: str,
    target_kind: str,
    counts: Counts,
    rows: Sequence[object],
    paths: Iterable[str],
    by: Actor,
    at: datetime,
) -> None:
    tell(
        verb=verb,
        target_kind=target_kind,
        counts=counts,
        digest=digest_of(rows),
        by=by,
        at=at,
        area_path=common_path(paths),
    )
