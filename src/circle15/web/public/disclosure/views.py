"""What a site handles and how, its rules, phones and results: on screen and for the wall."""

from typing import NamedTuple

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from circle15.accounts.refusals import NotFound
from circle15.assessments.appraisals.awards import shown_at
from circle15.assessments.campaigns.queries import titles_held
from circle15.cases.disclosure.board import Board, BoardItem, board_of
from circle15.ratings.orders.lists import pledge_of, published
from circle15.standards.service_items import item_groups
from circle15.standards.services import PHONE, RESULT, RULE
from circle15.standards.text import Text
from circle15.web.shared.access import Request, open_to_all, reads

SIZES = ("a3", "a4")
WORDS = {"handle": _("可办"), "take_in": _("可收件"), "assist": _("可帮办")}


class Line(NamedTuple):
    """An item of the board with what the site does with it, in words."""

    item: BoardItem
    does: object


class Group(NamedTuple):
    name: Text
    lines: list[Line]


@reads
@open_to_all
def board(request: Request, site_code: str) -> HttpResponse:
    """Show the board of a site."""
    awards = shown_at(site_code, on=timezone.localdate())
    titles = titles_held([site_code]).get(site_code, ())
    context = _context(site_code) | {"solved": published(site_code), "awards": awards}
    context |= {"titles": titles, "pledge": pledge_of(site_code, on=timezone.localdate())}
    return render(request, "public/disclosure/board.html", context)


@reads
@open_to_all
def paper(request: Request, site_code: str, size: str) -> HttpResponse:
    """Show the board as it is printed for the wall."""
    if size not in SIZES:
        raise Http404
    return render(request, "public/disclosure/paper.html", _context(site_code) | {"size": size})


def _context(code: str) -> dict[str, object]:
    at = timezone.now()
    try:
        found = board_of(code, on=timezone.localdate(at))
    except NotFound as refusal:
        raise Http404 from refusal
    return {
        "board": found,
        "site": found.site,
        "groups": groups_of(found),
        "rules": found.of_kind(RULE),
        "phones": found.of_kind(PHONE),
        "results": found.of_kind(RESULT),
        "figures": found.figures,
        "at": at,
        "synthetic": found.site.is_synthetic,
    }


def groups_of(found: Board) -> list[Group]:
    """Return the items in the groups of the machine."""
    return [
        Group(group.name, lines)
        for group in item_groups()
        if (
            lines := [
                Line(one, WORDS[one.authority])
                for one in found.items
                if one.item.group == group.key
            ]
        )
    ]
