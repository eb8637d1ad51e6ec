"""What the registers of a city hold, counted once for all steps; nobody's data is read."""

from collections.abc import Iterable
from datetime import date
from functools import cached_property

from django.db.models import Exists, OuterRef, Q, QuerySet

from circle15.accounts.models import Device, Organisation, Post
from circle15.accounts.states import OrganisationKind, Role
from circle15.areas.models import Division
from circle15.areas.states import Level
from circle15.hall.models import Hall
from circle15.sites.models import OpeningHours, Site, Window
from circle15.sites.states import SiteKind, SiteStatus

HALLS = (SiteKind.COUNTY_HALL, SiteKind.TOWN_CENTRE)
_BUREAUS = (OrganisationKind.CITY_BUREAU, OrganisationKind.COUNTY_BUREAU)


class Register:
    """The registers below a path, as of a day."""

    def __init__(self, path: str, on: date) -> None:
        self.path, self.on = path, on

    @cached_property
    def divisions(self) -> tuple[tuple[str, str, str], ...]:
        """Path, name and level of every division but villages, from above."""
        rows = Division.objects.filter(path__startswith=self.path, is_placeholder=False)
        rows = rows.exclude(level=Level.VILLAGE)
        return tuple(rows.order_by("path", "id").values_list("path", "name", "level"))

    def of_level(self, level: str) -> list[tuple[str, str]]:
        return [(path, name) for path, name, each in self.divisions if each == level]

    @cached_property
    def villages(self) -> int:
        return self._villages().count()

    @cached_property
    def unplaced_villages(self) -> int:
        """Villages without inhabitants or a point: planning leaves them out."""
        nobody = Q(population_resident__isnull=True, population_registered__isnull=True)
        return self._villages().filter(nobody | Q(lon__isnull=True)).count()

    def _villages(self) -> QuerySet[Division]:
        rows = Division.objects.filter(path__startswith=self.path, level=Level.VILLAGE)
        return rows.filter(is_placeholder=False)

    @cached_property
    def organisations(self) -> int:
        return Organisation.objects.filter(area_path__startswith=self.path).count()

    @cached_property
    def bureau_paths(self) -> frozenset[str]:
        rows = Organisation.objects.filter(area_path__startswith=self.path, kind__in=_BUREAUS)
        return frozenset(rows.order_by().values_list("division__path", flat=True))

    def post_paths(self, *roles: Role) -> frozenset[str]:
        """Return the areas over which somebody with an account in use holds one of the roles."""
        rows = Post.objects.filter(
            Q(until__isnull=True) | Q(until__gte=self.on),
            area_path__startswith=self.path,
            since__lte=self.on,
            role__in=roles,
            person__user__is_active=True,
        )
        return frozenset(rows.order_by().values_list("area_path", flat=True))

    @cached_property
    def sites(self) -> tuple[tuple[str, str], ...]:
        """Kind and path of every site that isn't closed."""
        rows = Site.objects.filter(area_path__startswith=self.path)
        rows = rows.exclude(status=SiteStatus.CLOSED)
        return tuple(rows.order_by("id").values_list("kind", "area_path"))

    @cached_property
    def halls(self) -> tuple[tuple[str, str, bool, bool, bool], ...]:
        """Name and path of the running halls, and whether windows, hours and queue are set."""
        mine = {"site": OuterRef("pk")}
        rows = Site.objects.filter(
            area_path__startswith=self.path, kind__in=HALLS, status=SiteStatus.OPEN
        ).annotate(
            windows_set=Exists(Window.objects.filter(**mine)),
            hours_set=Exists(OpeningHours.objects.filter(**mine)),
            hall_set=Exists(Hall.objects.filter(**mine)),
        )
        return tuple(
            rows.order_by("sort_key", "id").values_list(
                "name", "area_path", "windows_set", "hours_set", "hall_set"
            )
        )

    @cached_property
    def devices(self) -> int:
        rows = Device.objects.filter(area_path__startswith=self.path, revoked_at__isnull=True)
        return rows.filter(registered_at__isnull=False).count()


def without(named: Iterable[tuple[str, str]], paths: frozenset[str]) -> list[str]:
    """Return the names of (path, name) whose path isn't among some."""
    return [name for path, name in named if path not in paths]
