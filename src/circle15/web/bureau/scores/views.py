"""The pages of a site's scores."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.states import Permission
from circle15.assessments.actions import Incomplete, replay
from circle15.assessments.campaigns.vetoing import keep_sheet, veto_file_of
from circle15.assessments.candidates import veto_candidates
from circle15.assessments.collect import Collection
from circle15.assessments.documents.gap_table import climb
from circle15.assessments.editions import Applicable, NotInForce, applicable, in_force, parsed
from circle15.assessments.queries import sheet_by_id, sheets_of
from circle15.assessments.reading import SiteScores, scores_of
from circle15.assessments.vetoes import (
    ReasonMissing,
    judge_vetoes,
    may_speak,
    veto_standing,
    word_of,
)
from circle15.ledger.queries import Files, evidence_of
from circle15.ledger.states import Source
from circle15.scoring import RESULT_TEXTS, ScoreSheet, sheet_from_json
from circle15.standards.model import Edition
from circle15.web.bureau.campaigns.acting import asked_of
from circle15.web.bureau.scores.comparison import SHOWN, fact_rows, grouped, is_shown
from circle15.web.bureau.scores.forms import StoreForm, WordForm, day_from, day_of
from circle15.web.bureau.scores.outline import outline
from circle15.web.shared.access import StaffRequest, reads, requires, writes

if TYPE_CHECKING:
    from circle15.assessments.models import StoredSheet

UNUSABLE = 422
KEPT_SHOWN = 20
FINDINGS_COUNT_FOR = timedelta(days=365)
ORIGINS = dict(Source.choices)


@reads
@requires(Permission.VIEW_SCORES)
def site_scores(request: StaffRequest, code: str) -> HttpResponse:
    """Show the rule books side by side, fact by fact, and the sheets kept so far."""
    scores = scores_of(request.actor, code, today=timezone.localdate())
    return _compared(request, scores, _form(scores))


@writes
@requires(Permission.STORE_SCORES)
def store(request: StaffRequest, code: str) -> HttpResponse:
    """Keep a sheet; name every missing fact if the ledger is not complete."""
    scores = scores_of(request.actor, code, today=timezone.localdate())
    form = _form(scores, request)
    if not form.is_valid():
        return _compared(request, scores, form, status=UNUSABLE)
    given = form.cleaned_data
    try:
        at = timezone.now()
        asked = asked_of(request, given, code, at)
        kept = keep_sheet(
            code=code,
            book=given["book"],
            purpose=given["purpose"],
            on=given["on"],
            vetoes=given.get("vetoes", ()),
            evidence_id=asked.keep_file() if given.get("vetoes") else None,
            by=request.actor,
            at=at,
        )
    except NotFound:
        raise
    except Incomplete as refusal:
        return _compared(request, scores, form, missing=refusal.names, status=UNUSABLE)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _compared(request, scores, form, status=UNUSABLE)
    return HttpResponseRedirect(f"{reverse('stored_sheet', args=[kept.id])}?saved=1")


def _form(scores: SiteScores, request: StaffRequest | None = None) -> StoreForm:
    """Return the form; a typed one offers the vetoes of the editions of the day typed."""
    judged = [each for each, _sheet in scores.judged]
    if request is None:
        return StoreForm(judged=judged, today=scores.today)
    of_day = _judged_on(scores, request.POST.get("on", ""))
    judged = [of_day.get(each.edition.id, each) for each in judged]
    return StoreForm(request.POST, request.FILES, judged=judged, today=scores.today)


def _judged_on(scores: SiteScores, raw: str) -> dict[str, Applicable]:
    day = day_from(raw)
    if day is None or day >= scores.today:
        return {}
    return {each.edition.id: each for each in applicable(scores.site.kind, in_force(day))}


def _compared(
    request: StaffRequest,
    scores: SiteScores,
    form: StoreForm,
    *,
    missing: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    rows = fact_rows(scores.judged, scores.collected)
    chosen = request.GET.get("show", "all")
    shown = chosen if chosen in SHOWN else "all"
    kept = sheets_of(scores.site)[:KEPT_SHOWN]
    context = {
        "site": scores.site,
        "tab": "scores",
        "judged": [(each, sheet, _share(sheet)) for each, sheet in scores.judged],
        "groups": grouped([row for row in rows if is_shown(row, shown)]),
        "counts": {each: sum(is_shown(row, each) for row in rows) for each in SHOWN},
        "shown": shown,
        "kept": [(each, replay(each), veto_standing(each)) for each in kept],
        "form": form,
        "suggested": _suggested(request, scores),
        "missing": missing,
        "origins": ORIGINS,
        "results": RESULT_TEXTS,
        "synthetic": scores.site.is_synthetic,
    }
    return render(request, "bureau/scores/comparison.html", context, status=status)


def _suggested(request: StaffRequest, scores: SiteScores) -> tuple[object, ...]:
    """Return what was found in the last year and an officer confirmed as a case of a veto."""
    if not request.actor.can(Permission.STORE_SCORES):
        return ()
    return veto_candidates(scores.site, since=scores.today - FINDINGS_COUNT_FOR)


def _share(sheet: ScoreSheet) -> int:
    return int(sheet.total * 100 / sheet.max)


@reads
@requires(Permission.VIEW_SCORES)
def sheet(request: StaffRequest, code: str, book: str) -> HttpResponse:
    """Show the whole sheet under one book, today's or that of a past day."""
    scores = scores_of(request.actor, code, today=timezone.localdate(), on=day_of(request))
    try:
        judged, found = scores.under(book)
    except NotInForce as refusal:
        return _not_in_force(request, scores, refusal)
    files = evidence_of([each.fact_id for each in scores.collected.values() if each.fact_id])
    context = {
        "site": scores.site,
        "on": scores.on,
        "is_past": scores.on < scores.today,
        "books": [each.edition for each, _sheet in scores.judged],
        **_sheet_context(request, judged.edition, found, scores.collected, files),
        "synthetic": scores.site.is_synthetic,
    }
    return render(request, "bureau/scores/sheet.html", context)


def _not_in_force(request: StaffRequest, scores: SiteScores, refusal: NotInForce) -> HttpResponse:
    """Say that the book came later, and offer another day."""
    context = {
        "site": scores.site,
        "tab": "scores",
        "on": scores.on,
        "today": scores.today,
        "edition": refusal.edition,
        "first": refusal.first,
        "refusal": refusal,
        "synthetic": scores.site.is_synthetic,
    }
    return render(request, "bureau/scores/not_in_force.html", context)


def _sheet_context(
    request: StaffRequest,
    edition: Edition,
    found: ScoreSheet,
    collected: Collection,
    files: dict[int, Files],
) -> dict[str, object]:
    only_lost = request.GET.get("show") == "lost"
    return {
        "tab": "scores",
        "edition": edition,
        "sheet": found,
        "share": _share(found),
        "result": RESULT_TEXTS[found.result],
        "only_lost": only_lost,
        "lost_count": sum(line.points < line.max for line in found.clauses),
        "sections": outline(edition, found, collected=collected, files=files, only_lost=only_lost),
        "origins": ORIGINS,
    }


@reads
@requires(Permission.VIEW_SCORES)
def gap_page(request: StaffRequest, code: str, book: str) -> HttpResponse:
    """Show what is missing to full marks under one book, cheapest first, with the running total."""
    scores = scores_of(request.actor, code, today=timezone.localdate())
    judged, found = scores.under(book)
    context = {
        "site": scores.site,
        "tab": "scores",
        "edition": judged.edition,
        "sheet": found,
        "share": _share(found),
        "judged": scores.judged,
        "steps": climb(scores.gap_under(book)),
        "synthetic": scores.site.is_synthetic,
    }
    return render(request, "bureau/scores/gap.html", context)


@reads
@requires(Permission.VIEW_SCORES)
def stored_sheet(request: StaffRequest, sheet_id: int) -> HttpResponse:
    """Show a sheet as it was kept, and whether scoring it again gives the same."""
    return _stored(request, sheet_by_id(request.actor, sheet_id))


def _stored(
    request: StaffRequest, kept: "StoredSheet", form: WordForm | None = None
) -> HttpResponse:
    edition = parsed(kept.edition.text)
    context = {
        "site": kept.site,
        "kept": kept,
        "veto": veto_standing(kept),
        "word": word_of(kept),
        "may_speak": may_speak(kept, request.actor),
        "veto_file": veto_file_of(kept) if kept.vetoes else None,
        "form": form or WordForm(),
        "is_same": replay(kept),
        **_sheet_context(request, edition, sheet_from_json(kept.sheet), {}, {}),
        "synthetic": kept.site.is_synthetic,
    }
    status = UNUSABLE if form else 200
    return render(request, "bureau/scores/stored.html", context, status=status)


@writes
@requires(Permission.STORE_SCORES)
def second_word(request: StaffRequest, sheet_id: int) -> HttpResponse:
    """Confirm or decline the vetoes of a stored sheet."""
    form = WordForm(request.POST)
    if not form.is_valid():
        return _stored(request, sheet_by_id(request.actor, sheet_id), form)
    try:
        judge_vetoes(
            sheet_id=sheet_id,
            agrees=request.POST.get("word") == "confirm",
            reason=form.cleaned_data["reason"],
            by=request.actor,
            at=timezone.now(),
        )
    except ReasonMissing as refusal:
        form.add_error("reason", str(refusal))
        return _stored(request, sheet_by_id(request.actor, sheet_id), form)
    return HttpResponseRedirect(reverse("stored_sheet", args=[sheet_id]))
