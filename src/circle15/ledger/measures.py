"""Figures of a site's running that are watched: appended when they change, read as of a day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from circle15.ledger.models import Measure
from circle15.sites.models import Site
from circle15.standards.watched import Watched, watched

Known = dict[tuple[int, str], Measure]
_CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Amount:
    """How many of how many; `whole` is None for what is only counted."""

    part: Decimal
    whole: int | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """A watched figure of a site as of a day; `row` is None where it was never counted."""

    definition: Watched
    row: Measure | None

    @property
    def value(self) -> Decimal | None:
        return self.definition.value(self.row.part, self.row.whole) if self.row else None


def append_measures(found: Mapping[Site, Mapping[str, Amount]], *, day: date, at: datetime) -> int:
    """Append the figures of a day that differ from those known; return how many.

    A figure of the same day that was counted otherwise before is corrected by the new row. May be
    repeated. The caller writes the line of the trail.
    """
    known = measures_of_many([site.pk for site in found], on=day)
    rows = [
        _row(site, name, amount, known.get((site.pk, name)), day=day, at=at)
        for site, amounts in found.items()
        for name, amount in amounts.items()
        if not _is_known(amount, known.get((site.pk, name)))
    ]
    Measure.objects.bulk_create(rows, batch_size=_CHUNK)
    return len(rows)


def _is_known(amount: Amount, known: Measure | None) -> bool:
    return known is not None and (known.part, known.whole) == (amount.part, amount.whole)


def _row(  # noqa: PLR0913 -- what a row consists of
    site: Site, name: str, amount: Amount, known: Measure | None, *, day: date, at: datetime
) -> Measure:
    return Measure(
        site=site,
        area_path=site.area_path,
        name=name,
        observed_on=day,
        part=amount.part,
        whole=amount.whole,
        recorded_at=at,
        corrects=known if known and known.observed_on == day else None,
    )


def measures_of_many(site_ids: Iterable[int], *, on: date) -> Known:
    """Return the figures of a day by site and name, in one query and the present scope."""
    rows = Measure.objects.filter(site__in=list(site_ids), observed_on__lte=on)
    newest = rows.order_by("site_id", "name", "-observed_on", "-id").distinct("site_id", "name")
    return {(row.site_id, row.name): row for row in newest}


def measures_of(site_id: int, *, on: date) -> tuple[Seen, ...]:
    """Return everything that is watched of a site, in the order of the catalogue."""
    known = measures_of_many([site_id], on=on)
    return tuple(Seen(one, known.get((site_id, name))) for name, one in watched().items())
