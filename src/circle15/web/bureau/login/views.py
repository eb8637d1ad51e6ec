"""Log in with password and second factor, change the password, log out."""

from http import HTTPStatus
from io import BytesIO

import segno
from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from circle15.accounts import actions, login, queries
from circle15.accounts.demo_accounts import PASSWORD as DEMO_PASSWORD
from circle15.accounts.login import LoginRefused, MustWait, NextStep
from circle15.accounts.opening import WeakPassword
from circle15.accounts.refusals import Refused
from circle15.accounts.sessions import StaffSession
from circle15.web.bureau.login.forms import CodeForm, LoginForm, PasswordForm
from circle15.web.bureau.login.pending import Pending, pending, remember
from circle15.web.bureau.navigation import doors_of
from circle15.web.bureau.setup.views import hint
from circle15.web.shared import staff_session
from circle15.web.shared.access import (
    Request,
    StaffRequest,
    is_own_address,
    open_to_all,
    reads,
    signed_in,
    writes,
)


@reads
@open_to_all
def login_form(request: Request) -> HttpResponse:
    """Ask for name and password; in a demo `?as=` fills in a printed account."""
    if request.actor is not None:
        return redirect("start")
    initial = {"next": request.GET.get("next", "")}
    chosen = request.GET.get("as", "")
    if chosen in {account.username for account in queries.demo_accounts()}:
        initial |= {"username": chosen, "password": DEMO_PASSWORD}
    form = LoginForm(initial=initial)
    form.show_password(shown="password" in initial)
    return _login_page(request, form)


@writes
@open_to_all
def log_in(request: Request) -> HttpResponse:
    form = LoginForm(request.POST)
    if not form.is_valid():
        return _login_page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    at = timezone.now()
    try:
        passed = login.check_password(
            username=form.cleaned_data["username"],
            password=form.cleaned_data["password"],
            address=_address_of(request),
            at=at,
        )
        back = _safe(request, form.cleaned_data["next"])
        if passed.next_step is NextStep.DONE:
            session = login.begin_without_code(
                user_id=passed.user_id, address=_address_of(request), at=at
            )
            return _enter(request, session, back)
    except LoginRefused as refusal:
        return _login_page(request, form, status=_tell(form, refusal))
    remember(request, passed, return_to=back, at=at)
    return redirect("login_code")


@reads
@open_to_all
def code_form(request: Request) -> HttpResponse:
    """Ask for the code; the first time also show what the app must scan."""
    half = pending(request, at=timezone.now())
    return redirect("login") if half is None else _code_page(request, half, CodeForm())


@writes
@open_to_all
def check_code(request: Request) -> HttpResponse:
    at = timezone.now()
    half = pending(request, at=at)
    if half is None:
        messages.info(request, _("登录已超时，请重新输入用户名和密码。"))
        return redirect("login")
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _code_page(request, half, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        session = login.check_code(
            user_id=half.user_id,
            code=form.cleaned_data["code"],
            address=_address_of(request),
            at=at,
        )
    except LoginRefused as refusal:
        return _code_page(request, half, form, status=_tell(form, refusal, field="code"))
    return _enter(request, session, half.return_to)


@reads
@open_to_all
def qr_code(request: Request) -> HttpResponse:
    """Draw the QR code of an enrolment; nobody else gets to see it, and it is not kept."""
    half = pending(request, at=timezone.now())
    if half is None or half.next_step is not NextStep.ENROL:
        raise Http404
    code = segno.make(login.enrolment(user_id=half.user_id).address, error="m")
    drawing = BytesIO()
    code.save(drawing, kind="svg", scale=5, border=4, light="#fff")
    response = HttpResponse(drawing.getvalue(), content_type="image/svg+xml")
    response.headers["Cache-Control"] = "no-store"
    return response


@reads
@signed_in
def start(request: StaffRequest) -> HttpResponse:
    """Lead to the first page the role may open; tell who sets up what is still missing."""
    if request.must_change_password:
        return redirect("change_password")
    if told := hint(request.actor):
        messages.info(request, told)
    doors = doors_of(request.actor)
    return HttpResponseRedirect(reverse(doors[0].url_name) if doors else "/")


@reads
@signed_in
def password_form(request: StaffRequest) -> HttpResponse:
    return _password_page(request, PasswordForm())


@writes
@signed_in
def change_password(request: StaffRequest) -> HttpResponse:
    form = PasswordForm(request.POST)
    if not form.is_valid():
        return _password_page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        session = actions.change_password(
            old=form.cleaned_data["old"],
            new=form.cleaned_data["new"],
            by=request.actor,
            at=timezone.now(),
        )
    except actions.WrongOldPassword as refusal:
        return _password_page(request, form, status=_tell(form, refusal, field="old"))
    except WeakPassword as refusal:
        return _password_page(request, form, status=_tell(form, refusal, field="new"))
    messages.success(request, _("密码已更改。"))
    return _enter(request, session, "")


@writes
@signed_in
def log_out(request: StaffRequest) -> HttpResponse:
    """End the session everywhere."""
    assert request.actor.user_id is not None
    login.log_out(user_id=request.actor.user_id, who=request.actor.who, at=timezone.now())
    staff_session.end(request)
    messages.success(request, _("您已退出登录。"))
    return redirect("login")


def _login_page(request: Request, form: LoginForm, *, status: int = HTTPStatus.OK) -> HttpResponse:
    demo = tuple(
        (account, urlencode({"as": account.username, "next": form["next"].value() or ""}))
        for account in queries.demo_accounts()
    )
    return render(request, "login/login.html", {"form": form, "demo": demo}, status=status)


def _code_page(
    request: Request, half: Pending, form: CodeForm, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    enrolling = half.next_step is NextStep.ENROL
    context = {
        "form": form,
        "enrolment": login.enrolment(user_id=half.user_id) if enrolling else None,
    }
    return render(request, "login/code.html", context, status=status)


def _password_page(
    request: StaffRequest, form: PasswordForm, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {"form": form, "is_forced": request.must_change_password}
    return render(request, "login/password.html", context, status=status)


def _enter(request: HttpRequest, session: StaffSession, back: str) -> HttpResponse:
    staff_session.begin(request, session)
    rotate_token(request)
    return HttpResponseRedirect(back or reverse("start"))


def _tell(form: Form, refusal: Refused, *, field: str | None = None) -> HTTPStatus:
    """Put the refusal into the form and return the status of the page."""
    if isinstance(refusal, MustWait):
        form.add_error(None, str(refusal))
        return HTTPStatus.TOO_MANY_REQUESTS
    form.add_error(field, str(refusal))
    return HTTPStatus.UNPROCESSABLE_ENTITY


def _safe(request: HttpRequest, address: str) -> str:
    return address if is_own_address(request, address) else ""


def _address_of(request: HttpRequest) -> str:
    """Return the peer's address; a forwarded header could be invented by anybody."""
    return str(request.META["REMOTE_ADDR"])
