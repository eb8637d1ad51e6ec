"""Staff of an area over a quarter or a year: who joined and left, whence, how skilled; as xlsx."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.exports import MOST_LINES, note_export
from circle15.accounts.guards import demand
from circle15.accounts.states import Permission
from circle15.core.papers.sheet import text_workbook
from circle15.core.shares import Share
from circle15.sites.models import Site, StaffMember
from circle15.sites.queries import visible_to
from circle15.sites.skills import is_multi_skilled, items_at
from circle15.sites.states import StaffSource

_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Span:
    """A quarter or a year, its last day included."""

    since: date
    until: date


def span_of(year: int, quarter: int | None) -> Span:
    """Return a quarter (1 to 4) of a year, or the whole year."""
    if quarter is None:
        return Span(date(year, 1, 1), date(year, 12, 31))
    first = date(year, 3 * quarter - 2, 1)
    after = date(year + quarter // 4, (3 * quarter) % 12 + 1, 1)
    return Span(first, after - timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Turnover:
    """Staff over a span: at its beginning and end, joined and left; the end's structure."""

    at_first: int
    joined: int
    left: int
    full_time: int
    multi: int
    sources: Mapping[str, int]

    @property
    def at_last(self) -> int:
        return self.at_first + self.joined - self.left

    @property
    def rate(self) -> Decimal | None:
        """Return those who left in percent of the mean of both ends; None without staff."""
        both = self.at_first + self.at_last
        if not both:
            return None
        return (Decimal(200 * self.left) / both).quantize(_TENTH, ROUND_HALF_UP)

    @property
    def multi_share(self) -> Share:
        return Share(self.multi, self.at_last)


# Clauses: J-96
def turnover_by_site(by: Actor, span: Span) -> list[tuple[Site, Turnover]]:
    """Return the sites of an area with staff in a span, in pinyin order (3 queries).

    Joined: the first day lies in the span; left: the last day does. Raises NotAllowed.
    """
    demand(by, Permission.VIEW_SITES)
    served = Q(since__lte=span.until) & (Q(until__isnull=True) | Q(until__gte=span.since))
    rows = StaffMember.objects.filter(served, site__in=visible_to(by))
    members: dict[int, list[StaffMember]] = {}
    for row in rows.prefetch_related("skills").order_by("id"):
        members.setdefault(row.site_id, []).append(row)
    sites = visible_to(by).filter(pk__in=members).select_related("division")
    found = sites.defer("division__boundary").order_by("sort_key", "id")
    return [(site, _turnover(site, members[site.pk], span)) for site in found]


def added_up(rows: Iterable[Turnover]) -> Turnover:
    """Add sites up; somebody who changed sites joined one and left the other."""
    found = list(rows)
    sources: Counter[str] = Counter()
    for one in found:
        sources.update(one.sources)
    return Turnover(
        at_first=sum(one.at_first for one in found),
        joined=sum(one.joined for one in found),
        left=sum(one.left for one in found),
        full_time=sum(one.full_time for one in found),
        multi=sum(one.multi for one in found),
        sources=sources,
    )


def _turnover(site: Site, members: Sequence[StaffMember], span: Span) -> Turnover:
    last = [one for one in members if one.until is None or one.until > span.until]
    owed = frozenset(item.key for item in items_at(site, on=span.until))
    multi = [
        one
        for one in last
        if is_multi_skilled(len(owed & {s.item for s in one.skills.all()}), len(owed))
    ]
    return Turnover(
        at_first=sum(one.since < span.since for one in members),
        joined=sum(one.since >= span.since for one in members),
        left=len(members) - len(last),
        full_time=sum(one.is_full_time for one in last),
        multi=len(multi),
        sources=Counter(one.source for one in last),
    )


def source_names() -> dict[str, str]:
    """Return what sources are called, that of nobody has said it last."""
    return {**{one.value: str(one.label) for one in StaffSource}, "": _("未登记来源")}


# Clauses: J-96
@transaction.atomic
def export_turnover(*, span: Span, by: Actor, at: datetime) -> bytes:
    """Return the report of a span as a workbook, the sum last. Raises NotAllowed, TooManyLines."""
    rows = turnover_by_site(by, span)
    note_export(min(len(rows), MOST_LINES + 1), "staff_turnover", by=by, at=at)
    names = source_names()
    heads = [_("网点"), _("期初"), _("新到岗"), _("离岗"), _("期末"), _("流动率")]
    heads += [_("专职"), _("一专多能"), *names.values(), _("数据性质")]
    cells = [_cells(site.name, one, names, is_synthetic=site.is_synthetic) for site, one in rows]
    whole = added_up(one for _site, one in rows)
    is_synthetic = any(site.is_synthetic for site, _one in rows)
    cells.append(_cells(_("合计"), whole, names, is_synthetic=is_synthetic))
    return text_workbook(f"{span.since}—{span.until}", heads, cells)


def _cells(
    name: str, one: Turnover, names: Mapping[str, str], *, is_synthetic: bool
) -> tuple[str, ...]:
    counts = (one.at_first, one.joined, one.left, one.at_last)
    return (
        name,
        *map(str, counts),
        "—" if one.rate is None else f"{one.rate}%",
        str(one.full_time),
        str(one.multi),
        *(str(one.sources.get(key, 0)) for key in names),
        _("合成数据") if is_synthetic else "",
    )
