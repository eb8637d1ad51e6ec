from functools import cache
from pathlib import Path

import numpy as np
import pytest

from circle15.planning.network.build import Arcs, Nodes, build
from circle15.planning.network.model import toward_sites
from circle15.planning.network.profiles import default_scenario
from circle15.planning.network.source import read_network
from circle15.planning.synthetic import CLASSES, synthetic_city

DATA = Path(__file__).parents[1] / "data"


@cache
def network(name):
    """Hong Kong, New York (US Census), Liechtenstein or a made-up town, by car."""
    if name == "liechtenstein":
        return read_network(DATA / "liechtenstein.osm.pbf", default_scenario())
    if name == "synthetic":
        city = synthetic_city(np.random.default_rng(15), 20_000)
        return _built(city.lon, city.lat, city.tail, city.head, city.time_s["drive"], CLASSES)
    roads = np.load(DATA / f"{name}.npz")
    seconds = roads["time_ms"] / 1000 if "time_ms" in roads else roads["time"] / 100
    return _built(
        roads["lon_e6"] / 1e6, roads["lat_e6"] / 1e6, roads["tail"], roads["head"], seconds
    )


def _built(lon, lat, tail, head, seconds, classes=("road",)):
    count = len(tail)
    arcs = Arcs(
        tail.astype(np.int64),
        head.astype(np.int64),
        seconds * 10,
        np.zeros(count, np.uint8),
        {"drive": seconds},
    )
    return build(Nodes(lon, lat, np.arange(len(lon))), arcs, classes, {})


@cache
def _graph(name):
    return toward_sites(network(name), "drive")


@pytest.fixture(params=["hongkong", "new_york", "liechtenstein", "synthetic"])
def roads(request):
    return request.param, _graph(request.param)
