"""Projects of an area and how each stands on a day: the list and the chart read the same rows."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import get_language

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.programme.construction.owing import OwedReport, owed_reports
from circle15.programme.construction_models import (
    Guarantee,
    Milestone,
    MilestoneEvent,
    MilestoneFile,
    ProgressReport,
    Project,
)
from circle15.programme.construction_states import (
    LATE,
    GuaranteeState,
    MilestoneState,
    ProjectState,
    Standing,
)
from circle15.sites.models import Site
from circle15.standards.construction import build_rules


@dataclass(frozen=True, slots=True)
class MilestoneRow:
    """A milestone as the list, the chart and the workbook show it."""

    milestone: Milestone
    name: str
    owner: str
    standing: Standing
    days_late: int

    @property
    def is_late(self) -> bool:
        return self.standing in LATE


@dataclass(frozen=True, slots=True)
class ProjectView:
    """A project on a day: its milestones in order, its reports, its guarantees."""

    project: Project
    on: date
    rows: tuple[MilestoneRow, ...]
    reports: tuple[OwedReport, ...]
    guarantees: tuple[Guarantee, ...]

    @property
    def done(self) -> int:
        return sum(row.milestone.state == MilestoneState.DONE for row in self.rows)

    @property
    def late(self) -> int:
        return sum(row.is_late for row in self.rows)

    @property
    def in_place(self) -> int:
        return sum(each.state == GuaranteeState.IN_PLACE for each in self.guarantees)

    @property
    def reports_late(self) -> int:
        return sum(each.is_late for each in self.reports)

    @property
    def next(self) -> MilestoneRow | None:
        """Return the open milestone whose day comes first."""
        open_ones = [row for row in self.rows if row.milestone.state != MilestoneState.DONE]
        return min(
            open_ones, key=lambda row: (row.milestone.to_on, row.milestone.place), default=None
        )


@dataclass(frozen=True, slots=True)
class Found:
    """What a list of projects is narrowed to: running, late, finished, or all of them."""

    which: str = "running"
    search: str = ""


def projects(by: Actor, found: Found, *, on: date) -> QuerySet[Project]:
    """Return the projects of an area, the newest first. Raises NotAllowed."""
    demand(by, Permission.VIEW_PROGRAMME)
    rows = scope.within(Project.objects.select_related("site"), by.area_path)
    if found.search:
        rows = rows.filter(site__name__icontains=found.search.strip())
    if found.which == "running":
        rows = rows.filter(state=ProjectState.RUNNING)
    elif found.which == "finished":
        rows = rows.filter(state=ProjectState.FINISHED)
    elif found.which == "late":
        late = Milestone.objects.filter(project=OuterRef("pk"), to_on__lt=on)
        late = late.exclude(state=MilestoneState.DONE)
        rows = rows.filter(Q(state=ProjectState.RUNNING), Exists(late))
    return rows.prefetch_related(
        Prefetch("milestones", Milestone.objects.order_by("place", "id")),
        Prefetch("guarantees", Guarantee.objects.order_by("place", "id")),
        Prefetch("reports", ProgressReport.objects.order_by("id")),
    ).order_by("start_on", "id")


def view_of(project: Project, *, on: date) -> ProjectView:
    """Return how a project with its rows at hand stands on a day; one that ended, on its last."""
    day = min(on, project.ended_on) if project.ended_on else on
    return ProjectView(
        project=project,
        on=day,
        rows=tuple(_row(each, project, day) for each in project.milestones.all()),
        reports=owed_reports(project, on=on, kept=project.reports.all()),
        guarantees=tuple(project.guarantees.all()),
    )


def project_by_uid(by: Actor, uid: UUID, *, on: date) -> ProjectView:
    """Return one project with the files and events of its milestones. Raises NotFound."""
    rows = projects(by, Found("all"), on=on).prefetch_related(
        Prefetch(
            "milestones__files",
            MilestoneFile.objects.select_related("evidence").order_by("taken_on", "id"),
        ),
        Prefetch("milestones__events", MilestoneEvent.objects.order_by("id")),
    )
    found = rows.filter(uid=uid).first()
    if found is None:
        raise NotFound
    return view_of(found, on=on)


def newest_of(by: Actor, site: Site, *, on: date) -> ProjectView | None:
    """Return how the newest project of a site stands on a day. Raises NotAllowed."""
    found = projects(by, Found("all"), on=on).filter(site=site).order_by("-start_on", "-id").first()
    return view_of(found, on=on) if found else None


def project_of(application: UUID, by: Actor) -> Project | None:
    """Return the construction a recorded application led to, if one was begun."""
    rows = scope.within(Project.objects.filter(application_uid=application), by.area_path)
    return rows.order_by("-id").first()


# Clauses: W-25
def counts(by: Actor, *, on: date) -> dict[str, int]:
    """Count the projects of an area by state, and those with a milestone past its day."""
    rows = scope.within(Project.objects.all(), by.area_path)
    found = Counter(rows.values_list("state", flat=True))
    return {**found, "late": projects(by, Found("late"), on=on).count()}


def standing_of(milestone: Milestone, on: date) -> Standing:
    """Tell how a milestone stands on a day."""
    if milestone.done_on is not None:
        return Standing.DONE_LATE if milestone.done_on > milestone.to_on else Standing.DONE
    if milestone.hard_on is not None and on > milestone.hard_on:
        return Standing.PAST_HARD
    if on > milestone.to_on:
        return Standing.LATE
    if (milestone.to_on - on).days <= build_rules().soon_days:
        return Standing.SOON
    return Standing(milestone.state)


def _row(milestone: Milestone, project: Project, on: date) -> MilestoneRow:
    ended = milestone.done_on or on
    return MilestoneRow(
        milestone=milestone,
        name=_name(milestone, project),
        owner=owner_words(milestone.owner),
        standing=standing_of(milestone, on),
        days_late=max((ended - milestone.to_on).days, 0),
    )


def _name(milestone: Milestone, project: Project) -> str:
    """Return the name in the reader's language; an own one as it was written."""
    template = build_rules().templates.get(project.template)
    specs = template.milestones if template and milestone.key else ()
    named = next((each.name for each in specs if each.key == milestone.key), None)
    return named.in_language(get_language() or "") if named else milestone.name


def owner_words(owner: str) -> str:
    """Return who carries a milestone: a known role in the reader's language, else as written."""
    named = build_rules().owners.get(owner)
    return named.in_language(get_language() or "") if named else owner
