"""Turn values into what JSON holds, exactly and without numbers of persons."""

from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from uuid import UUID

from circle15.audit.masks import masked


def plain(value: object) -> object:  # noqa: PLR0911 -- one answer per kind of value
    """Return a JSON value; exact numbers, dates and ids become text. Raises TypeError."""
    match value:
        case None | bool() | float():
            return value
        case str():
            return masked(value)
        case int():
            text = str(value)
            return value if masked(text) == text else masked(text)
        case Mapping():
            return {masked(str(key)): plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [plain(inner) for inner in value]
        case set() | frozenset():
            return sorted((plain(inner) for inner in value), key=str)
        case date() | time():
            return value.isoformat()
        case Decimal() | UUID():
            return str(value)
    raise TypeError(f"the trail cannot hold a {type(value).__name__}")
