"""One person of the registers: masked, in full with a reason, and everything that changes."""

from collections.abc import Callable
from http import HTTPStatus
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.opening import NoReason
from circle15.accounts.refusals import Refused
from circle15.accounts.states import Permission
from circle15.ledger.people import actions, follow_ups, looking, queries
from circle15.ledger.people.actions import NumberTaken
from circle15.ledger.people.entering import UnusablePerson
from circle15.ledger.people.own_data import looks_at
from circle15.web.bureau.registers.forms import (
    AnswerForm,
    ConsentForm,
    ErasureForm,
    JoinForm,
    LeaveForm,
    NeedForm,
    PersonForm,
    ReasonForm,
    blame,
)
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.looks import seen, witnessed
from circle15.web.shared.once import once

SHOWN_LOOKS = 20


@witnessed
@reads
@requires(Permission.VIEW_PEOPLE)
def show(request: StaffRequest, insured_uid: UUID) -> HttpResponse:
    response = _page(request, insured_uid)
    seen(request, insured_uid, "register")
    return response


@writes
@requires(Permission.REVEAL_PEOPLE)
def reveal(request: StaffRequest, insured_uid: UUID) -> HttpResponse:
    """Show one field in full. Never once-only: the answer would be kept in clear."""
    form = ReasonForm(request.POST)
    if form.is_valid():
        field = form.cleaned_data["field"]
        try:
            value = looking.reveal(
                insured_uid,
                field,
                reason=form.cleaned_data["reason"],
                by=request.actor,
                at=timezone.now(),
            )
        except NoReason as refusal:
            form.add_error("reason", str(refusal))
        else:
            shown = {field: value or _("未登记")}
            return _page(request, insured_uid, shown=shown)
    unusable = HTTPStatus.UNPROCESSABLE_ENTITY
    return _page(request, insured_uid, reason_form=form, status=unusable)


def _page(
    request: StaffRequest, uid: UUID, *, status: int = HTTPStatus.OK, **more: object
) -> HttpResponse:
    on = timezone.localdate()
    held = queries.person_page(uid, request.actor, on=on)
    may_edit = request.actor.can(Permission.EDIT_PEOPLE)
    context = {
        "held": held,
        "card": held.card,
        "tasks": follow_ups.follow_ups_of(uid, request.actor, on=on),
        "looks": looks_at(uid, limit=SHOWN_LOOKS),
        "today": on,
        "shown": {},
        "reason_form": ReasonForm(),
        "join_form": JoinForm(),
        "consent_form": ConsentForm(),
        "need_form": NeedForm(),
        "erasure_form": ErasureForm(),
        "may_edit": may_edit and not held.card.is_erased,
        "may_reveal": request.actor.can(Permission.REVEAL_PEOPLE) and not held.card.is_erased,
        "synthetic": held.card.is_synthetic,
    }
    response = render(request, "bureau/registers/person.html", context | more, status=status)
    # Neither the browser nor anything between may keep it.
    response.headers["Cache-Control"] = "no-store"
    return response


@reads
@requires(Permission.EDIT_PEOPLE)
def new_form(request: StaffRequest) -> HttpResponse:
    return _new_page(request, _new_form(request))


@writes
@requires(Permission.EDIT_PEOPLE)
@once
def new(request: StaffRequest) -> HttpResponse:
    """Enter a person into the register; somebody known already is brought up to date."""
    form = _new_form(request, request.POST)
    if form.is_valid():
        try:
            person = actions.upsert(entry=form.entry(), by=request.actor, at=timezone.now())
        except UnusablePerson as refusal:
            blame(form, refusal)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已登记。"))
            return _to(person.uid, request)
    return _new_page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _new_form(request: StaffRequest, data: object = None) -> PersonForm:
    return PersonForm(data, places=queries.division_choices(request.actor), is_new=True)


def _new_page(
    request: StaffRequest, form: PersonForm, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    return render(request, "bureau/registers/person_new.html", {"form": form}, status=status)


def _to(uid: UUID, request: StaffRequest) -> HttpResponse:
    """Lead to the person, or to the list when the person turned out to live elsewhere."""
    try:
        queries.person_page(uid, request.actor, on=timezone.localdate())
    except Refused:
        return redirect("register_people")
    return redirect("register_person", uid)


@witnessed
@reads
@requires(Permission.EDIT_PEOPLE)
def edit_form(request: StaffRequest, insured_uid: UUID) -> HttpResponse:
    response = _edit_page(request, insured_uid, _edit_form(request))
    seen(request, insured_uid, "register")
    return response


@writes
@requires(Permission.EDIT_PEOPLE)
@once
def edit(request: StaffRequest, insured_uid: UUID) -> HttpResponse:
    """Correct what is held, with a reason on the trail."""
    form = _edit_form(request, request.POST)
    if form.is_valid():
        try:
            actions.correct(
                insured_uid,
                changes=form.entry(),
                reason=form.cleaned_data["reason"],
                by=request.actor,
                at=timezone.now(),
            )
        except UnusablePerson as refusal:
            blame(form, refusal)
        except NoReason as refusal:
            form.add_error("reason", str(refusal))
        except NumberTaken as refusal:
            form.add_error("id_number", str(refusal))
        else:
            messages.success(request, _("已更正。"))
            return redirect("register_person", insured_uid)
    return _edit_page(request, insured_uid, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _edit_form(request: StaffRequest, data: object = None) -> PersonForm:
    return PersonForm(data, places=queries.division_choices(request.actor), is_new=False)


def _edit_page(
    request: StaffRequest, uid: UUID, form: PersonForm, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    held = queries.person_page(uid, request.actor, on=timezone.localdate())
    context = {"form": form, "card": held.card, "held": held, "synthetic": held.card.is_synthetic}
    return render(request, "bureau/registers/person_edit.html", context, status=status)


@writes
@requires(Permission.EDIT_PEOPLE)
@once
def confirm(request: StaffRequest, insured_uid: UUID) -> HttpResponse:
    """Say that what is held still holds."""
    actions.confirm(insured_uid, by=request.actor, at=timezone.now())
    return _done(request, insured_uid, _("已记为核对无误。"))


@writes
@requires(Permission.EDIT_PEOPLE)
@once
def join(request: StaffRequest, insured_uid: UUID) -> HttpResponse:
    """Put the person into a register."""

    def do(form: forms.Form) -> str:
        actions.join_register(
            insured_uid,
            form.cleaned_data["register"],
            since=form.cleaned_data["since"],
            by=request.actor,
            at=timezone.now(),
        )
        return _("已列入台账。")

    return _try(request, insured_uid, JoinForm(request.POST), "join_form", do)


@writes
@requires(Permission.EDIT_PEOPLE)
@once
def leave(request: StaffRequest, insured_uid: UUID) -> HttpResponse:
    """Take the person out of a register."""

    def do(form: forms.Form) -> str:
        actions.leave_register(
            insured_uid,
            form.cleaned_data["register"],
            on=form.cleaned_data["on"],
            by=request.actor,
            at=timezone.now(),
        )
        return _("已移出台账。")

    return _try(request, insured_uid, LeaveForm(request.POST), "leave_form", do)


@writes
@requires(Permission.EDIT_PEOPLE)
@once
def consent(request: StaffRequest, insured_uid: UUID) -> HttpResponse:
    """Keep a consent; without saying how it was given, one is withdrawn."""

    def do(form: forms.Form) -> str:
        purpose, how = form.cleaned_data["purpose"], form.cleaned_data["how"]
        by, at = request.actor, timezone.now()
        if how:
            actions.give_consent(insured_uid, purpose, how=how, by=by, at=at)
            return _("已登记本人的同意。")
        actions.withdraw_consent(insured_uid, purpose, by=by, at=at)
        return _("已撤回。")

    return _try(request, insured_uid, ConsentForm(request.POST), "consent_form", do)


@writes
@requires(Permission.EDIT_PEOPLE)
@once
def need(request: StaffRequest, insured_uid: UUID) -> HttpResponse:
    """Keep what the person asked for."""

    def do(form: forms.Form) -> str:
        actions.record_need(
            insured_uid,
            topic=form.cleaned_data["topic"],
            words=form.cleaned_data["words"],
            by=request.actor,
            at=timezone.now(),
        )
        return _("已登记需求。")

    return _try(request, insured_uid, NeedForm(request.POST), "need_form", do)


@writes
@requires(Permission.EDIT_PEOPLE)
@once
def answer(request: StaffRequest, insured_uid: UUID, need_uid: UUID) -> HttpResponse:
    """Say what became of a need."""

    def do(form: forms.Form) -> str:
        actions.answer_need(
            need_uid,
            state=form.cleaned_data["state"],
            words=form.cleaned_data["words"],
            by=request.actor,
            at=timezone.now(),
        )
        return _("已答复。")

    return _try(request, insured_uid, AnswerForm(request.POST), "answer_form", do)


@writes
@requires(Permission.EDIT_PEOPLE)
@once
def erasure(request: StaffRequest, insured_uid: UUID) -> HttpResponse:
    """Mark the person's data to be wiped, or take the mark away."""

    def do(form: forms.Form) -> str:
        reason = form.cleaned_data["reason"]
        if not reason:
            actions.keep_after_all(insured_uid, by=request.actor, at=timezone.now())
            return _("已取消清除。")
        actions.mark_for_erasure(insured_uid, reason=reason, by=request.actor, at=timezone.now())
        return _("已安排清除，30 天内可以取消。")

    return _try(request, insured_uid, ErasureForm(request.POST), "erasure_form", do)


def _try(
    request: StaffRequest,
    uid: UUID,
    form: forms.Form,
    name: str,
    do: Callable[[forms.Form], str],
) -> HttpResponse:
    """Do what a small form of the page asks, or show the page with what is wrong."""
    if form.is_valid():
        try:
            return _done(request, uid, do(form))
        except UnusablePerson as refusal:
            blame(form, refusal)
        except NoReason as refusal:
            form.add_error("reason", str(refusal))
    return _page(
        request, uid, **{name: form}, bad_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY
    )


def _done(request: StaffRequest, uid: UUID, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("register_person", uid)
