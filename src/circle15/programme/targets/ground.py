"""What targets are counted on: sites with their days, divisions, hospitals; each read once."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Exists, OuterRef
from django.utils import timezone

from circle15.accounts.models import Organisation
from circle15.accounts.states import OrganisationKind
from circle15.areas.models import Division
from circle15.areas.queries import divisions_under
from circle15.areas.states import Level
from circle15.audit.models import Event
from circle15.programme.partner_models import Agreement
from circle15.programme.targets.given import titles_held
from circle15.programme.targets.spans import Change, Span, Unit, spans_of
from circle15.sites.models import Site
from circle15.sites.states import SiteStatus


@dataclass(frozen=True, slots=True)
class GroundSite:
    """A site, and the days it runs; `town` is "" for one that stands in none."""

    id: int
    kind: str
    division: str
    town: str
    organisation: int | None
    unit: Unit


@dataclass(frozen=True, slots=True)
class Place:
    """A town or village."""

    code: str
    name: str
    level: str
    path: str


class Ground:
    """The register of an area, as it tells every day up to `today`."""

    def __init__(self, path: str, *, today: date) -> None:
        self.path, self.today = path, today
        self._titles: dict[str, Mapping[int, tuple[Span, ...]]] = {}

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Towns and villages that people live in."""
        rows = divisions_under(self.path, levels=(Level.TOWN, Level.VILLAGE))
        found = rows.filter(is_placeholder=False).values_list("code", "name", "level", "path")
        return tuple(Place(*row) for row in found)

    @cached_property
    def sites(self) -> tuple[GroundSite, ...]:
        rows = Site.objects.filter(area_path__startswith=self.path).order_by("sort_key", "id")
        found = list(
            rows.values_list(
                *("id", "code", "name", "kind", "status", "opened_on", "area_path"),
                *("division__path", "division__level", "organisation_id"),
            )
        )
        changes = self._changes([row[1] for row in found])
        return tuple(self._site(row, changes.get(row[1], ())) for row in found)

    @cached_property
    def hospitals(self) -> tuple[tuple[int, str, str], ...]:
        """Number, name and place of the hospitals that are asked for a station.

        Left out are those whose agreements say that they aren't public of grade 2 or above.
        """
        mine = Agreement.objects.filter(organisation=OuterRef("pk"))
        rows = Organisation.objects.filter(
            ~Exists(mine) | Exists(mine.filter(is_public_grade2=True)),
            area_path__startswith=self.path,
            kind=OrganisationKind.HOSPITAL,
        )
        return tuple(rows.order_by("sort_key", "id").values_list("id", "name", "area_path"))

    def titles(self, kind: str) -> Mapping[int, tuple[Span, ...]]:
        """Return the days a title is held, by site."""
        if kind not in self._titles:
            self._titles[kind] = titles_held(self.path, kind)
        return self._titles[kind]

    def _site(self, row: tuple[object, ...], changes: tuple[Change, ...]) -> GroundSite:
        number, code, name, kind, status, opened_on, path, division, level, organisation = row
        assert isinstance(number, int)
        assert opened_on is None or isinstance(opened_on, date)
        assert organisation is None or isinstance(organisation, int)
        spans = spans_of(
            state=str(status), counting=SiteStatus.OPEN, begins=opened_on, changes=changes
        )
        is_dated = opened_on is not None or bool(changes)
        if not is_dated and status == SiteStatus.OPEN:
            spans = (Span(self.today),)
        unit = Unit(str(code), str(name), str(path), spans, code=str(code), is_dated=is_dated)
        town = town_path(str(division), str(level))
        return GroundSite(number, str(kind), str(division), town, organisation, unit)

    def _changes(self, codes: list[str]) -> dict[str, tuple[Change, ...]]:
        """Read what the trail says of the states of sites, the oldest first."""
        rows = Event.objects.filter(target_kind="site", target_id__in=codes, verb="site.status")
        found: dict[str, list[Change]] = defaultdict(list)
        for code, at, old, new in rows.order_by("at", "id").values_list(
            "target_id", "at", "old", "new"
        ):
            assert old is not None
            assert new is not None
            day = timezone.localdate(at)
            found[code].append(Change(day, str(old["status"]), str(new["status"])))
        return {code: tuple(changes) for code, changes in found.items()}


def town_path(division: str, level: str) -> str:
    """Return the path of the town a division is or lies in; "" above the towns."""
    if level == Level.TOWN:
        return division
    if level == Level.VILLAGE:
        return division.rstrip("/").rpartition("/")[0] + "/"
    return ""


def area_name(path: str) -> str:
    """Name a division by its path."""
    return Division.objects.filter(path=path).values_list("name", flat=True).first() or ""
