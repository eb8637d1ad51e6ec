"""The overview of a round, the lines behind each number, and both as workbooks."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.programme.funds import exporting
from circle15.programme.funds.figures import NAMES, ZERO, Figures
from circle15.programme.funds.proposing import open_round
from circle15.programme.funds.queries import (
    Journal,
    Narrowed,
    Overview,
    budget_moves,
    journal,
    moves,
    names_of,
    overview,
    places,
    round_by_uid,
)
from circle15.programme.funds_states import AccountKind, MoveState
from circle15.web.bureau.funds.forms import (
    FIGURES,
    CloseForm,
    FilterForm,
    JournalForm,
    LinkForm,
    RoundForm,
)
from circle15.web.bureau.funds.life import application_states, life_forms, linked_round, take
from circle15.web.bureau.funds.shown import (
    chosen_round,
    journal_url,
    move_row,
    offers,
    purpose_words,
    round_choices,
    source_words,
)
from circle15.web.bureau.services.views import workbook
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.once import once

if TYPE_CHECKING:
    from django.core.paginator import Page

    from circle15.programme.funds_models import FundRound

PER_PAGE = 100


@reads
@requires(Permission.VIEW_FUNDS)
def page(request: StaffRequest) -> HttpResponse:
    """Show a round: in all, by place, by source, by purpose."""
    return _page(request)


@writes
@requires(Permission.MANAGE_FUNDS)
@once
def act(request: StaffRequest, fund_round_uid: UUID, act: str) -> HttpResponse:
    """Say which applications a round is for, ask to close it, close it, or keep it open."""
    of = round_by_uid(request.actor, fund_round_uid)
    form = next((one for one in life_forms(request, of, request.POST) if one.act == act), None)
    if form is None:
        raise Http404
    if not form.is_valid():
        return _page(request, of=of, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        take(form, of, by=request.actor, at=timezone.now())
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, of=of, form=form, status=HTTPStatus.CONFLICT)
    messages.success(request, _("已办：%s。") % form.label)
    return HttpResponseRedirect(f"{reverse('funds')}?round={of.uid}")


@writes
@requires(Permission.MANAGE_FUNDS)
@once
def open_one(request: StaffRequest) -> HttpResponse:
    """Open a round of the own area."""
    form = RoundForm(request.POST)
    if not form.is_valid():
        return _page(request, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        made = open_round(**form.cleaned_data, by=request.actor, at=timezone.now())
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, form=form, status=HTTPStatus.CONFLICT)
    messages.success(request, _("已建立。"))
    return HttpResponseRedirect(f"{reverse('funds')}?round={made.uid}")


@reads
@requires(Permission.VIEW_FUNDS)
def lines(request: StaffRequest, fund_round_uid: UUID) -> HttpResponse:
    """Show the lines of a number between opening and closing; the sum is the number."""
    actor = request.actor
    of = round_by_uid(actor, fund_round_uid)
    form = JournalForm(request.GET, places=places(actor, of))
    if request.GET.get("place") and not form.chosen("place"):
        raise NotFound
    what = form.narrowed()
    figure = figure_names(is_alone=bool(what.place))[what.figure]
    context: dict[str, Any] = {"round": of, "filter": form, "figure": figure}
    context["query"] = request.GET.urlencode()
    if what.figure == "budget":
        found = budget_moves(actor, of, place=what.place, purpose=what.purpose)
        names = names_of(move.area_path for move in found)
        rows = [move_row(move, names) for move in found]
        context |= {"budget": rows, "total": sum((row["amount"] for row in rows), ZERO)}
        return render(request, "bureau/funds/journal.html", context)
    page, told = _paged(request, of, what)
    names = names_of({one.line.area_path for one in told.lines})
    context |= {
        "journal": told,
        "page": page,
        "rows": [
            {
                "one": one,
                "place": names.get(one.line.area_path, ""),
                "account": AccountKind(one.line.account.kind).label,
                **move_row(one.line.move, names),
                "source": source_words(one.line.account.source),
            }
            for one in told.lines
        ],
        "synthetic": any(one.line.move.is_synthetic for one in told.lines),
    }
    return render(request, "bureau/funds/journal.html", context)


def _paged(request: StaffRequest, of: "FundRound", what: Narrowed) -> "tuple[Page[int], Journal]":
    """Return a page of the journal; the numbers of its lines stand for them."""
    count = journal(request.actor, of, what, most=0).count
    page = Paginator(range(count), PER_PAGE).get_page(request.GET.get("page"))
    first = max(0, page.start_index() - 1)
    return page, journal(request.actor, of, what, first=first, most=PER_PAGE)


@writes
@requires(Permission.VIEW_FUNDS)
def export(request: StaffRequest, fund_round_uid: UUID, table: str) -> HttpResponse:
    """Hand a table out as a workbook; it stands on the trail."""
    actor, at = request.actor, timezone.now()
    if table == "overview":
        content = exporting.export_overview(uid=fund_round_uid, by=actor, at=at)
    elif table == "moves":
        content = exporting.export_moves(uid=fund_round_uid, by=actor, at=at)
    elif table == "journal":
        places_known = places(actor, round_by_uid(actor, fund_round_uid))
        what = JournalForm(request.GET, places=places_known).narrowed()
        content = exporting.export_journal(uid=fund_round_uid, what=what, by=actor, at=at)
    else:
        raise Http404
    return workbook(content, f"circle15-funds-{table}-{timezone.localtime(at):%Y%m%d-%H%M}.xlsx")


def _page(
    request: StaffRequest,
    *,
    of: "FundRound | None" = None,
    form: RoundForm | LinkForm | CloseForm | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    actor, of = request.actor, of or chosen_round(request)
    given = request.GET.copy()
    if of is not None:
        given["round"] = str(of.uid)
    manages = actor.can(Permission.MANAGE_FUNDS)
    opening = form if isinstance(form, RoundForm) else None
    context = {
        "round": of,
        "filter": FilterForm(given, rounds=round_choices(actor)),
        "form": (opening or RoundForm()) if manages else None,
        "refused": form,
        "is_opening": opening is not None or of is None,
        "offers": offers(actor) if of and of.closed_at is None else (),
        **(_shown(request, of) if of else {}),
    }
    if of is not None:
        forms = life_forms(request, of)
        same = form.act if isinstance(form, LinkForm | CloseForm) else ""
        context["forms"] = [form if one.act == same else one for one in forms]
        context |= linked_round(actor, of)
    return render(request, "bureau/funds/overview.html", context, status=status)


def _shown(request: StaffRequest, of: "FundRound") -> dict[str, Any]:
    actor = request.actor
    shown = overview(actor, of)
    states = application_states(actor, of)
    return {
        "shown": shown,
        "cells": _cells(of, shown.total),
        "budget_url": journal_url(of, figure="budget"),
        "places": [
            {
                "place": one,
                "application": states.get(one.path),
                "cells": _cells(of, one.figures, place=one.path),
                "budget_url": journal_url(of, figure="budget", place=one.path),
            }
            for one in shown.by_place
        ],
        "sums": _sums(shown),
        "sources": [
            {"name": source_words(key), "figures": one, "cells": _cells(of, one, source=key)}
            for key, one in shown.by_source.items()
        ],
        "purposes": [
            {
                "name": purpose_words(one.key),
                "one": one,
                "budget_url": journal_url(of, figure="budget", purpose=one.key),
                "used_url": journal_url(of, figure="used", purpose=one.key),
            }
            for one in shown.by_purpose
        ],
        "waiting": moves(actor, of, state=MoveState.PROPOSED).count(),
        "synthetic": of.is_synthetic or any(one.is_synthetic for one in shown.by_place),
    }


def _cells(of: "FundRound", figures: Figures, **narrowed: str) -> list[dict[str, Any]]:
    labels = figure_names(is_alone="place" in narrowed)
    return [
        {
            "name": name,
            "label": labels[name],
            "value": getattr(figures, name),
            "url": journal_url(of, figure=name, **narrowed),
        }
        for name in NAMES
    ]


def figure_names(*, is_alone: bool) -> dict[str, Any]:
    """Name the figures: of one place what it handed on, of an area what has reached sites."""
    return dict(FIGURES) if is_alone else dict(FIGURES) | {"allocated": _("拨到网点")}


def _sums(shown: Overview) -> list[Any]:
    """Add up the columns of the table by place; what one hands another stands in both."""
    return [sum((getattr(one.figures, name) for one in shown.by_place), ZERO) for name in NAMES]
