"""The people and sites of the register as the planning engines take them, and their JSON form."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from circle15.planning.arrays import F64
from circle15.planning.demand import Demand, Points, Supply

OVER_60 = "over_60"
WINDOWS, STAFF = "windows", "staff"
"""Labels of the sites where the register was asked how many serve there."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """Start points with people, and the sites that serve them, as of one moment.

    `left_out`: villages that are no start points: placeholders, and those without people or point.
    """

    demand: Demand
    sites: Supply
    left_out: tuple[int, int] = (0, 0)


def digest(value: object) -> str:
    """Give the SHA-256 of a JSON value in its one canonical form, hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()


def canonical(value: object) -> bytes:
    """Write JSON so that equal values are equal bytes."""
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def inputs_to_json(inputs: Inputs) -> dict[str, object]:
    """Write both tables by columns."""
    demand, sites = inputs.demand, inputs.sites
    return {
        "demand": {
            **_points_to_json(demand.points),
            "weight": demand.weight.tolist(),
            "groups": {name: values.tolist() for name, values in demand.groups.items()},
            "labels": {name: list(values) for name, values in demand.labels.items()},
        },
        "sites": {
            **_points_to_json(sites.points),
            "labels": {name: list(values) for name, values in sites.labels.items()},
        },
        "left_out": list(inputs.left_out),
    }


def inputs_from_json(raw: Mapping[str, Any]) -> Inputs:
    """Read what `inputs_to_json` wrote."""
    demand, sites = raw["demand"], raw["sites"]
    placeholders, incomplete = raw["left_out"]
    return Inputs(
        Demand(
            _points(demand),
            _numbers(demand["weight"]),
            {name: _numbers(values) for name, values in _columns(demand, "groups").items()},
            {name: tuple(values) for name, values in _columns(demand, "labels").items()},
        ),
        Supply(
            _points(sites),
            None,
            None,
            {name: tuple(values) for name, values in _columns(sites, "labels").items()},
        ),
        (placeholders, incomplete),
    )


def _points_to_json(points: Points) -> dict[str, object]:
    assert points.lon is not None
    assert points.lat is not None
    return {"id": list(points.id), "lon": points.lon.tolist(), "lat": points.lat.tolist()}


def _points(raw: Mapping[str, object]) -> Points:
    ids = raw["id"]
    assert isinstance(ids, list)
    return Points(tuple(ids), _numbers(raw["lon"]), _numbers(raw["lat"]), None)


def _numbers(values: object) -> F64:
    assert isinstance(values, list)
    return np.array(values, np.float64)


def _columns(raw: Mapping[str, object], name: str) -> Mapping[str, Sequence[str]]:
    found = raw[name]
    assert isinstance(found, dict)
    return found
