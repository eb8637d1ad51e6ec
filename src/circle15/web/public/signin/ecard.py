"""Sign in by e-certificate: scan or type the code the phone shows; its token is kept nowhere."""

from http import HTTPStatus

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from circle15.accounts.refusals import Refused
from circle15.cases.core_platform import ecard
from circle15.cases.core_platform.ecard import Business
from circle15.ledger.people.signing_in import sign_in_known
from circle15.web.public.signin.doors import channel_of
from circle15.web.public.signin.providers import ECARD
from circle15.web.public.signin.views import address_of, enter
from circle15.web.shared.access import Request, open_to_all, reads, writes
from circle15.web.shared.limits import limited

_BUSINESS = Business(operator_id="online", operator_name="网上办事大厅", device="SelfService")


class EcardForm(forms.Form):
    """The code a phone shows for a minute."""

    code = forms.CharField(
        label=_("医保码"),
        help_text=_("在手机上打开医保码，用扫码枪扫，或照着输入码下面的字符。"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("请扫描或输入医保码。")},
    )
    next = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)


@limited
@reads
@open_to_all
def ask_ecard(request: Request) -> HttpResponse:
    """Ask for the code, where one can be read."""
    if not ecard.is_set_up():
        return redirect("signin")
    return _page(request, EcardForm(initial={"next": request.GET.get("next", "")}))


@limited
@writes
@open_to_all
def check_ecard(request: Request) -> HttpResponse:
    """Begin the session of who shows the code."""
    form = EcardForm(request.POST)
    if not form.is_valid():
        return _page(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    at = timezone.now()
    try:
        who = ecard.identify(form.cleaned_data["code"], business=_BUSINESS, at=at)
        token = sign_in_known(
            id_number=who.id_number,
            name=who.name,
            provider=ECARD.key,
            address=address_of(request),
            channel=channel_of(request),
            at=at,
        )
    except Refused as refusal:
        form.add_error("code", str(refusal))
        return _page(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    return enter(request, token, form.cleaned_data["next"])


def _page(request: Request, form: EcardForm, status: int = HTTPStatus.OK) -> HttpResponse:
    context = {"form": form, "demo_phone": ecard.demo_phone()}
    response = render(request, "public/signin/ecard.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
