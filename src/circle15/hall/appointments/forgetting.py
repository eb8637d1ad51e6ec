"""What appointments keep of somebody who is erased: nothing."""

from datetime import datetime
from uuid import uuid4

from circle15.hall.appointments.booking import PersonDetails
from circle15.hall.appointments.notices import drop_waiting
from circle15.hall.booking_models import Appointment


def forget_person(id_number: str, phone: str, *, at: datetime) -> None:
    """Wipe name, phone and number in all appointments of a person; messages to come are dropped.

    Booked by number, or at the counter by phone alone. The appointment stands: who comes with its
    code is served.
    """
    known = [PersonDetails("", phone, id_number), PersonDetails("", phone)]
    keys = {each.index for each in known if each.phone or each.id_number}
    found = Appointment.objects.select_for_update().filter(person_index__in=keys)
    rows = list(found.order_by("id"))
    drop_waiting(rows, at=at)
    for row in rows:
        row.name_sealed = row.phone_sealed = row.id_number_sealed = ""
        row.person_index = uuid4().hex  # as good as none, and nobody else's
    Appointment.objects.bulk_update(
        rows, ["name_sealed", "phone_sealed", "id_number_sealed", "person_index"]
    )
