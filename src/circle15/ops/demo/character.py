"""What a site of the demo city is like; everything recorded about it follows from this."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from circle15.accounts.bulk import OrganisationKey
from circle15.sites.states import SiteKind, SiteStatus
from circle15.standards.facts import FactValue

MARK = "（合成）"


@dataclass(frozen=True, slots=True)
class Trainings:
    """How many were held in the current year."""

    central: int = 0
    special: int = 0
    pre_post: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Character:
    """A site; `names` are the facts kept about it, `better` how many of them improved."""

    code: str
    kind: SiteKind
    name: str
    division: str
    town: str
    organisation: OrganisationKey
    lon: Decimal
    lat: Decimal
    address: str
    opened_on: date
    names: tuple[str, ...]
    status: SiteStatus = SiteStatus.OPEN
    area_m2: Decimal | None = None
    first_area_m2: Decimal | None = None
    staff: int = 1
    windows: int = 1
    extended: bool = False
    better: int = 0
    trainings: Trainings = Trainings()
    lacks: frozenset[str] = frozenset()
    poor: frozenset[str] = frozenset()
    broken: frozenset[str] = frozenset()
    brand_faults: int = 0
    wayfinding_faults: int = 0
    counts: Mapping[str, FactValue] = field(default_factory=dict)

    @property
    def is_large(self) -> bool:
        return self.kind in {SiteKind.TOWN_CENTRE, SiteKind.COUNTY_HALL}

    @property
    def works(self) -> bool:
        """A site not built yet has neither equipment nor records."""
        return self.status in {SiteStatus.OPEN, SiteStatus.SUSPENDED}
