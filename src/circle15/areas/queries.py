"""Reads of divisions: names are public, populations and boundaries too."""

from dataclasses import dataclass
from decimal import Decimal
from math import cos, radians

from django.db.models import F, Q, QuerySet

from circle15.areas.models import Division, MapLayer
from circle15.areas.scope import paths_to
from circle15.areas.states import Level
from circle15.core.sort_keys import pinyin_pattern


@dataclass(frozen=True, slots=True)
class Choice:
    """A division offered in a list: its path, name and depth below the first."""

    path: str
    name: str
    level: str


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A town or village with a point on the map."""

    code: str
    name: str
    inside: str
    lon: Decimal
    lat: Decimal


def places_named(word: str, *, limit: int = 12) -> tuple[NamedPlace, ...]:
    """Return towns, then villages, whose name has a word or begins with its pinyin."""
    typed, pinyin = word.strip(), pinyin_pattern(word)
    if not typed:
        return ()
    fits = Q(name__icontains=typed) | Q(aliases__name__icontains=typed)
    rows = _places().filter(fits | Q(sort_key__regex=f"^{pinyin}") if pinyin else fits)
    found = rows.distinct().order_by("level", "sort_key", "id")
    return tuple(_named_place(row) for row in found[:limit])


def place_by_code(code: str) -> NamedPlace | None:
    """Return a town or village with a point on the map."""
    row = _places().filter(code=code).first() if code.isdigit() else None
    return _named_place(row) if row else None


def path_near(lon: Decimal, lat: Decimal) -> str:
    """Return the path of the town or village whose point is nearest; "" where none has one."""
    across = Decimal(cos(radians(lat)))
    flat = ((F("lon") - lon) * across) ** 2 + (F("lat") - lat) ** 2
    nearest = _places().order_by(flat, "id").values_list("path", flat=True).first()
    return nearest or ""


def _places() -> QuerySet[Division]:
    rows = Division.objects.filter(level__in=(Level.TOWN, Level.VILLAGE), lon__isnull=False)
    return rows.filter(is_placeholder=False).select_related("parent").defer("boundary")


def _named_place(row: Division) -> NamedPlace:
    assert row.lon is not None
    assert row.lat is not None
    inside = row.parent.name if row.parent else ""
    return NamedPlace(row.code, row.name, inside, row.lon, row.lat)


def divisions_under(path: str, *, levels: tuple[str, ...] = ()) -> QuerySet[Division]:
    """Return divisions at or below an area path, in pinyin order."""
    rows = Division.objects.filter(path__startswith=path) if path else Division.objects.none()
    if levels:
        rows = rows.filter(level__in=levels)
    return rows.order_by("sort_key", "id")


def choices_under(path: str) -> tuple[Choice, ...]:
    """Return the counties and towns an area holds, parents before children, for a filter."""
    rows = divisions_under(path, levels=(Level.COUNTY, Level.TOWN)).values_list(
        "path", "name", "level"
    )
    return tuple(Choice(*row) for row in sorted(rows, key=lambda row: row[0]))


def town_of(division: Division) -> Division | None:
    """Return the town a division is or lies in."""
    if division.level == Level.VILLAGE:
        return division.parent
    return division if division.level == Level.TOWN else None


def boundaries_for(path: str) -> QuerySet[Division]:
    """Return the drawn divisions inside an area or around it."""
    codes = path.strip("/").split("/")
    rows = Division.objects.filter(Q(path__startswith=path) | Q(code__in=codes))
    return rows.filter(boundary__isnull=False).order_by("path", "id")


def layers_for(path: str) -> QuerySet[MapLayer]:
    """Return map layers of the divisions inside an area or around it."""
    codes = path.strip("/").split("/")
    rows = MapLayer.objects.filter(Q(division__path__startswith=path) | Q(division__code__in=codes))
    return rows.order_by("division__path", "kind", "id")


def people_in(area_path: str) -> int:
    """Return how many live in an area: its own number, else those of its parts; 0 if unknown.

    Of a site it is the number of the town (or county) around it. The larger of registered and
    resident population counts.
    """
    around = Division.objects.filter(path__in=paths_to(area_path)).order_by("-path")
    for division in around:
        if division.level == Level.VILLAGE:
            continue
        own = _people(division)
        if own:
            return own
        parts = Division.objects.filter(path__startswith=division.path)
        for level in (Level.COUNTY, Level.TOWN, Level.VILLAGE):
            rows = parts.filter(level=level).defer("boundary")
            if found := sum(_people(row) for row in rows):
                return found
    return 0


def _people(division: Division) -> int:
    return max(division.population_registered or 0, division.population_resident or 0)
