"""What ratings come to: each rate defined once, with what it counts and how certain it is.

Plain values in, plain values out; `kept.py` reads them. Definitions of haochaping.yaml: a rating
that was only assumed is never counted as given, one found mistaken or malicious leaves both sides.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from circle15.core.shares import Share, wilson
from circle15.standards.ratings import rating_rules

GRADES = (5, 4, 3, 2, 1)

DEFINITIONS: dict[str, tuple[str | Promise, str | Promise]] = {
    "given": (_("主动评价率"), _("主动评价数 ÷ 应评价办件数")),
    "unrated": (_("未评率"), _("未评价办件数 ÷ 应评价办件数")),
    "good": (_("好评率"), _("5、4、3 级评价数 ÷ 有效评价数，默认评价另列")),
    "given_good": (_("主动评价好评率"), _("主动评价中 5、4、3 级 ÷ 主动评价数")),
    "bad": (_("差评率"), _("2、1 级有效差评 ÷ 有效评价数")),
    "person_good": (_("对人员的好评率"), _("对窗口人员 5、4、3 级 ÷ 对窗口人员的评价数")),
    "replied": (_("差评回复率"), _("已回复有效差评 ÷ 有效差评")),
    "rectified": (_("差评回访整改率"), _("已回访且整改完成的有效差评 ÷ 有效差评")),
    "content": (_("回访整改满意率"), _("回访表示满意的差评 ÷ 已回访差评")),
    "named_replied": (_("实名差评回复率"), _("已回复实名差评 ÷ 实名差评，应为 100%")),
    "named_rectified": (_("实名差评整改率"), _("整改完成的实名差评 ÷ 实名差评，应为 100%")),
    "named_revisited": (_("实名差评回访率"), _("已回访实名差评 ÷ 实名差评，应为 100%")),
}
# What has to be 100 %: always shown with its number, however few there are.
WHOLE = ("named_replied", "named_rectified", "named_revisited")
# About orders the house has to work on, not about opinions: not hidden for being few.
OF_ORDERS = ("replied", "rectified", "content", *WHOLE)
OF_DUE = ("given", "unrated")


@dataclass(slots=True)
class Sums:
    """Counts that can be added up: of a site, a county, a city, over any days."""

    due: int = 0
    item: Counter[int] = field(default_factory=Counter)
    person: Counter[int] = field(default_factory=Counter)
    channels: Counter[str] = field(default_factory=Counter)
    assumed: int = 0
    bad: int = 0
    excluded: int = 0
    orders: int = 0
    replied: int = 0
    rectified: int = 0
    revisited: int = 0
    content: int = 0
    named: int = 0
    named_replied: int = 0
    named_rectified: int = 0
    named_revisited: int = 0
    open_orders: int = 0
    overdue: int = 0

    @property
    def given(self) -> int:
        return self.item.total()

    def add(self, other: "Sums") -> None:
        for each in fields(self):
            here, there = getattr(self, each.name), getattr(other, each.name)
            if isinstance(here, Counter):
                here.update(there)
            else:
                setattr(self, each.name, here + there)

    @property
    def is_empty(self) -> bool:
        return not (self.due or self.given or self.assumed or self.orders)


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate as it is shown: hidden where so few were counted that it might tell of one."""

    key: str
    name: str
    formula: str
    share: Share
    interval: tuple[float, float] | None
    is_hidden: bool

    @property
    def must_be_whole(self) -> bool:
        """Tell whether this has to be 100 % and is not."""
        return self.key in WHOLE and 0 < self.share.whole != self.share.part


def summed(each: Iterable[Sums]) -> Sums:
    total = Sums()
    for one in each:
        total.add(one)
    return total


def rates_of(sums: Sums, *, is_few: bool = False) -> tuple[Rate, ...]:
    """Return all rates in the order of the documents; `is_few` hides those of opinions."""
    shares = _shares(sums)
    # Of so many due, a share given or not given would tell how few were given.
    told = is_few or is_small(sums.given)
    return tuple(
        rate_of(key, shares[key], is_few=is_few or (told and key in OF_DUE)) for key in DEFINITIONS
    )


def rate_of(key: str, share: Share, *, is_few: bool = False) -> Rate:
    rules = rating_rules()
    name, formula = DEFINITIONS[key]
    return Rate(
        key=key,
        name=str(name),
        formula=str(formula),
        share=share,
        interval=wilson(share.part, share.whole, confidence=rules.confidence),
        is_hidden=key not in OF_ORDERS and (is_few or is_small(share.whole)),
    )


def is_small(count: int) -> bool:
    """Tell whether a count is too small to be shown."""
    return 0 < count < rating_rules().small_cell


@dataclass(frozen=True, slots=True)
class Cover:
    """Which groups of a list to hide, and whether their sum has to be hidden as well."""

    cells: tuple[bool, ...]
    total: bool


def cover(counts: Sequence[int], least: int = 0) -> Cover:
    """Hide groups of few ratings so that no sum, less what is shown, tells of a hidden one.

    A group of fewer than `least` (or what the rules call small) is hidden, and the next smallest
    with it where the small ones could not be otherwise. Where all that is there is hidden and
    still told by the sum, so is the sum.
    """
    least = least or rating_rules().small_cell
    total = sum(counts)
    if 0 < total < least:  # a zero shown would tell of the others
        return Cover(cells=(True,) * len(counts), total=True)
    order = sorted((count, index) for index, count in enumerate(counts) if count)
    few = sum(count < least for count, _index in order)
    if few and _is_told([count for count, _index in order[:few]], least):
        # All that are as large as the next: which of them was taken would tell of it.
        few = sum(count <= order[few][0] for count, _index in order) if few < len(order) else few
    if few and _is_told([count for count, _index in order[:few]], least):
        return Cover(cells=(True,) * len(counts), total=True)
    hidden = {index for _count, index in order[:few]}
    return Cover(cells=tuple(index in hidden for index in range(len(counts))), total=False)


def _is_told(counts: list[int], least: int) -> bool:
    """Tell whether a sum gives its parts away: one alone, or each the least or most it can be."""
    return len(counts) == 1 or set(counts) == {1} or set(counts) == {least - 1}


def _shares(sums: Sums) -> dict[str, Share]:
    good, given = sum(sums.item[grade] for grade in (5, 4, 3)), sums.given
    persons = sums.person.total()
    # More may be given than are due while the day is not written up.
    rated = min(given, sums.due)
    return {
        "given": Share(rated, sums.due),
        "unrated": Share(sums.due - rated, sums.due),
        "good": Share(good, given),
        "given_good": Share(good, given),
        "bad": Share(given - good, given),
        "person_good": Share(sum(sums.person[grade] for grade in (5, 4, 3)), persons),
        "replied": Share(sums.replied, sums.orders),
        "rectified": Share(sums.rectified, sums.orders),
        "content": Share(sums.content, sums.revisited),
        "named_replied": Share(sums.named_replied, sums.named),
        "named_rectified": Share(sums.named_rectified, sums.named),
        "named_revisited": Share(sums.named_revisited, sums.named),
    }
