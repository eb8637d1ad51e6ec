"""What operations take and give; the examples stand in the OpenAPI document."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

LAST_ID = 2**63 - 1
# No control characters: the database keeps no NUL, and no line of a log can be forged.
_PLAIN = r"^[^\x00-\x1f\x7f]*$"

RowId = Annotated[int, Field(ge=1, le=LAST_ID, examples=[17])]
SiteCode = Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{1,24}$", examples=["QD-0001"])]
LaneCode = Annotated[str, Field(pattern=r"^[0-9A-Za-z]{1,4}$", examples=["A"])]
ItemKey = Annotated[str, Field(pattern=r"^[0-9a-z_.-]{1,60}$", examples=["resident-enrolment"])]
AnswerGiven = Annotated[
    str, Field(max_length=121, pattern=r"^[0-9a-z_.-]{1,60}:[0-9a-z_.-]{1,60}$", examples=["a:b"])
]
GreenClassKey = Annotated[str, Field(pattern=r"^[0-9a-z_-]{0,40}$", examples=["elder"])]
Note = Annotated[str, Field(max_length=120, pattern=_PLAIN)]
ShortNote = Annotated[str, Field(max_length=40, pattern=_PLAIN)]

UID = UUID("0f8e5a3c-6d3b-4a0f-9a53-1c2f4f1d7b15")
_UID = str(UID)


class Value(BaseModel):
    """Given to callers, made from what actions and queries return."""

    model_config: ClassVar[ConfigDict] = ConfigDict(from_attributes=True, frozen=True)

    @classmethod
    def of(cls, value: object) -> Self:
        return cls.model_validate(value, from_attributes=True)


def example(**values: Any) -> ConfigDict:
    """Give an example to what is given to callers."""
    return ConfigDict(from_attributes=True, frozen=True, json_schema_extra={"example": values})


class Asked(BaseModel):
    """Taken from callers: an unknown field is a mistake, not ignored."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)


def asked(**values: Any) -> ConfigDict:
    """Give an example to what is taken from callers."""
    return ConfigDict(extra="forbid", frozen=True, json_schema_extra={"example": values})


def answers_of(given: Iterable[str]) -> dict[str, str]:
    """Return answers by question of what is given as `question:choice`."""
    return dict(one.split(":", 1) for one in given)


class Me(Value):
    """Who the token acts for."""

    model_config = example(
        name="一号机", role="kiosk", area_path="/320600000000/QD-0001/", permissions=["hall.take"]
    )
    name: str
    role: str
    area_path: str
    permissions: list[str]


class Lane(Value):
    model_config = example(code="A", name="综合业务", kind="ordinary", waiting=7)
    code: str
    name: str
    kind: str
    waiting: int


class Window(Value):
    """A window; `label` is the number that is there now."""

    model_config = example(
        id=17,
        number=3,
        name="综合窗口",
        is_open=True,
        is_paused=False,
        label="A012",
        covered_by=None,
    )
    id: int
    number: int
    name: str
    is_open: bool
    is_paused: bool
    label: str
    covered_by: int | None


class HallLine(Value):
    model_config = example(site_code="QD-0001", site_name="汇龙镇医保服务站", takes_tickets=True)
    site_code: str
    site_name: str
    takes_tickets: bool


class Halls(Value):
    halls: list[HallLine]


class HallNow(Value):
    """Who waits where, which windows are open, and the number of the last announcement."""

    site_code: str
    site_name: str
    takes_tickets: bool
    last_event: int
    lanes: list[Lane]
    windows: list[Window]


class Lanes(Value):
    lanes: list[Lane]


class WaitingTicket(Value):
    model_config = example(
        uid=_UID,
        label="A012",
        lane="A",
        kind="ordinary",
        green_class="",
        items=["resident-enrolment"],
        waited_s=310,
        taken_at="2026-03-02T09:00:00+08:00",
        for_window=None,
    )
    uid: UUID
    label: str
    lane: str
    kind: str
    green_class: str
    items: list[str]
    waited_s: int
    taken_at: datetime
    for_window: int | None


class WaitingList(Value):
    """Who waits, in the order of the calls."""

    tickets: list[WaitingTicket]


class Announcement(Value):
    """Something said to the hall; the numbers have no gap."""

    model_config = example(
        seq=415, kind="call", label="A012", window=3, at="2026-03-02T09:05:10+08:00"
    )
    seq: int
    kind: str
    label: str
    window: int
    at: datetime


class Announcements(Value):
    last_event: int
    announcements: list[Announcement]


class TakeIn(Asked):
    """Lane `G` needs a green class; what for may be left out."""

    model_config = asked(lane="A", items=["resident-enrolment"])
    lane: LaneCode
    items: Annotated[list[ItemKey], Field(max_length=8)] = []
    green_class: GreenClassKey = ""
    green_reason: Note = ""


class Taken(Value):
    """What the paper ticket says; `uid` is the secret of the phone's page."""

    model_config = example(
        uid=_UID,
        label="A012",
        number=12,
        lane="A",
        ahead=7,
        site_name="汇龙镇医保服务站",
        day="2026-03-02",
        state="waiting",
    )
    uid: UUID
    label: str
    number: int
    lane: str
    ahead: int
    site_name: str
    day: date
    state: str


class TicketNow(Value):
    """A ticket as the holder of its link sees it; minutes from and to, when they can be told."""

    model_config = example(
        uid=_UID, label="A012", state="waiting", ahead=7, window=None, minutes=[12, 25], onward=None
    )
    uid: UUID
    label: str
    state: str
    ahead: int | None
    window: int | None
    minutes: tuple[int, int] | None
    onward: UUID | None


class Moved(Value):
    """Where a ticket stands now."""

    model_config = example(uid=_UID, label="A012", state="waiting", site_name="汇龙镇医保服务站")
    uid: UUID
    label: str
    state: str
    site_name: str


class Called(Value):
    model_config = example(
        uid=_UID,
        label="A012",
        window_number=3,
        seq=415,
        waited_s=310,
        items=["resident-enrolment"],
        green_class="",
    )
    uid: UUID
    label: str
    window_number: int
    seq: int
    waited_s: int
    items: list[str]
    green_class: str


class Recalled(Value):
    """Called again, or a no-show because it was called often enough."""

    model_config = example(uid=_UID, label="A012", calls=2, is_no_show=False, seq=416)
    uid: UUID
    label: str
    calls: int
    is_no_show: bool
    seq: int | None


class Serving(Value):
    model_config = example(uid=_UID, label="A012")
    uid: UUID
    label: str


class Finished(Value):
    model_config = example(uid=_UID, label="A012", service_s=412)
    uid: UUID
    label: str
    service_s: int


class Seat(Value):
    """A window and whether it is open or paused."""

    model_config = example(window_id=17, begun_at="2026-03-02T08:30:00+08:00", paused_at=None)
    window_id: int
    begun_at: datetime
    paused_at: datetime | None
    ended_at: datetime | None


class Emergency(Value):
    model_config = example(seq=417)
    seq: int


class CoverNow(Value):
    """Who stands in for whom; ids of windows."""

    model_config = example(window_id=17, by_window_id=18)
    window_id: int
    by_window_id: int | None


class Item(Value):
    model_config = example(position=2, item="employee-enrolment", done=False)
    position: int
    item: str
    done: bool


class DeskTicket(Value):
    uid: UUID
    label: str
    lane: str
    state: str
    since: datetime
    calls: int
    green_class: str


class DeskNow(Value):
    """What a clerk sees of the own window."""

    window_id: int
    window_number: int
    site_code: str
    waiting: int
    last_event: int
    current: DeskTicket | None
    next: list[WaitingTicket]
    held: list[DeskTicket]


class UidIn(Asked):
    """Which ticket: a stale button never hits the next one."""

    model_config = asked(uid=_UID)
    uid: UUID


class FinishIn(Asked):
    model_config = asked(uid=_UID, outcome="done")
    uid: UUID
    outcome: ShortNote = ""


class ReasonIn(Asked):
    model_config = asked(reason="交接班")
    reason: ShortNote = ""


class NoteIn(Asked):
    model_config = asked(note="回家取户口簿")
    note: Note = ""


class CancelIn(Asked):
    model_config = asked(reason="取错号")
    reason: Annotated[Note, Field(min_length=1)]


class TransferIn(Asked):
    """To a window of the hall, or to another hall of the county: one of the two."""

    model_config = asked(to_window=18, reason="需主任窗口办理")
    to_window: RowId | None = None
    to_site: SiteCode | None = None
    reason: Note = ""


class CoverIn(Asked):
    model_config = asked(by_window_id=18)
    by_window_id: RowId


class ItemIn(Asked):
    model_config = asked(item="employee-enrolment")
    item: ItemKey


class DoneIn(Asked):
    model_config = asked(done=True)
    done: bool = True


class RegisterIn(Asked):
    """The one-time code of a machine, as shown on the devices page."""

    model_config = asked(code="7KQ4 M3XA")
    code: Annotated[str, Field(min_length=8, max_length=20, pattern=_PLAIN)]


class Registered(Value):
    """The machine's token: keep it as a secret, it is shown once."""

    model_config = example(
        token="eyJ…",  # noqa: S106 -- an example
        kind="kiosk",
        name="一号机",
        site_code="QD-0001",
        expires_at="2027-04-06T09:00:00+08:00",
    )
    token: str
    kind: str
    name: str
    site_code: str
    expires_at: datetime
