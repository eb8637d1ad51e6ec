"""Reads of imports, always within the actor's area."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.core.messages import Message
from circle15.imports.keeping import progress_of
from circle15.imports.models import ImportRun
from circle15.imports.report import Report, report_from_record


def runs_in_order(actor: Actor) -> QuerySet[ImportRun]:
    """Return the imports of the actor's area, newest first."""
    if not actor.can(Permission.RUN_IMPORTS):
        raise NotAllowed
    inside = scope.within(ImportRun.objects.all(), actor.area_path)
    return inside.defer("report").order_by("-checked_at", "-id")


def run_by_uid(actor: Actor, uid: UUID) -> ImportRun:
    """Return an import of the actor's area; raises NotAllowed, NotFound."""
    if not actor.can(Permission.RUN_IMPORTS):
        raise NotAllowed
    run = scope.within(ImportRun.objects.all(), actor.area_path).filter(uid=uid).first()
    if run is None:
        raise NotFound
    return run


def report_of(run: ImportRun) -> Report:
    """Return what the check or the import of a run came to."""
    return report_from_record(run.report)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is; no stage while it waits for its turn."""

    stage: Message
    done: int
    total: int

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0


def progress(run: ImportRun) -> Progress:
    """Return how far the check or the writing of a large file is."""
    return Progress(*progress_of(run.uid))
