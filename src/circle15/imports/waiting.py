"""Files too large to wait for: they stand in a queue and the timer works them off, one by one."""

import logging
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.utils import translation

from circle15.accounts.actors import Actor, actor_of, system_actor
from circle15.accounts.refusals import Refused
from circle15.accounts.states import Role
from circle15.areas import scope
from circle15.areas.scope import area_scope
from circle15.areas.turns import alone
from circle15.core.messages import Message
from circle15.imports import keeping
from circle15.imports.actions import apply, check
from circle15.imports.bringing import Outcome
from circle15.imports.models import ImportRun
from circle15.imports.reading import read
from circle15.imports.refusals import ImportRefused
from circle15.imports.report import Report, report_from_record, report_to_record
from circle15.imports.rows import Progress
from circle15.imports.runs import (
    Applied,
    demand_checked,
    locked,
    no_progress,
    note_check,
    order_of,
    run_of,
    scope_of,
    tell,
    tried,
    written,
)
from circle15.imports.states import Mode, RunState

SMALL_ROWS = 5_000
_LOCK = 1_532_016
_EMPTY = Report((), (), (), 0)

logger = logging.getLogger(__name__)


def check_soon(  # noqa: PLR0913 -- a file and how to understand it
    content: bytes,
    *,
    name: str,
    kind: str,
    coordinates: str = "",
    by: Actor,
    at: datetime,
    small_rows: int = SMALL_ROWS,
) -> ImportRun:
    """Check a small file now, put a large one in the queue; raises as `check` does."""
    if sum(len(sheet.rows) for sheet in read(content)) < small_rows:
        return check(content, name=name, kind=kind, coordinates=coordinates, by=by, at=at)
    with scope_of(by):
        order_of(kind, coordinates, by, at, no_progress)
        run = run_of(content, name, kind, by, at)
        run.coordinate_system, run.report = coordinates, report_to_record(_EMPTY)
        _queue(run, "", by)
        run.save(force_insert=True)
        tell(run, "import.wait", by, at)
        keeping.keep(run.uid, content)
    return run


def apply_soon(
    *, uid: UUID, mode: str, by: Actor, at: datetime, small_rows: int = SMALL_ROWS
) -> Applied:
    """Write a small checked file now, put a large one in the queue; raises as `apply` does."""
    with scope_of(by):
        run = locked(uid, by)
        report = report_from_record(run.report)
        if run.state == RunState.APPLIED or report.rows < small_rows:
            return apply(uid=uid, mode=mode, by=by, at=at)
        demand_checked(run)
        _queue(run, Mode(mode), by)
        run.save(update_fields=["state", "mode", "asked_by", "asked_by_id", "asked_by_role"])
        tell(run, "import.wait", by, at)
    return Applied(run, report)


def _queue(run: ImportRun, mode: str, by: Actor) -> None:
    run.state, run.mode = RunState.WAITING, mode
    run.asked_by, run.asked_by_id, run.asked_by_role = by.name[:80], by.user_id, by.role


def work_off(*, at: datetime) -> int:
    """Check or write every waiting file; for the timer. Return how many were worked on."""
    done = 0
    with alone(_LOCK) as is_alone:
        if is_alone:
            _give_up_interrupted()
            while run := _next():
                _work(run, at)
                done += 1
    return done


def _give_up_interrupted() -> None:
    """End what a killed process left half done; nothing of it was written."""
    with area_scope(scope.EVERYWHERE):
        left = list(ImportRun.objects.filter(state=RunState.WORKING).order_by("id"))
    for run in left:
        _end_badly(run, Message("处理中断，没有写入任何数据，请重新操作。"))


def _next() -> ImportRun | None:
    with area_scope(scope.EVERYWHERE):
        waiting = ImportRun.objects.select_for_update(skip_locked=True)
        run = waiting.filter(state=RunState.WAITING).order_by("checked_at", "id").first()
        if run is not None:
            run.state = RunState.WORKING
            run.save(update_fields=["state"])
    return run


def _work(run: ImportRun, at: datetime) -> None:
    try:
        if run.mode:
            _apply_waiting(run, at)
        else:
            _check_waiting(run, at)
    except ImportRefused as refusal:
        _end_badly(run, refusal.message)
    except Refused as refusal:
        _end_badly(run, Message(str(refusal)))
    except (DatabaseError, InterfaceError):
        raise
    except Exception:
        # One file nobody thought of must not stop the timer, which also seals the trail.
        logger.exception("import %s failed", run.uid)
        message = Message("系统没能处理这个文件，没有写入任何数据，请把文件交给系统管理员查看。")
        _end_badly(run, message)
    finally:
        keeping.end_progress(run.uid)


def _check_waiting(run: ImportRun, at: datetime) -> None:
    by = _asker(run)
    with scope_of(by):
        order = order_of(run.kind, run.coordinate_system, by, at, _progress(run))
        outcome = tried(keeping.kept(run.uid), order)
        if outcome.report.failed:
            _keep_errors(run.uid, outcome)
        note_check(run, outcome)
        run.checked_at = at
        run.save(update_fields=["state", "coordinate_system", "report", "checked_at"])
        tell(run, "import.check", by, at)


def _keep_errors(uid: UUID, outcome: Outcome) -> None:
    """Keep the workbook in every language: nobody knows yet who will ask for it."""
    from circle15.imports.workbooks import errors_workbook  # noqa: PLC0415 -- slow import

    for language, _ in settings.LANGUAGES:
        with translation.override(language):
            keeping.keep(uid, errors_workbook(outcome), keeping.errors_part())


def _apply_waiting(run: ImportRun, at: datetime) -> None:
    by = _asker(run)
    with scope_of(by):
        written(locked(run.uid, by), run.mode, by, at, _progress(run))


def _asker(run: ImportRun) -> Actor:
    """Return who asked, over the area of the check, which may be smaller than their own."""
    if run.asked_by_role not in Role.values:
        return replace(system_actor(run.asked_by), area_path=run.area_path)
    assert run.asked_by_id is not None
    return actor_of(
        user_id=run.asked_by_id,
        name=run.asked_by,
        role=run.asked_by_role,
        area_path=run.area_path,
        area_name="",
    )


def _progress(run: ImportRun) -> Progress:
    def note(stage: Message, done: int, total: int) -> None:
        keeping.tell_progress(run.uid, stage, done, total)

    return note


def _end_badly(run: ImportRun, message: Message) -> None:
    """Go back to the checked state, or refuse what could not even be checked, and say why."""
    report = replace(report_from_record(run.report), message=message)
    run.state = RunState.CHECKED if run.mode else RunState.REFUSED
    run.mode, run.report = "", report_to_record(report)
    with area_scope(scope.EVERYWHERE):
        run.save(update_fields=["state", "mode", "report"])
    if run.state == RunState.REFUSED:
        keeping.drop(run.uid)
