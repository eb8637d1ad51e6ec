"""Editions of the catalogue: their list, one of them, what two differ in, and as a workbook."""

from collections.abc import Iterator

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.items.change_words import ChangeLine, change_lines
from circle15.items.differences import ItemChange, diff
from circle15.items.naming import item_names
from circle15.items.queries import EditionLine, catalogue_of, editions
from circle15.items.queries import edition as edition_of
from circle15.items.states import ChangeKind, EditionState, Standing
from circle15.standards.catalogue import Catalogue
from circle15.standards.catalogue_data import item_data
from circle15.standards.catalogue_parser import catalogue_faults
from circle15.web.bureau.items.forms import MoveForm, PublishForm, UploadForm
from circle15.web.shared.access import StaffRequest, reads, requires

TONES = {
    EditionState.DRAFT: "warn",
    EditionState.REVIEW: "info",
    EditionState.PUBLISHED: "good",
    EditionState.WITHDRAWN: "idle",
}
STANDING_TONES = {Standing.COMING: "info", Standing.CURRENT: "good", Standing.FORMER: "idle"}
CHANGE_TONES = {ChangeKind.ADDED: "good", ChangeKind.DROPPED: "bad", ChangeKind.CHANGED: "warn"}
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@reads
@requires(Permission.VIEW_ITEMS)
def edition_list(request: StaffRequest) -> HttpResponse:
    """Show all editions, the newest first."""
    context = {"lines": editions(request.actor), "tones": TONES, "standing_tones": STANDING_TONES}
    return render(request, "bureau/items/editions.html", context)


@reads
@requires(Permission.VIEW_ITEMS)
def edition(request: StaffRequest, catalogue_id: int) -> HttpResponse:
    """Show an edition: its items and what may be done with it now."""
    return edition_page(request, catalogue_id)


def edition_page(
    request: StaffRequest, catalogue_id: int, *, status: int = 200, **more: object
) -> HttpResponse:
    """Show the page of an edition, after a refusal with what was wrong."""
    context = head(request, catalogue_id, "items")
    catalogue = catalogue_of(catalogue_id, by=request.actor)
    context |= {
        "catalogue": catalogue,
        "items": list(catalogue.items.values()),
        "faults": catalogue_faults(catalogue.items),
        "note_form": MoveForm(),
        "publish_form": PublishForm(initial={"in_force_from": timezone.localdate()}),
        "upload_form": UploadForm(),
        **more,
    }
    return render(request, "bureau/items/edition.html", context, status=status)


def head(request: StaffRequest, catalogue_id: int, on: str) -> dict[str, object]:
    """Return what every page of one edition shows."""
    line = edition_of(catalogue_id, by=request.actor, on=timezone.localdate())
    return {
        "line": line,
        "tab_on": on,
        "tones": TONES,
        "standing_tones": STANDING_TONES,
        "may": _may(request, line),
    }


def _may(request: StaffRequest, line: EditionLine) -> dict[str, bool]:
    """Say which buttons make sense; the actions themselves refuse what is not allowed."""
    drafts = request.actor.can(Permission.DRAFT_ITEMS)
    publishes = request.actor.can(Permission.PUBLISH_ITEMS)
    is_own = line.drafted_by_id is not None and line.drafted_by_id == request.actor.user_id
    is_draft, is_review = line.state == EditionState.DRAFT, line.state == EditionState.REVIEW
    return {
        "start": drafts and not is_draft and not is_review,
        "edit": drafts and is_draft and is_own,
        "submit": drafts and is_draft and is_own,
        "give_up": drafts and is_draft,
        "send_back": (drafts or publishes) and is_review,
        "publish": publishes and is_review and not is_own,
        "own_publish": publishes and is_review and is_own,
        "withdraw": publishes and line.state == EditionState.PUBLISHED,
    }


@reads
@requires(Permission.VIEW_ITEMS)
def compare(request: StaffRequest, catalogue_id: int) -> HttpResponse:
    """Show what differs from another edition, its base unless chosen."""
    context = head(request, catalogue_id, "compare")
    line = context["line"]
    assert isinstance(line, EditionLine)
    others = [each for each in editions(request.actor) if each.id != line.id]
    other = _other(request.GET.get("with", ""), line, others)
    if other is not None:
        old = catalogue_of(other.id, by=request.actor)
        new = catalogue_of(line.id, by=request.actor)
        context |= {"other": other, "changes": list(_in_words(old, new))}
    context |= {"others": others, "change_tones": CHANGE_TONES}
    return render(request, "bureau/items/compare.html", context)


def _in_words(
    old: Catalogue, new: Catalogue
) -> Iterator[tuple[ItemChange, tuple[ChangeLine, ...]]]:
    """Yield the items that differ, each with its fields as people call them."""
    names = item_names(timezone.localdate())
    for change in diff(old, new):
        found = (each.items.get(change.key) for each in (new, old))
        yield change, change_lines(change, [item_data(each) for each in found if each], names)


def _other(raw: str, line: EditionLine, others: list[EditionLine]) -> EditionLine | None:
    if raw:
        found = next((each for each in others if str(each.id) == raw), None)
        if found is None:
            raise NotFound
        return found
    base = next((each for each in others if each.id == line.base_id), None)
    return base or (others[0] if others else None)


@reads
@requires(Permission.VIEW_ITEMS)
def workbook_file(request: StaffRequest, catalogue_id: int) -> HttpResponse:
    """Give an edition as a workbook that can be changed and brought in again."""
    from circle15.items.workbook import workbook  # noqa: PLC0415 -- slow import

    catalogue = catalogue_of(catalogue_id, by=request.actor)
    reply = HttpResponse(workbook(catalogue), content_type=_XLSX)
    reply["Content-Disposition"] = f'attachment; filename="items-{catalogue.version}.xlsx"'
    return reply
