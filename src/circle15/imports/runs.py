"""The steps of an import that checking, writing, and the queue of large files share."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.areas.scope import area_scope
from circle15.audit.actions import record
from circle15.core.ciphers import sm3
from circle15.core.messages import Message, joined
from circle15.imports.bringing import Order, Outcome, bring_in
from circle15.imports.keeping import kept
from circle15.imports.models import ImportRun
from circle15.imports.refusals import FileRefused, HasBadRows, NotChecked, RunGone
from circle15.imports.report import Report, report_from_record, report_to_record
from circle15.imports.rows import Progress
from circle15.imports.states import Kind, Mode, RunState


@dataclass(frozen=True, slots=True)
class Applied:
    """What an import wrote; `already` when it had been applied before and nothing was done."""

    run: ImportRun
    report: Report
    already: bool = False


def no_progress(stage: Message, done: int, total: int) -> None:
    """Tell nobody."""


def scope_of(by: Actor) -> AbstractContextManager[None]:
    """Open the actor's area, for whoever may import; the database holds it as the second wall."""
    if not by.can(Permission.RUN_IMPORTS) or not by.area_path:
        raise NotAllowed
    return area_scope(by.area_path)


def order_of(kind: str, coordinates: str, by: Actor, at: datetime, progress: Progress) -> Order:
    if kind not in Kind.values:
        raise FileRefused(Message("不能导入这种数据，可选：%(kinds)s", kinds=Kind.values))
    return Order(Kind(kind), coordinates, by, at, progress)


def run_of(content: bytes, name: str, kind: str, by: Actor, at: datetime) -> ImportRun:
    return ImportRun(
        uid=uuid4(),
        kind=kind,
        file_name=name[-120:],
        digest=sm3(content).hex(),
        size=len(content),
        area_path=by.area_path,
        checked_at=at,
        checked_by=by.name[:80],
        checked_by_id=by.user_id,
    )


def note_check(run: ImportRun, outcome: Outcome) -> None:
    run.state = RunState.CHECKED
    run.coordinate_system = outcome.report.coordinate_system
    run.report = report_to_record(outcome.report)


def tried(content: bytes, order: Order) -> Outcome:
    """Bring a file in and take everything back."""
    with transaction.atomic():
        outcome = bring_in(content, order)
        transaction.set_rollback(True)
    return outcome


def tell(run: ImportRun, verb: str, by: Actor, at: datetime) -> None:
    report = report_from_record(run.report)
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


def locked(uid: UUID, by: Actor) -> ImportRun:
    inside = scope.within(ImportRun.objects.select_for_update(), by.area_path)
    run = inside.filter(uid=uid).first()
    if run is None:
        raise NotFound
    return run


def demand_checked(run: ImportRun) -> None:
    if run.state == RunState.DISCARDED:
        raise RunGone
    if run.state != RunState.CHECKED:
        raise NotChecked


def written(run: ImportRun, mode: str, by: Actor, at: datetime, progress: Progress) -> Applied:
    order = order_of(run.kind, run.coordinate_system, by, at, progress)
    outcome = _kept_if(bring_in(kept(run.uid), order), Mode(mode))
    run.state, run.mode = RunState.APPLIED, mode
    run.applied_at, run.applied_by = at, by.name[:80]
    run.report = report_to_record(outcome.report)
    run.save(update_fields=["state", "mode", "applied_at", "applied_by", "report"])
    tell(run, "import.apply", by, at)
    return Applied(run, outcome.report)


def _kept_if(outcome: Outcome, mode: Mode) -> Outcome:
    """Refuse, and thereby take everything back, unless the bad rows may be left out."""
    report = outcome.report
    if not report.is_usable:
        raise FileRefused(joined([one.of_sheet for one in report.problems if not one.row]))
    if report.failed and mode == Mode.ALL_OR_NOTHING:
        raise HasBadRows(report.failed)
    return outcome
