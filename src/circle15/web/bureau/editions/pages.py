"""The pages on which editions are read: list, one edition, its text, a comparison."""

from itertools import groupby
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.assessments.editions import book_rank, parsed, periods
from circle15.assessments.queries import edition_by_id, stored_editions
from circle15.assessments.states import EDITION_TRANSITIONS, EditionState, Standing
from circle15.sites.states import SiteKind
from circle15.standards.model import Edition
from circle15.standards.wording import criterion
from circle15.web.bureau.editions.comparing import clause_changes, line_changes, other_changes
from circle15.web.shared.access import StaffRequest, reads, requires

if TYPE_CHECKING:
    from circle15.assessments.models import StoredEdition

TONES = {
    EditionState.DRAFT: "warn",
    EditionState.REVIEW: "info",
    EditionState.PUBLISHED: "good",
    EditionState.LEAVING: "warn",
    EditionState.WITHDRAWN: "idle",
}
STANDING_TONES = {Standing.COMING: "info", Standing.CURRENT: "good", Standing.FORMER: "idle"}


@reads
@requires(Permission.VIEW_EDITIONS)
def edition_list(request: StaffRequest) -> HttpResponse:
    """Show all versions, book by book, the newest first."""
    rows = sorted(stored_editions().defer("text"), key=lambda row: book_rank(row.book))
    books = [(book, list(versions)) for book, versions in groupby(rows, lambda row: row.book)]
    today = timezone.localdate()
    context = {
        "books": [
            (book, [(row, days.get(row.id)) for row in versions])
            for book, versions in books
            for days in [periods(versions, today)]
        ],
        "tones": TONES,
        "standing_tones": STANDING_TONES,
    }
    return render(request, "bureau/editions/list.html", context)


@reads
@requires(Permission.VIEW_EDITIONS)
def edition(request: StaffRequest, edition_id: int) -> HttpResponse:
    """Show an edition whole: clauses with their criteria in words, readings, switches, vetoes."""
    stored = edition_by_id(edition_id)
    book = parsed(stored.text)
    context = {
        **head(request, stored, "content"),
        "book": book,
        "kinds": dict(SiteKind.choices),
        "sections": _sections(book),
    }
    return render(request, "bureau/editions/edition.html", context)


def head(request: StaffRequest, stored: "StoredEdition", on: str) -> dict[str, object]:
    """Return what every page of one edition shows: state, versions, what the actor may do."""
    others = list(stored_editions().filter(book=stored.book).exclude(id=stored.id).defer("text"))
    return {
        "stored": stored,
        "period": periods([stored, *others], timezone.localdate()).get(stored.id),
        "tab_on": on,
        "tones": TONES,
        "standing_tones": STANDING_TONES,
        "others": others,
        "may": _may(request, stored),
    }


def _may(request: StaffRequest, stored: "StoredEdition") -> dict[str, bool]:
    """Say which buttons make sense; the actions themselves refuse what is not allowed."""
    drafts = request.actor.can(Permission.DRAFT_EDITIONS)
    publishes = request.actor.can(Permission.PUBLISH_EDITIONS)
    is_own = stored.drafted_by_id is not None and stored.drafted_by_id == request.actor.user_id
    asked = stored.leaving_by_id is not None and stored.leaving_by_id == request.actor.user_id
    states = EDITION_TRANSITIONS[stored.state]
    is_draft = stored.state == EditionState.DRAFT
    is_reviewed = stored.state == EditionState.REVIEW
    is_leaving = stored.state == EditionState.LEAVING
    return {
        "start": drafts and (stored.counts or stored.state == EditionState.WITHDRAWN),
        "edit": drafts and is_draft and is_own,
        "drop": drafts and is_draft,
        "return": drafts and is_reviewed,
        "see_effect": publishes and (is_draft or is_reviewed),
        "publish": publishes and is_reviewed and not is_own,
        "own_publish": publishes and is_reviewed and is_own,
        "leave": drafts and EditionState.LEAVING in states,
        "stay": drafts and is_leaving,
        "withdraw": publishes and is_leaving and not asked,
    }


def _sections(book: Edition) -> list[dict[str, object]]:
    return [
        {
            "section": section,
            "clauses": [
                {
                    "indicator": indicator,
                    "clause": clause,
                    "rules": [(entry, criterion(entry.rule)) for entry in clause.entries],
                }
                for indicator in section.indicators
                for clause in indicator.clauses
            ],
        }
        for section in book.sections
    ]


@reads
@requires(Permission.VIEW_EDITIONS)
def source(request: StaffRequest, edition_id: int) -> HttpResponse:
    """Show the text as it is scored with, and its hash."""
    stored = edition_by_id(edition_id)
    return render(request, "bureau/editions/source.html", head(request, stored, "source"))


@reads
@requires(Permission.VIEW_EDITIONS)
def compare(request: StaffRequest, edition_id: int) -> HttpResponse:
    """Show what differs from another version of the same book, the one before unless chosen."""
    stored = edition_by_id(edition_id)
    context = head(request, stored, "compare")
    other = _other(stored, request.GET.get("with", ""))
    if other is not None:
        language = get_language() or ""
        old, new = parsed(other.text), parsed(stored.text)
        context |= {
            "other": other,
            "clauses": clause_changes(old, new, language),
            "rest": other_changes(old, new, language),
            "lines": line_changes(other.text, stored.text),
        }
    return render(request, "bureau/editions/compare.html", context)


def _other(stored: "StoredEdition", raw: str) -> "StoredEdition | None":
    versions = stored_editions().filter(book=stored.book).exclude(id=stored.id)
    if raw:
        found = next((each for each in versions if str(each.id) == raw), None)
        if found is None:
            raise NotFound
        return found
    return versions.filter(id__lt=stored.id).order_by("-id").first() or versions.first()
