"""Check a file without writing anything, apply exactly what was checked, or bring it in at once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import Refused
from circle15.areas import scope
from circle15.areas.scope import area_scope
from circle15.imports.bringing import bring_in
from circle15.imports.keeping import drop, drop_older, errors_part, is_kept, keep, kept
from circle15.imports.models import ImportRun
from circle15.imports.refusals import NotChecked
from circle15.imports.report import Report, report_from_record
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

KEPT_FOR = timedelta(days=7)


def check(  # noqa: PLR0913 -- a file and how to understand it
    content: bytes,
    *,
    name: str,
    kind: str,
    coordinates: str = "",
    by: Actor,
    at: datetime,
    progress: Progress = no_progress,
) -> ImportRun:
    """Find out what a file would change and keep it for `apply`; nothing of it is written.

    Raises NotAllowed, FileRefused, CodesTaken.
    """
    with scope_of(by):
        order = order_of(kind, coordinates, by, at, progress)
        outcome = tried(content, order)
        run = run_of(content, name, kind, by, at)
        note_check(run, outcome)
        run.save(force_insert=True)
        tell(run, "import.check", by, at)
        keep(run.uid, content)
    return run


def apply(
    *, uid: UUID, mode: str, by: Actor, at: datetime, progress: Progress = no_progress
) -> Applied:
    """Write what was checked, after checking it again against the present records.

    Applying twice changes nothing. Raises NotAllowed, NotFound, RunGone, HasBadRows, CodesTaken.
    """
    with scope_of(by):
        run = locked(uid, by)
        if run.state == RunState.APPLIED:
            return Applied(run, report_from_record(run.report), already=True)
        demand_checked(run)
        return written(run, mode, by, at, progress)


def discard(*, uid: UUID, by: Actor, at: datetime) -> ImportRun:
    """Give a checked import up and delete its file. Raises NotAllowed, NotFound, Refused."""
    with scope_of(by):
        run = locked(uid, by)
        if run.state == RunState.APPLIED:
            raise Refused(_("这批数据已经导入，不能放弃。"))
        if run.state == RunState.WORKING:
            raise NotChecked
        if run.state in {RunState.CHECKED, RunState.WAITING}:
            run.state = RunState.DISCARDED
            run.save(update_fields=["state"])
            tell(run, "import.discard", by, at)
        transaction.on_commit(lambda: drop(uid))
    return run


def failing_rows(*, uid: UUID, by: Actor, at: datetime) -> bytes:
    """Give the failing rows of an import as a workbook that can be mended and imported again."""
    from circle15.imports.workbooks import errors_workbook  # noqa: PLC0415 -- slow import

    with scope_of(by):
        run = locked(uid, by)
        if is_kept(uid, errors_part()):
            return kept(uid, errors_part())
        order = order_of(run.kind, run.coordinate_system, by, at, no_progress)
        return errors_workbook(tried(kept(uid), order))


@dataclass(frozen=True, slots=True)
class Done:
    """An import without a page between check and end; `errors` is the workbook of bad rows."""

    report: Report
    written: bool
    errors: bytes


def bring_in_now(  # noqa: PLR0913 -- a file and how to understand it
    content: bytes,
    *,
    kind: str,
    coordinates: str = "",
    mode: str = Mode.ALL_OR_NOTHING,
    dry_run: bool = False,
    by: Actor,
    at: datetime,
    progress: Progress = no_progress,
) -> Done:
    """Check a file and, if it may be, write it, in one transaction (the command line's way).

    Raises NotAllowed, FileRefused, CodesTaken; bad rows are in the report.
    """
    with scope_of(by), transaction.atomic():
        outcome = bring_in(content, order_of(kind, coordinates, by, at, progress))
        report = outcome.report
        bad = not report.is_usable or (report.failed and mode == Mode.ALL_OR_NOTHING)
        if dry_run or bad:
            transaction.set_rollback(True)
    errors = b""
    if report.failed:
        from circle15.imports.workbooks import errors_workbook  # noqa: PLC0415 -- slow import

        errors = errors_workbook(outcome)
    return Done(report, written=not (dry_run or bad), errors=errors)


def forget_old_files(*, at: datetime) -> int:
    """Delete the files of imports checked more than 7 days ago; return how many are given up."""
    drop_older(at - KEPT_FOR)
    with area_scope(scope.EVERYWHERE):
        old = ImportRun.objects.filter(checked_at__lt=at - KEPT_FOR, state=RunState.CHECKED)
        return old.update(state=RunState.DISCARDED)
