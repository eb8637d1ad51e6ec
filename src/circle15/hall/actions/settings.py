"""Set a hall up and change its rules."""

from datetime import datetime

from django.db import transaction

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.states import Permission
from circle15.audit.actions import record
from circle15.hall.models import Hall
from circle15.hall.states import LaneKind
from circle15.sites.queries import site_by_code

# Code, name, kind; halls may rename and add.
DEFAULT_LANES = (
    ("A", "综合业务", LaneKind.ORDINARY),
    ("G", "绿色通道", LaneKind.GREEN),
    ("Y", "预约", LaneKind.BOOKED),
)


@transaction.atomic
def set_up_hall(*, site_code: str, by: Actor, at: datetime) -> Hall:
    """Give a site its hall with the usual lanes; one that has it keeps it as it is.

    Raises NotAllowed, NotFound.
    """
    demand(by, Permission.MANAGE_HALL)
    site = site_by_code(by, site_code)
    hall, created = Hall.objects.get_or_create(
        site=site, defaults={"area_path": site.area_path, "is_synthetic": site.is_synthetic}
    )
    if not created:
        return hall
    for position, (code, name, kind) in enumerate(DEFAULT_LANES, 1):
        hall.lanes.create(
            area_path=hall.area_path, code=code, name=name, kind=kind, position=position
        )
    record(
        who=by.who,
        verb="hall.set_up",
        target_kind="hall",
        target_id=site.code,
        area_path=hall.area_path,
        at=at,
        new={"lanes": [code for code, _name, _kind in DEFAULT_LANES]},
    )
    return hall
