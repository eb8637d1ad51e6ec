"""Tables of plans about supply: access, limited capacity, referral; and what they say in short."""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from circle15.areas.states import Level
from circle15.plans.documents.answers import Names, names_of, result_of, site_names, town_of
from circle15.plans.documents.drawn import DrawnPlace, minutes_of, places_of
from circle15.plans.documents.table import (
    AFTER,
    CODE,
    COUNT,
    MINUTES,
    RATE,
    TEXT,
    Form,
    PlanTable,
    Value,
    amount,
    table,
)
from circle15.plans.documents.wording import kind_name, percent
from circle15.plans.models import Plan
from circle15.plans.states import PlanKind

Rows = Iterator[tuple[Value, ...]]


class Headline(NamedTuple):
    """The figure of a plan, what it counts, and a few more beside it."""

    figure: str
    words: str
    facts: tuple[tuple[str, str], ...]


def supply_tables(plan: Plan) -> tuple[PlanTable, ...]:
    """Give the tables of a plan about supply, the main one first."""
    match plan.kind:
        case PlanKind.ACCESS:
            return _access_places(plan), _access_areas(plan)
        case PlanKind.CAPACITY:
            return _loads(plan), _served_areas(plan), _left(plan)
        case _:
            return _chains(plan), _received(plan)


def headline(plan: Plan) -> Headline:
    """Say the answer in short."""
    answers = {PlanKind.ACCESS: _access_in_short, PlanKind.CAPACITY: _capacity_in_short}
    return answers.get(PlanKind(plan.kind), _referral_in_short)(result_of(plan))


def supply_unit(of: str) -> str:
    """Name what is shared out."""
    return {"windows": _("个窗口"), "staff": _("名工作人员")}.get(of, _("份"))


def _access_in_short(result: dict[str, Any]) -> Headline:
    unit = supply_unit(result["supply"]["of"])
    return Headline(
        f"{_rate(result['mean'])} {unit}",
        _("每 1 万人平均能用上"),
        (
            (_("分摊的总数"), f"{amount(result['supply']['total'])} {unit}"),
            (_("最少的村和最多的村"), f"{_rate(result['least'])} – {_rate(result['most'])}"),
            (_("时限内一个也到不了"), _share_of(result["without"], result["people"])),
        ),
    )


def _capacity_in_short(result: dict[str, Any]) -> Headline:
    spare = sum(site["spare"] for site in result["sites_in_order"])
    people = result["people"]
    return Headline(
        percent(result["served"] / people if people else None),
        _("%(people)s 人中，%(served)s 人排得上")
        % {"people": f"{people:,.0f}", "served": f"{result['served']:,.0f}"},
        (
            (_("到得了，但没有余量"), _share_of(result["left_over"], people)),
            (_("时限内到不了"), _share_of(result["out_of_reach"], people)),
            (_("网点合计还能服务"), _people(spare)),
        ),
    )


def _referral_in_short(result: dict[str, Any]) -> Headline:
    people, done = result["people"], result["people_complete"]
    total = [each["minutes"] for each in result["chains"] if each["minutes"] is not None]
    longest = max(total, default=None)
    return Headline(
        percent(done / people if people else None),
        _("%(people)s 人中，%(done)s 人每一级都在时限内")
        % {"people": f"{people:,.0f}", "done": f"{done:,.0f}"},
        (
            (_("中途断开"), _share_of(people - done, people)),
            (
                _("各级合计最长"),
                "—" if longest is None else _("%(n)s 分钟") % {"n": f"{longest:.1f}"},
            ),
        ),
    )


def _access_places(plan: Plan) -> PlanTable:
    names = names_of(plan.area_path)
    rows = zip(places_of(plan), minutes_of(plan), result_of(plan)["points"], strict=True)
    columns = (
        *_place_columns(),
        (_("人口"), COUNT),
        (_("每万人"), RATE),
        (_("最近网点用时（分钟）"), MINUTES),
    )
    return table(
        _("各村（社区），少的在前"),
        columns,
        (
            (*_place(place, names), point["people"], point["rate"], minutes)
            for place, minutes, point in sorted(
                rows, key=lambda row: (row[2]["rate"], -row[2]["people"], row[0].code)
            )
        ),
        name="places",
    )


def _access_areas(plan: Plan) -> PlanTable:
    columns = (
        (_("区域"), TEXT),
        (_("人口"), COUNT),
        (_("每万人"), RATE),
        (_("最少"), RATE),
        (_("最多"), RATE),
        (_("一个也到不了的人"), COUNT),
    )
    keys = ("people", "mean", "least", "most", "without")
    return table(_("各区域"), columns, _areas(plan, keys), name="areas")


def _loads(plan: Plan) -> PlanTable:
    names = site_names(plan)
    columns = (
        (_("次序"), COUNT),
        (_("代码"), CODE),
        (_("网点"), TEXT),
        (_("轮到时范围内还没排上的人"), COUNT),
        (_("排上"), COUNT),
        (_("还能服务"), COUNT),
    )
    rows: Rows = (
        (
            float(rank),
            site["id"],
            names.get(site["id"], site["id"]),
            site["within_reach"],
            site["served"],
            site["spare"],
        )
        for rank, site in enumerate(result_of(plan)["sites_in_order"], start=1)
    )
    return table(
        _("各网点，按排的次序"),
        columns,
        rows,
        name="loads",
        note=_("每个网点先排离它最近、还没排上的人，排满为止；换一种次序，结果会有出入。"),
    )


def _served_areas(plan: Plan) -> PlanTable:
    columns = (
        (_("区域"), TEXT),
        (_("人口"), COUNT),
        (_("排上"), COUNT),
        (_("到得了，但没有余量"), COUNT),
        (_("时限内到不了"), COUNT),
    )
    keys = ("people", "served", "left_over", "out_of_reach")
    return table(_("各区域"), columns, _areas(plan, keys), name="areas")


def _left(plan: Plan) -> PlanTable:
    names = names_of(plan.area_path)
    places = {place.code: place for place in places_of(plan)}
    rows: Rows = (
        (
            *_place(places[row["id"]], names),
            row["people"],
            _("没有余量") if row["within_reach"] else _("时限内到不了"),
        )
        for row in result_of(plan)["left"]
    )
    return table(
        _("没排上的人（剩余人口）"),
        (*_place_columns(), (_("没排上"), COUNT), (_("原因"), TEXT)),
        rows,
        name="left",
    )


def _chains(plan: Plan) -> PlanTable:
    result, names, sites = result_of(plan), names_of(plan.area_path), site_names(plan)
    places = {place.code: place for place in places_of(plan)}
    levels = [kind_name(level["name"]) for level in result["levels"][1:]]
    steps = chain.from_iterable(
        ((level, TEXT), (_("到%(level)s（分钟）") % {"level": level}, AFTER)) for level in levels
    )
    rows: Rows = (
        (
            *_place(places[each["id"]], names),
            each["people"],
            *_steps(each["steps"], sites),
            None if each["minutes"] is None else round(each["minutes"], 1),
        )
        for each in result["chains"]
    )
    return table(
        _("转办表：从村（社区）到各级"),
        (*_place_columns(), (_("人口"), COUNT), *steps, (_("合计（分钟）"), RATE)),
        rows,
        name="chains",
        note=_("每一级都去离上一级最近的网点，每一步不超过时限；横线表示时限内没有。"),
    )


def _steps(steps: list[dict[str, Any]], sites: Mapping[str, str]) -> Iterator[Value]:
    for step in steps:
        yield sites.get(step["site"], step["site"]) if step["site"] else None
        yield step["minutes"]


def _received(plan: Plan) -> PlanTable:
    sites = site_names(plan)
    rows: Rows = (
        (kind_name(level["level"]), site["id"], sites.get(site["id"], site["id"]), site["people"])
        for level in result_of(plan)["received"]
        for site in sorted(level["sites"], key=lambda site: (-site["people"], site["id"]))
        if site["people"]
    )
    return table(
        _("各网点接到多少人"),
        ((_("级别"), TEXT), (_("代码"), CODE), (_("网点"), TEXT), (_("人口"), COUNT)),
        rows,
        name="received",
    )


def _areas(plan: Plan, keys: tuple[str, ...]) -> Rows:
    """Give counties (where there are several) and towns by name."""
    names, by = names_of(plan.area_path), result_of(plan)["by"]
    counties = [row for row in by.get(Level.COUNTY, ()) if row["label"] in names]
    towns = [row for row in by.get(Level.TOWN, ()) if row["label"] in names]
    for row in (*(counties if len(counties) > 1 else ()), *towns):
        yield (names[row["label"]][0], *(row[key] for key in keys))


def _place_columns() -> tuple[tuple[str, Form], ...]:
    return (_("代码"), CODE), (_("村（社区）"), TEXT), (_("乡镇（街道）"), TEXT)


def _place(place: DrawnPlace, names: Names) -> tuple[Value, ...]:
    return place.code, place.name, town_of(place, names)


def _rate(value: float | None) -> str:
    return "—" if value is None else amount(value)


def _people(count: float) -> str:
    return _("%(n)s 人") % {"n": f"{count:,.0f}"}


def _share_of(part: float, whole: float) -> str:
    return f"{_people(part)} · {percent(part / whole if whole else None)}"
