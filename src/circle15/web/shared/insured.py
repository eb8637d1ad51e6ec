"""Pages for insured people who have signed in: apart from staff, with a cookie of their own."""

from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts import public_sessions
from circle15.accounts.actors import Actor
from circle15.accounts.public_sessions import SignedIn
from circle15.cases.parties import Applicant
from circle15.ledger.people import mandates, signing_in
from circle15.ledger.people.mandates import MandateLine
from circle15.web.shared import refused
from circle15.web.shared.access import View, page_to_return_to


@dataclass(frozen=True, slots=True)
class Insured:
    """Who is signed in, under a masked name, and whose business is being done."""

    signed_in: SignedIn
    name: str
    mandate: MandateLine | None

    @property
    def person_uid(self) -> UUID:
        """Return who sits at the screen."""
        return self.signed_in.person_uid

    @property
    def subject_uid(self) -> UUID | None:
        """Return the person whose business it is; None where it is an organisation's."""
        if self.organisation_uid is not None:
            return None
        return self.mandate.principal_uid if self.mandate else self.signed_in.person_uid

    @property
    def organisation_uid(self) -> UUID | None:
        """Return the organisation whose business it is, if it is one's."""
        return self.mandate.organisation_uid if self.mandate else None

    @property
    def subject_name(self) -> str:
        return self.mandate.principal_name if self.mandate else self.name

    @property
    def applicant(self) -> Applicant:
        agent = self.signed_in.person_uid if self.mandate else None
        return Applicant(self.subject_uid, agent, self.organisation_uid)


class InsuredRequest(HttpRequest):
    """A request behind `@for_insured`."""

    actor: Actor | None
    insured: Insured
    must_change_password: bool


def for_insured(view: View) -> View:
    """Let in an insured person who has signed in; ask others to. Answers are never kept."""

    @wraps(view)
    def guarded(request: InsuredRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    guarded.__dict__["c15_audience"] = "insured"
    # Before the transaction, which may be a reading one: that somebody was here is noted.
    guarded.__dict__["c15_admit"] = _admit
    return guarded


def for_visitors(view: View) -> View:
    """Let in everybody, and tell the view who has signed in, if anybody (`insured_of`)."""

    @wraps(view)
    def open_page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if insured_of(request) is not None:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    open_page.__dict__["c15_audience"] = "open_to_all"
    open_page.__dict__["c15_admit"] = _look_who
    return open_page


def insured_of(request: HttpRequest) -> Insured | None:
    """Return who has signed in, on a page that is open to all."""
    found = getattr(request, "insured", None)
    assert found is None or isinstance(found, Insured)
    return found


def keep(response: HttpResponse, token: str) -> None:
    """Put a session's token into the browser, out of reach of scripts, until it is closed."""
    response.set_cookie(
        settings.PUBLIC_COOKIE_NAME,
        token,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def forget(response: HttpResponse) -> None:
    response.delete_cookie(settings.PUBLIC_COOKIE_NAME, samesite="Lax")


def signed_in_now(request: HttpRequest, *, at: datetime) -> SignedIn | None:
    """Return the live session of a browser, on pages that are open to all."""
    return public_sessions.current(request.COOKIES.get(settings.PUBLIC_COOKIE_NAME, ""), at=at)


def _admit(request: InsuredRequest) -> HttpResponse | None:
    _look_who(request)
    return None if insured_of(request) else _ask_to_sign_in(request)


def _look_who(request: InsuredRequest) -> None:
    at = timezone.now()
    signed_in = signed_in_now(request, at=at)
    name = signing_in.masked_name(signed_in.person_uid) if signed_in else ""
    if signed_in is not None and name:
        request.insured = Insured(signed_in, name, _mandate(signed_in, at))


def _mandate(signed_in: SignedIn, at: datetime) -> MandateLine | None:
    """Return by which mandate the person acts; one that has ended takes the person back."""
    if signed_in.mandate_uid is None:
        return None
    today = timezone.localdate(at)
    found = mandates.in_force(signed_in.mandate_uid, agent_uid=signed_in.person_uid, on=today)
    if found is None:
        public_sessions.act_for(signed_in, person_uid=None, mandate_uid=None, at=at)
    return found


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    if refused.wants_fragment(request):
        words = _("登录已超时，请重新登录。")
        return HttpResponse(words, status=HTTPStatus.UNAUTHORIZED, content_type="text/plain")
    back = page_to_return_to(request)
    return HttpResponseRedirect(f"{reverse('signin')}?{urlencode({'next': back})}")
