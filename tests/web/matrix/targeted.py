"""What a place is to reach: a target, and a change of it."""

from decimal import Decimal
from typing import TYPE_CHECKING

from tests.factories import AT

from circle15.programme.targets_models import Target

if TYPE_CHECKING:
    from tests.web.matrix.world import Place


def targeted(place: "Place") -> None:
    """Set a target of a division, or of the place of a site, and change it."""
    target = Target.objects.create(
        area_path=place.path,
        area_name=place.says("name"),
        year=AT.year,
        name=place.says("aim"),
        metric="bank_outlets",
        op="at_least",
        value=Decimal(3),
        due_on=AT.date(),
        force="hard",
        set_at=AT,
        set_by=place.says("recorder"),
    )
    target.changes.create(
        area_path=place.path,
        at=AT,
        by=place.says("recorder"),
        old={"value": "2"},
        new={"value": "3"},
        reason=place.says("why"),
    )
    place.arguments |= {"target_uid": target.uid}
