"""How a fact's value stands in the database: truth and counts as they are, decimals as text."""

from decimal import Decimal

from circle15.standards.facts import FactValue


def stored(value: FactValue) -> bool | int | str:
    """Return the JSON form of a value: exact, as typed."""
    return str(value) if isinstance(value, Decimal) else value


def value_of(raw: object) -> FactValue:
    """Return the value a JSON form stands for."""
    if isinstance(raw, str):
        return Decimal(raw)
    assert isinstance(raw, bool | int)
    return raw
