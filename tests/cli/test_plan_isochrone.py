"""`plan isochrone`: polygons within which people reach a site in time, as GeoJSON."""

import json

import pytest
from shapely.geometry import Point, shape
from tests.cli.qidong import Qidong, qidong
from tests.cli.test_plan_studies import run, told


@pytest.fixture
def county(tmp_path) -> Qidong:
    return qidong(tmp_path)


def drawn(files: Qidong, *words) -> list[dict]:
    done = run("isochrone", "--network", files.network, "--sites", files.sites, *words)
    assert (done.exit_code, done.stderr) == (0, "")
    return json.loads(done.stdout)["features"]


def test_the_area_holds_the_start_points_that_are_covered(county) -> None:
    (feature,) = drawn(county, "--mode", "ebike", "--minutes", 15)
    assert feature["properties"] == {"site": "", "mode": "ebike", "minutes": 15}
    rows = told("nearest", county, "--mode", "ebike")["nearest"]
    lines = county.demand.read_text(encoding="utf-8").splitlines()[1:]
    spot = {cells[0]: Point(*map(float, cells[2:4])) for cells in (row.split(",") for row in lines)}
    # Villages stand up to some hundred metres beside the road the area is drawn round.
    area = shape(feature["geometry"]).buffer(0.003)
    inside = [row["id"] for row in rows if (row["minutes"] or 99) <= 15]
    assert [place for place in inside if not area.contains(spot[place])] == []
    assert 0 < len(inside) < len(rows)


def test_each_site_and_every_limit_has_its_area_widest_first(county) -> None:
    features = drawn(county, "--minutes", 5, "--minutes", 10, "--each")
    assert len(features) == 24
    properties = [each["properties"] for each in features[:2]]
    assert [each["minutes"] for each in properties] == [10, 5]
    assert {each["site"] for each in properties} == {"320681100000"}


def test_the_file_holds_what_is_printed(county) -> None:
    out = county.demand.with_name("area.geojson")
    done = run("isochrone", "--network", county.network, "--sites", county.sites, "--geojson", out)
    assert (done.exit_code, done.stdout) == (0, "")
    assert json.loads(out.read_text(encoding="utf-8"))["features"] == drawn(county)


def test_a_site_without_a_road_near_is_named_and_the_others_drawn(county) -> None:
    with county.sites.open("a", encoding="utf-8") as rows:
        rows.write("far,远,125,31.8,1,1,1,320698\n")
    done = run("isochrone", "--network", county.network, "--sites", county.sites)
    assert (done.exit_code, len(json.loads(done.stdout)["features"])) == (0, 1)
    assert done.stderr == "注意：1 处距最近的路超过 300 米：far 附近没有路\n"


def test_bad_input_draws_nothing(county, tmp_path) -> None:
    start = ("isochrone", "--network", county.network, "--sites", county.sites)
    done = run(*start, "--mode", "rocket", "--minutes", 0, "--geojson", tmp_path / "a.geojson")
    assert (done.exit_code, done.stdout, len(done.stderr.splitlines())) == (2, "", 2)
    assert not (tmp_path / "a.geojson").exists()
    done = run(*start, "--geojson", tmp_path / "none" / "a.geojson")
    assert done.exit_code == 2
    assert "无法写入" in done.stderr
