"""Unconnected parts, islands and ferries are told of, part by part and mode by mode."""

from dataclasses import replace

import numpy as np
from tests.planning.network.made import INF, arcs_of, network_of, nodes_at

from circle15.planning.network.parts import LISTED, parts


def both(u, v, drive=100.0, metres=1000):
    return (u, v, metres, 800, drive), (v, u, metres, 800, drive)


def test_an_island_without_a_ferry_is_a_part_of_its_own() -> None:
    nodes = nodes_at((0, 0), (0.01, 0), (0.02, 0), (0.1, 0), (0.11, 0.02))
    rows = (*both(0, 1), *both(1, 2), *both(3, 4, INF, 2500))
    found = parts(network_of(nodes, arcs_of(*rows)))
    assert found == {
        "count": 2,
        "largest_nodes": 3,
        "other_nodes": 2,
        "other_km": 2.5,
        "km": 4.5,
        "others": [{"nodes": 2, "km": 2.5, "lon": 0.105, "lat": 0.01}],
        "ferries": {"pieces": 0, "km": 0.0},
        "modes": {
            "walk": mode(arcs=6, nodes=5, parts=2, outside=2, stuck=2),
            "drive": mode(arcs=4, nodes=3, parts=1, outside=0, stuck=0),
        },
    }


def mode(*, arcs, nodes, parts, outside, stuck):
    return {
        "arcs": arcs,
        "nodes": nodes,
        "parts": parts,
        "outside_largest_part": outside,
        "not_there_and_back": stuck,
    }


def test_a_ferry_joins_the_island_and_is_counted() -> None:
    nodes = nodes_at((0, 0), (0.01, 0), (0.1, 0))
    rows = (*both(0, 1), *both(1, 2, metres=9000))
    found = parts(network_of(nodes, arcs_of(*rows, classes=(0, 0, 2, 2))))
    assert (found["count"], found["ferries"]) == (1, {"pieces": 1, "km": 9.0})


def test_a_one_way_dead_end_is_not_left_unsaid() -> None:
    nodes = nodes_at((0, 0), (0.01, 0), (0.02, 0))
    rows = (*both(0, 1), (1, 2, 500, INF, 50))
    found = parts(network_of(nodes, arcs_of(*rows)))
    assert found["modes"]["drive"] == mode(arcs=3, nodes=3, parts=1, outside=0, stuck=1)
    assert found["modes"]["walk"] == mode(arcs=2, nodes=2, parts=1, outside=0, stuck=0)


def test_many_parts_are_counted_and_the_largest_described() -> None:
    count = 2 * (LISTED + 5)
    nodes = nodes_at(*((0.01 * i, 0) for i in range(count)))
    rows = [row for i in range(0, count, 2) for row in both(i, i + 1)]
    found = parts(network_of(nodes, arcs_of(*rows)))
    assert (found["count"], len(found["others"])) == (LISTED + 5, LISTED)


def test_a_network_that_knows_no_ferries_has_none() -> None:
    made = replace(network_of(nodes_at((0, 0), (0.01, 0)), arcs_of(*both(0, 1))), classes=("road",))
    assert parts(made)["ferries"] == {"pieces": 0, "km": 0.0}


def test_nothing_has_no_parts() -> None:
    found = parts(network_of(nodes_at(), arcs_of()))
    assert (found["count"], found["km"], found["others"]) == (0, 0.0, [])
    assert found["modes"]["walk"] == mode(arcs=0, nodes=0, parts=0, outside=0, stuck=0)
    assert np.isfinite(found["other_km"])
