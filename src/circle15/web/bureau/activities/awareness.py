"""Surveys of awareness: the trend by half-year, uptake, one more survey, one struck out."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.assessments.dashboards.uptake import uptake
from circle15.core.shares import Share
from circle15.programme.activities.records import UnusableRecord
from circle15.programme.activities.surveys import (
    Awareness,
    NewSurvey,
    added_up,
    may_strike_survey,
    record_survey,
    strike_survey,
    survey_by_uid,
    surveys,
    trend,
)
from circle15.standards.activities import activity_rules
from circle15.web.bureau.activities.forms import NoteForm, SurveyForm
from circle15.web.bureau.services.entry_forms import sites_of
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.item_words import said
from circle15.web.shared.once import once

_A_PAGE = 30
_UNUSABLE = HTTPStatus.UNPROCESSABLE_ENTITY


@reads
@requires(Permission.VIEW_ACTIVITIES)
def page(request: StaffRequest) -> HttpResponse:
    """Show what is known and used, by half-year, and every survey."""
    return _page(request)


@writes
@requires(Permission.RECORD_ACTIVITIES)
@once
def record(request: StaffRequest) -> HttpResponse:
    """Keep what a survey found."""
    form = SurveyForm(request.POST, sites=sites_of(request.actor))
    if form.is_valid():
        given = dict(form.cleaned_data)
        new = NewSurvey(site_code=given.pop("site"), **given)
        try:
            record_survey(new=new, by=request.actor, at=timezone.now())
        except (NotAllowed, NotFound):
            raise
        except UnusableRecord as refusal:
            for name, words in refusal.problems:
                form.add_error(name, words)
        else:
            messages.success(request, _("已登记：%s。") % _("知晓度调查"))
            return HttpResponseRedirect(reverse("surveys"))
    return _page(request, form=form, status=_UNUSABLE)


@reads
@requires(Permission.VIEW_ACTIVITIES)
def one(request: StaffRequest, survey_uid: UUID) -> HttpResponse:
    """Show one survey."""
    return _one(request, survey_uid)


@writes
@requires(Permission.RECORD_ACTIVITIES)
@once
def strike(request: StaffRequest, survey_uid: UUID) -> HttpResponse:
    """Strike a survey out, with a reason."""
    form = NoteForm(request.POST)
    if form.is_valid():
        note, at = form.cleaned_data["note"], timezone.now()
        try:
            strike_survey(uid=survey_uid, reason=note, by=request.actor, at=at)
        except (NotAllowed, NotFound):
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已作废，记录仍可查看。"))
            return HttpResponseRedirect(reverse("survey", args=[survey_uid]))
    return _one(request, survey_uid, form)


def _page(
    request: StaffRequest, *, form: SurveyForm | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    by, today = request.actor, timezone.localdate()
    shown = Paginator(surveys(by), _A_PAGE).get_page(request.GET.get("page", "1"))
    subjects = activity_rules().survey_subjects
    records = by.can(Permission.RECORD_ACTIVITIES)
    empty = SurveyForm(sites=sites_of(by), initial={"done_on": today})
    context = {
        "page": shown,
        "rows": [_row(row) for row in shown.object_list],
        "trends": [
            {
                "key": key,
                "name": said(name),
                "halves": [(half, _figures(each)) for half, each in trend(by, key).items()],
            }
            for key, name in subjects.items()
        ],
        "uptake": uptake(by, on=today),
        "form": (form or empty) if records else None,
        "refused": form,
        "synthetic": any(row.is_synthetic for row in shown.object_list),
    }
    return render(request, "bureau/activities/surveys.html", context, status=status)


def _one(request: StaffRequest, uid: UUID, form: NoteForm | None = None) -> HttpResponse:
    row = survey_by_uid(request.actor, uid)
    strikes = row.struck_at is None and may_strike_survey(row, request.actor)
    context = {
        **_row(row),
        "form": (form or NoteForm()) if strikes else None,
        "refused": form,
        "synthetic": row.is_synthetic,
    }
    status = _UNUSABLE if form else HTTPStatus.OK
    return render(request, "bureau/activities/survey.html", context, status=status)


def _row(row: Any) -> dict[str, Any]:
    rules = activity_rules()
    return {
        "row": row,
        "subject": said(rules.survey_subjects[row.subject]),
        "way": said(rules.survey_ways[row.way]),
        "where": row.site.name if row.site else _("全辖区"),
        **_figures(added_up([(row.asked, row.knowing, row.used)])),
    }


def _figures(one: Awareness) -> dict[str, Any]:
    return {
        "asked": one.asked,
        "knowing": _share(one.knowing, one.knowing_range),
        "used": _share(one.used, one.used_range),
    }


def _share(share: Share, bounds: tuple[float, float] | None) -> str:
    """Say a share with its interval and its counts; a dash where nobody was asked."""
    if share.value is None or bounds is None:
        return "—"
    low, high = bounds
    return _("%(share)s%%（%(low)s–%(high)s%%，%(part)s/%(whole)s）") % {
        "share": f"{100 * share.value:.1f}",
        "low": f"{100 * low:.1f}",
        "high": f"{100 * high:.1f}",
        "part": share.part,
        "whole": share.whole,
    }
