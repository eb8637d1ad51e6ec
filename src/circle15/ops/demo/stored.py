"""The demo city's files: divisions, boundaries, roads, places, characters of its centres."""

import csv
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

Record = Mapping[str, str]


@cache
def divisions() -> tuple[Record, ...]:
    return _table("divisions.csv")


@cache
def aliases() -> tuple[Record, ...]:
    return _table("aliases.csv")


@cache
def places() -> tuple[Record, ...]:
    """Read points of hospitals, pharmacies and banks, all made up."""
    return _table("places.csv")


def boundaries() -> Mapping[str, Mapping[str, Any]]:
    """Read the outline of the city and its two counties, by code."""
    features = json.loads(_text("boundaries.geojson"))["features"]
    return {feature["properties"]["code"]: feature["geometry"] for feature in features}


def roads() -> Mapping[str, Any]:
    found = json.loads(_text("roads.geojson"))
    assert isinstance(found, dict)
    return found


@cache
def characters() -> Mapping[str, Any]:
    """Read what centres.yaml says of the centres and of whole towns."""
    found = yaml.safe_load(_text("centres.yaml"))
    assert isinstance(found, dict)
    return found


def _table(name: str) -> tuple[Record, ...]:
    return tuple(csv.DictReader(_text(name).splitlines()))


def _text(name: str) -> str:
    return (files("circle15.ops.demo") / "data" / name).read_text(encoding="utf-8")
