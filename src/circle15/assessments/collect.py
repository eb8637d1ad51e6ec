"""The facts of a day: what the ledger records and what the registers of a site measure.

Of the ledger's own rows the newest counts, whatever its source. A register goes before them, and
an on-site check before a register, until somebody changes the register after the check.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import NamedTuple

from django.utils import timezone

from circle15.areas.queries import town_of
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.ledger.models import Training
from circle15.ledger.queries import Recorded, recorded_of_many, trainings_of_many
from circle15.ledger.states import TrainingKind
from circle15.ledger.values import value_of
from circle15.programme.pharmacies.showing import enough_by_register
from circle15.sites.models import Site
from circle15.sites.queries import (
    open_sites_in,
    sites_with_parts,
    staff_spans,
    town_path,
)
from circle15.sites.states import EquipmentState, SignKind, SiteKind, ZoneState
from circle15.standards.facts import FactValue, facts

YEAR = timedelta(days=365)
REGISTER = "register"
# An OCR scanner is a scanner; the reverse does not hold (J29).
_ALSO_COUNTS_AS = {"eq.scanner_ocr": "eq.scanner"}
_OF_SIGNS: dict[str, tuple[str, ...]] = {
    SignKind.BRAND: ("sign.brand_present_and_visible", "sign.chs_nonconforming_spots"),
    SignKind.WAYFINDING: ("sign.wayfinding_present", "sign.wayfinding_bad_spots"),
}


class Collected(NamedTuple):
    """A fact's value on a day and where it comes from.

    `origin` is a ledger source or `register`; `fact_id` names the ledger row. A named tuple: the
    night makes two million of them.
    """

    value: FactValue
    origin: str
    observed_on: date | None = None
    fact_id: int | None = None


Collection = dict[str, Collected]


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What the sites of a town know of each other; without a staff register, no count."""

    staff: Mapping[int, int]
    sources: Mapping[int, frozenset[str]]
    pharmacies: frozenset[str]
    village_points: Mapping[str, tuple[int, ...]]


def collect(site: Site, *, on: date) -> Collection:
    """Return the facts of one site on a day by name."""
    return collect_many([site.id], on=on)[site.id]


# Clauses: J-31
def collect_many(site_ids: Iterable[int], *, on: date) -> dict[int, Collection]:
    """Return the facts of many sites on a day, in a fixed number of queries.

    The system reads, not the person who asked: a score must not depend on who looks at it, and a
    town's facts hang on sites a site manager does not see. Callers check what may be shown.
    """
    with area_scope(EVERYWHERE):
        sites = list(sites_with_parts(list(site_ids)))
        recorded = recorded_of_many(sites, on=on)
        trainings = trainings_of_many(sites, since=on - YEAR, until=on)
        around = _surroundings(sites, on)
        return {
            site.id: _merged(
                measured=_measured(site, trainings[site.id], around, on),
                recorded=recorded[site.id],
                changed=_changed(site),
            )
            for site in sites
        }


def is_measured(site: Site, name: str, *, on: date) -> bool:
    """Tell whether a register of the site speaks of a fact, so that typing it in is in vain."""
    with area_scope(EVERYWHERE):
        sites = list(sites_with_parts([site.id]))
        trainings = trainings_of_many(sites, since=on - YEAR, until=on)
        return name in _measured(sites[0], trainings[site.id], _surroundings(sites, on), on)


def _merged(
    *,
    measured: Mapping[str, FactValue],
    recorded: Mapping[str, Recorded],
    changed: Mapping[str, datetime],
) -> Collection:
    found = {name: _from_ledger(fact) for name, fact in recorded.items()}
    for name, value in measured.items():
        if name not in recorded or not _outweighs(recorded[name], changed.get(name)):
            found[name] = Collected(value=value, origin=REGISTER)
    return found


def _outweighs(fact: Recorded, changed_at: datetime | None) -> bool:
    """Tell whether a row goes before a register that was last changed then, or long ago."""
    if fact.checked_at is None:
        return False
    if changed_at is None:
        return True
    day = timezone.localdate(changed_at)
    return (fact.observed_on, fact.checked_at) >= (day, changed_at)


def _changed(site: Site) -> dict[str, datetime]:
    """Return when the registers behind a fact were last changed by hand."""
    found: dict[str, datetime] = {}
    for names, at in _register_changes(site):
        for name in names:
            found[name] = max(at, found.get(name, at))
    return found


def _register_changes(site: Site) -> Iterator[tuple[tuple[str, ...], datetime]]:
    for zone in site.zones.all():
        if zone.changed_at:
            yield (zone.key,), zone.changed_at
    for piece in site.equipment.all():
        if piece.changed_at:
            yield (piece.key, _ALSO_COUNTS_AS.get(piece.key, piece.key)), piece.changed_at
    for sign in site.signs.all():
        if sign.changed_at:
            yield _OF_SIGNS[sign.kind], sign.changed_at


def _from_ledger(fact: Recorded) -> Collected:
    return Collected(
        value=value_of(fact.value),
        origin=fact.source,
        observed_on=fact.observed_on,
        fact_id=fact.id,
    )


def _measured(
    site: Site, trainings: list[Training], around: _Surroundings, on: date
) -> dict[str, FactValue]:
    return {
        **_zones(site),
        **_equipment(site),
        **_signs(site),
        **_staffing(site, around),
        **_town(site, around),
        **_trainings(trainings, on),
    }


@cache
def _names(prefix: str) -> tuple[str, ...]:
    return tuple(name for name in facts() if name.startswith(prefix))


def _zones(site: Site) -> dict[str, FactValue]:
    """Read the zones: an empty register says nothing, one with one zone says others are missing."""
    states = {zone.key: zone.state for zone in site.zones.all()}
    if not states:
        return {}
    return {name: states.get(name) == ZoneState.PRESENT for name in _names("zone.")}


def _equipment(site: Site) -> dict[str, FactValue]:
    """Count the pieces that work; a broken one counts as missing (clause 2)."""
    pieces = list(site.equipment.all())
    if not pieces:
        return {}
    counts = dict.fromkeys(_names("eq."), 0)
    for piece in pieces:
        if piece.state != EquipmentState.WORKING:
            continue
        for key in (piece.key, _ALSO_COUNTS_AS.get(piece.key)):
            if key in counts:
                counts[key] += piece.quantity
    return {**counts}


def _signs(site: Site) -> dict[str, FactValue]:
    signs = list(site.signs.all())
    if not signs:
        return {}
    brand = [sign for sign in signs if sign.kind == SignKind.BRAND]
    way = [sign for sign in signs if sign.kind == SignKind.WAYFINDING]
    return {
        "sign.brand_present_and_visible": bool(brand),
        "sign.chs_nonconforming_spots": sum(bool(sign.problem) for sign in brand),
        "sign.wayfinding_present": bool(way),
        "sign.wayfinding_bad_spots": sum(bool(sign.problem) for sign in way),
    }


# Clauses: W-92
def _staffing(site: Site, around: _Surroundings) -> dict[str, FactValue]:
    count = around.staff.get(site.id)
    found: dict[str, FactValue] = {}
    if count:
        found |= {"h6.staff": True, "cond.staffed": True}
    if count is not None and site.kind in {SiteKind.TOWN_CENTRE, SiteKind.COUNTY_HALL}:
        found["staff.town_headcount"] = count
    points = around.village_points.get(town_path(site), ())
    channels = {way for one in (site.id, *points) for way in around.sources.get(one, ())}
    if channels:  # where nobody has said whence the staff came, the ledger may
        found["hr.staffing_channels"] = len(channels)
    if points:
        found["staff.every_village_point_has_one"] = all(
            around.staff.get(point, 0) for point in points
        )
    return found


def _town(site: Site, around: _Surroundings) -> dict[str, FactValue]:
    town = town_of(site.division)
    if town is None:
        return {}
    found: dict[str, FactValue] = {"pharmacy.count_at_least_one": town.path in around.pharmacies}
    if town.population_registered is not None:
        found["town.population_registered"] = town.population_registered
    if town.population_resident is not None:
        found["town.population_resident"] = town.population_resident
    return found


def _trainings(trainings: list[Training], on: date) -> dict[str, FactValue]:
    central = [row for row in trainings if row.kind == TrainingKind.CENTRAL]
    found: dict[str, FactValue] = {
        "train.sessions_this_year": sum(row.held_on.year == on.year for row in central),
        "train.regular": bool(trainings),
    }
    if any(row.kind == TrainingKind.PRE_POST for row in trainings):
        found["train.prepost_plan_executed"] = True
    return found


def _surroundings(sites: list[Site], on: date) -> _Surroundings:
    paths = sorted({town_path(site) for site in sites})
    neighbours = list(
        open_sites_in(paths, (SiteKind.PHARMACY, SiteKind.VILLAGE_POINT)).select_related(
            "division__parent"
        )
    )
    points: dict[str, list[int]] = {}
    for site in neighbours:
        if site.kind == SiteKind.VILLAGE_POINT:
            points.setdefault(town_path(site), []).append(site.id)
    ids = {site.id for site in sites} | {point for ids in points.values() for point in ids}
    staff: dict[int, int] = {}
    sources: dict[int, frozenset[str]] = {}
    for span in staff_spans(sorted(ids)):
        serves = span.since <= on and (span.until is None or span.until >= on)
        staff[span.site_id] = staff.get(span.site_id, 0) + serves
        if serves and span.source:
            sources[span.site_id] = sources.get(span.site_id, frozenset()) | {span.source}
    pharmacies = {town_path(site) for site in neighbours if site.kind == SiteKind.PHARMACY}
    # The register of convenience pharmacies knows better, where a town is on it.
    for path, is_enough in enough_by_register(paths, on=on).items():
        pharmacies = pharmacies | {path} if is_enough else pharmacies - {path}
    return _Surroundings(
        staff=staff,
        sources=sources,
        pharmacies=frozenset(pharmacies),
        village_points={path: tuple(ids) for path, ids in points.items()},
    )
