"""Titles of the area: held, waiting for a second word, withdrawn."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.states import Permission
from circle15.accounts.steps import is_same
from circle15.assessments.campaign_states import TitleKind
from circle15.assessments.campaigns.queries import titles_in
from circle15.assessments.campaigns.titles import ask_withdrawal, judge_withdrawal
from circle15.web.bureau.campaigns.forms import WordsForm
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.once import once

if TYPE_CHECKING:
    from circle15.assessments.campaign_models import SiteTitle

PER_PAGE = 50


@reads
@requires(Permission.VIEW_ASSESSMENTS)
def title_list(request: StaffRequest) -> HttpResponse:
    """Show the titles of the area with their history."""
    return _page(request)


@writes
@requires(Permission.RUN_ASSESSMENTS)
@once
def act(request: StaffRequest, title_id: int, act: str) -> HttpResponse:
    """Ask for a withdrawal, agree to one, or let the title stand."""
    if act not in {"ask", "agree", "keep"}:
        raise Http404
    by, at = request.actor, timezone.now()
    try:
        if act == "ask":
            reason = request.POST.get("note", "")
            ask_withdrawal(title_id=title_id, reason=reason, by=by, at=at)
        else:
            judge_withdrawal(title_id=title_id, agrees=act == "agree", by=by, at=at)
    except NotFound:
        raise
    except Refused as refusal:
        return _page(request, refusal=str(refusal), status=HTTPStatus.CONFLICT)
    messages.success(request, _("已办。"))
    return HttpResponseRedirect(reverse("titles"))


def _page(request: StaffRequest, *, refusal: str = "", status: int = HTTPStatus.OK) -> HttpResponse:
    runs = request.actor.can(Permission.RUN_ASSESSMENTS)
    which = request.GET.get("list", "")
    held = {"held": True, "withdrawn": False}.get(which)
    rows = titles_in(request.actor, held=held)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page", "1"))
    context = {
        "page": page,
        "rows": [_row(title, request, runs=runs) for title in page.object_list],
        "lists": [("", _("全部")), ("held", _("有效")), ("withdrawn", _("已撤销"))],
        "list": which,
        "refusal": refusal,
        "synthetic": any(title.site.is_synthetic for title in page.object_list),
    }
    return render(request, "bureau/campaigns/titles.html", context, status=status)


def _row(title: "SiteTitle", request: StaffRequest, *, runs: bool) -> dict[str, Any]:
    is_asked = title.asked_at is not None and title.withdrawn_at is None
    is_first = is_asked and is_same(request.actor, title.asked_by_id, title.asked_by)
    may_ask = runs and title.asked_at is None
    return {
        "title": title,
        "kind": TitleKind(title.kind).label,
        "is_asked": is_asked,
        "may_judge": runs and is_asked and not is_first,
        "form": WordsForm(act="ask", label=_("提请撤销"), auto_id=f"title-{title.pk}-%s")
        if may_ask
        else None,
    }
