"""Targets of the demo county: some reached, some at risk, one changed with its reason."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from circle15.accounts.actors import Actor, actor_of
from circle15.accounts.states import Role
from circle15.ops.demo import geography
from circle15.ops.demo.character import MARK
from circle15.programme.targets.queries import targets_of
from circle15.programme.targets.setting import Wanted, change_target, set_target
from circle15.standards.targets import target_rules

# Template, value where a number is asked for, and how far from today it is due.
SET = (
    ("QT4-banks", Decimal(3), -60),
    ("QT4-towns", None, 120),
    ("J11.3", None, 200),
    ("WP2-year", None, 39),
    ("QT3", None, -20),
    ("WP1", Decimal(10), 300),
)
COVERED = Wanted(
    "九成人口15分钟可到达", "people_covered", "at_least", Decimal(90), date.min, "soft"
)


def ensure(*, at: datetime, today: date) -> None:
    """Set the targets of this year unless there are some."""
    officer = _officer()
    if targets_of(officer).exists():
        return
    begun = at - timedelta(days=200)
    for key, value, days in SET:
        given = target_rules().templates[key]
        wanted = Wanted(
            name=given.name.zh,
            metric=given.metric,
            op=given.op,
            value=value,
            due_on=today + timedelta(days=days),
            force=given.force,
            template=key,
        )
        _set(wanted, officer, today, begun)
    covered = _set(replace(COVERED, due_on=today + timedelta(days=90)), officer, today, begun)
    change_target(
        uid=covered,
        wanted=replace(COVERED, value=Decimal(95), due_on=today + timedelta(days=90)),
        reason=f"上级调整年度任务{MARK}",
        by=officer,
        at=at - timedelta(days=100),
    )


def _set(wanted: Wanted, officer: Actor, today: date, at: datetime) -> UUID:
    target = set_target(
        wanted=replace(wanted, year=today.year), by=officer, at=at, is_synthetic=True
    )
    return target.uid


def _officer() -> Actor:
    """Return an officer of the county who exists nowhere else."""
    path = geography.path_of(geography.COUNTY)
    return actor_of(
        user_id=-9151,
        name=f"规划科{MARK}",
        role=Role.COUNTY_OFFICER,
        area_path=path,
        area_name="启东市",
    )
