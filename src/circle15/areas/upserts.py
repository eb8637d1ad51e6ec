"""Write many rows at once: find what is new, changed or the same, in a few statements.

The bulk actions of every app stand on this. In a row `None` means "not said": what is stored stays.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Generic, Protocol, TypeVar

from django.db import connection, models

from circle15.audit.actions import record
from circle15.audit.states import Who
from circle15.core.ciphers import sm3
from circle15.core.messages import Message

BATCH = 1000
MANY = 200

M = TypeVar("M", bound=models.Model)
T = TypeVar("T")
Fields = Mapping[str, object]
Key = tuple[object, ...]


class Officer(Protocol):
    """Who acts and over which area: an `Actor`, seen from below."""

    @property
    def who(self) -> Who: ...

    def covers(self, area_path: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows were added, changed, or found as they were."""

    new: int = 0
    changed: int = 0
    same: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.new + other.new, self.changed + other.changed, self.same + other.same)

    @property
    def written(self) -> int:
        return self.new + self.changed


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with one field of one row (counted from 0)."""

    row: int
    field: str
    message: Message


class RowsRefused(ValueError):
    """Some rows cannot be written, hence none was; every problem is named."""

    def __init__(self, problems: Iterable[RowProblem]) -> None:
        self.problems = tuple(problems)
        first = "；".join(f"第{p.row + 1}行：{p.message}" for p in self.problems[:20])
        super().__init__(first)


@dataclass(frozen=True, slots=True)
class Written(Generic[M]):
    """What `write` did: the counts and the records it added and changed."""

    counts: Counts
    new: tuple[M, ...]
    changed: tuple[M, ...]


def write(model: type[M], pairs: Iterable[tuple[M | None, Fields]]) -> Written[M]:
    """Add a record for each pair without one, change those that differ, leave the rest alone."""
    new: list[M] = []
    changed: list[M] = []
    names: set[str] = set()
    same = 0
    for stored, fields in pairs:
        if stored is None:
            new.append(model(**fields))
        elif differing := _differing(stored, fields):
            names |= differing
            changed.append(stored)
        else:
            same += 1
    records = model._default_manager  # noqa: SLF001 -- Django's public name for it
    records.bulk_create(new, batch_size=BATCH)
    if changed:
        # One INSERT … ON CONFLICT a batch: many times faster than bulk_update's CASE WHEN.
        records.bulk_create(
            changed,
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["pk"],
            update_fields=sorted(names),
        )
    recount(model, len(new))
    return Written(Counts(len(new), len(changed), same), tuple(new), tuple(changed))


def recount(model: type[models.Model], added: int) -> None:
    """Let the database count a table again that has grown by many rows.

    It plans reads with the figures of its last count; those of a nearly empty table can make the
    next read take minutes, and its own count comes a minute later at best.
    """
    if added >= MANY:
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")  # noqa: SLF001 -- Django's public name for it


def _differing(stored: models.Model, fields: Fields) -> set[str]:
    """Set what differs on the record and name it."""
    differing = {name for name, value in fields.items() if getattr(stored, name) != value}
    for name in differing:
        setattr(stored, name, fields[name])
    return differing


def given(**fields: object) -> dict[str, object]:
    """Keep the fields that were said."""
    return {name: value for name, value in fields.items() if value is not None}


def stored_by(
    records: models.QuerySet[M], names: tuple[str, ...], keys: Iterable[Key]
) -> dict[Key, M]:
    """Find the records of some keys, each key holding one value for each field named."""
    wanted = set(keys)
    if not wanted:
        return {}
    columns = zip(names, zip(*wanted, strict=True), strict=True)
    near = records.filter(**{f"{name}__in": set(values) for name, values in columns})
    found = ((tuple(getattr(one, name) for name in names), one) for one in near.iterator())
    return {key: one for key, one in found if key in wanted}


def batches(rows: Sequence[T], size: int = BATCH) -> Iterator[tuple[int, list[T]]]:
    """Cut rows into batches, each with the number of its first row."""
    walk = iter(rows)
    start = 0
    while batch := list(islice(walk, size)):
        yield start, batch
        start += len(batch)


def repeated(rows: Sequence[T], key: Callable[[T], Key], field: str) -> Iterator[RowProblem]:
    """Name every row whose key an earlier row already has."""
    first: dict[Key, int] = {}
    for number, row in enumerate(rows):
        earlier = first.setdefault(key(row), number)
        if earlier != number:
            yield RowProblem(number, field, Message("与第%(row)s行重复", row=earlier + 1))


def refuse(problems: Iterable[RowProblem]) -> None:
    """Raise RowsRefused when there is any problem."""
    found = tuple(problems)
    if found:
        raise RowsRefused(found)


def digest_of(rows: Sequence[object]) -> str:
    """Give a digest of the rows, so that the trail can prove what was brought in."""
    parts = (sm3("\n".join(map(repr, batch)).encode()) for _, batch in batches(rows))
    return sm3(b"".join(parts)).hex()


def tell(  # noqa: PLR0913 -- the parts of the event
    *,
    verb: str,
    target_kind: str,
    counts: Counts,
    digest: str,
    by: Officer,
    at: datetime,
    area_path: str,
) -> None:
    """Write the one audit event of a bulk action; nothing written, nothing to tell."""
    if counts.written:
        record(
            who=by.who,
            verb=verb,
            target_kind=target_kind,
            target_id="",
            area_path=area_path,
            at=at,
            new={
                "new": counts.new,
                "changed": counts.changed,
                "same": counts.same,
                "digest": digest,
            },
        )
