"""Who was at a training: ticked by the manager on the sheet of the person."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.states import Permission
from circle15.accounts.steps import name_of, tell
from circle15.assessments.appraisal_models import Presence
from circle15.assessments.appraisal_states import Quarter
from circle15.assessments.appraisals import staff
from circle15.assessments.appraisals.lives import demand_others
from circle15.assessments.appraisals.performance import MEASURES, asked_for

TRAININGS = "trainings"


@transaction.atomic
def set_presence(
    *, user_id: int, quarter: Quarter, trainings: Collection[int], by: Actor, at: datetime
) -> int:
    """Say at which trainings of a quarter a person was; return how many.

    Only trainings held for the person's site count. Raises NotFound, NotAllowed, OwnMatter.
    """
    demand(by, Permission.MAKE_APPRAISALS)
    whom = staff.member(user_id, by=by, quarter=quarter)
    demand_others(by, about=user_id, first=None)
    on = timezone.localdate(at)
    asked = asked_for(user_id, whom.area_path, whom.site_id, quarter, on=on)
    held = set(MEASURES[TRAININGS].rows(asked).values_list("pk", flat=True))
    wanted = held & set(trainings)
    former = Presence.objects.filter(user_id=user_id, training_id__in=held)
    former.exclude(training_id__in=wanted).delete()
    Presence.objects.bulk_create(
        [
            Presence(
                training_id=pk,
                user_id=user_id,
                area_path=whom.area_path,
                entered_at=at,
                entered_by=name_of(by),
            )
            for pk in sorted(wanted)
        ],
        ignore_conflicts=True,
    )
    new = {"of": user_id, "quarter": str(quarter), "trainings": sorted(wanted)}
    tell("training.presence", user_id, whom.area_path, by=by, at=at, **new)
    return len(wanted)
