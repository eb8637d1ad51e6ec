"""Check a file without writing anything, apply exactly what was checked, or bring it in at once."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.areas.scope import area_scope
from circle15.audit.actions import record
from circle15.core.ciphers import sm3
from circle15.imports.bringing import Order, Outcome, bring_in
from circle15.imports.keeping import drop, drop_older, keep, kept
from circle15.imports.models import ImportRun
from circle15.imports.refusals import FileRefused, HasBadRows
from circle15.imports.report import Report, report_from_json, report_to_json
from circle15.imports.rows import Progress
from circle15.imports.states import Kind, Mode, RunState
from circle15.imports.workbooks import errors_workbook

KEPT_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Applied:
    """What an import wrote; `already` when it had been applied before and nothing was done."""

    run: ImportRun
    report: Report
    already: bool = False


def _no_progress(stage: str, done: int, total: int) -> None:
    """Tell nobody."""


def check(  # noqa: PLR0913 -- a file and how to understand it
    content: bytes,
    *,
    name: str,
    kind: str,
    coordinates: str = "",
    by: Actor,
    at: datetime,
    progress: Progress = _no_progress,
) -> ImportRun:
    """Find out what a file would change and keep it for `apply`; nothing of it is written.

    Raises NotAllowed, FileRefused, CodesTaken.
    """
    with _scope_of(by):
        order = _order(kind, coordinates, by, at, progress)
        outcome = _tried(content, order)
        run = ImportRun(
            uid=uuid4(),
            kind=kind,
            file_name=name[-120:],
            digest=sm3(content).hex(),
            size=len(content),
            coordinate_system=outcome.report.coordinate_system,
            report=report_to_json(outcome.report),
            area_path=by.area_path,
            checked_at=at,
            checked_by=by.name[:80],
            checked_by_id=by.user_id,
        )
        run.save(force_insert=True)
        _tell(run, "import.check", by, at)
        keep(run.uid, content)
    return run


def _scope_of(by: Actor) -> AbstractContextManager[None]:
    """Open the actor's area, for whoever may import; the database holds it as the second wall."""
    if not by.can(Permission.RUN_IMPORTS) or not by.area_path:
        raise NotAllowed
    return area_scope(by.area_path)


def _order(kind: str, coordinates: str, by: Actor, at: datetime, progress: Progress) -> Order:
    if kind not in Kind.values:
        raise FileRefused(
            _("不能导入这种数据，可选：%(kinds)s") % {"kinds": "、".join(Kind.values)}
        )
    return Order(Kind(kind), coordinates, by, at, progress)


def _tried(content: bytes, order: Order) -> Outcome:
    """Bring a file in and take everything back."""
    with transaction.atomic():
        outcome = bring_in(content, order)
        transaction.set_rollback(True)
    return outcome


def _tell(run: ImportRun, verb: str, by: Actor, at: datetime) -> None:
    report = report_from_json(run.report)
    record(
        who=by.who,
        verb=verb,
        target_kind="import",
        target_id=str(run.uid),
        area_path=run.area_path,
        at=at,
        new={
            "kind": run.kind,
            "digest": run.digest,
            "mode": run.mode,
            "new": report.new,
            "changed": report.changed,
            "same": report.same,
            "failed": report.failed,
        },
    )


def apply(
    *, uid: UUID, mode: str, by: Actor, at: datetime, progress: Progress = _no_progress
) -> Applied:
    """Write what was checked, after checking it again against the present records.

    Applying twice changes nothing. Raises NotAllowed, NotFound, RunGone, HasBadRows, CodesTaken.
    """
    with _scope_of(by):
        run = _locked(uid, by)
        if run.state == RunState.APPLIED:
            return Applied(run, report_from_json(run.report), already=True)
        order = _order(run.kind, run.coordinate_system, by, at, progress)
        outcome = _kept_if(bring_in(kept(uid), order), Mode(mode))
        run.state, run.mode = RunState.APPLIED, mode
        run.applied_at, run.applied_by = at, by.name[:80]
        run.report = report_to_json(outcome.report)
        run.save(update_fields=["state", "mode", "applied_at", "applied_by", "report"])
        _tell(run, "import.apply", by, at)
    return Applied(run, outcome.report)


def _locked(uid: UUID, by: Actor) -> ImportRun:
    inside = scope.within(ImportRun.objects.select_for_update(), by.area_path)
    run = inside.filter(uid=uid).first()
    if run is None:
        raise NotFound
    return run


def _kept_if(outcome: Outcome, mode: Mode) -> Outcome:
    """Refuse, and thereby take everything back, unless the bad rows may be left out."""
    report = outcome.report
    if not report.is_usable:
        raise FileRefused("；".join(str(one) for one in report.problems if not one.row))
    if report.failed and mode == Mode.ALL_OR_NOTHING:
        raise HasBadRows(report.failed)
    return outcome


def discard(*, uid: UUID, by: Actor, at: datetime) -> ImportRun:
    """Give a checked import up and delete its file. Raises NotAllowed, NotFound, Refused."""
    with _scope_of(by):
        run = _locked(uid, by)
        if run.state == RunState.APPLIED:
            raise Refused(_("这批数据已经导入，不能放弃。"))
        if run.state == RunState.CHECKED:
            run.state = RunState.DISCARDED
            run.save(update_fields=["state"])
            _tell(run, "import.discard", by, at)
        transaction.on_commit(lambda: drop(uid))
    return run


def failing_rows(*, uid: UUID, by: Actor, at: datetime) -> bytes:
    """Give the failing rows of an import as a workbook that can be mended and imported again."""
    with _scope_of(by):
        run = _locked(uid, by)
        order = _order(run.kind, run.coordinate_system, by, at, _no_progress)
        return errors_workbook(_tried(kept(uid), order))


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
    progress: Progress = _no_progress,
) -> Done:
    """Check a file and, if it may be, write it, in one transaction (the command line's way).

    Raises NotAllowed, FileRefused, CodesTaken; bad rows are in the report.
    """
    with _scope_of(by), transaction.atomic():
        outcome = bring_in(content, _order(kind, coordinates, by, at, progress))
        report = outcome.report
        bad = not report.is_usable or (report.failed and mode == Mode.ALL_OR_NOTHING)
        if dry_run or bad:
            transaction.set_rollback(True)
    errors = errors_workbook(outcome) if report.failed else b""
    return Done(report, written=not (dry_run or bad), errors=errors)


def forget_old_files(*, at: datetime) -> int:
    """Delete the files of imports checked more than 7 days ago; return how many are given up."""
    drop_older(at - KEPT_FOR)
    with area_scope(scope.EVERYWHERE):
        old = ImportRun.objects.filter(checked_at__lt=at - KEPT_FOR, state=RunState.CHECKED)
        return old.update(state=RunState.DISCARDED)
