"""Write the demo city through the same bulk actions every import uses, all of it or nothing."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from circle15.accounts.actors import Actor, system_actor
from circle15.accounts.bulk import upsert_organisations, upsert_people
from circle15.areas.bulk import upsert_aliases, upsert_divisions, upsert_map_layers
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.actions import refresh_stale, store_sheet
from circle15.assessments.publishing import install_built_in
from circle15.assessments.vetoes import judge_vetoes
from circle15.ledger.actions import keep_evidence, record_fact
from circle15.ledger.bulk import FactRow, append_facts, append_trainings
from circle15.ledger.files import check_evidence
from circle15.ledger.queries import history_of
from circle15.ledger.states import Source
from circle15.ledger.values import stored
from circle15.ops.demo.centres import HALL
from circle15.ops.demo.character import MARK
from circle15.ops.demo.dataset import Dataset, build
from circle15.ops.demo.history import SPAN, Correction
from circle15.ops.demo.photos import Photo, photos
from circle15.ops.demo.roads import COUNTY, roads_network
from circle15.ops.demo.sheets import BOOK, Sheet, sheets
from circle15.plans.actions import install_network
from circle15.plans.queries import networks_in_order
from circle15.sites.bulk import (
    upsert_equipment,
    upsert_hours,
    upsert_signs,
    upsert_sites,
    upsert_staff,
    upsert_windows,
    upsert_zones,
)
from circle15.sites.queries import site_by_code, visible_to

SYSTEM = system_actor(f"演示数据{MARK}")
_ASSESSOR = system_actor(f"评估组{MARK}")
_SECOND = system_actor(f"复核组{MARK}")
_SHANGHAI = ZoneInfo("Asia/Shanghai")
_RECORDED_AT = time(9, 30)
_RECORDERS = {
    Source.OPERATION: system_actor(f"业务系统{MARK}"),
    Source.DOCUMENT: system_actor(f"网点台账员{MARK}"),
    Source.ON_SITE: system_actor(f"第三方检查员{MARK}"),
    Source.IMPORT: system_actor(f"县局批量导入{MARK}"),
}


def is_there() -> bool:
    """Tell whether the demo city has been written; it is written whole."""
    with area_scope(EVERYWHERE):
        return visible_to(SYSTEM).filter(code=HALL).exists()


def fill(*, today: date, at: datetime) -> bool:
    """Write the demo city unless it is there; tell whether anything was written."""
    if is_there():
        return False
    with area_scope(EVERYWHERE):
        _write(build(today), today, at)
    return True


def ensure_roads(*, at: datetime) -> bool:
    """Take the invented roads into use unless they are; tell whether they were new."""
    with area_scope(EVERYWHERE):
        if networks_in_order(SYSTEM).exists():
            return False
        install_network(
            network=roads_network(),
            name=f"启东市道路{MARK}",
            division_code=COUNTY,
            is_synthetic=True,
            by=SYSTEM,
            at=at,
        )
    return True


def _write(city: Dataset, today: date, at: datetime) -> None:
    """In the order of the days told, so that the trail reads as it would have been written."""
    first = _moment(today - SPAN - timedelta(days=1), at)
    _write_registers(city, first)
    append_trainings(city.trainings, by=_RECORDERS[Source.OPERATION], at=at)
    for moment, by, rows in _sittings(city.facts, at):
        append_facts(rows, by=by, at=moment)
    for correction in sorted(city.corrections, key=lambda one: one.made_on):
        _correct(correction, at)
    for photo in photos(today):
        _take(photo, at)
    install_built_in(by=SYSTEM, at=first)
    for sheet in sheets(today):
        _keep(sheet, at)
    refresh_stale(at=at)


def _write_registers(city: Dataset, first: datetime) -> None:
    upsert_divisions(city.divisions, by=SYSTEM, at=first)
    upsert_aliases(city.aliases, by=SYSTEM, at=first)
    upsert_map_layers(city.map_layers, by=SYSTEM, at=first)
    upsert_organisations(city.organisations, by=SYSTEM, at=first)
    upsert_people(city.people, by=SYSTEM, at=first)
    upsert_sites(city.sites, by=SYSTEM, at=first)
    upsert_zones(city.zones, by=SYSTEM, at=first)
    upsert_equipment(city.equipment, by=SYSTEM, at=first)
    upsert_signs(city.signs, by=SYSTEM, at=first)
    upsert_windows(city.windows, by=SYSTEM, at=first)
    upsert_hours(city.hours, by=SYSTEM, at=first)
    upsert_staff(city.staff, by=SYSTEM, at=first)


def _sittings(
    rows: Iterable[FactRow], at: datetime
) -> Iterator[tuple[datetime, Actor, tuple[FactRow, ...]]]:
    """Each recorder sits down once a month and records what was found since the last time."""

    def sitting(row: FactRow) -> tuple[int, int, str]:
        return row.observed_on.year, row.observed_on.month, row.source

    for (_, _, source), group in groupby(sorted(rows, key=sitting), key=sitting):
        found = tuple(sorted(group, key=lambda row: row.observed_on))
        yield _moment(found[-1].observed_on, at), _RECORDERS[Source(source)], found


def _moment(day: date, at: datetime) -> datetime:
    return min(datetime.combine(day, _RECORDED_AT, _SHANGHAI), at)


def _correct(correction: Correction, at: datetime) -> None:
    wrong = correction.of
    assert wrong.site_code
    site = site_by_code(SYSTEM, wrong.site_code)
    found = history_of(site, wrong.name).filter(
        observed_on=wrong.observed_on, value=stored(wrong.value), source=wrong.source
    )
    record_fact(
        code=wrong.site_code,
        name=wrong.name,
        value=correction.value,
        source=wrong.source,
        observed_on=wrong.observed_on,
        by=_RECORDERS[Source(wrong.source)],
        at=_moment(correction.made_on, at),
        note=correction.note,
        corrects_id=found.get().id,
    )


def _keep(sheet: Sheet, at: datetime) -> None:
    kept = store_sheet(
        code=sheet.site_code,
        book=BOOK,
        purpose=sheet.purpose,
        on=sheet.on,
        by=_ASSESSOR,
        at=_moment(sheet.on, at),
        vetoes=sheet.vetoes,
    )
    if sheet.vetoes:
        judge_vetoes(sheet_id=kept.id, agrees=True, by=_SECOND, at=_moment(sheet.on, at))


def _take(photo: Photo, at: datetime) -> None:
    by = _RECORDERS[Source.ON_SITE]
    moment = _moment(photo.taken_on, at)
    evidence = keep_evidence(
        code=photo.site_code,
        checked=check_evidence(photo.content(), name=photo.name),
        by=by,
        at=moment,
    )
    record_fact(
        code=photo.site_code,
        name=photo.fact,
        value=photo.value,
        source=Source.ON_SITE,
        observed_on=photo.taken_on,
        by=by,
        at=moment,
        note="附现场照片",
        evidence_ids=(evidence.id,),
    )
