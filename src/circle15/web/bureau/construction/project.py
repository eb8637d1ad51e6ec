"""One project: the chart, the list that says the same, files, guarantees, reports, steps."""

from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.ledger.files import CheckedFile, UnsafeFile, check_evidence
from circle15.ledger.photos import smaller
from circle15.programme.construction import actions
from circle15.programme.construction.chart import chart_of, tone_of
from circle15.programme.construction.life import may_step, may_step_project, parties_of
from circle15.programme.construction.owing import OwedReport
from circle15.programme.construction.queries import MilestoneRow, ProjectView, project_by_uid
from circle15.programme.construction_models import Guarantee, MilestoneEvent, Project
from circle15.programme.construction_states import (
    MILESTONE_MOVES,
    GuaranteeState,
    MilestoneState,
    MilestoneStep,
    Party,
    Phase,
    ProjectState,
    ProjectStep,
)
from circle15.standards.construction import build_rules
from circle15.web.bureau.construction.forms import (
    AddForm,
    DoneForm,
    FileForm,
    GuaranteeForm,
    MoveForm,
    ReopenForm,
    ReportForm,
    WordsForm,
)
from circle15.web.bureau.construction.listed import PROJECT_TONES
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.once import once

_UNUSABLE = HTTPStatus.UNPROCESSABLE_ENTITY
Given = Mapping[str, Any]
# A step with its form as it was sent: what is refused keeps what was typed.
Sent = tuple[str, forms.Form] | None
_GUARANTEE_TONES = {
    GuaranteeState.OPEN: "bad",
    GuaranteeState.PROMISED: "warn",
    GuaranteeState.IN_PLACE: "good",
}
_FORMS: Final[Mapping[str, type[forms.Form]]] = {
    **dict.fromkeys(("begin", "finish"), DoneForm),
    "reopen": ReopenForm,
    "move": MoveForm,
    "file": FileForm,
    "add": AddForm,
    "guarantee": GuaranteeForm,
    "report": ReportForm,
    **dict.fromkeys(("conclude", "stop", "resume"), WordsForm),
}


@reads
@requires(Permission.VIEW_PROGRAMME)
def show(request: StaffRequest, project_uid: UUID) -> HttpResponse:
    """Show a project."""
    return _page(request, project_uid)


@writes
@requires(Permission.ANSWER_DUTIES)
@once
def take_step(request: StaffRequest, project_uid: UUID, step: str) -> HttpResponse:
    """Take one step of the project or of one of its milestones."""
    if step not in _FORMS:
        raise Http404
    form = _bound(request, project_uid, step)
    if not form.is_valid():
        message = next(iter(form.errors.values()))[0]
        return _page(
            request, project_uid, refusal=str(message), sent=(step, form), status=_UNUSABLE
        )
    try:
        _do(step, project_uid, form.cleaned_data, by=request.actor, at=timezone.now())
    except (NotAllowed, NotFound):
        raise
    except (UnsafeFile, Refused) as refusal:
        return _page(
            request,
            project_uid,
            refusal=str(refusal),
            sent=(step, form),
            status=HTTPStatus.CONFLICT,
        )
    messages.success(request, _("已保存。"))
    return HttpResponseRedirect(reverse("construction_project", args=[project_uid]))


def _bound(request: StaffRequest, project_uid: UUID, step: str) -> forms.Form:
    if step == "add":
        view = project_by_uid(request.actor, project_uid, on=timezone.localdate())
        return AddForm(request.POST, milestones=_choices(view))
    return _FORMS[step](request.POST, request.FILES)


def _do(step: str, uid: UUID, given: Given, *, by: Actor, at: datetime) -> None:
    """Call the one action of a step."""
    if step in MilestoneStep.values:
        on = given.get("on") or timezone.localdate(at)
        reason = given.get("reason", "")
        actions.step_milestone(
            uid=uid,
            milestone_uid=given["milestone"],
            step=MilestoneStep(step),
            on=on,
            reason=reason,
            by=by,
            at=at,
        )
    elif step in ProjectStep.values:
        reason = given["reason"]
        actions.step_project(uid=uid, step=ProjectStep(step), reason=reason, by=by, at=at)
    else:
        _OTHERS[step](uid, given, by, at)


def _move(uid: UUID, given: Given, by: Actor, at: datetime) -> None:
    actions.move_days(
        uid=uid,
        milestone_uid=given["milestone"],
        from_on=given["from_on"],
        to_on=given["to_on"],
        reason=given["reason"],
        by=by,
        at=at,
    )


def _file(uid: UUID, given: Given, by: Actor, at: datetime) -> None:
    checked = checked_file(given)
    assert checked is not None
    actions.keep_file(
        uid=uid,
        milestone_uid=given["milestone"],
        phase=Phase(given["phase"]),
        taken_on=given["taken_on"],
        checked=checked,
        by=by,
        at=at,
    )


def _add(uid: UUID, given: Given, by: Actor, at: datetime) -> None:
    wanted = actions.NewMilestone(
        name=given["name"],
        owner=given["owner"],
        from_on=given["from_on"],
        to_on=given["to_on"],
        needs=given["needs"],
        after_uid=UUID(given["after"]) if given["after"] else None,
    )
    actions.add_milestone(uid=uid, wanted=wanted, by=by, at=at)


def _guarantee(uid: UUID, given: Given, by: Actor, at: datetime) -> None:
    actions.set_guarantee(
        uid=uid,
        key=given["key"],
        state=GuaranteeState(given["state"]),
        note=given["note"],
        checked=checked_file(given),
        by=by,
        at=at,
    )


def _report(uid: UUID, given: Given, by: Actor, at: datetime) -> None:
    checked, words = checked_file(given), given["words"]
    actions.report_progress(
        uid=uid, period=given["period"], words=words, checked=checked, by=by, at=at
    )


_OTHERS: Final[Mapping[str, Callable[[UUID, Given, Actor, datetime], None]]] = {
    "move": _move,
    "file": _file,
    "add": _add,
    "guarantee": _guarantee,
    "report": _report,
}


def checked_file(given: Given) -> CheckedFile | None:
    """Return the file that came along, made smaller and safe. Raises UnsafeFile."""
    file = given.get("file")
    if not isinstance(file, UploadedFile):
        return None
    return check_evidence(smaller(file.read()), name=file.name or _("未命名"))


def _page(
    request: StaffRequest,
    uid: UUID,
    *,
    refusal: str = "",
    sent: Sent = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    by, today = request.actor, timezone.localdate()
    view = project_by_uid(by, uid, on=today)
    project = view.project
    parties = parties_of(by, project.area_path)
    is_running = project.state == ProjectState.RUNNING
    template = build_rules().templates.get(project.template)
    context = {
        "view": view,
        "project": project,
        "template": template.name.in_language(get_language() or "") if template else "",
        "document": template.document if template else "",
        "state": ProjectState(project.state).label,
        "state_tone": PROJECT_TONES[ProjectState(project.state)],
        "chart": chart_of(view.rows, on=view.on),
        "rows": [_row(row, view, by, sent) for row in view.rows],
        "done": f"{view.done} / {len(view.rows)}",
        "in_place": f"{view.in_place} / {len(view.guarantees)}",
        "may_work": is_running and bool(parties),
        "guarantees": [
            _guaranteed(each, sent, may_say=is_running and bool(parties))
            for each in view.guarantees
        ],
        "reports": [_reported(each, sent, may_say=Party.SITE in parties) for each in view.reports],
        "rhythm": build_rules().reports[project.report],
        "rhythm_name": build_rules().reports[project.report].name.in_language(get_language() or ""),
        "add": _adding(view, sent) if is_running and Party.OFFICER in parties else None,
        "project_steps": _project_steps(project, by, sent),
        "refusal": refusal,
        "synthetic": project.is_synthetic,
    }
    return render(request, "bureau/construction/project.html", context, status=status)


def _as_sent(step: str, made: forms.Form, sent: Sent) -> forms.Form:
    """Return the form as it was sent where it is this one, else as it was made."""
    if sent is None or sent[0] != step:
        return made
    names = (name for name in ("milestone", "period", "key") if name in made.initial)
    if any(str(made.initial[name]) != sent[1].data.get(name) for name in names):
        return made
    sent[1].auto_id = made.auto_id
    return sent[1]


def _row(row: MilestoneRow, view: ProjectView, by: Actor, sent: Sent) -> dict[str, object]:
    one = row.milestone
    names = {each.milestone.pk: each.name for each in view.rows}
    return {
        "row": row,
        "tone": tone_of(row.standing),
        "after": names.get(one.after_id or 0, ""),
        "needs": Phase(one.needs).label if one.needs else "",
        "files": [(each, Phase(each.phase).label) for each in one.files.all()],
        "moves": [each for each in one.events.all() if each.what == "move"],
        "returns": [_event(each) for each in one.events.all() if each.what == "reopen"],
        "forms": _row_forms(row, view, by, sent),
    }


def _event(event: MilestoneEvent) -> dict[str, object]:
    return {"at": event.at, "by": event.by, "reason": event.reason}


def _row_forms(
    row: MilestoneRow, view: ProjectView, by: Actor, sent: Sent
) -> list[dict[str, object]]:
    """Return the forms of what somebody may do with a milestone now."""
    one, project = row.milestone, view.project
    name, today = f"m{one.pk}_%s", view.on
    found: list[dict[str, object]] = []
    for step in MILESTONE_MOVES[one.state]:
        if may_step(project, one, MilestoneStep(step), by):
            kind = ReopenForm if step == MilestoneStep.REOPEN else DoneForm
            initial = {"milestone": one.uid, "on": today}
            shown = kind(initial=initial, auto_id=f"{step}_{name}")
            found.append(
                {
                    "step": step,
                    "label": MilestoneStep(step).label,
                    "form": _as_sent(step, shown, sent),
                }
            )
    if project.state != ProjectState.RUNNING:
        return found
    parties = parties_of(by, project.area_path)
    if parties:
        initial = {"milestone": one.uid, "taken_on": today, "phase": one.needs or Phase.BEFORE}
        file = FileForm(initial=initial, auto_id=f"file_{name}")
        found.append(
            {"step": "file", "label": _("上传照片或文件"), "form": _as_sent("file", file, sent)}
        )
    if Party.OFFICER in parties and one.state != MilestoneState.DONE:
        days = {"milestone": one.uid, "from_on": one.from_on, "to_on": one.to_on}
        move = MoveForm(initial=days, auto_id=f"move_{name}")
        found.append({"step": "move", "label": _("改期"), "form": _as_sent("move", move, sent)})
    return found


def _guaranteed(row: Guarantee, sent: Sent, *, may_say: bool) -> dict[str, object]:
    name = build_rules().guarantees[row.key].in_language(get_language() or "")
    initial = {"key": row.key, "state": row.state, "note": row.note}
    form = _as_sent("guarantee", GuaranteeForm(initial=initial, auto_id=f"g{row.pk}_%s"), sent)
    return {
        "row": row,
        "name": name,
        "state": GuaranteeState(row.state).label,
        "tone": _GUARANTEE_TONES[GuaranteeState(row.state)],
        "form": form if may_say else None,
    }


def _reported(one: OwedReport, sent: Sent, *, may_say: bool) -> dict[str, object]:
    may = may_say and one.report is None
    initial = {"period": one.period}
    form = _as_sent("report", ReportForm(initial=initial, auto_id=f"r{one.period}_%s"), sent)
    return {
        "one": one,
        "form": form if may else None,
    }


def _adding(view: ProjectView, sent: Sent) -> forms.Form:
    return _as_sent("add", AddForm(milestones=_choices(view), auto_id="add_%s"), sent)


def _choices(view: ProjectView) -> list[tuple[str, str]]:
    return [(str(row.milestone.uid), row.name) for row in view.rows]


def _project_steps(project: Project, by: Actor, sent: Sent) -> list[dict[str, object]]:
    return [
        {
            "step": step.value,
            "label": step.label,
            "form": _as_sent(step, WordsForm(auto_id=f"{step}_%s"), sent),
        }
        for step in ProjectStep
        if may_step_project(project, step, by)
    ]
