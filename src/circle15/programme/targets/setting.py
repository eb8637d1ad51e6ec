"""Set a target, change it with a reason, or drop it; nothing of its past is lost."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand, demand_area
from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.audit.actions import record
from circle15.programme.targets.ground import area_name
from circle15.programme.targets_models import Target
from circle15.programme.targets_states import Force, Op
from circle15.standards.targets import target_rules

EARLIEST, LATEST = 2020, 2099
MOST = 100_000


class BadTarget(Refused):
    """A target that asks for nothing, or for what cannot be."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a target is made of; `value` is None where all are asked for."""

    name: str
    metric: str
    op: str
    value: Decimal | None
    due_on: date
    force: str
    area_path: str = ""
    year: int = 0
    template: str = ""


@transaction.atomic
def set_target(*, wanted: Wanted, by: Actor, at: datetime, is_synthetic: bool = False) -> Target:
    """Set a target of the actor's area or a part of it. Raises NotAllowed, NotFound, BadTarget."""
    demand(by, Permission.RUN_PROGRAMME)
    path = wanted.area_path or by.area_path
    demand_area(by, path)
    name = area_name(path)
    if not name:
        raise NotFound
    _check(wanted)
    if not EARLIEST <= wanted.year <= LATEST:
        raise BadTarget(_("年度应在 %(first)s 至 %(last)s 之间。") % _YEARS)
    target = Target.objects.create(
        area_path=path,
        area_name=name,
        year=wanted.year,
        name=wanted.name.strip(),
        template=wanted.template if wanted.template in target_rules().templates else "",
        metric=wanted.metric,
        op=wanted.op,
        value=wanted.value,
        due_on=wanted.due_on,
        force=wanted.force,
        set_at=at,
        set_by=by.name,
        is_synthetic=is_synthetic,
    )
    _tell(target, "set", by, at, old=None, new=_said(target))
    return target


_YEARS = {"first": EARLIEST, "last": LATEST}


@transaction.atomic
def change_target(*, uid: UUID, wanted: Wanted, reason: str, by: Actor, at: datetime) -> Target:
    """Change name, value, day or force; what is counted and where stays. Raises BadTarget."""
    target = _locked(uid, by)
    wanted = replace(wanted, metric=target.metric)
    _check(wanted)
    old = _said(target)
    target.name, target.op, target.value = wanted.name.strip(), wanted.op, wanted.value
    target.due_on, target.force = wanted.due_on, wanted.force
    new = _said(target)
    if new == old:
        raise BadTarget(_("没有改动。"))
    _keep(target, old, new, reason=reason, by=by, at=at)
    target.save(update_fields=["name", "op", "value", "due_on", "force"])
    _tell(target, "change", by, at, old=old, new=new | {"reason": reason})
    return target


@transaction.atomic
def drop_target(*, uid: UUID, reason: str, by: Actor, at: datetime) -> Target:
    """Give a target up, with the reason; it stays readable. Raises NotAllowed, NotFound."""
    target = _locked(uid, by)
    old = _said(target)
    new: dict[str, object] = {"dropped": True}
    _keep(target, old, new, reason=reason, by=by, at=at)
    target.dropped_at = at
    target.save(update_fields=["dropped_at"])
    _tell(target, "drop", by, at, old=old, new=new | {"reason": reason})
    return target


def _locked(uid: UUID, by: Actor) -> Target:
    demand(by, Permission.RUN_PROGRAMME)
    rows = scope.within(Target.objects.select_for_update(no_key=True), by.area_path)
    target = rows.filter(uid=uid).first()
    if target is None:
        raise NotFound
    if target.dropped_at is not None:
        raise BadTarget(_("这个目标已经取消，不能再改。"))
    return target


def _check(wanted: Wanted) -> None:
    if not wanted.name.strip():
        raise BadTarget(_("请填写目标名称。"))
    metric = target_rules().metrics.get(wanted.metric)
    if metric is None or wanted.op not in Op.values or wanted.force not in Force.values:
        raise BadTarget(_("请从列表中选择。"))
    if not EARLIEST <= wanted.due_on.year <= LATEST:
        raise BadTarget(_("完成日期不对，请核对年份。"))
    if wanted.op == Op.ALL:
        if wanted.value is not None:
            raise BadTarget(_("要求全部时不填数值。"))
        if metric.of == "site":
            raise BadTarget(_("网点数没有“全部”可言，请填写至少多少个。"))
        return
    if wanted.value is None or not 0 < wanted.value <= MOST:
        raise BadTarget(_("请填写大于 0 的数值，或选择“全部”。"))
    if metric.is_share and wanted.value > 100:  # noqa: PLR2004 -- percent
        raise BadTarget(_("比例不超过 100。"))
    if not metric.is_share and wanted.value != wanted.value.to_integral_value():
        raise BadTarget(_("个数应为整数。"))


def _keep(  # noqa: PLR0913 -- a change consists of these
    target: Target,
    old: dict[str, object],
    new: dict[str, object],
    *,
    reason: str,
    by: Actor,
    at: datetime,
) -> None:
    if not reason.strip():
        raise BadTarget(_("请写明原因。"))
    target.changes.create(
        area_path=target.area_path, at=at, by=by.name, old=old, new=new, reason=reason.strip()
    )


def _said(target: Target) -> dict[str, object]:
    return {
        "name": target.name,
        "metric": target.metric,
        "op": target.op,
        "value": None if target.value is None else f"{target.value.normalize():f}",
        "due_on": target.due_on.isoformat(),
        "force": target.force,
    }


def _tell(  # noqa: PLR0913 -- an event consists of these
    target: Target,
    verb: str,
    by: Actor,
    at: datetime,
    *,
    old: dict[str, object] | None,
    new: dict[str, object],
) -> None:
    record(
        who=by.who,
        verb=f"target.{verb}",
        target_kind="target",
        target_id=str(target.uid),
        area_path=target.area_path,
        at=at,
        old=old,
        new=new,
    )
