"""Read what is asked about new sites, supply and referral; all that is wrong is said at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from circle15.planning.arrays import DS_PER_MINUTE
from circle15.planning.demand import Supply
from circle15.planning.problems import refuse_if_any
from circle15.planning.siting.asked import Asked
from circle15.planning.siting.objective import Objective
from circle15.plans.inputs import OVER_60, STAFF, WINDOWS
from circle15.plans.questions import demand_answers
from circle15.sites.states import SiteKind
from circle15.standards.text import Text

EVERYBODY = "weight"
PEOPLE = (EVERYBODY, OVER_60)
BY_KIND = "by_kind"
SUPPLIES = (WINDOWS, STAFF, BY_KIND)
DECAYS = ("steps", "flat", "gaussian")
MOST_PEOPLE_FIRST, MOST_ROOM_FIRST = "people", "capacity"
ORDERS = (MOST_PEOPLE_FIRST, MOST_ROOM_FIRST)
FEWEST_LEVELS = 2
LONGEST_MINUTES = 109
NEW_KIND = SiteKind.TOWN_CENTRE.value


@dataclass(frozen=True, slots=True)
class SitingWish:
    """What the engine is asked, and what sites of each kind can do.

    `kinds`: which existing sites count (empty: all); `new_kind`: what is to be built. `cost`:
    of each new site, `costs`: of single places. `capacity`: people by kind, empty: unlimited.
    """

    asked: Asked
    mode: str
    minutes: float
    kinds: tuple[str, ...]
    new_kind: str
    cost: float | None
    costs: Mapping[str, float]
    capacity: Mapping[str, float]

    def counts(self, kind: str) -> bool:
        """Tell whether sites of a kind have a part in the answer."""
        return not self.kinds or kind in self.kinds or kind == self.new_kind


def siting_wish(raw: Mapping[str, Any], places: Sequence[str], kinds: Sequence[str]) -> SitingWish:
    """Read a siting question; `places`: where a site could stand, `kinds`: of today's sites."""
    demand_answers(raw, "mode", "minutes", "objective")
    reach, capacity = _numbers(raw, "reach"), _numbers(raw, "capacity")
    cost, costs = raw.get("cost"), _numbers(raw, "costs")
    wish = SitingWish(
        asked=Asked(
            objective=Objective(raw["objective"]),
            sites=raw.get("count"),
            budget=raw.get("budget"),
            cover=raw.get("cover"),
            limit=float(raw["minutes"]) * DS_PER_MINUTE,
            limit_of_kind={kind: limit * DS_PER_MINUTE for kind, limit in reach.items()},
            forced=tuple(raw.get("forced", ())),
            forbidden=tuple(raw.get("forbidden", ())),
            at_most_per_town=1 if raw.get("one_per_town") else None,
            by_cost=bool(raw.get("by_cost", False)),
            by_capacity=bool(capacity),
            scenarios=int(raw.get("scenarios", 20)),
            seed=int(raw.get("seed", 15)),
        ),
        mode=str(raw["mode"]),
        minutes=float(raw["minutes"]),
        kinds=tuple(raw.get("site_kinds", ())),
        new_kind=str(raw.get("new_kind", NEW_KIND)),
        cost=None if cost is None else float(cost),
        costs=costs,
        capacity=capacity,
    )
    refuse_if_any([*_siting_problems(wish, reach, set(places)), *_rooms(wish, set(kinds))])
    return wish


def _siting_problems(
    wish: SitingWish, reach: Mapping[str, float], places: set[str]
) -> Iterator[Text]:
    asked = wish.asked
    for place in (*asked.forced, *asked.forbidden, *wish.costs):
        if place not in places:
            yield Text(f"“{place}”不在备选点中", f"{place} is not among the candidates")
    for kind, minutes in reach.items():
        if not 0 < minutes <= LONGEST_MINUTES:
            yield Text(
                f"“{_kind(kind)}”的时限应大于0且不超过{LONGEST_MINUTES}分钟",
                f"minutes of {_kind(kind)}: want more than 0 and at most {LONGEST_MINUTES}",
            )
    for kind in {*reach, *wish.capacity}:
        if not wish.counts(kind):
            yield Text(
                f"填了“{_kind(kind)}”的时限或人数，但没有计入这类网点",
                f"{_kind(kind)} has minutes or people of its own, but does not count",
            )
    yield from _money(wish)
    if wish.capacity and asked.objective is not Objective.MCLP:
        yield Text(
            "限定每处能服务多少人，目前只能用于“网点数或预算一定，让最多的人在时限内到达”",
            "people a site can serve: only where most people are to be covered",
        )


def _money(wish: SitingWish) -> Iterator[Text]:
    asked = wish.asked
    if (asked.budget is not None or asked.by_cost) and wish.cost is None:
        yield Text("请填写每个新网点的费用", "give the cost of a new site")
    for amount in (asked.budget, wish.cost, *wish.costs.values(), *wish.capacity.values()):
        if amount is not None and not (isfinite(amount) and amount >= 0):
            yield Text(f"{amount:g} 应不小于 0", f"{amount:g}: want 0 or more")


def _rooms(wish: SitingWish, kinds: set[str]) -> Iterator[Text]:
    """Name the kinds whose sites would have no limit beside others that have one."""
    if not wish.capacity:
        return
    for kind in SiteKind.values:
        counts = wish.counts(kind) and kind in {*kinds, wish.new_kind}
        if counts and kind not in wish.capacity:
            yield Text(
                f"还没有填“{_kind(kind)}”每处能服务多少人",
                f"{_kind(kind)}: give the people a site can serve",
            )


@dataclass(frozen=True, slots=True)
class SupplyWish:
    """What sites have to share out: windows, staff, or a number by kind; times `each`."""

    supply: str
    by_kind: Mapping[str, float]
    each: float = 1.0

    def column(self, sites: Supply) -> tuple[str, ...]:
        """Give the amount of every site as a label column."""
        if self.supply == BY_KIND:
            amounts = [self.by_kind.get(kind, 0.0) for kind in sites.labels["kind"]]
        else:
            amounts = [float(count) * self.each for count in sites.labels[self.supply]]
        return tuple(repr(amount) for amount in amounts)


def supply_wish(raw: Mapping[str, Any], sites: Supply, *, needs_each: bool = False) -> SupplyWish:
    """Read what is shared out; `sites`: those that count. Refuses what would be nothing at all."""
    demand_answers(raw, "mode", "minutes", "supply")
    each = float(raw.get("each") or 1)
    wish = SupplyWish(str(raw["supply"]), _numbers(raw, "by_kind"), each)
    refuse_if_any(_supply_problems(wish, sites, needs_each and not raw.get("each")))
    return wish


def _supply_problems(wish: SupplyWish, sites: Supply, lacks_each: bool) -> Iterator[Text]:  # noqa: FBT001 -- one caller
    if wish.supply not in SUPPLIES:
        yield Text(f"没有这种计算依据：{wish.supply}", f"no such supply: {wish.supply}")
        return
    if lacks_each and wish.supply != BY_KIND:
        yield Text("请填写每个窗口（每人）能服务多少居民", "give the people each can serve")
    negative = [kind for kind, amount in wish.by_kind.items() if not 0 <= amount < float("inf")]
    for kind in negative:
        yield Text(f"“{_kind(kind)}”的数应不小于 0", f"{_kind(kind)}: want 0 or more")
    if not len(sites.points):
        yield Text("没有这些类型的网点", "there are no sites of these kinds")
    elif not any(float(amount) > 0 for amount in wish.column(sites)):
        yield Text(
            "这些网点都没有登记窗口或人员，请改为按类型填写",
            "nothing is registered at these sites: give numbers by kind instead",
        )


def levels_wish(raw: Mapping[str, Any], sites: Supply) -> tuple[str, ...]:
    """Read the kinds of sites a case goes through, lowest first."""
    demand_answers(raw, "mode", "minutes", "levels")
    levels = tuple(raw["levels"])
    kinds = sites.labels["kind"]
    found = [
        Text(f"没有“{_kind(kind)}”", f"there is no site of kind {_kind(kind)}")
        for kind in levels
        if kind not in kinds
    ]
    if len(set(levels)) < len(levels) or len(levels) < FEWEST_LEVELS:
        found.append(Text("至少两级，各级不能相同", "want two levels or more, each another"))
    refuse_if_any(found)
    return levels


def _numbers(raw: Mapping[str, Any], name: str) -> dict[str, float]:
    return {str(key): float(value) for key, value in dict(raw.get(name) or {}).items()}


def _kind(kind: str) -> str:
    return str(SiteKind(kind).label) if kind in SiteKind.values else kind
