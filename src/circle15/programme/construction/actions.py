"""Begin a project, bring its milestones on, move their days, keep files, guarantees, reports."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import ChangedMeanwhile, NotFound, NotOffered, NotYet
from circle15.accounts.states import Permission
from circle15.accounts.steps import name_of, said, tell
from circle15.ledger.actions import keep_evidence
from circle15.ledger.files import CheckedFile
from circle15.programme.construction.life import (
    demand_party,
    demand_running,
    demanded,
    keep_event,
    locked,
    milestone_of,
)
from circle15.programme.construction.owing import owed_reports
from circle15.programme.construction.refusals import (
    AlreadyBuilding,
    BadDays,
    NeedsFile,
    NeedsProof,
    NotOwed,
    NotReady,
    WaitsFor,
)
from circle15.programme.construction_models import (
    NAME_LENGTH,
    WORDS_LENGTH,
    Guarantee,
    Milestone,
    MilestoneFile,
    ProgressReport,
    Project,
)
from circle15.programme.construction_states import (
    MILESTONE_MOVES,
    PROJECT_MOVES,
    GuaranteeState,
    MilestoneState,
    MilestoneStep,
    Party,
    Phase,
    ProjectState,
    ProjectStep,
)
from circle15.sites.queries import site_by_code
from circle15.standards.construction import BuildTemplate, build_rules

OWN_DAYS = ""
_USUAL_REPORT = "month"


@dataclass(frozen=True, slots=True)
class NewMilestone:
    """A milestone of a bureau's own: a role or organisation carries it."""

    name: str
    owner: str
    from_on: date
    to_on: date
    needs: str = ""
    after_uid: UUID | None = None


# Clauses: W-33, Q-17
@transaction.atomic
def start(  # noqa: PLR0913 -- what a project consists of
    *,
    site_code: str,
    template: str,
    start_on: date,
    by: Actor,
    at: datetime,
    report: str = "",
    application_uid: UUID | None = None,
) -> Project:
    """Begin to build a site by a template of the plans, or without one for days of its own.

    A second call for the same application returns the project there is. Raises AlreadyBuilding,
    NotOffered, NotFound, NotAllowed.
    """
    demand(by, Permission.RUN_PROGRAMME)
    site, rules = site_by_code(by, site_code), build_rules()
    chosen = rules.templates.get(template)
    rhythm = report or (chosen.report if chosen else _USUAL_REPORT)
    if (template and chosen is None) or rhythm not in rules.reports:
        raise NotOffered
    # Two at once: the second waits for the site and finds the project of the first.
    type(site).objects.select_for_update(no_key=True).get(pk=site.pk)
    going = Project.objects.filter(site=site).exclude(state=ProjectState.FINISHED).first()
    if going is not None:
        if application_uid and going.application_uid == application_uid:
            return going
        raise AlreadyBuilding
    project = Project.objects.create(
        site=site,
        area_path=site.area_path,
        name=f"{site.name}建设"[:120],
        template=template,
        report=rhythm,
        application_uid=application_uid,
        start_on=start_on,
        made_at=at,
        made_by=name_of(by),
        made_by_id=by.user_id,
        is_synthetic=site.is_synthetic,
    )
    Guarantee.objects.bulk_create(
        Guarantee(project=project, area_path=project.area_path, place=place, key=key)
        for place, key in enumerate(rules.guarantees, 1)
    )
    if chosen is not None:
        _lay(project, chosen)
    _tell(project, "start", by, at, template=template, start_on=start_on.isoformat())
    return project


def _lay(project: Project, template: BuildTemplate) -> None:
    """Write the milestones of a template; one that comes after another stands below it."""
    laid: dict[str, Milestone] = {}
    for place, spec in enumerate(template.milestones, 1):
        span = spec.span(project.start_on)
        laid[spec.key] = Milestone.objects.create(
            project=project,
            area_path=project.area_path,
            place=place,
            key=spec.key,
            name=spec.name.zh,
            owner=spec.owner,
            from_on=span.first,
            to_on=span.planned,
            hard_on=span.hard,
            after=laid.get(spec.after),
            needs=spec.needs,
        )


def add_milestone(*, uid: UUID, wanted: NewMilestone, by: Actor, at: datetime) -> Milestone:
    """Add a milestone with days of its own. Raises BadDays, NotFound, NotYours."""
    with locked(uid, by) as project:
        demand_party(by, project, Party.OFFICER)
        demand_running(project)
        if wanted.to_on < wanted.from_on:
            raise BadDays
        after = milestone_of(project, wanted.after_uid) if wanted.after_uid else None
        made = Milestone.objects.create(
            project=project,
            area_path=project.area_path,
            place=project.milestones.count() + 1,
            name=said(wanted.name)[:NAME_LENGTH],
            owner=said(wanted.owner)[:NAME_LENGTH],
            from_on=wanted.from_on,
            to_on=wanted.to_on,
            after=after,
            needs=wanted.needs if wanted.needs in Phase.values else "",
        )
        _tell(project, "add", by, at, milestone=made.name)
        return made


# Clauses: W-21
def step_milestone(  # noqa: PLR0913 -- what a step is told with
    *,
    uid: UUID,
    milestone_uid: UUID,
    step: MilestoneStep,
    on: date,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> Milestone:
    """Begin or finish a milestone on a day, or give it back with a reason.

    Finishing asks for what comes before it and for the file it names. Raises ChangedMeanwhile,
    NotYours, NotYet, WaitsFor, NeedsFile, NeedsReason, NotFound.
    """
    with locked(uid, by) as project:
        milestone = milestone_of(project, milestone_uid)
        move = demanded(MILESTONE_MOVES[milestone.state].get(step), project, by)
        demand_running(project)
        if on > timezone.localdate(at):
            raise NotYet
        words = said(reason, needed=step == MilestoneStep.REOPEN)
        old: dict[str, object] = {"state": milestone.state, "done_on": _iso(milestone.done_on)}
        if step == MilestoneStep.FINISH:
            _demand_finishable(milestone, on)
        milestone.state = move.to
        milestone.done_on = on if step == MilestoneStep.FINISH else None
        milestone.begun_on = milestone.begun_on or on
        milestone.save(update_fields=["state", "done_on", "begun_on"])
        new: dict[str, object] = {"state": str(move.to), "on": on.isoformat()}
        keep_event(milestone, step, old=old, new=new, reason=words, by=by, at=at)
        _tell(project, f"milestone_{step}", by, at, milestone=milestone.name, on=on.isoformat())
        return milestone


def _demand_finishable(milestone: Milestone, on: date) -> None:
    before = milestone.after
    if before is not None and before.state != MilestoneState.DONE:
        raise WaitsFor(before.name)
    if milestone.begun_on is not None and on < milestone.begun_on:
        raise BadDays
    if milestone.needs and not milestone.files.filter(phase=milestone.needs).exists():
        raise NeedsFile(str(Phase(milestone.needs).label))


def move_days(  # noqa: PLR0913 -- what a move is told with
    *,
    uid: UUID,
    milestone_uid: UUID,
    from_on: date,
    to_on: date,
    reason: str,
    by: Actor,
    at: datetime,
) -> Milestone:
    """Give a milestone other days: the old ones and the reason are kept; the last day stands.

    Raises BadDays, NeedsReason, ChangedMeanwhile, NotYours, NotFound.
    """
    with locked(uid, by) as project:
        milestone = milestone_of(project, milestone_uid)
        demand_party(by, project, Party.OFFICER)
        demand_running(project)
        if milestone.state == MilestoneState.DONE:  # whether it was in time is settled
            raise ChangedMeanwhile
        if to_on < from_on or (milestone.hard_on is not None and to_on > milestone.hard_on):
            raise BadDays
        if (from_on, to_on) == (milestone.from_on, milestone.to_on):
            raise BadDays(_("日期没有变化。"))
        words = said(reason)
        old: dict[str, object] = {
            "from": _iso(milestone.from_on),
            "to": _iso(milestone.to_on),
        }
        milestone.from_on, milestone.to_on = from_on, to_on
        milestone.save(update_fields=["from_on", "to_on"])
        new: dict[str, object] = {"from": from_on.isoformat(), "to": to_on.isoformat()}
        keep_event(milestone, "move", old=old, new=new, reason=words, by=by, at=at)
        _tell(project, "move", by, at, milestone=milestone.name, to=to_on.isoformat())
        return milestone


def keep_file(  # noqa: PLR0913 -- what a file is kept with
    *,
    uid: UUID,
    milestone_uid: UUID,
    phase: Phase,
    taken_on: date,
    checked: CheckedFile,
    by: Actor,
    at: datetime,
) -> MilestoneFile:
    """Keep a photo before or after, or a paper, with the day it shows; the same once.

    Raises NotYet, NotYours, NotFound.
    """
    with locked(uid, by) as project:
        milestone = milestone_of(project, milestone_uid)
        demand_party(by, project, Party.OFFICER, Party.SITE)
        demand_running(project)
        if taken_on > timezone.localdate(at):
            raise NotYet
        kept, is_new = MilestoneFile.objects.get_or_create(
            milestone=milestone,
            evidence=keep_evidence(code=project.site.code, checked=checked, by=by, at=at),
            phase=phase,
            defaults={
                "area_path": project.area_path,
                "taken_on": taken_on,
                "added_at": at,
                "added_by": name_of(by),
            },
        )
        if is_new:
            _tell(project, "file", by, at, milestone=milestone.name, phase=phase.value)
        return kept


# Clauses: W-35, Q-59
def set_guarantee(  # noqa: PLR0913 -- what a guarantee is said with
    *,
    uid: UUID,
    key: str,
    state: GuaranteeState,
    note: str,
    checked: CheckedFile | None,
    by: Actor,
    at: datetime,
) -> Guarantee:
    """Say how a guarantee stands; one in place is shown by words or a file.

    Raises NeedsProof, NotYours, NotFound.
    """
    with locked(uid, by) as project:
        demand_party(by, project, Party.OFFICER, Party.SITE)
        demand_running(project)
        row = project.guarantees.filter(key=key).first()
        if row is None:
            raise NotFound
        old = row.state
        row.note = said(note, needed=False)
        if checked is not None:
            row.evidence = keep_evidence(code=project.site.code, checked=checked, by=by, at=at)
        if state == GuaranteeState.IN_PLACE and not row.note and row.evidence is None:
            raise NeedsProof
        row.state, row.said_at, row.said_by = state, at, name_of(by)
        row.save()
        _tell(project, "guarantee", by, at, guarantee=key, old=old, state=state.value)
        return row


# Clauses: W-20, W-36, N-28
def report_progress(  # noqa: PLR0913 -- what a report consists of
    *,
    uid: UUID,
    period: str,
    words: str,
    checked: CheckedFile | None,
    by: Actor,
    at: datetime,
) -> ProgressReport:
    """Report the progress of a period that is owed; late is late for ever.

    Raises NotOwed, NeedsReason for no words, NotYours, NotFound.
    """
    with locked(uid, by) as project:
        demand_party(by, project, Party.SITE)
        today = timezone.localdate(at)
        owed = {one.period: one for one in owed_reports(project, on=today)}
        one = owed.get(period)
        if one is None or one.report is not None:
            raise NotOwed
        file = None
        if checked is not None:
            file = keep_evidence(code=project.site.code, checked=checked, by=by, at=at)
        row = ProgressReport.objects.create(
            project=project,
            area_path=project.area_path,
            period=period,
            due_on=one.due_on,
            words=said(words, most=WORDS_LENGTH),
            is_late=today > one.due_on,
            evidence=file,
            at=at,
            by=name_of(by),
            by_id=by.user_id,
        )
        _tell(project, "report", by, at, period=period, late=row.is_late)
        return row


def step_project(
    *, uid: UUID, step: ProjectStep, by: Actor, at: datetime, reason: str = ""
) -> Project:
    """Confirm a project as built once everything of it is, stop it, or take it up again.

    Raises NotReady, NeedsReason, ChangedMeanwhile, NotYours, NotFound.
    """
    with locked(uid, by) as project:
        move = demanded(PROJECT_MOVES[project.state].get(step), project, by)
        words = said(reason, needed=step != ProjectStep.CONCLUDE)
        if step == ProjectStep.CONCLUDE:
            _demand_built(project)
        old = project.state
        project.state = move.to
        is_over = move.to != ProjectState.RUNNING
        project.ended_on = timezone.localdate(at) if is_over else None
        project.save(update_fields=["state", "ended_on"])
        _tell(project, step, by, at, old=old, state=str(move.to), reason=words)
        return project


def _demand_built(project: Project) -> None:
    milestones = project.milestones.exclude(state=MilestoneState.DONE).count()
    guarantees = project.guarantees.exclude(state=GuaranteeState.IN_PLACE).count()
    if milestones or guarantees or not project.milestones.exists():
        raise NotReady(milestones, guarantees)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _tell(project: Project, verb: str, by: Actor, at: datetime, **new: object) -> None:
    name = f"construction.{verb}"
    tell(name, project.uid, project.area_path, by=by, at=at, site=project.site.code, **new)
