"""What a number of the overview is made of: each is a sum of lines, and opens exactly them.

Of an area and everything below it (`Figures` of a tree): received − used − returned = left.
Of one place alone: received − allocated − used − returned = left.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from types import MappingProxyType

from django.db.models import F, Q, QuerySet, Sum

from circle15.programme.funds_models import FundLine
from circle15.programme.funds_states import IN_HAND, AccountKind, MoveKind

ZERO = Decimal("0.00")
_HAND = Q(account__kind__in=sorted(IN_HAND))
_SPENT = Q(account__kind=AccountKind.SPENT)
_IS_OUT = Q(move__from_path=F("area_path"))


def _as(*kinds: str) -> Q:
    return Q(move__counts_as__in=kinds)


# Clauses: J-92, J-93
@dataclass(frozen=True, slots=True)
class Figures:
    """Sums in yuan; `used_share` is None where nothing was received."""

    received: Decimal = ZERO
    allocated: Decimal = ZERO
    used: Decimal = ZERO
    returned: Decimal = ZERO
    left: Decimal = ZERO

    @property
    def used_share(self) -> Decimal | None:
        """Return what was used of what has come, in percent with one place (使用率)."""
        if not self.received:
            return None
        return (100 * self.used / self.received).quantize(Decimal("0.1"))


@dataclass(frozen=True, slots=True)
class Part:
    """Which lines a figure is the sum of, and whether it is told with the sign turned."""

    lines: Q
    is_turned: bool = False


NAMES = tuple(field.name for field in fields(Figures))


def parts(area_path: str) -> Mapping[str, Part]:
    """Return the parts of an area with all below it."""
    # Money that only changes hands inside the area is neither received nor returned.
    from_inside = Q(move__from_path__startswith=area_path)
    to_inside = Q(move__to_path__startswith=area_path)
    moved = _as(MoveKind.RECEIPT, MoveKind.ALLOCATION, MoveKind.RETURN)
    return MappingProxyType(
        {
            "received": Part(
                _HAND & (_as(MoveKind.RECEIPT) | _as(MoveKind.ALLOCATION) & ~from_inside)
            ),
            "allocated": Part(Q(account__kind=AccountKind.HELD) & moved),
            "used": Part(_SPENT),
            "returned": Part(_HAND & _as(MoveKind.RETURN) & ~to_inside, is_turned=True),
            "left": Part(_HAND),
        }
    )


# One place alone: what it hands on is no longer its own.
ALONE: Mapping[str, Part] = MappingProxyType(
    {
        "received": Part(_HAND & (_as(MoveKind.RECEIPT) | _as(MoveKind.ALLOCATION) & ~_IS_OUT)),
        "allocated": Part(
            _HAND & (_as(MoveKind.ALLOCATION) & _IS_OUT | _as(MoveKind.RETURN) & ~_IS_OUT),
            is_turned=True,
        ),
        "used": Part(_SPENT),
        "returned": Part(_HAND & _as(MoveKind.RETURN) & _IS_OUT, is_turned=True),
        "left": Part(_HAND),
    }
)


def figures_of(lines: QuerySet[FundLine], by_name: Mapping[str, Part]) -> Figures:
    """Add up lines (1 query)."""
    return _figures(lines.aggregate(**_sums(by_name)), by_name)


def figures_by(
    lines: QuerySet[FundLine], field: str, by_name: Mapping[str, Part]
) -> dict[str, Figures]:
    """Add up lines by a field, in its order (1 query)."""
    rows = lines.values(field).annotate(**_sums(by_name)).order_by(field)
    return {row[field]: _figures(row, by_name) for row in rows}


def _sums(by_name: Mapping[str, Part]) -> dict[str, Sum]:
    return {f"sum_{name}": Sum("amount", filter=part.lines) for name, part in by_name.items()}


def _figures(row: Mapping[str, Decimal | None], by_name: Mapping[str, Part]) -> Figures:
    found = {name: row[f"sum_{name}"] or ZERO for name in NAMES}
    return Figures(**{n: -each if by_name[n].is_turned else each for n, each in found.items()})
