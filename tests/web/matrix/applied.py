"""What is applied for at a place: a round that was opened there, and a draft of its site."""

from typing import TYPE_CHECKING

from tests.factories import AT

from circle15.programme.rounds_models import Application, ApplicationSpan, Round

if TYPE_CHECKING:
    from tests.web.matrix.world import Place


def applied(place: "Place") -> None:
    """Open a round of the site's own, and begin an application in it."""
    if place.site is None:
        return
    one = Round.objects.create(
        kind="city_demo",
        year=AT.year,
        area_path=place.path,
        area_name=place.says("organiser"),
        opens_on=AT.date(),
        closes_on=AT.date(),
        quota=1,
        conditions=["willing"],
        opened_at=AT,
        opened_by="x",
    )
    row = Application.objects.create(
        round=one,
        site=place.site,
        since=AT,
        started_by=place.says("starter"),
        plan=place.says("intent"),
    )
    ApplicationSpan.objects.create(
        application=row, step="start", state="draft", at=AT, by=place.says("starter")
    )
    place.arguments |= {"round_uid": one.uid, "application_uid": row.uid}
