"""Plans of the demo city, asked for once; the worker computes them after the start."""

from datetime import datetime

from circle15.accounts.actors import Actor
from circle15.plans.actions import ask
from circle15.plans.queries import plans_in_order

HALLS = ["town_centre"]
BY_EBIKE = {"mode": "ebike", "minutes": 15, "site_kinds": HALLS}
ASKED: tuple[tuple[str, str, dict[str, object]], ...] = (
    ("coverage", "乡镇大厅：电动自行车15分钟", {**BY_EBIKE, "changes": []}),
    ("coverage", "乡镇大厅：驾车15分钟", {**BY_EBIKE, "mode": "drive", "changes": []}),
    ("siting", "再建十处放在哪里", {**BY_EBIKE, "objective": "mclp", "count": 10}),
    (
        "staffing",
        "全部乡镇大厅要几个窗口",
        {"every": "town_centre", "mode": "drive", "minutes": 15, "target": 0.9, "within": 10},
    ),
)


def ensure(*, by: Actor, at: datetime) -> None:
    """Ask for the demo plans unless there are plans already."""
    if plans_in_order(by).exists():
        return
    for kind, title, question in ASKED:
        ask(kind=kind, title=title, question=question, by=by, at=at)
