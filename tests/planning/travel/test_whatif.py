import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.planning.travel.streets import at_nodes, graph_of, places, streets

from circle15.planning.travel.search import nearest, place_times
from circle15.planning.travel.whatif import WhatIf


def state(what_if):
    field = what_if.field
    arrays = field.time_ds, field.site, what_if.place_time_ds, what_if.place_site
    return [array.tobytes() for array in arrays], what_if.covered


def afresh(graph, what_if, demand, weight, limit, *, home_visits=False):
    """What the state should be: all searched anew from the sites as they are."""
    field = nearest(graph, what_if.sites, limit)
    time, site = place_times(field, what_if.sites, demand, home_visits=home_visits)
    arrays = field.time_ds, field.site, time, site
    return [array.tobytes() for array in arrays], float(weight[site >= 0].sum())


@settings(max_examples=300)
@given(st.data(), streets(most_nodes=12), st.booleans(), st.integers(0, 900))
def test_any_steps_equal_a_search_anew(data, street, toward, limit):
    graph = street.graph(toward=toward)
    demand = street.doors(data.draw(places(street)), arriving=not toward)
    weight = np.array(data.draw(st.lists(st.integers(0, 9), min_size=6, max_size=6)), float)
    weight = weight[: len(demand)]
    sites = street.doors(data.draw(places(street, least=0, most=4)), arriving=toward)
    what_if = WhatIf(graph, sites, demand, weight, limit, home_visits=not toward)
    for kind in data.draw(st.lists(st.sampled_from(["add", "move", "close", "undo"]), max_size=8)):
        one = street.doors(data.draw(places(street, least=1, most=1)), arriving=toward)
        before, held = what_if.covered, state(what_if)
        change = step(data, what_if, kind, one)
        told = afresh(graph, what_if, demand, weight, limit, home_visits=not toward)
        assert state(what_if) == told
        if change is not None:
            assert what_if.covered == before + change.gained - change.lost
        if change is not None and kind != "undo" and data.draw(st.booleans()):
            what_if.undo()
            assert state(what_if) == held


def step(data, what_if, kind, one):
    if kind == "add":
        return what_if.add(one)
    if kind == "undo":
        return what_if.undo() if what_if.steps else None
    running = [site for site in range(len(what_if.sites)) if what_if.is_open(site)]
    if not running:
        return None
    site = data.draw(st.sampled_from(running))
    return what_if.move(site, one) if kind == "move" else what_if.close(site)


def test_steps_on_real_roads_equal_a_search_anew_and_undo_to_the_byte(roads):
    _, graph = roads
    rng = np.random.default_rng(15)
    demand, limit = at_nodes(rng.choice(graph.node_count, 2_000)), 6_000
    weight = rng.integers(0, 100, 2_000).astype(float)
    sites = at_nodes(rng.choice(graph.node_count, 30, replace=False))
    what_if = WhatIf(graph, sites, demand, weight, limit)
    held = state(what_if)
    for number in range(12):
        doors = at_nodes(rng.choice(graph.node_count, 1))
        if number % 3 == 0:
            what_if.add(doors)
        elif number % 3 == 1:
            what_if.move(number, doors)
        else:
            what_if.close(number)
        assert state(what_if) == afresh(graph, what_if, demand, weight, limit)
    for _ in range(12):
        what_if.undo()
    assert state(what_if) == held


def test_a_change_tells_the_weight_gained_and_lost():
    graph = graph_of(4, [(0, 1, 5), (1, 0, 5), (2, 3, 5), (3, 2, 5)])
    what_if = WhatIf(graph, at_nodes([0]), at_nodes([0, 1, 2, 3]), np.array([1.0, 2, 4, 8]), 5)
    assert what_if.covered == 3
    moved = what_if.move(0, at_nodes([3]))
    assert (moved.site, moved.gained, moved.lost, moved.covered) == (0, 12, 3, 12)
    assert sorted(moved.places.tolist()) == [0, 1, 2, 3]
    added = what_if.add(at_nodes([1]))
    assert (added.site, added.gained, added.lost, added.covered) == (1, 3, 0, 15)
    closed = what_if.close(0)
    assert (closed.gained, closed.lost, closed.covered) == (0, 12, 3)
    back = what_if.undo()
    assert (back.site, back.gained, back.lost, back.covered) == (0, 12, 0, 15)


def test_what_is_not_open_can_neither_move_nor_close():
    what_if = WhatIf(graph_of(2, []), at_nodes([0]), at_nodes([0]), np.ones(1), 5)
    what_if.close(0)
    with pytest.raises(ValueError, match="not open"):
        what_if.close(0)
    with pytest.raises(ValueError, match="not open"):
        what_if.move(1, at_nodes([1]))


def test_refusals_leave_all_as_it_was():
    what_if = WhatIf(graph_of(2, []), at_nodes([0]), at_nodes([0]), np.ones(1), 5)
    held = state(what_if)
    with pytest.raises(ValueError, match="one place"):
        what_if.add(at_nodes([0, 1]))
    with pytest.raises(ValueError, match="door"):
        what_if.add(at_nodes([2]))
    with pytest.raises(IndexError):
        what_if.undo()
    assert (state(what_if), what_if.steps) == (held, 0)


def test_more_sites_than_there_was_room_for():
    graph = graph_of(2, [(0, 1, 5)])
    what_if = WhatIf(graph, at_nodes([]), at_nodes([1]), np.ones(1), 5)
    for _ in range(1_001):
        what_if.add(at_nodes([0]))
    assert what_if.covered == 1
    assert state(what_if) == afresh(graph, what_if, at_nodes([1]), np.ones(1), 5)
