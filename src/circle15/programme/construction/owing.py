"""Progress reports: which a project owes, by when, and which came late."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from circle15.programme.construction_models import ProgressReport, Project
from circle15.standards.construction import build_rules


@dataclass(frozen=True, slots=True)
class OwedReport:
    """A report of a period: there in time, there late, open, or overdue."""

    period: str
    due_on: date
    report: ProgressReport | None
    is_overdue: bool

    @property
    def is_late(self) -> bool:
        return self.is_overdue or (self.report is not None and self.report.is_late)


def owed_reports(
    project: Project, *, on: date, kept: Iterable[ProgressReport] | None = None
) -> tuple[OwedReport, ...]:
    """Return the reports of a project's periods that have ended, the newest first.

    After the end of a project the period it ended in is the last one owed.
    """
    rule = build_rules().reports[project.report]
    rows = project.reports.order_by("id") if kept is None else kept
    by_period = {row.period: row for row in rows}
    found = []
    for period in rule.periods(project.start_on, on):
        if project.ended_on is not None and period.first > project.ended_on:
            break
        report, due_on = by_period.get(period.name), rule.due_on(period)
        is_overdue = report is None and on > due_on
        found.append(OwedReport(period.name, due_on, report, is_overdue))
    return tuple(reversed(found))
