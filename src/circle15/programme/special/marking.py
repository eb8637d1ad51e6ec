"""Say which special project (专项) the building of a site belongs to."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.accounts.steps import kept_words, tell
from circle15.areas import scope
from circle15.programme.construction_models import Project

SPECIAL_LENGTH = 40


# Clauses: Q-57
@transaction.atomic
def mark_special(*, uid: UUID, special: str, by: Actor, at: datetime) -> Project:
    """Put a project of the actor's area under a special project; empty words take it out.

    The same again has no effect. Raises NotAllowed, NotFound.
    """
    demand(by, Permission.RUN_PROGRAMME)
    rows = scope.within(Project.objects.select_for_update(of=("self",)), by.area_path)
    row = rows.filter(uid=uid).first()
    if row is None:
        raise NotFound
    former, words = row.special, kept_words(special, SPECIAL_LENGTH)
    if former == words:
        return row
    row.special = words
    row.save(update_fields=["special"])
    tell("project.special", row.uid, row.area_path, by=by, at=at, special=words, former=former)
    return row
