"""The sites of an area as points in the colour of a measure."""

from collections import defaultdict
from dataclasses import replace

from django.urls import reverse
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.states import Permission
from circle15.assessments.dashboards.board import good_of, on_time_of
from circle15.assessments.dashboards.sums import Span, Sums, some_sums_of
from circle15.assessments.queries import map_features
from circle15.ratings.measuring.figures import is_small
from circle15.sites.queries import SiteFilter, visible_to
from circle15.sites.states import SiteKind
from circle15.web.bureau.dashboards.words import NOTHING
from circle15.web.bureau.sites.tones import tone
from circle15.web.shared.map_features import shape_of

_TABLES = {"good": "ratings_tally", "on_time": "cases_casetally"}
_ASKED = {"good": Permission.VIEW_RATINGS, "on_time": Permission.VIEW_CASES}


def features(actor: Actor, span: Span, measure: str, *, book: str) -> list[dict[str, object]]:
    """Return the sites as GeoJSON, dressed for the map: percent and colour of the measure."""
    sees = actor.can(_ASKED.get(measure, Permission.VIEW_SCORES))
    sums: dict[str, Sums] = defaultdict(Sums)
    if sees and measure in _TABLES:
        sums = some_sums_of(replace(span, by_site=True), _TABLES[measure]).parts
    narrowed = SiteFilter(kind=span.kind, area_path=span.area)
    found = map_features(actor, narrowed, book=book if sees else "")
    paths = dict(visible_to(actor).order_by().values_list("code", "area_path"))
    for feature in found:
        about = feature["properties"]
        assert isinstance(about, dict)
        path = paths[str(about["code"])]
        share = _share(measure, sums[path], about["share"]) if sees else None
        _dress(about, path, share)
    return found


def _share(measure: str, sums: Sums, score: int | None) -> int | None:
    """Return the whole percent, cut off so that 100 means all; of a few ratings none."""
    if measure == "score":
        return score
    if measure == "good" and is_small(sums["given"]):
        return None
    value = (good_of(sums) if measure == "good" else on_time_of(sums)).value
    return None if value is None else int(100 * value)


def _dress(about: dict[str, object], path: str, share: int | None) -> None:
    kind = SiteKind(str(about["kind"]))
    about |= {
        "id": about["code"],
        "shape": shape_of(kind),
        "tone": tone(share),
        "label": "" if share is None else str(share),
        "small": kind not in {SiteKind.COUNTY_HALL, SiteKind.TOWN_CENTRE},
        "kind": str(kind.label),
        "lines": [about["town"], NOTHING if share is None else f"{share}%"],
        "url": f"{reverse('dashboards')}?area={path}",
        "link": _("看这个网点的数据"),
    }
