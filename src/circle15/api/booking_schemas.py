"""What the operations on appointments take and give."""

from datetime import UTC, date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field
from pydantic_core import PydanticCustomError

from circle15.api.schemas import UID, Asked, ItemKey, Taken, Value, asked, example
from circle15.core.identifiers.resident_id import is_resident_id
from circle15.hall.appointments.booking import PersonDetails

_TIME = "2026-03-03T09:00:00+08:00"
_PERSON = {"name": "沈小燕", "phone": "13900000000", "id_number": "32068119900307002X"}


def _resident_id(number: str) -> str:
    if number and not is_resident_id(number):
        raise PydanticCustomError("resident_id", "not a resident identity number")
    return number


def _in_utc(moment: datetime) -> datetime:
    """Say it without an offset: PostgreSQL knows none beyond sixteen hours."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("beyond the calendar") from None


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
Name = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]*$")]
Phone = Annotated[str, Field(pattern=r"^1[3-9][0-9]{9}$")]
ResidentId = Annotated[str, Field(pattern=r"^([0-9]{17}[0-9X])?$"), AfterValidator(_resident_id)]


class Offer(Value):
    """An item one can book for."""

    model_config = example(item="resident-enrolment", name="城乡居民参保登记", minutes=15, bring="")
    item: str
    name: str
    minutes: int
    bring: str


class Offers(Value):
    items: list[Offer]


class DayOffered(Value):
    model_config = example(on="2026-03-03", free=42, is_open=True)
    on: date
    free: int
    is_open: bool


class DaysOffered(Value):
    days: list[DayOffered]


class TimeOffered(Value):
    model_config = example(
        starts_at=_TIME, ends_at="2026-03-03T09:15:00+08:00", free=2, is_extended=False
    )
    starts_at: datetime
    ends_at: datetime
    free: int
    is_extended: bool


class TimesOffered(Value):
    times: list[TimeOffered]


class AppointmentNow(Value):
    """An appointment with the person masked; `code` is typed at the kiosk on arrival."""

    model_config = example(
        uid=str(UID),
        state="booked",
        item="resident-enrolment",
        item_name="城乡居民参保登记",
        on="2026-03-03",
        starts_at=_TIME,
        ends_at="2026-03-03T09:15:00+08:00",
        code="482913",
        held_until=None,
        changes=0,
        name="沈**",
        phone="139****0000",
        ticket_uid=None,
    )
    uid: UUID
    state: str
    item: str
    item_name: str
    on: date
    starts_at: datetime
    ends_at: datetime
    code: str
    held_until: datetime | None
    changes: int
    name: str
    phone: str
    ticket_uid: UUID | None


class Appointments(Value):
    appointments: list[AppointmentNow]


class ArrivedNow(Value):
    """The ticket of the booked lane."""

    ticket: Taken
    item_name: str
    starts_at: datetime


class HoldIn(Asked):
    model_config = asked(item="resident-enrolment", starts_at=_TIME)
    item: ItemKey
    starts_at: Moment


class ChangeIn(Asked):
    model_config = asked(starts_at=_TIME)
    starts_at: Moment


class PersonIn(Asked):
    """Who comes; sealed at once, and never given back in full."""

    model_config = asked(**_PERSON)
    name: Name
    phone: Phone
    id_number: Annotated[ResidentId, Field(min_length=18)]

    @property
    def details(self) -> PersonDetails:
        return PersonDetails(self.name, self.phone, self.id_number)


class BookIn(Asked):
    """At the counter the number of the card may be missing."""

    model_config = asked(item="resident-enrolment", starts_at=_TIME, **_PERSON)
    item: ItemKey
    starts_at: Moment
    name: Name
    phone: Phone
    id_number: ResidentId = ""

    @property
    def details(self) -> PersonDetails:
        return PersonDetails(self.name, self.phone, self.id_number)


class WithdrawIn(Asked):
    model_config = asked(reason="窗口临时关闭")
    reason: Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]*$")]


class CheckInIn(Asked):
    model_config = asked(code="482913")
    code: Annotated[str, Field(pattern=r"^[0-9]{6}$")]
