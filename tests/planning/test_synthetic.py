"""The made-up city: repeatable, of the size asked for, cut by its rivers."""

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from circle15.planning.synthetic import FOOTWAY, spread, synthetic_city


def small_city(seed: int = 15):
    return synthetic_city(np.random.default_rng(seed), 10_000)


def test_the_same_seed_gives_the_same_city() -> None:
    first, again = small_city(), small_city()
    assert first.length_m.tobytes() == again.length_m.tobytes()
    assert first.people.tobytes() == again.people.tobytes()


def test_it_has_about_the_nodes_asked_for_and_two_to_three_arcs_each() -> None:
    city = small_city()
    assert 9_000 < len(city.lon) < 11_000
    assert 2.4 < len(city.tail) / len(city.lon) < 3.0


def test_cars_keep_off_footways_and_nearly_everyone_is_connected_on_foot() -> None:
    city = small_city()
    assert np.isinf(city.time_s["drive"][city.road_class == FOOTWAY]).all()
    count = len(city.lon)
    roads = csr_matrix((city.length_m, (city.tail, city.head)), (count, count))
    _, part = connected_components(roads, directed=False)
    assert np.bincount(part).max() > 0.97 * count


def test_places_are_spread_where_people_live() -> None:
    city = small_city()
    chosen = spread(np.random.default_rng(1), city, 500)
    assert len(np.unique(chosen)) == 500
    assert city.people[chosen].mean() > city.people.mean()
