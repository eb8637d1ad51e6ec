"""What on-site checks know of a place: a sample, a check of it, and what was found."""

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.factories import AT

from circle15.assessments.inspection_models import (
    Finding,
    Inspection,
    InspectionDraw,
    InspectionSeat,
)
from circle15.assessments.models import StoredEdition

if TYPE_CHECKING:
    from tests.web.matrix.world import Place

BOOK = "jiangsu-acceptance"


def inspected(place: "Place") -> None:
    """Draw the site, have somebody check it, and find something."""
    if place.site is None:
        return
    row = {"code": place.code("code"), "name": place.says("name"), "county": "/", "rank": 1}
    draw = InspectionDraw.objects.create(
        area_path=place.path,
        title=place.says("drawn"),
        document="x",
        text="x",
        seed="0" * 64,
        asked={"kinds": ["town_centre"], "per_stratum": 1, "on": "2026-03-01"},
        listed=[row | {"county_name": "x", "kind": "town_centre", "digest": "0", "drawn": True}],
        drawn_at=AT,
    )
    about = {"site": place.site, "area_path": place.path}
    edition = StoredEdition.objects.get(book=BOOK)
    check = Inspection.objects.create(
        **about,
        edition=edition,
        edition_digest=edition.digest,
        profile="town",
        draw=draw,
        reason=place.says("checked"),
        state="planned",
        since=AT,
        due_on=AT.date() + timedelta(days=9),
        planned_at=AT,
    )
    InspectionSeat.objects.create(
        inspection=check, area_path=place.path, user_id=0, place=1, assigned_at=AT
    )
    finding = Finding.objects.create(
        **about, inspection=check, kind="veto", veto="V4", remark=place.says("found"), found_at=AT
    )
    place.arguments |= {
        "draw_uid": draw.uid,
        "check_uid": check.uid,
        "finding_uid": finding.uid,
    }
