"""Work off the plans that wait: one at a time, with progress, stoppable, safe to kill."""

import logging
import time
from collections.abc import Callable
from datetime import datetime

from django.db import DatabaseError, InterfaceError
from django.utils import timezone

from circle15.areas import scope
from circle15.areas.scope import area_scope
from circle15.areas.turns import alone
from circle15.planning.problems import PlanningRefused
from circle15.plans.files import open_network
from circle15.plans.inputs import digest, inputs_from_json
from circle15.plans.models import Plan
from circle15.plans.states import MOST_ATTEMPTS, PlanState
from circle15.standards.text import Text

LOOK_UP_EVERY_S = 0.5
_LOCK = 1_532_017
_KILLED = Text(
    "计算多次中断，没有得到结果。请缩小范围后再试，或联系系统管理员。",
    "The run was interrupted several times. Try a smaller area, or ask the system administrator.",
)
_BROKEN = Text(
    "系统没能完成这次计算，请联系系统管理员查看日志。",
    "The run could not be completed; the system administrator finds the reason in the log.",
)

logger = logging.getLogger(__name__)


class Cancelled(Exception):
    """Somebody asked for the run to stop."""


def work_off(*, at: datetime) -> int:
    """Compute every waiting plan; return how many were worked on. For the worker."""
    done = 0
    with alone(_LOCK) as is_alone:
        if is_alone:
            _take_up_interrupted(at)
            while plan := _next(timezone.now()):
                _work(plan)
                done += 1
    return done


def _take_up_interrupted(at: datetime) -> None:
    """Queue again what a killed process left: the inputs are frozen, nothing is lost."""
    with area_scope(scope.EVERYWHERE):
        left = Plan.objects.filter(state=PlanState.WORKING)
        left.filter(attempts__gte=MOST_ATTEMPTS).update(
            state=PlanState.FAILED, ended_at=at, problems=_stored((_KILLED,))
        )
        left.filter(cancel_asked=True).update(state=PlanState.CANCELLED, ended_at=at)
        left.filter(state=PlanState.WORKING).update(state=PlanState.WAITING, done=0, todo=0)


def _next(at: datetime) -> Plan | None:
    with area_scope(scope.EVERYWHERE):
        waiting = Plan.objects.select_for_update(skip_locked=True, of=("self",))
        plan = (
            waiting.filter(state=PlanState.WAITING)
            .select_related("network")
            .order_by("asked_at", "id")
            .first()
        )
        if plan is not None:
            plan.state, plan.started_at = PlanState.WORKING, at
            plan.attempts += 1
            plan.save(update_fields=["state", "started_at", "attempts"])
    return plan


def _work(plan: Plan) -> None:
    """Compute outside any transaction: a long run must not hold rows or old versions of them."""
    from circle15.plans.computing import compute  # noqa: PLC0415 -- slow import

    try:
        assert plan.network is not None
        plan.result = compute(
            plan.kind,
            plan.question,
            inputs_from_json(plan.inputs),
            open_network(plan.network.digest),
            _progress(plan),
        )
        plan.result_digest, plan.state = digest(plan.result), PlanState.DONE
    except Cancelled:
        plan.state = PlanState.CANCELLED
    except PlanningRefused as refused:
        plan.state, plan.problems = PlanState.FAILED, _stored(refused.problems)
    except (DatabaseError, InterfaceError):
        raise
    except Exception:
        # One plan nobody thought of must not keep the others waiting.
        logger.exception("plan %s failed", plan.uid)
        plan.state, plan.problems = PlanState.FAILED, _stored((_BROKEN,))
    plan.ended_at = timezone.now()
    with area_scope(scope.EVERYWHERE):
        plan.save(update_fields=["state", "result", "result_digest", "problems", "ended_at"])


def _progress(plan: Plan) -> Callable[[int, int], None]:
    """Write down how far it is and look whether to stop, now and then."""
    looked_at = 0.0

    def note(done: int, todo: int) -> None:
        nonlocal looked_at
        if time.monotonic() - looked_at < LOOK_UP_EVERY_S:
            return
        looked_at = time.monotonic()
        with area_scope(scope.EVERYWHERE):
            rows = Plan.objects.filter(pk=plan.pk)
            rows.update(done=done, todo=todo)
            is_stopped = rows.filter(cancel_asked=True).exists()
        if is_stopped:
            raise Cancelled

    return note


def _stored(problems: tuple[Text, ...]) -> list[dict[str, str]]:
    return [{"zh": problem.zh, "en": problem.en} for problem in problems]
