"""The notices of a hall, for those who put them up."""

from datetime import date

from django.db.models import QuerySet

from circle15.accounts.actors import Actor
from circle15.hall.board_models import BoardNotice
from circle15.hall.queries import hall_of


def notices_of(actor: Actor, site_code: str, *, on: date) -> QuerySet[BoardNotice]:
    """Return what is shown on a day or will be, the first to end first."""
    rows = BoardNotice.objects.filter(hall=hall_of(actor, site_code), taken_down_at=None)
    return rows.filter(shown_until__gte=on).order_by("shown_until", "id")
