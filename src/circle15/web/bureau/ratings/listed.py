"""Ratings of finished days: grade, labels and words, never who, and in an order of chance."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from circle15.accounts.states import Permission
from circle15.ratings.exporting import export_given
from circle15.ratings.given import RatingFilter, given, page_of
from circle15.ratings.states import RatedBy
from circle15.standards.ratings import labels, rating_rules
from circle15.web.bureau.dashboards.behind import Behind, behind
from circle15.web.bureau.ratings.forms import GivenFilterForm
from circle15.web.bureau.services.entry_forms import paths_of
from circle15.web.bureau.services.views import workbook
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.item_words import said


@reads
@requires(Permission.VIEW_RATINGS)
def given_list(request: StaffRequest) -> HttpResponse:
    """Show the ratings of the area, fifty a page."""
    form = GivenFilterForm(request.GET, sites=paths_of(request.actor))
    rows_of = behind(request)
    rows = given(request.actor, _narrowed(form, rows_of), on=timezone.localdate())
    page = page_of(rows.select_related("site"), request.GET.get("page", "1"))
    context = {
        "filter": form,
        "narrowed": any(form.chosen(name) for name in form.fields),
        "page": page,
        "behind": rows_of,
        "behind_count": page.paginator.count,
        "rows": [_row(rating) for rating in page.object_list],
        "may_enter": request.actor.can(Permission.ENTER_RATINGS),
        "synthetic": any(rating.is_synthetic for rating in page.object_list),
    }
    return render(request, "bureau/ratings/given.html", context)


@writes
@requires(Permission.VIEW_RATINGS)
def export(request: StaffRequest) -> HttpResponse:
    """Hand out the narrowed list as a workbook; it stands on the trail."""
    at = timezone.now()
    form = GivenFilterForm(request.GET, sites=paths_of(request.actor))
    what = _narrowed(form, behind(request))
    content = export_given(what=what, by=request.actor, at=at)
    return workbook(content, f"circle15-ratings-{timezone.localtime(at):%Y%m%d-%H%M}.xlsx")


def _narrowed(form: GivenFilterForm, rows: Behind | None) -> RatingFilter:
    """Return what is looked for: what a number counts, else what the form says."""
    if rows is None:
        return form.narrowed()
    return RatingFilter(
        grade="bad" if rows.counted == "bad" else "",
        site_path=rows.area,
        since=rows.since,
        until=rows.until,
        is_counted=True,
        site_kind=rows.site_kind,
    )


def _row(rating: Any) -> dict[str, Any]:
    rules, known = rating_rules(), labels(rating.labels_version)
    return {
        "rating": rating,
        "grade": said(rules.grades[rating.item_grade]),
        "person": said(rules.grades[rating.person_grade]) if rating.person_grade else "",
        "tone": "bad" if rules.is_bad(rating.item_grade) else "good",
        "labels": [said(known[code].name) for code in rating.labels if code in known],
        "channel": RatedBy(rating.channel).label,
        "site": rating.site.name if rating.site else "",
    }
