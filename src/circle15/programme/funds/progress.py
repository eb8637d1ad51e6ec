"""When something last moved at a site that is built: construction says, and who registers here."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from django.db.models import Max
from django.utils import timezone

from circle15.programme.construction_models import Milestone, ProgressReport

Progress = Callable[[Sequence[int]], Mapping[int, date]]


def _built(site_ids: Sequence[int]) -> dict[int, date]:
    """Return the last day a milestone was begun or done, or progress was reported."""
    found: dict[int, date] = {}
    milestones = Milestone.objects.filter(project__site__in=site_ids)
    reports = ProgressReport.objects.filter(project__site__in=site_ids)
    of_site = "project__site_id"
    for rows in (
        milestones.values_list(of_site).annotate(n=Max("begun_on")).order_by(of_site),
        milestones.values_list(of_site).annotate(n=Max("done_on")).order_by(of_site),
        reports.values_list(of_site).annotate(n=Max("at")).order_by(of_site),
    ):
        for site_id, last in rows:
            if last is not None:
                day = timezone.localdate(last) if isinstance(last, datetime) else last
                found[site_id] = max(day, found.get(site_id, day))
    return found


_KNOWN: list[Progress] = [_built]


def register(progress: Progress) -> None:
    """Add what tells the last day of progress by the site's id, of those sites it knows."""
    if progress not in _KNOWN:
        _KNOWN.append(progress)


def last_progress(site_ids: Sequence[int]) -> dict[int, date]:
    """Return the newest day anybody knows, by the site's id."""
    found: dict[int, date] = {}
    for progress in _KNOWN:
        for site_id, day in progress(site_ids).items():
            found[site_id] = max(day, found.get(site_id, day))
    return found
