"""Sign in: the identity number, then the code on the phone; and sign out."""

from http import HTTPStatus
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts import public_codes, public_sessions
from circle15.accounts.public_codes import TooManyCodes
from circle15.accounts.refusals import NotFound, Refused
from circle15.ledger.people import signing_in
from circle15.web.public.signin.doors import channel_of
from circle15.web.public.signin.forms import CodeForm, SignInForm
from circle15.web.public.signin.providers import CODE, others
from circle15.web.shared import insured
from circle15.web.shared.access import Request, is_own_address, open_to_all, reads, writes
from circle15.web.shared.insured import InsuredRequest, for_insured
from circle15.web.shared.limits import limited


@limited
@reads
@open_to_all
def ask_number(request: Request) -> HttpResponse:
    """Ask for the identity number; in a demo `?as=` fills in somebody made up."""
    initial = {"next": request.GET.get("next", "")}
    chosen = request.GET.get("as", "")
    people = signing_in.demo_people()
    if chosen.isdecimal() and 1 <= int(chosen) <= len(people):
        initial |= {"id_number": people[int(chosen) - 1].id_number}
    return _number_page(request, SignInForm(initial=initial))


@limited
@writes
@open_to_all
def send_code(request: Request) -> HttpResponse:
    """Send a code, or do as if: nobody learns here who is known."""
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _number_page(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        asked = signing_in.ask_code(
            id_number=form.cleaned_data["id_number"],
            address=address_of(request),
            at=timezone.now(),
        )
    except TooManyCodes as refusal:
        form.add_error(None, str(refusal))
        return _number_page(request, form, HTTPStatus.TOO_MANY_REQUESTS)
    return redirect(_code_page_of(asked.uid, form.cleaned_data["next"]))


@limited
@reads
@open_to_all
def ask_for_code(request: Request, code_uid: UUID) -> HttpResponse:
    """Ask for the code."""
    return _code_page(request, code_uid, CodeForm())


@limited
@writes
@open_to_all
def check_code(request: Request, code_uid: UUID) -> HttpResponse:
    """Begin the session with the right code, and go on to where the person came from."""
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _code_page(request, code_uid, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        token = signing_in.sign_in(
            code_uid=code_uid,
            code=form.cleaned_data["code"],
            address=address_of(request),
            channel=channel_of(request),
            at=timezone.now(),
        )
    except NotFound:
        raise
    except Refused as refusal:
        return _code_page(request, code_uid, form, tell(form, refusal))
    return enter(request, token, request.GET.get("next", ""))


@limited
@writes
@open_to_all
def send_again(request: Request, code_uid: UUID) -> HttpResponse:
    """Send another code."""
    try:
        asked = signing_in.ask_again(
            code_uid=code_uid, address=address_of(request), at=timezone.now()
        )
    except TooManyCodes as refusal:
        form = CodeForm({})
        form.errors.clear()
        form.add_error(None, str(refusal))
        return _code_page(request, code_uid, form, HTTPStatus.TOO_MANY_REQUESTS)
    messages.success(request, _("已重新发送验证码。"))
    return redirect(_code_page_of(asked.uid, request.GET.get("next", "")))


@writes
@for_insured
def sign_out(request: InsuredRequest) -> HttpResponse:
    """End the session; whoever uses the phone next sees nothing."""
    public_sessions.end(request.insured.signed_in, at=timezone.now())
    messages.success(request, _("您已退出登录。"))
    response = redirect("home")
    insured.forget(response)
    return response


def enter(request: Request, token: str, back: str) -> HttpResponse:
    """Give the browser its session, under a new form token, and lead back."""
    is_own = bool(back) and is_own_address(request, back)
    response = redirect(back if is_own else reverse("mine"))
    insured.keep(response, token)
    rotate_token(request)
    return response


def tell(form: CodeForm, refusal: Refused) -> HTTPStatus:
    """Put a refused code into the form; return the status of the page."""
    if isinstance(refusal, TooManyCodes):
        form.add_error(None, str(refusal))
        return HTTPStatus.TOO_MANY_REQUESTS
    form.add_error("code", str(refusal))
    return HTTPStatus.UNPROCESSABLE_ENTITY


def address_of(request: Request | InsuredRequest) -> str:
    """Return the peer's address; a forwarded header could be invented by anybody."""
    return str(request.META["REMOTE_ADDR"])


def _number_page(request: Request, form: SignInForm, status: int = HTTPStatus.OK) -> HttpResponse:
    back = form["next"].value() or ""
    demo = [
        (person, urlencode({"as": number, "next": back}))
        for number, person in enumerate(signing_in.demo_people(), 1)
    ]
    context = {"form": form, "others": others(CODE), "demo": demo, "synthetic": bool(demo)}
    return _unkept(render(request, "public/signin/number.html", context, status=status))


def _code_page(
    request: Request, code_uid: UUID, form: CodeForm, status: int = HTTPStatus.OK
) -> HttpResponse:
    at = timezone.now()
    asked = public_codes.asked(code_uid, at=at)
    context = {
        "form": form,
        "asked": asked,
        "is_lapsed": at >= asked.good_until,
        "shown": public_codes.shown_in_demo(code_uid),
        "query": urlencode({"next": request.GET.get("next", "")}),
    }
    return _unkept(render(request, "public/signin/code.html", context, status=status))


def _code_page_of(uid: UUID, back: str) -> str:
    return f"{reverse('signin_code', args=[uid])}?{urlencode({'next': back})}"


def _unkept(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    return response
