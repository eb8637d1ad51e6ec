"""Plans of the demo city, asked for once; the worker computes them after the start."""

from datetime import datetime

from circle15.accounts.actors import Actor
from circle15.plans.actions import ask
from circle15.plans.queries import plans_in_order

HALLS = ["town_centre"]
BY_EBIKE = {"mode": "ebike", "minutes": 15, "site_kinds": HALLS}
LEVELS = ["village_point", "town_centre", "county_hall"]
ASKED: tuple[tuple[str, str, dict[str, object]], ...] = (
    ("coverage", "乡镇大厅：电动自行车15分钟", {**BY_EBIKE, "changes": []}),
    ("coverage", "乡镇大厅：驾车15分钟", {**BY_EBIKE, "mode": "drive", "changes": []}),
    ("siting", "再建十处放在哪里", {**BY_EBIKE, "objective": "mclp", "count": 10}),
    (
        "staffing",
        "全部乡镇大厅要几个窗口",
        {"every": "town_centre", "mode": "drive", "minutes": 15, "target": 0.9, "within": 10},
    ),
    (
        "access",
        "每万人能用到几个大厅窗口",
        {**BY_EBIKE, "supply": "windows", "people": "weight", "decay": "steps"},
    ),
    (
        "capacity",
        "每个窗口服务一万人：大厅装得下多少人",
        {**BY_EBIKE, "supply": "windows", "each": 10_000, "order": "people"},
    ),
    (
        "referral",
        "驾车办事：村里办不了，再到镇、到市",
        {"mode": "drive", "minutes": 30, "site_kinds": LEVELS, "levels": LEVELS},
    ),
)


def ensure(*, by: Actor, at: datetime) -> None:
    """Ask for the demo plans unless there are plans already."""
    if plans_in_order(by).exists():
        return
    for kind, title, question in ASKED:
        ask(kind=kind, title=title, question=question, by=by, at=at)
