"""Read what is asked of a plan: JSON in, values out, everything that is wrong with it at once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from circle15.planning.demand import Points, Supply
from circle15.planning.problems import refuse_if_any
from circle15.planning.studies.asked import CoverageQuestion
from circle15.standards.text import Text

MOST_CHANGES = 200
MOST_PEOPLE = 10_000_000
MOST_WAIT_MIN = 240
BY = ("county", "town")
ADD, MOVE, CLOSE = "add", "move", "close"


@dataclass(frozen=True, slots=True)
class Change:
    """One step from today's sites to those of a scenario."""

    do: str
    id: str
    name: str = ""
    lon: float = 0.0
    lat: float = 0.0


def coverage_question(raw: Mapping[str, Any]) -> CoverageQuestion:
    """Read mode, minutes and direction; counts by county and town."""
    demand_answers(raw, "mode", "minutes")
    return CoverageQuestion(
        mode=str(raw["mode"]),
        minutes=float(raw["minutes"]),
        by=BY,
        home_visits=bool(raw.get("home_visits", False)),
    )


def demand_staffing(raw: Mapping[str, Any], sites: Supply) -> None:
    """Refuse a staffing question without people or a site, or with an impossible target."""
    demand_answers(raw, "target", "within")
    people, site = raw.get("people"), raw.get("site")
    share, within = float(raw["target"]), float(raw["within"])
    found = []
    every = raw.get("every")
    if every and every not in sites.labels["kind"]:
        found.append(Text("没有这类网点", "there is no site of this kind"))
    if not people and not site and not every:
        found.append(Text("请填写服务人口，或选择一个网点", "give the people served, or a site"))
    if people is not None and not 0 < int(people) <= MOST_PEOPLE:
        found.append(
            Text(f"服务人口应在1至{MOST_PEOPLE:,}之间", f"people served: want 1 to {MOST_PEOPLE:,}")
        )
    if site and site not in sites.points.id:
        found.append(Text(f"没有网点“{site}”", f"there is no site {site}"))
    if not 0 < share < 1:
        found.append(Text("目标比例应大于0、小于1", "target share: want more than 0, less than 1"))
    if not 0 < within <= MOST_WAIT_MIN:
        found.append(
            Text(
                f"等候分钟应大于0且不超过{MOST_WAIT_MIN}",
                f"minutes of waiting: want more than 0 and at most {MOST_WAIT_MIN}",
            )
        )
    refuse_if_any(found)
    if not people:
        coverage_question(raw)


def changed_sites(sites: Supply, raw: Mapping[str, Any]) -> Supply:
    """Keep the kinds asked for and make the changes; raises PlanningRefused for all bad ones."""
    kept = of_kinds(sites, tuple(raw.get("site_kinds", ())))
    changes = changes_from_json(raw.get("changes", []))
    refuse_if_any(_problems(changes, frozenset(kept.points.id)))
    gone = {change.id for change in changes if change.do in {CLOSE, MOVE}}
    rows = [row for row, place in enumerate(kept.points.id) if place not in gone]
    return _with_new(chosen_sites(kept, rows), [each for each in changes if each.do != CLOSE])


def of_kinds(sites: Supply, kinds: tuple[str, ...]) -> Supply:
    """Keep the sites of some kinds; of all if none is named."""
    rows = [row for row, kind in enumerate(sites.labels["kind"]) if not kinds or kind in kinds]
    return chosen_sites(sites, rows)


def chosen_sites(sites: Supply, rows: list[int]) -> Supply:
    """Keep some sites."""
    points = sites.points
    assert points.lon is not None
    assert points.lat is not None
    return replace(
        sites,
        points=Points(
            tuple(points.id[row] for row in rows), points.lon[rows], points.lat[rows], None
        ),
        labels={name: tuple(column[row] for row in rows) for name, column in sites.labels.items()},
    )


def changes_from_json(raw: object) -> list[Change]:
    """Read the list of changes; raises PlanningRefused where it is none."""
    if not isinstance(raw, list) or len(raw) > MOST_CHANGES:
        refuse_if_any(
            [
                Text(
                    f"改动应为列表，且不超过{MOST_CHANGES}项",
                    f"changes: want a list of at most {MOST_CHANGES}",
                )
            ]
        )
    assert isinstance(raw, list)
    found = [_change(each) for each in raw]
    refuse_if_any(
        Text(f"第{row}项改动看不懂：{raw[row - 1]}", f"change {row} can't be read: {raw[row - 1]}")
        for row, change in enumerate(found, 1)
        if change is None
    )
    return [change for change in found if change is not None]


def demand_answers(raw: Mapping[str, Any], *names: str) -> None:
    """Refuse a question that lacks some of its parts."""
    refuse_if_any(
        Text(f"没有填写“{name}”", f"{name} is missing") for name in names if not raw.get(name)
    )


def _change(raw: object) -> Change | None:
    if not isinstance(raw, dict) or raw.get("do") not in {ADD, MOVE, CLOSE} or not raw.get("id"):
        return None
    try:
        lon, lat = float(raw.get("lon", 0.0)), float(raw.get("lat", 0.0))
    except (TypeError, ValueError):
        return None
    return Change(raw["do"], str(raw["id"])[:40], str(raw.get("name", ""))[:80], lon, lat)


def _problems(changes: list[Change], known: frozenset[str]) -> list[Text]:
    found = []
    seen: set[str] = set()
    for change in changes:
        if change.id in seen:
            found.append(Text(f"“{change.id}”有两项改动", f"{change.id} is changed twice"))
        seen.add(change.id)
        if change.do == ADD and change.id in known:
            found.append(Text(f"已有网点“{change.id}”", f"there is a site {change.id} already"))
        if change.do != ADD and change.id not in known:
            found.append(Text(f"没有网点“{change.id}”", f"there is no site {change.id}"))
        if change.do != CLOSE and not _on_earth(change):
            found.append(
                Text(f"“{change.id}”的经纬度超出范围", f"{change.id}: coordinates out of range")
            )
    return found


def _on_earth(change: Change) -> bool:
    return -180 <= change.lon <= 180 and -89 <= change.lat <= 89 and change.lon != 0  # noqa: PLR2004


def _with_new(sites: Supply, new: list[Change]) -> Supply:
    points = sites.points
    assert points.lon is not None
    assert points.lat is not None
    return replace(
        sites,
        points=Points(
            points.id + tuple(each.id for each in new),
            np.concatenate((points.lon, [each.lon for each in new])),
            np.concatenate((points.lat, [each.lat for each in new])),
            None,
        ),
        labels={
            name: column + tuple(_label(each, name) for each in new)
            for name, column in sites.labels.items()
        },
    )


def _label(change: Change, name: str) -> str:
    return {"name": change.name or change.id, "kind": "planned"}.get(name, "")
