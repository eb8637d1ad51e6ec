"""The page behind the code on a receipt: where a case stands, and nothing about a person."""

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from circle15.cases import queries
from circle15.ratings.handlings import DONE
from circle15.web.public.mine.words import NEXT, tone_of
from circle15.web.shared import errors
from circle15.web.shared.access import Request, open_to_all, reads
from circle15.web.shared.limits import limited


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
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
