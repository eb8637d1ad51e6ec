"""The days titles are held, as targets count them."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta

from circle15.assessments.campaign_models import SiteTitle
from circle15.programme.targets.spans import Span


def titles_held(path: str, kind: str) -> Mapping[int, tuple[Span, ...]]:
    """Return the days a title of a kind is held, by the number of the site.

    The day of a withdrawal is the first one without it.
    """
    rows = SiteTitle.objects.filter(site__area_path__startswith=path, kind=kind)
    found = defaultdict(list)
    for site, since, gone in rows.order_by("since", "id").values_list(
        "site_id", "since", "withdrawn_on"
    ):
        until = None if gone is None else gone - timedelta(days=1)
        if until is None or until >= since:
            found[site].append(Span(since, until))
    return {site: tuple(spans) for site, spans in found.items()}
