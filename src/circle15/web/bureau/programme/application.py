"""One application: its tasks, what is known of the site, what may be done now, its history."""

from collections.abc import Callable, Mapping
from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.accounts.steps import is_same
from circle15.assessments.campaign_states import Outcome
from circle15.assessments.campaigns.queries import Result, results_beside, titles_of
from circle15.assessments.states import Purpose
from circle15.core.papers.letter_pdf import letter_pdf
from circle15.programme.construction.actions import start
from circle15.programme.construction.queries import project_of
from circle15.programme.rounds import applying, awarding, reviewing
from circle15.programme.rounds.documents import form_letter, form_of
from circle15.programme.rounds.form_docx import form_docx
from circle15.programme.rounds.prefill import conditions_of, preferences_of, values_of
from circle15.programme.rounds.queries import (
    application_by_uid,
    applications,
    name_of_round,
    open_problems,
    open_proposal,
    steps_for,
    tasks_of,
)
from circle15.programme.rounds.refusals import Incomplete
from circle15.programme.rounds_states import OPEN, SECOND, ApplicationState, ApplicationStep
from circle15.standards.rounds import round_rules
from circle15.standards.text import number_text
from circle15.web.bureau.campaigns.forms import ActForm
from circle15.web.bureau.programme.forms import STEP_FORMS, EndorseForm, ProposeForm, ReturnForm
from circle15.web.bureau.programme.rounds import handed
from circle15.web.bureau.programme.shown import TONES, application_row, place_of, window
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.once import once

if TYPE_CHECKING:
    from circle15.programme.rounds_models import Application
    from circle15.sites.models import Site

_Do = Callable[[ActForm, "Application", Mapping[str, Any]], object]
_S = ApplicationStep
# Days after the start: those printed in the plans are of 2022.
_TEMPLATE = "from-start"


def _note(form: ActForm) -> str:
    return str(form.cleaned_data.get("note", ""))


def _endorse(form: ActForm, _one: "Application", on: Mapping[str, Any]) -> object:
    given = form.cleaned_data
    return reviewing.endorse(
        opinion=given["opinion"],
        signed_as=given["signed_as"],
        confirmed=given["confirmed"],
        **on,
    )


def _return(form: ActForm, _one: "Application", on: Mapping[str, Any]) -> object:
    assert isinstance(form, ReturnForm)
    return reviewing.return_to_applicant(reasons=form.reasons(), **on)


def _propose(form: ActForm, one: "Application", on: Mapping[str, Any]) -> object:
    wanted = form.cleaned_data["acceptance"]
    found = next((each for each in _acceptances(one.site) if str(each.uid) == wanted), None)
    told = None if found is None else acceptance_of(found)
    return awarding.award(acceptance=told, built_on=form.cleaned_data["built_on"], **on)


DO: Final[Mapping[ApplicationStep, _Do]] = {
    _S.FILE: lambda _f, _one, on: applying.file(**on),
    _S.WITHDRAW: lambda f, _one, on: applying.withdraw(reason=_note(f), **on),
    _S.ACCEPT_LATE: lambda f, _one, on: reviewing.decide_late(accepts=True, reason=_note(f), **on),
    _S.REFUSE_LATE: lambda f, _one, on: reviewing.decide_late(accepts=False, reason=_note(f), **on),
    _S.RETURN: _return,
    _S.ENDORSE: _endorse,
    _S.SELECT: lambda f, _one, on: reviewing.select(reason=_note(f), **on),
    _S.WAIT: lambda f, _one, on: reviewing.keep_waiting(reason=_note(f), **on),
    _S.DECLINE: lambda f, _one, on: reviewing.decline(reason=_note(f), **on),
    _S.RECORD: lambda f, _one, on: reviewing.record_selected(note=_note(f), **on),
    _S.PROPOSE: _propose,
    _S.AWARD: lambda f, _one, on: awarding.judge(agrees=True, why=_note(f), **on),
    _S.PROPOSE_REVOKE: lambda f, _one, on: awarding.revoke(reason=_note(f), **on),
    _S.REVOKE: lambda f, _one, on: awarding.judge(agrees=True, why=_note(f), **on),
    _S.KEEP: lambda f, _one, on: awarding.judge(agrees=False, why=_note(f), **on),
}


def acceptance_of(found: Result) -> awarding.Acceptance:
    """Return a published result as an award reads it."""
    return awarding.Acceptance(
        reference=str(found.uid),
        name=found.campaign,
        site_code=found.site_code,
        points=f"{number_text(found.total)} / {number_text(found.max_total)}",
        is_passed=found.outcome == Outcome.PASS,
        published_on=found.published_on,
    )


def _acceptances(site: "Site") -> list[Result]:
    return [one for one in results_beside(site) if one.kind == Purpose.ACCEPTANCE]


@reads
@requires(Permission.VIEW_PROGRAMME)
def page(request: StaffRequest, application_uid: UUID) -> HttpResponse:
    """Show an application."""
    return _page(request, application_uid)


@writes
@requires(Permission.VIEW_PROGRAMME)
@once
def act(request: StaffRequest, application_uid: UUID, act: str) -> HttpResponse:
    """Take a step; what is refused is said on the page, which shows the true state."""
    step = next((each for each in DO if each == act), None)
    if step is None:
        raise Http404
    one = application_by_uid(request.actor, application_uid)
    form = _form(step, one, request.POST)
    if not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _page(request, application_uid, form=form, status=status)
    at = timezone.now()
    try:
        DO[step](form, one, {"uid": application_uid, "by": request.actor, "at": at})
    except (NotFound, NotAllowed):
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal))
        problems = refusal.problems if isinstance(refusal, Incomplete) else ()
        status = HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.CONFLICT
        return _page(request, application_uid, form=form, problems=problems, status=status)
    messages.success(request, _("已办：%s。") % step.label)
    return HttpResponseRedirect(reverse("application", args=[application_uid]))


@reads
@requires(Permission.VIEW_PROGRAMME)
def file(request: StaffRequest, application_uid: UUID, media: str) -> HttpResponse:
    """Hand out the form as Word or PDF."""
    if media not in {"docx", "pdf"}:
        raise Http404
    today = timezone.localdate()
    filled = form_of(uid=application_uid, by=request.actor, today=today)
    content = form_docx(filled) if media == "docx" else letter_pdf(form_letter(filled))
    return handed(content, media, f"circle15-application-{today:%Y%m%d}.{media}")


@writes
@requires(Permission.RUN_PROGRAMME)
@once
def build(request: StaffRequest, application_uid: UUID) -> HttpResponse:
    """Begin the construction of a recorded site by the template; once only."""
    one, at = application_by_uid(request.actor, application_uid), timezone.now()
    if one.state != ApplicationState.RECORDED:
        messages.error(request, _("备案以后才能开始建设。"))
        return HttpResponseRedirect(reverse("application", args=[application_uid]))
    try:
        made = start(
            site_code=one.site.code,
            template=_TEMPLATE,
            start_on=timezone.localdate(at),
            application_uid=one.uid,
            by=request.actor,
            at=at,
        )
    except (NotFound, NotAllowed):
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("application", args=[application_uid]))
    return HttpResponseRedirect(reverse("construction_project", args=[made.uid]))


def _form(step: ApplicationStep, one: "Application", data: Any = None) -> ActForm:
    named: dict[str, Any] = {"act": str(step), "label": step.label}
    if step == _S.ENDORSE:
        return EndorseForm(data, conditions=one.round.conditions, **named)
    if step == _S.PROPOSE:
        found = [(str(each.uid), _named(each)) for each in _acceptances(one.site)]
        return ProposeForm(data, acceptances=found, **named)
    return STEP_FORMS[step](data, **named)


def _named(one: Result) -> str:
    outcome = Outcome(one.outcome).label if one.outcome else ""
    words = f"{one.campaign} · {number_text(one.total)} / {number_text(one.max_total)}"
    return f"{words} · {outcome} · {one.published_on}"


def _page(
    request: StaffRequest,
    uid: UUID,
    *,
    form: ActForm | None = None,
    problems: tuple[tuple[str, str], ...] = (),
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    one, today = application_by_uid(request.actor, uid), timezone.localdate()
    steps = _own_steps(request, one)
    state = ApplicationState(one.state)
    is_open = state in OPEN
    may_write = is_open and _S.FILE in steps
    window_tone, window_words = window(one.round, today)
    context = {
        "application": one,
        "round": one.round,
        "round_name": name_of_round(one.round),
        "site": one.site,
        "state": state.label,
        "tone": TONES.get(state, "info"),
        "is_open": is_open,
        "may_write": may_write,
        "window": window_words,
        "window_tone": window_tone,
        "tasks": tasks_of(one) if is_open else (),
        "open_problems": open_problems(one, on=today) if may_write else (),
        "problems": problems,
        "forms": [
            form if form is not None and form.act == step else _form(step, one) for step in steps
        ],
        "refused": form,
        "lines": _lines(one, on=today, is_open=is_open),
        "files": list(one.files.select_related("evidence").order_by("id")),
        "conditions": _conditions(one, on=today),
        "preferences": preferences_of(one.site, on=today),
        "elsewhere": [
            application_row(each) | {"name": name_of_round(each.round)}
            for each in applications(request.actor).filter(site=one.site).exclude(pk=one.pk)
        ],
        "project": project_of(one.uid, request.actor),
        "may_build": state == ApplicationState.RECORDED
        and request.actor.can(Permission.RUN_PROGRAMME),
        "proposal": open_proposal(one),
        "awards": list(one.proposals.order_by("id")),
        "results": [(each, _named(each)) for each in _acceptances(one.site)],
        "titles": [each for each in titles_of(one.site) if each.until is None],
        "spans": list(one.spans.order_by("id")),
        "synthetic": one.site.is_synthetic,
    }
    return render(request, "bureau/rounds/application.html", context, status=status)


def _own_steps(request: StaffRequest, one: "Application") -> tuple[ApplicationStep, ...]:
    """Return the steps to offer: who proposed an award isn't asked for the second word."""
    proposal = open_proposal(one)
    steps = steps_for(one, request.actor)
    if proposal and is_same(request.actor, proposal.proposed_by_id, proposal.proposed_by):
        return tuple(step for step in steps if step not in SECOND)
    return steps


def _lines(one: "Application", *, on: date, is_open: bool) -> list[dict[str, str]]:
    """Return the lines of the form: with their origin while it is open, as filed afterwards."""
    language = get_language() or "zh-hans"
    values = values_of(one, on=on) if is_open else {}
    said = dict(one.remarks.filter(attempt=one.attempt).values_list("field", "reason"))
    rows = []
    for field in round_rules().fields.values():
        value = values.get(field.key)
        text = {"profile": one.profile, "plan": one.plan}.get(field.key, "")
        words = value.words if value else text if is_open else one.form.get(field.key, "")
        if field.key != "files":
            rows.append(
                {
                    "name": field.name.in_language(language),
                    "words": f"{words} {field.unit}".strip() if words else "",
                    "source": value.source if value else "",
                    "place": place_of(value, one.site.code) if value else "",
                    "remark": said.get(field.key, ""),
                }
            )
    return rows


def _conditions(one: "Application", *, on: date) -> list[dict[str, object]]:
    return [
        {
            "name": each.name,
            "says": each.says,
            "is_confirmed": each.condition.key in one.confirmed,
        }
        for each in conditions_of(one.round, one.site, on=on)
    ]
