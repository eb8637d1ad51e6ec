"""What is held of a person: shown masked, downloaded in full, with who looked; ask to correct."""

from http import HTTPStatus
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from circle15.accounts import public_sessions
from circle15.ledger.people import handlers, own_data, texting
from circle15.ledger.people.states import Purpose
from circle15.web.public.signin.providers import label_of
from circle15.web.shared.access import reads, writes
from circle15.web.shared.insured import InsuredRequest, for_insured
from circle15.web.shared.mandates import Shown, mandates_shown

MOST_LOOKS = 100


class CorrectionForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("哪里不对，应该是什么"),
        help_text=gettext_lazy("例如：手机号换了、住址变了。请不要在这里写身份证号码。"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": gettext_lazy("请写明哪里不对，应该是什么。"),
            "max_length": gettext_lazy("不超过 400 个字。"),
        },
    )


@reads
@for_insured
def held(request: InsuredRequest) -> HttpResponse:
    """Show what is held, who looked at it, and from where the person signed in."""
    return _held(request, CorrectionForm())


@writes
@for_insured
def download(request: InsuredRequest) -> HttpResponse:
    """Give a copy in full to take along; that it was given is noted."""
    copy = own_data.download(request.insured.person_uid, at=timezone.now())
    response = HttpResponse(copy, content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


@writes
@for_insured
def correct(request: InsuredRequest) -> HttpResponse:
    """Keep that something is wrong; whoever keeps the register follows it up."""
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        return _held(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    words = form.cleaned_data["words"]
    own_data.ask_correction(request.insured.person_uid, words=words, at=timezone.now())
    messages.success(request, _("已提交更正申请，工作人员核实后更正，并在这里答复。"))
    return redirect("my_data")


@writes
@for_insured
def end_consent(request: InsuredRequest) -> HttpResponse:
    """Withdraw a consent."""
    purpose = request.POST.get("purpose", "")
    if purpose in Purpose.values:
        own_data.end_consent(request.insured.person_uid, purpose, at=timezone.now())
        messages.success(request, _("已撤回同意。"))
    return redirect("my_data")


@writes
@for_insured
def texts(request: InsuredRequest) -> HttpResponse:
    """Have no more messages about one's cases, or have them again."""
    uid, at = request.insured.person_uid, timezone.now()
    if request.POST.get("want") == "yes":
        texting.opt_in(uid, at=at)
        messages.success(request, _("以后办件有进展会发短信给您。"))
    else:
        texting.opt_out(uid, at=at)
        messages.success(request, _("以后不再给您发办件短信；有要紧的事，工作人员会打电话。"))
    return redirect("my_data")


def _handlers(organisation: UUID) -> tuple[Shown, ...]:
    """Return who may act for an organisation now."""
    lines = mandates_shown(handlers.handlers_of(organisation), on=timezone.localdate())
    return tuple(each for each in lines if each.is_in_force)


def _held(
    request: InsuredRequest, form: CorrectionForm, status: int = HTTPStatus.OK
) -> HttpResponse:
    uid = request.insured.person_uid
    found, organisation = own_data.held_about(uid), request.insured.organisation_uid
    context = {
        "held": found,
        "organisation": handlers.organisation_held(organisation) if organisation else None,
        "handlers": _handlers(organisation) if organisation else (),
        "reach": texting.reach_person(uid),
        "looks": own_data.looks_at(uid, limit=MOST_LOOKS),
        "sessions": [(each, label_of(each.provider)) for each in public_sessions.past(uid)],
        "form": form,
        "synthetic": found.card.is_synthetic,
    }
    return render(request, "public/mine/data.html", context, status=status)
