"""The whole demo city as rows, worked out from the files and a day, the same every time."""

from dataclasses import dataclass, fields
from datetime import date
from hashlib import sha256
from itertools import chain

from circle15.accounts.bulk import OrganisationRow, PersonRow
from circle15.areas.bulk import AliasRow, DivisionRow, MapLayerRow
from circle15.ledger.bulk import FactRow, TrainingRow
from circle15.ops.demo import geography, history, inventory, people
from circle15.ops.demo.centres import centres, hall
from circle15.ops.demo.character import Character
from circle15.ops.demo.history import Correction
from circle15.ops.demo.stations import kiosks, partners, village_points
from circle15.sites.bulk import (
    EquipmentRow,
    HoursRow,
    SignRow,
    SiteRow,
    StaffRow,
    WindowRow,
    ZoneRow,
)

# By then every site of the demo city had opened.
EARLIEST = date(2025, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """Every row of the demo city, parents before children."""

    divisions: tuple[DivisionRow, ...]
    aliases: tuple[AliasRow, ...]
    map_layers: tuple[MapLayerRow, ...]
    organisations: tuple[OrganisationRow, ...]
    people: tuple[PersonRow, ...]
    sites: tuple[SiteRow, ...]
    zones: tuple[ZoneRow, ...]
    equipment: tuple[EquipmentRow, ...]
    signs: tuple[SignRow, ...]
    windows: tuple[WindowRow, ...]
    hours: tuple[HoursRow, ...]
    staff: tuple[StaffRow, ...]
    trainings: tuple[TrainingRow, ...]
    facts: tuple[FactRow, ...]
    corrections: tuple[Correction, ...]

    def digest(self) -> str:
        """Tell two datasets apart."""
        told = sha256()
        for one in fields(self):
            told.update(repr(getattr(self, one.name)).encode())
        return told.hexdigest()


def build(today: date) -> Dataset:
    """Work out the city as it stands on a day, with the fourteen months before it."""
    every = characters(today)
    working = tuple(one for one in every if one.works)
    stories = tuple(history.story(one, today) for one in working)
    towns = chain.from_iterable(history.town_story(row["code"], today) for row in geography.towns())
    return Dataset(
        divisions=geography.divisions(),
        aliases=geography.aliases(),
        map_layers=geography.map_layers(),
        organisations=people.organisations(every),
        people=people.people(working),
        sites=tuple(_site(one) for one in every),
        zones=tuple(chain.from_iterable(map(inventory.zones, working))),
        equipment=tuple(chain.from_iterable(inventory.equipment(one, today) for one in working)),
        signs=tuple(chain.from_iterable(map(inventory.signs, working))),
        windows=tuple(chain.from_iterable(map(inventory.windows, working))),
        hours=tuple(chain.from_iterable(map(inventory.hours, working))),
        staff=tuple(chain.from_iterable(people.staff(one, today) for one in working)),
        trainings=tuple(chain.from_iterable(story.trainings for story in stories)),
        facts=tuple(chain(towns, chain.from_iterable(story.facts for story in stories))),
        corrections=tuple(chain.from_iterable(story.corrections for story in stories)),
    )


def characters(today: date) -> tuple[Character, ...]:
    return (hall(), *centres(today), *village_points(), *partners(), *kiosks())


def _site(one: Character) -> SiteRow:
    return SiteRow(
        code=one.code,
        name=one.name,
        kind=one.kind,
        division_code=one.division,
        lon=one.lon,
        lat=one.lat,
        status=one.status,
        organisation=one.organisation,
        address=one.address,
        phone=people.site_phone(one.code),
        opened_on=one.opened_on if one.works else None,
        is_synthetic=True,
    )
