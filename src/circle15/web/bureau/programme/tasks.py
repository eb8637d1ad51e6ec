"""The parts of the form: each is filled in and saved by itself, in any order."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
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

from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.ledger.files import UnsafeFile, check_evidence
from circle15.programme.rounds import applying
from circle15.programme.rounds.life import demand_step, may_step
from circle15.programme.rounds.prefill import contacts_of, values_of
from circle15.programme.rounds.queries import application_by_uid, name_of_round
from circle15.programme.rounds.refusals import ChangedMeanwhile, TooLong
from circle15.programme.rounds_states import ApplicationStep
from circle15.standards.rounds import Task, round_rules
from circle15.web.bureau.programme.forms import ContactForm, FileForm, TextForm
from circle15.web.bureau.programme.shown import place_of
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.once import once

if TYPE_CHECKING:
    from circle15.programme.rounds_models import Application

_UNUSABLE = HTTPStatus.UNPROCESSABLE_ENTITY
_TEXTS = frozenset({"profile", "plan"})


@reads
@requires(Permission.VIEW_PROGRAMME)
def ask(request: StaffRequest, application_uid: UUID, task: str) -> HttpResponse:
    """Show a part of the form as it was saved; who may not fill it in is shown the whole."""
    one, known = _known(request, application_uid, task)
    if not may_step(one, ApplicationStep.FILE, request.actor):
        return HttpResponseRedirect(reverse("application", args=[application_uid]))
    return _page(request, one, known, _form(one, known))


@writes
@requires(Permission.VIEW_PROGRAMME)
@once
def save(request: StaffRequest, application_uid: UUID, task: str) -> HttpResponse:
    """Save a part; words that can't be saved stay in the form."""
    one, known = _known(request, application_uid, task)
    demand_step(one, ApplicationStep.FILE, request.actor)
    removes = task == "files" and request.POST.get("remove", "").isdigit()
    form = forms.Form() if removes else _form(one, known, request.POST, request.FILES)
    if not removes and not form.is_valid():
        return _page(request, one, known, form, status=_UNUSABLE)
    try:
        _save(request, one, task, form)
    except (NotFound, NotAllowed):
        raise
    except (Refused, UnsafeFile) as refusal:
        form.add_error(next(iter(form.fields), None), str(refusal))
        status = _UNUSABLE if isinstance(refusal, TooLong | UnsafeFile) else HTTPStatus.CONFLICT
        now = application_by_uid(request.actor, application_uid)
        theirs = refusal.theirs if isinstance(refusal, ChangedMeanwhile) else ""
        return _page(request, now, known, form, theirs=theirs, status=status)
    messages.success(request, _("已保存：%s。") % known.name.in_language(_language()))
    name = "application_task" if task == "files" else "application"
    where = [application_uid, task] if task == "files" else [application_uid]
    return HttpResponseRedirect(reverse(name, args=where))


def _known(request: StaffRequest, uid: UUID, task: str) -> tuple["Application", Task]:
    known = round_rules().tasks.get(task)
    if known is None:
        raise Http404
    return application_by_uid(request.actor, uid), known


def _save(request: StaffRequest, one: "Application", task: str, form: forms.Form) -> None:
    seen = request.POST.get("seen", "")
    now: dict[str, Any] = {"uid": one.uid, "by": request.actor, "at": timezone.now()}
    times = int(seen) if seen.isdigit() and len(seen) < 6 else -1  # noqa: PLR2004 -- so many times no form is saved
    if task in _TEXTS:
        applying.save_text(task=task, text=form.cleaned_data["text"], seen=times, **now)
    elif task == "site":
        applying.confirm_site(seen=times, **now)
    elif task == "contact":
        person = UUID(form.cleaned_data["person"])
        applying.choose_contact(person_uid=person, seen=times, **now)
    elif not form.fields:
        applying.detach(file_id=int(request.POST["remove"]), **now)
    else:
        file = form.cleaned_data["file"]
        assert isinstance(file, UploadedFile)
        checked = check_evidence(file.read(), name=file.name or _("未命名"))
        applying.attach(checked=checked, **now)


def _language() -> str:
    return get_language() or "zh-hans"


def _form(one: "Application", task: Task, data: Any = None, files: Any = None) -> forms.Form:
    match task.key:
        case "profile" | "plan":
            initial = {"text": getattr(one, task.key)}
            label, hint = task.name.in_language(_language()), task.hint.in_language(_language())
            return TextForm(data, initial=initial, label=label, hint=hint)
        case "contact":
            people = [
                (str(each.uid), f"{each.name} · {each.duty}")
                for each in contacts_of(one.site, on=timezone.localdate())
            ]
            return ContactForm(data, initial={"person": str(one.contact_uid)}, people=people)
        case "files":
            return FileForm(data, files)
        case _:
            return forms.Form(data)


def _page(  # noqa: PLR0913 -- what a refused form is shown with
    request: StaffRequest,
    one: "Application",
    task: Task,
    form: forms.Form,
    *,
    theirs: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    language, most = _language(), round_rules().most_chars
    typed = str(form["text"].value() or "") if task.key in _TEXTS else ""
    values = values_of(one, on=timezone.localdate()) if task.key in {"site", "contact"} else {}
    context = {
        "application": one,
        "site": one.site,
        "round_name": name_of_round(one.round),
        "task": task.key,
        "name": task.name.in_language(language),
        "form": form,
        "seen": applying.saved_times(one, task.key),
        "saved": one.saved.get(task.key),
        "theirs": theirs,
        "counted": len(applying.plain(typed)),
        "most": most,
        "is_text": task.key in _TEXTS,
        "remarks": [
            (round_rules().fields[key].name.in_language(language), words)
            for key, words in applying.returned_fields(one, task.key).items()
        ],
        "values": [
            (values[field.key], place_of(values[field.key], one.site.code))
            for field in round_rules().fields_of(task.key)
            if field.key in values and field.key != "contact"
        ],
        "files": list(one.files.select_related("evidence").order_by("id")),
        "synthetic": one.site.is_synthetic,
    }
    return render(request, "bureau/rounds/task.html", context, status=status)
