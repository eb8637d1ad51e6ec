"""The year's plan line by line, and new policies that ask for a special training."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.accounts.steps import name_of, said, tell
from circle15.areas import scope
from circle15.core.deadlines import standard_reckoner
from circle15.programme.training.refusals import UnusableTraining
from circle15.programme.training_models import (
    TITLE_LENGTH,
    WORDS_LENGTH,
    PolicyNotice,
    TrainingPlanLine,
)
from circle15.programme.training_states import SessionKind
from circle15.standards.training import training_rules

_MONTHS = range(1, 13)
_YEARS_AHEAD = 1


# Clauses: J-39, W-93, N-27, D-56, Q-12
@transaction.atomic
def add_line(  # noqa: PLR0913 -- what a line consists of
    *,
    year: int,
    kind: str,
    topic: str,
    months: Sequence[int],
    by: Actor,
    at: datetime,
    is_synthetic: bool = False,
) -> TrainingPlanLine:
    """Put a topic into the yearly plan of the actor's area; each month asks for one session.

    Raises NotAllowed, UnusableTraining.
    """
    demand(by, Permission.MANAGE_TRAINING)
    words = said(topic, needed=False)[:TITLE_LENGTH]
    wanted = sorted(set(months))
    if not words:
        raise UnusableTraining(_("请填写培训主题。"), "topic")
    if kind not in SessionKind.values:
        raise UnusableTraining(_("请从列表中选择。"), "kind")
    if not wanted or not all(month in _MONTHS for month in wanted):
        raise UnusableTraining(_("请至少选一个月份。"), "months")
    now = timezone.localdate(at).year
    if not now <= year <= now + _YEARS_AHEAD:
        raise UnusableTraining(_("只能做今年和明年的计划。"), "year")
    line = TrainingPlanLine.objects.create(
        area_path=by.area_path,
        area_name=by.area_name[:80],
        year=year,
        kind=kind,
        topic=words,
        months=wanted,
        set_at=at,
        set_by=name_of(by),
        is_synthetic=is_synthetic,
    )
    tell(
        "training_plan.add",
        line.pk,
        line.area_path,
        by=by,
        at=at,
        year=year,
        topic=words,
        months=wanted,
    )
    return line


@transaction.atomic
def drop_line(*, uid: UUID, reason: str, by: Actor, at: datetime) -> TrainingPlanLine:
    """Take a line out of the plan with a reason; what was held for it stays. Raises NotFound."""
    demand(by, Permission.MANAGE_TRAINING)
    rows = scope.within(TrainingPlanLine.objects.select_for_update(), by.area_path)
    line = rows.filter(uid=uid, dropped_at__isnull=True).first()
    if line is None:
        raise NotFound
    line.dropped_at, line.dropped_why = at, said(reason)[:WORDS_LENGTH]
    line.save(update_fields=["dropped_at", "dropped_why"])
    tell("training_plan.drop", line.pk, line.area_path, by=by, at=at, reason=line.dropped_why)
    return line


# Clauses: J-41
@transaction.atomic
def give_notice(  # noqa: PLR0913 -- what a notice consists of
    *,
    title: str,
    number: str,
    issued_on: date,
    days: int | None,
    by: Actor,
    at: datetime,
    is_synthetic: bool = False,
) -> PolicyNotice:
    """Register a new policy that asks for a special training within so many working days.

    Without days there is no last day, and every list says so. Raises UnusableTraining, NotAllowed.
    """
    demand(by, Permission.MANAGE_TRAINING)
    words = said(title, needed=False)[:TITLE_LENGTH]
    if not words:
        raise UnusableTraining(_("请填写文件名称。"), "title")
    if issued_on > timezone.localdate(at):
        raise UnusableTraining(_("印发日期不能晚于今天。"), "issued_on")
    most = training_rules().most_special_days
    if days is not None and not 1 <= days <= most:
        raise UnusableTraining(_("天数应在 1 到 %(most)s 之间。") % {"most": most}, "days")
    notice = PolicyNotice.objects.create(
        area_path=by.area_path,
        area_name=by.area_name[:80],
        title=words,
        number=said(number, needed=False)[:60],
        issued_on=issued_on,
        days=days,
        due_on=standard_reckoner().due(issued_on, days) if days else None,
        set_at=at,
        set_by=name_of(by),
        is_synthetic=is_synthetic,
    )
    tell(
        "training_notice.give",
        notice.pk,
        notice.area_path,
        by=by,
        at=at,
        title=words,
        due_on=notice.due_on,
    )
    return notice
