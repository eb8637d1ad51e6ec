"""What monitoring knows of a place: a warning that tells where it comes from, and an order."""

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.factories import AT

from circle15.assessments.monitoring_models import EarlyWarning, SupervisionOrder

if TYPE_CHECKING:
    from tests.web.matrix.world import Place

ON = AT.date()


def monitored(place: "Place") -> None:
    """Warn of a device of the site, and order something of it."""
    if place.site is None:
        return
    warning = EarlyWarning.objects.create(
        site=place.site,
        area_path=place.path,
        kind="device_offline",
        label=place.says("warned"),
        value=3,
        since=AT,
        found_on=ON,
        seen_on=ON,
    )
    order = SupervisionOrder.objects.create(
        site=place.site,
        area_path=place.path,
        task=place.says("ordered"),
        issued_on=ON,
        answer_by=ON + timedelta(days=9),
        due_on=ON + timedelta(days=9),
        since=AT,
    )
    place.arguments |= {"warning_uid": warning.uid, "supervision_uid": order.uid}
