"""Bring in divisions, their other names, populations, boundaries and map lines in bulk."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from os.path import commonpath
from typing import TypeVar

from django.db import transaction

from circle15.areas.models import Alias, Division, MapLayer
from circle15.areas.states import PARENT_LEVEL, Level
from circle15.areas.upserts import (
    Counts,
    Fields,
    Officer,
    RowProblem,
    batches,
    digest_of,
    given,
    refuse,
    repeated,
    stored_by,
    tell,
    write,
)
from circle15.core.identifiers import parent_division_code
from circle15.core.messages import Message
from circle15.core.sort_keys import pinyin_key

_SORT_KEY_LENGTH = 240
_DEGREE = Decimal("0.000001")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class DivisionRow:
    """`parent_code` is derived from the code where it is not given."""

    code: str
    name: str
    level: str
    parent_code: str | None = None
    is_placeholder: bool | None = None
    population_registered: int | None = None
    population_resident: int | None = None
    population_over_60: int | None = None
    population_source: str | None = None
    lon: Decimal | None = None
    lat: Decimal | None = None
    boundary: Mapping[str, object] | None = None
    is_synthetic: bool | None = None

    @property
    def parent(self) -> str:
        if self.level == Level.CITY:
            return ""
        return self.parent_code or parent_division_code(self.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasRow:
    division_code: str
    name: str
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationRow:
    code: str
    registered: int | None = None
    resident: int | None = None
    over_60: int | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundaryRow:
    code: str
    boundary: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class MapLayerRow:
    division_code: str
    geojson: Mapping[str, object]
    attribution: str
    kind: str = "roads"
    is_synthetic: bool | None = None


@transaction.atomic
def upsert_divisions(rows: Sequence[DivisionRow], *, by: Officer, at: datetime) -> Counts:
    """Add or change divisions, parents before children whatever the order of the rows.

    A division never moves under another parent this way. Raises RowsRefused.
    """
    problems = [*repeated(rows, lambda row: (row.code,), "code")]
    bad = {problem.row for problem in problems}
    counts = Counts()
    paths: list[str] = []
    for level in Level.values:
        of_level = [
            (number, row)
            for number, row in enumerate(rows)
            if row.level == level and number not in bad
        ]
        for _, batch in batches(of_level):
            done, touched, found = _write_level(batch, by)
            counts += done
            paths += touched
            problems += found
    refuse(problems)
    tell(
        verb="divisions.import",
        target_kind="division",
        counts=counts,
        digest=digest_of(rows),
        by=by,
        at=at,
        area_path=common_path(paths),
    )
    return counts


def _write_level(
    batch: list[tuple[int, DivisionRow]], by: Officer
) -> tuple[Counts, Iterable[str], Sequence[RowProblem]]:
    """Write the good rows even when there are bad ones: the next level must find its parents."""
    codes = {row.code for _, row in batch} | {row.parent for _, row in batch}
    known = stored_by(Division.objects.all(), ("code",), [(code,) for code in codes])
    problems = [
        problem for number, row in batch for problem in _division_problems(number, row, known, by)
    ]
    bad = {problem.row for problem in problems}
    good = [row for number, row in batch if number not in bad]
    written = write(
        Division, ((known.get((row.code,)), _division_fields(row, known)) for row in good)
    )
    touched = [one.path for one in (*written.new, *written.changed)]
    return written.counts, touched, problems


def _division_problems(
    number: int, row: DivisionRow, known: Mapping[tuple[object, ...], Division], by: Officer
) -> Iterator[RowProblem]:
    parent = known.get((row.parent,))
    if parent is None and row.level != Level.CITY:
        field = "parent_code" if row.parent_code else "code"
        yield RowProblem(number, field, no_parent(row.parent))
        return
    if parent and not _may_hang(row.level, parent.level):
        message = Message("级别与上级区划“%(parent)s”不相符", parent=parent.name)
        yield RowProblem(number, "level", message)
    stored = known.get((row.code,))
    if stored and stored.path != _path(row, parent):
        yield RowProblem(number, "parent_code", Message("已有区划不能通过导入改换上级"))
    if stored and stored.level != row.level:
        yield RowProblem(number, "level", Message("已有区划不能通过导入改换级别"))
    if not by.covers(_path(row, parent)):
        message = Message("%(name)s（%(code)s）不在您的管辖范围内", name=row.name, code=row.code)
        yield RowProblem(number, "code", message)


def no_parent(code: str) -> Message:
    """Say that the division above is unknown."""
    return Message("上级区划%(code)s不在名单中（文件和系统里都没有）", code=code)


def no_division(code: str) -> Message:
    """Say that a division is unknown, in words that don't tell whether it is only foreign."""
    return Message("没有区划%(code)s，或不在您的管辖范围内", code=code)


def _may_hang(level: str, parent_level: str) -> bool:
    """Say whether a level hangs under another: a city without counties has towns directly."""
    usual = PARENT_LEVEL.get(Level(level))
    return parent_level == usual or (level == Level.TOWN and parent_level == Level.CITY)


def _path(row: DivisionRow, parent: Division | None) -> str:
    return f"{parent.path if parent else '/'}{row.code}/"


def _division_fields(row: DivisionRow, known: Mapping[tuple[object, ...], Division]) -> Fields:
    parent = known.get((row.parent,))
    return given(
        code=row.code,
        name=row.name,
        level=row.level,
        parent_id=parent.pk if parent else None,
        path=_path(row, parent),
        sort_key=pinyin_key(row.name)[:_SORT_KEY_LENGTH],
        is_placeholder=row.is_placeholder,
        population_registered=row.population_registered,
        population_resident=row.population_resident,
        population_over_60=row.population_over_60,
        population_source=row.population_source,
        lon=degrees(row.lon),
        lat=degrees(row.lat),
        boundary=row.boundary,
        is_synthetic=row.is_synthetic,
    )


def degrees(value: Decimal | None) -> Decimal | None:
    """Round a longitude or latitude to what is stored: a millionth of a degree, 0.1 m."""
    return None if value is None else value.quantize(_DEGREE)


@transaction.atomic
def upsert_aliases(rows: Sequence[AliasRow], *, by: Officer, at: datetime) -> Counts:
    """Add other names of divisions. Raises RowsRefused."""
    refuse(repeated(rows, lambda row: (row.division_code, row.name), "name"))
    divisions = divisions_of(rows, lambda row: row.division_code, by=by)
    keys = [(divisions[row.division_code].pk, row.name) for row in rows]
    known = stored_by(Alias.objects.all(), ("division_id", "name"), keys)
    pairs = (
        (known.get(key), given(division_id=key[0], name=key[1], note=row.note))
        for key, row in zip(keys, rows, strict=True)
    )
    return _told("aliases.import", "alias", write(Alias, pairs).counts, rows, divisions, by, at)


@transaction.atomic
def upsert_populations(rows: Sequence[PopulationRow], *, by: Officer, at: datetime) -> Counts:
    """Write population figures of divisions that exist. Raises RowsRefused."""
    refuse(repeated(rows, lambda row: (row.code,), "code"))
    divisions = divisions_of(rows, lambda row: row.code, by=by)
    pairs = (
        (
            divisions[row.code],
            given(
                population_registered=row.registered,
                population_resident=row.resident,
                population_over_60=row.over_60,
                population_source=row.source,
            ),
        )
        for row in rows
    )
    counts = write(Division, pairs).counts
    return _told("populations.import", "division", counts, rows, divisions, by, at)


@transaction.atomic
def upsert_boundaries(rows: Sequence[BoundaryRow], *, by: Officer, at: datetime) -> Counts:
    """Write boundaries (GeoJSON geometries in WGS-84) of divisions that exist."""
    refuse(repeated(rows, lambda row: (row.code,), "code"))
    divisions = divisions_of(rows, lambda row: row.code, by=by)
    pairs = ((divisions[row.code], {"boundary": row.boundary}) for row in rows)
    counts = write(Division, pairs).counts
    return _told("boundaries.import", "division", counts, rows, divisions, by, at)


@transaction.atomic
def upsert_map_layers(rows: Sequence[MapLayerRow], *, by: Officer, at: datetime) -> Counts:
    """Write the lines drawn on the map of a division."""
    refuse(repeated(rows, lambda row: (row.division_code, row.kind), "kind"))
    divisions = divisions_of(rows, lambda row: row.division_code, by=by)
    keys = [(divisions[row.division_code].pk, row.kind) for row in rows]
    known = stored_by(MapLayer.objects.all(), ("division_id", "kind"), keys)
    pairs = (
        (
            known.get(key),
            given(
                division_id=key[0],
                kind=row.kind,
                geojson=row.geojson,
                attribution=row.attribution,
                is_synthetic=row.is_synthetic,
            ),
        )
        for key, row in zip(keys, rows, strict=True)
    )
    counts = write(MapLayer, pairs).counts
    return _told("map_layers.import", "map_layer", counts, rows, divisions, by, at)


def divisions_of(
    rows: Sequence[T], code_of: Callable[[T], str], *, by: Officer
) -> dict[str, Division]:
    """Find the divisions rows name; raises RowsRefused for unknown ones and foreign ones."""
    codes = {code_of(row) for row in rows}
    found = {one.code: one for one in Division.objects.filter(code__in=codes)}
    refuse(
        RowProblem(number, "division_code", no_division(code_of(row)))
        for number, row in enumerate(rows)
        if code_of(row) not in found or not by.covers(found[code_of(row)].path)
    )
    return found


def common_path(paths: Iterable[str]) -> str:
    """Give the path of the smallest area that holds all of these."""
    shared = commonpath([*paths] or ["/"])
    return shared if shared.endswith("/") else f"{shared}/"


def _told(  # noqa: PLR0913, PLR0917 -- the parts of the event
    verb: str,
    target_kind: str,
    counts: Counts,
    rows: Sequence[object],
    divisions: Mapping[str, Division],
    by: Officer,
    at: datetime,
) -> Counts:
    tell(
        verb=verb,
        target_kind=target_kind,
        counts=counts,
        digest=digest_of(rows),
        by=by,
        at=at,
        area_path=common_path(one.path for one in divisions.values()),
    )
    return counts
