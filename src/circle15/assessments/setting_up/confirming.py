"""What a person does on the page of the set-up: confirm a step, register the bureaus that lack."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.bulk import OrganisationRow, upsert_organisations
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.states import OrganisationKind, Permission
from circle15.areas.queries import divisions_under
from circle15.areas.states import Level
from circle15.assessments.setting_up.register import Register
from circle15.assessments.setup_models import SetupConfirmation
from circle15.audit.actions import record

BACKUP = "backup"
BY_HAND = frozenset({BACKUP})
COUNTS_FOR = timedelta(days=365)


class NothingSaid(Refused):
    """A confirmation that says nothing."""

    def __init__(self) -> None:
        super().__init__(_("请写明备份存在哪里、何时试过恢复。"))


def confirmed(step: str, path: str, *, at: datetime) -> SetupConfirmation | None:
    """Return the newest confirmation of a step for a city that still counts."""
    rows = SetupConfirmation.objects.filter(
        step=step, area_path__startswith=path, at__gt=at - COUNTS_FOR
    )
    return rows.order_by("-at", "-id").first()


@transaction.atomic
def confirm(*, step: str, note: str, by: Actor, at: datetime) -> SetupConfirmation:
    """Say that a step no table shows is done. Raises NotAllowed, NotFound, NothingSaid."""
    demand(by, Permission.SET_UP)
    if step not in BY_HAND:
        raise NotFound
    if not note.strip():
        raise NothingSaid
    made = SetupConfirmation.objects.create(
        area_path=by.area_path, step=step, at=at, by=by.name, note=note.strip()
    )
    record(
        who=by.who,
        verb="setup.confirm",
        target_kind="setup",
        target_id=step,
        area_path=by.area_path,
        at=at,
        new={"note": made.note},
    )
    return made


@transaction.atomic
def register_bureaus(*, by: Actor, at: datetime) -> int:
    """Register the bureau of every county that has none, by its usual name; return how many."""
    demand(by, Permission.SET_UP)
    held = Register(by.area_path, timezone.localdate(at)).bureau_paths
    lacking = [
        row
        for row in divisions_under(by.area_path, levels=(Level.COUNTY,)).defer("boundary")
        if row.path not in held
    ]
    if lacking:
        rows = [
            OrganisationRow(
                name=f"{row.name}医疗保障局",
                kind=OrganisationKind.COUNTY_BUREAU,
                division_code=row.code,
            )
            for row in lacking
        ]
        upsert_organisations(rows, by=by, at=at)
    return len(lacking)
