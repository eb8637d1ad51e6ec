"""Which service items are filed with the medical insurance platform, and under which insurance."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from circle15.standards import strict_yaml


@cache
def filings() -> Mapping[str, str]:
    """Return the number of the transaction by the key of the item."""
    listed = _source()["filings"]
    assert isinstance(listed, list)
    return MappingProxyType({str(each["item"]): str(each["infno"]) for each in listed})


@cache
def insurances() -> tuple[str, ...]:
    """Return the kinds of insurance a filing may be made under, the preferred one first."""
    listed = _source()["insurances"]
    assert isinstance(listed, list)
    return tuple(str(each) for each in listed)


@cache
def words_of_nothing_there() -> tuple[str, ...]:
    """Return the words by which a reversal is refused because there is nothing to reverse."""
    listed = _source()["nothing_there"]
    assert isinstance(listed, list)
    return tuple(str(each) for each in listed)


@cache
def _source() -> Mapping[str, object]:
    source = files("circle15.standards") / "data" / "core_platform.yaml"
    data = strict_yaml.load(source.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return data
