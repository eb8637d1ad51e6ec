"""The page behind the code on a receipt: where a case stands, and nothing about a person."""

from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from circle15.cases import queries
from circle15.cases.joint import joint_by_receipt
from circle15.cases.lines import PublicView
from circle15.ratings.handlings import DONE
from circle15.web.public.mine.words import NEXT, tone_of
from circle15.web.shared import errors
from circle15.web.shared.access import Request, open_to_all, reads
from circle15.web.shared.limits import limited


@dataclass(frozen=True, slots=True)
class Sister:
    """One case of a joint handling, and where it is told of in full."""

    view: PublicView
    tone: str
    url: str


@limited
@reads
@open_to_all
def case_phone(request: Request, number: str, secret: str) -> HttpResponse:
    """Show the state of a case to whoever has its receipt."""
    view = queries.by_receipt(number=number, secret=secret)
    if view is None:
        words = _("没有这个办件，或者链接不完整。请重新扫回执上的二维码，或到服务台询问。")
        response = errors.page(request, HTTPStatus.NOT_FOUND, detail=words)
    else:
        context = {
            "view": view,
            "tone": tone_of(view.state, view.outcome),
            "next": NEXT.get(view.state),
            "rate_url": reverse("rate_case", args=[number, secret]) if view.state in DONE else "",
        }
        response = render(request, "public/mine/phone.html", context)
    return _unseen(response)


@limited
@reads
@open_to_all
def joint_phone(request: Request, link: UUID, secret: str) -> HttpResponse:
    """Show the states of all cases of a joint handling to whoever has its receipt."""
    view = joint_by_receipt(link, secret)
    if view is None:
        words = _("没有这个联办回执，或者链接不完整。请重新扫回执上的二维码，或到服务台询问。")
        return _unseen(errors.page(request, HTTPStatus.NOT_FOUND, detail=words))
    cases = [
        Sister(
            case, tone_of(case.state, case.outcome), reverse("case_phone", args=[case.number, key])
        )
        for case, key in view.cases
    ]
    context = {"view": view, "cases": cases}
    return _unseen(render(request, "public/mine/phone_joint.html", context))


def _unseen(response: HttpResponse) -> HttpResponse:
    """Keep a page that its address opens out of memories and search engines."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
