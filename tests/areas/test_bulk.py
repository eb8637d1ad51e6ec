"""Divisions come in once, in any order, and only into the officer's area."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.imports.places import (
    AT,
    CITY,
    COUNTY,
    SQUARE,
    SYSTEM,
    TOWN,
    VILLAGE,
    division_rows,
    officer,
)

from circle15.areas.bulk import (
    AliasRow,
    BoundaryRow,
    DivisionRow,
    MapLayerRow,
    PopulationRow,
    common_path,
    upsert_aliases,
    upsert_boundaries,
    upsert_divisions,
    upsert_map_layers,
    upsert_populations,
)
from circle15.areas.models import Division
from circle15.areas.scope import area_scope
from circle15.areas.upserts import MANY, Counts, RowProblem, RowsRefused, recount
from circle15.audit.models import Event

pytestmark = pytest.mark.django_db
TOWN_PATH = f"/{CITY}/{COUNTY}/{TOWN}/"


def test_divisions_in_any_order_hang_under_their_parents():
    counts = upsert_divisions(division_rows(), by=SYSTEM, at=AT)

    assert counts == Counts(new=6)
    assert Division.objects.get(code=VILLAGE).path == f"{TOWN_PATH}{VILLAGE}/"


def test_the_same_divisions_again_change_nothing_and_are_not_told():
    upsert_divisions(division_rows(), by=SYSTEM, at=AT)
    again = upsert_divisions(division_rows(), by=SYSTEM, at=AT)

    assert again == Counts(same=6)
    with area_scope("/"):
        event = Event.objects.get(verb="divisions.import")
    assert (event.new["new"], event.area_path) == (6, f"/{CITY}/")


def test_what_a_row_does_not_say_stays():
    upsert_divisions(division_rows(), by=SYSTEM, at=AT)
    upsert_populations([PopulationRow(code=TOWN, resident=0)], by=SYSTEM, at=AT)
    row = DivisionRow(code=TOWN, name="汇龙街道", level="town", lon=Decimal("121.65"))

    with pytest.raises(Exception, match="areas_division_point_whole"):
        upsert_divisions([row], by=SYSTEM, at=AT)


def test_a_renamed_town_keeps_its_population():
    upsert_divisions(division_rows(), by=SYSTEM, at=AT)
    upsert_populations([PopulationRow(code=TOWN, resident=0)], by=SYSTEM, at=AT)
    row = DivisionRow(code=TOWN, name="汇龙街道", level="town")

    assert upsert_divisions([row], by=SYSTEM, at=AT) == Counts(changed=1)
    stored = Division.objects.get(code=TOWN)
    assert (stored.name, stored.population_resident) == ("汇龙街道", 0)
    assert stored.sort_key.startswith("|hui4")


def test_every_bad_row_is_named_and_none_is_written():
    rows = [
        DivisionRow(code=CITY, name="南通市", level="city"),
        DivisionRow(code=VILLAGE, name="无镇村", level="village"),
        DivisionRow(code=COUNTY, name="启东市", level="county"),
    ]
    with pytest.raises(RowsRefused) as refused:
        upsert_divisions(rows, by=SYSTEM, at=AT)

    assert refused.value.problems == (
        RowProblem(1, "code", "上级区划320681100000不在名单中（文件和系统里都没有）"),
    )
    assert Division.objects.count() == 0


def test_a_repeated_code_is_refused():
    rows = division_rows()
    with pytest.raises(RowsRefused) as refused:
        upsert_divisions([*rows, rows[0]], by=SYSTEM, at=AT)
    assert refused.value.problems == (RowProblem(6, "code", "与第1行重复"),)


def test_a_division_does_not_change_its_parent():
    upsert_divisions(division_rows(), by=SYSTEM, at=AT)
    row = DivisionRow(code=VILLAGE, name="幸福一村", level="village", parent_code="320681101000")
    with pytest.raises(RowsRefused, match="改换上级"):
        upsert_divisions([row], by=SYSTEM, at=AT)


def test_an_officer_brings_in_the_own_area_only():
    upsert_divisions(division_rows(), by=SYSTEM, at=AT)
    row = DivisionRow(code="320681101002", name="新村", level="village")
    with pytest.raises(RowsRefused, match="不在您的管辖范围内"):
        upsert_divisions([row], by=officer(TOWN_PATH), at=AT)
    inside = DivisionRow(code="320681100002", name="新村", level="village")
    assert upsert_divisions([inside], by=officer(TOWN_PATH), at=AT) == Counts(new=1)


@pytest.mark.parametrize(
    ("write", "row"),
    [
        (upsert_aliases, AliasRow(division_code=TOWN, name="汇龙", note="旧称")),
        (upsert_populations, PopulationRow(code=TOWN, resident=5, source="普查")),
        (upsert_boundaries, BoundaryRow(code=TOWN, boundary=SQUARE)),
        (upsert_map_layers, MapLayerRow(division_code=TOWN, geojson=SQUARE, attribution="合成")),
    ],
)
def test_what_belongs_to_divisions_is_written_once(write, row):
    upsert_divisions(division_rows(), by=SYSTEM, at=AT)
    first = write([row], by=SYSTEM, at=AT)
    assert first.written == 1
    assert write([row], by=SYSTEM, at=AT) == Counts(same=1)
    with pytest.raises(RowsRefused, match="不在您的管辖范围内"):
        write([row], by=officer("/320600000000/320681000000/320681101000/"), at=AT)


@pytest.mark.parametrize(
    ("paths", "common"),
    [((), "/"), (("/a/b/", "/a/c/"), "/a/"), (("/a/b/",), "/a/b/"), (("/ab/", "/ac/"), "/")],
)
def test_the_common_path_ends_at_a_division(paths, common):
    assert common_path(paths) == common


@pytest.mark.parametrize(("added", "counted"), [(MANY - 1, False), (MANY, True)])
def test_tables_are_counted_again_after_many_rows_only(added, counted):
    with CaptureQueriesContext(connection) as asked:
        recount(Division, added)

    assert [query["sql"] for query in asked] == ['ANALYZE "areas_division"'] * counted
