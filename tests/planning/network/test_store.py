"""The network file: comes back whole, the same bytes each time, and is refused when damaged."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from tests.planning.network.made import arcs_of, drawn, network_of, nodes_at

from circle15.planning.network.model import Network
from circle15.planning.network.store import load, load_arrays, save, save_arrays
from circle15.planning.problems import PlanningRefused

ARRAYS = ("lon", "lat", "node_id", "first", "head", "length_dm", "piece", "road_class", "component")


def bent():
    nodes = nodes_at((121, 31), (121.01, 31), (121.01, 31.01))
    rows = ((0, 1, 900, 700, 70), (1, 2, 900, 700, 70), (1, 0, 900, 700, np.inf))
    return network_of(nodes, arcs_of(*rows, bends=[[(121.005, 31.001)], [], []]), {"名": "启东"})


def same(first, second):
    assert all(np.array_equal(getattr(first, name), getattr(second, name)) for name in ARRAYS)
    assert all(getattr(first, name).dtype == getattr(second, name).dtype for name in ARRAYS)
    assert {mode: time.tolist() for mode, time in first.times.items()} == {
        mode: time.tolist() for mode, time in second.times.items()
    }
    assert (first.classes, first.source) == (second.classes, second.source)


@settings(max_examples=30)
@given(drawn())
def test_what_is_saved_comes_back(roads) -> None:
    network = network_of(*roads)
    with TemporaryDirectory() as folder:
        save(network, Path(folder, "a.net"))
        same(network, load(Path(folder, "a.net")))


def test_bends_come_back_too(tmp_path) -> None:
    save(bent(), tmp_path / "a.net")
    shapes = load(tmp_path / "a.net").shapes
    assert (shapes.first.tolist(), shapes.lon.tolist()) == (bent().shapes.first.tolist(), [121.005])


def test_the_same_network_gives_the_same_bytes_and_nothing_else_is_left(tmp_path) -> None:
    save(bent(), tmp_path / "a.net")
    save(bent(), tmp_path / "b.net")
    assert (tmp_path / "a.net").read_bytes() == (tmp_path / "b.net").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.net", "b.net"]


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda content: content[:-1], "a.net：文件不完整（被截断或多出内容）"),
        (lambda content: content + b"\0", "a.net：文件不完整（被截断或多出内容）"),
        (lambda content: content[:200], "a.net：文件头已损坏或被截断"),
        (lambda content: content[:20], "a.net：不是规划路网文件"),
        (lambda _: b"", "a.net：不是规划路网文件"),
        (lambda content: b"X" + content[1:], "a.net：不是规划路网文件"),
        (lambda content: content[:60] + b"~" + content[61:], "a.net：文件头已损坏或被截断"),
        (
            lambda content: content[:8] + b"\x09\0\0\0" + content[12:],
            "a.net：版本为 9，本程序只读版本 1，请重新生成",
        ),
    ],
)
def test_a_damaged_file_is_refused(tmp_path, damage, problem) -> None:
    path = tmp_path / "a.net"
    save(bent(), path)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(PlanningRefused) as refused:
        load(path)
    assert [each.zh for each in refused.value.problems] == [problem]


def test_a_file_that_is_not_there_is_refused(tmp_path) -> None:
    with pytest.raises(PlanningRefused) as refused:
        load(tmp_path / "none.net")
    assert [each.en for each in refused.value.problems] == ["none.net is not there"]


def test_another_kind_of_file_is_refused(tmp_path) -> None:
    save_arrays(tmp_path / "order", "order", {"of": 1}, {"rank": np.arange(3)})
    with pytest.raises(PlanningRefused) as refused:
        load(tmp_path / "order")
    assert [each.zh for each in refused.value.problems] == ["order：不是所需的文件种类"]
    about, arrays = load_arrays(tmp_path / "order", "order")
    assert (about, arrays["rank"].tolist()) == ({"of": 1}, [0, 1, 2])


def test_loaded_arrays_can_not_be_changed(tmp_path) -> None:
    save(bent(), tmp_path / "a.net")
    with pytest.raises(ValueError, match="read-only"):
        load(tmp_path / "a.net").head[0] = 9


def test_a_failed_save_leaves_what_was_there(tmp_path) -> None:
    path = tmp_path / "a.net"
    save(bent(), path)
    before = path.read_bytes()
    with pytest.raises(TypeError):
        save(replace(bent(), source={"not": {"json"}}), path)
    (tmp_path / "folder").mkdir()
    with pytest.raises(IsADirectoryError):
        save(bent(), tmp_path / "folder")
    assert path.read_bytes() == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.net", "folder"]


def test_a_million_nodes_are_loaded_as_they_were_saved(tmp_path) -> None:
    count, arcs = 1_000_000, 2_700_000
    network = Network(
        lon=np.zeros(count),
        lat=np.zeros(count),
        node_id=np.arange(count),
        first=np.linspace(0, arcs, count + 1).astype(np.uint32),
        head=np.zeros(arcs, np.uint32),
        length_dm=np.zeros(arcs, np.uint32),
        piece=np.zeros(arcs, np.uint32),
        road_class=np.zeros(arcs, np.uint8),
        classes=("road",),
        times={mode: np.ones(arcs, np.uint16) for mode in ("walk", "ebike", "drive")},
        component=np.zeros(count, np.uint32),
        source={},
    )
    save(network, tmp_path / "a.net")
    loaded = load(tmp_path / "a.net")
    assert int(loaded.first[-1]) == arcs
    assert loaded.head.shape == (arcs,)
