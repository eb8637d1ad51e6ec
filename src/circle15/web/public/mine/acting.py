"""Mandates: ask a relative or an organisation to agree, act for them, end it."""

from datetime import timedelta
from http import HTTPStatus
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from circle15.accounts import public_codes, public_sessions
from circle15.accounts.public_codes import CodeAsked
from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.states import CodePurpose
from circle15.areas.wording import worded
from circle15.core.identifiers import canonical_social_credit_code, check_social_credit_code
from circle15.ledger.people import handlers, mandates
from circle15.ledger.people.mandate_states import HANDLERS, RELATIVES, Relation
from circle15.web.public.signin.forms import CodeForm, IdNumberField
from circle15.web.public.signin.views import address_of, tell
from circle15.web.shared.access import reads, writes
from circle15.web.shared.insured import InsuredRequest, for_insured
from circle15.web.shared.mandates import mandates_shown

USUAL = timedelta(days=180)


def until_field() -> forms.DateField:
    """Return the field that asks for the last day of a mandate."""
    return forms.DateField(
        label=gettext_lazy("授权到哪天"),
        help_text=gettext_lazy("最长一年，随时可以取消。"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": gettext_lazy("请填写授权到哪天。"),
            "invalid": gettext_lazy("授权到哪天请填日期，例如 2026-12-31。"),
        },
    )


class MandateForm(forms.Form):
    """For whom, as what, until when."""

    id_number = IdNumberField(label=gettext_lazy("家人的身份证号码"))
    relation = forms.ChoiceField(
        label=gettext_lazy("您和家人的关系"),
        choices=[(each.value, each.label) for each in RELATIVES],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选您和家人的关系。")},
    )
    until = until_field()


class OrganisationMandateForm(forms.Form):
    """For which organisation, as what, until when."""

    credit_code = forms.CharField(
        label=gettext_lazy("单位的统一社会信用代码"),
        help_text=gettext_lazy("照营业执照、法人证书填写，18 位。"),
        max_length=30,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": gettext_lazy("请填写统一社会信用代码。")},
    )
    relation = forms.ChoiceField(
        label=gettext_lazy("您是单位的什么人"),
        choices=[(each.value, each.label) for each in HANDLERS],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选您是单位的什么人。")},
    )
    until = until_field()

    def clean_credit_code(self) -> str:
        """Refuse a code that can't be one, naming all that is wrong with it."""
        code = canonical_social_credit_code(self.cleaned_data["credit_code"])
        if problems := check_social_credit_code(code):
            raise forms.ValidationError([worded(each) for each in problems])
        return code


@reads
@for_insured
def overview(request: InsuredRequest) -> HttpResponse:
    """Show for whom the person may act, and who may act for the person."""
    uid, today = request.insured.person_uid, timezone.localdate()
    lines = mandates_shown(mandates.mandates_of(uid), on=today)
    held = [each for each in lines if each.line.agent_uid == uid]
    context = {
        "held": [each for each in held if each.line.organisation_uid is None],
        "handled": [each for each in held if each.line.organisation_uid is not None],
        "given": [each for each in lines if each.line.principal_uid == uid],
    }
    return render(request, "public/mine/mandates.html", context)


@reads
@for_insured
def ask(request: InsuredRequest) -> HttpResponse:
    return _ask(request, MandateForm(initial={"until": timezone.localdate() + USUAL}))


@reads
@for_insured
def ask_organisation(request: InsuredRequest) -> HttpResponse:
    form = OrganisationMandateForm(
        initial={"until": timezone.localdate() + USUAL, "relation": Relation.STAFF}
    )
    return _ask(request, form)


@writes
@for_insured
def send_code_to_organisation(request: InsuredRequest) -> HttpResponse:
    """Send a code to the phone of the organisation's contact: telling it is the consent."""
    form = OrganisationMandateForm(request.POST)
    if not form.is_valid():
        return _ask(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        asked = handlers.ask_organisation(
            agent_uid=request.insured.person_uid,
            credit_code=form.cleaned_data["credit_code"],
            relation=Relation(form.cleaned_data["relation"]),
            until=form.cleaned_data["until"],
            address=address_of(request),
            at=timezone.now(),
        )
    except mandates.BadPeriod as refusal:
        form.add_error("until", str(refusal))
    except Refused as refusal:
        form.add_error(None, str(refusal))
    else:
        return redirect("mandate_code", asked.uid)
    return _ask(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)


@writes
@for_insured
def send_code(request: InsuredRequest) -> HttpResponse:
    """Send a code to the relative's phone: telling it is the consent."""
    form = MandateForm(request.POST)
    if not form.is_valid():
        return _ask(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        asked = mandates.ask_agreement(
            agent_uid=request.insured.person_uid,
            id_number=form.cleaned_data["id_number"],
            relation=Relation(form.cleaned_data["relation"]),
            until=form.cleaned_data["until"],
            address=address_of(request),
            at=timezone.now(),
        )
    except mandates.ActsForOneself as refusal:
        form.add_error("id_number", str(refusal))
    except mandates.BadPeriod as refusal:
        form.add_error("until", str(refusal))
    except Refused as refusal:
        form.add_error(None, str(refusal))
    else:
        return redirect("mandate_code", asked.uid)
    return _ask(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)


@reads
@for_insured
def ask_for_code(request: InsuredRequest, code_uid: UUID) -> HttpResponse:
    return _code(request, code_uid, CodeForm())


@writes
@for_insured
def agree(request: InsuredRequest, code_uid: UUID) -> HttpResponse:
    """Make the mandate with the code the relative or the organisation's contact has told."""
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _code(request, code_uid, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    is_organisation = _asked(request, code_uid).purpose == CodePurpose.HANDLER
    make = handlers.agree if is_organisation else mandates.agree
    try:
        make(
            agent_uid=request.insured.person_uid,
            code_uid=code_uid,
            code=form.cleaned_data["code"],
            address=address_of(request),
            at=timezone.now(),
        )
    except NotFound:
        raise
    except Refused as refusal:
        return _code(request, code_uid, form, tell(form, refusal))
    if is_organisation:
        messages.success(request, _("单位已同意。工作人员确认后就可以为单位办理。"))
    else:
        messages.success(request, _("家人已同意。现在可以替家人办事了。"))
    return redirect("mandates")


@writes
@for_insured
def end(request: InsuredRequest, mandate_uid: UUID) -> HttpResponse:
    """End a mandate; either of the two may."""
    mandates.end(mandate_uid, person_uid=request.insured.person_uid, at=timezone.now())
    messages.success(request, _("授权已取消。"))
    return redirect("mandates")


@writes
@for_insured
def act_for(request: InsuredRequest, mandate_uid: UUID) -> HttpResponse:
    """Do the relative's or organisation's business from now on."""
    who = request.insured
    today = timezone.localdate()
    mandate = mandates.in_force(mandate_uid, agent_uid=who.person_uid, on=today)
    if mandate is None:
        raise NotFound
    public_sessions.act_for(
        who.signed_in,
        person_uid=mandate.principal_uid,
        mandate_uid=mandate.uid,
        at=timezone.now(),
    )
    return redirect("mine")


@writes
@for_insured
def act_for_self(request: InsuredRequest) -> HttpResponse:
    """Do one's own business again."""
    public_sessions.act_for(
        request.insured.signed_in, person_uid=None, mandate_uid=None, at=timezone.now()
    )
    return redirect("mine")


def _ask(
    request: InsuredRequest,
    form: MandateForm | OrganisationMandateForm,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    is_organisation = isinstance(form, OrganisationMandateForm)
    name = "mandate_organisation" if is_organisation else "mandate_new"
    return render(request, f"public/mine/{name}.html", {"form": form}, status=status)


def _asked(request: InsuredRequest, code_uid: UUID) -> CodeAsked:
    """Return a code the person asked somebody else for. Raises NotFound."""
    if public_codes.asker_of(code_uid) != request.insured.person_uid:
        raise NotFound
    return public_codes.asked(code_uid, at=timezone.now())


def _code(
    request: InsuredRequest, code_uid: UUID, form: CodeForm, status: int = HTTPStatus.OK
) -> HttpResponse:
    asked = _asked(request, code_uid)
    context = {
        "form": form,
        "asked": asked,
        "is_organisation": asked.purpose == CodePurpose.HANDLER,
        "is_lapsed": timezone.now() >= asked.good_until,
        "shown": public_codes.shown_in_demo(code_uid),
    }
    return render(request, "public/mine/mandate_code.html", context, status=status)
