"""What operations on ratings and orders take and give."""

from datetime import date
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field

from circle15.api.schemas import UID, Asked, SiteCode, Value, asked, example
from circle15.ratings.measuring.figures import Rate, Sums, rates_of

_PLAIN = r"^[^\x00-\x1f\x7f]*$"
_UID = str(UID)
Grade = Annotated[int, Field(ge=1, le=5)]
Code = Annotated[str, Field(pattern=r"^[0-9]{3}$", max_length=3)]
Text = Annotated[str, Field(max_length=500, pattern=_PLAIN)]
Phone = Annotated[str, Field(max_length=20, pattern=r"^[0-9 +-]*$")]
Number = Annotated[str, Field(max_length=40, pattern=r"^[0-9A-Za-z_-]*$")]


class RatingIn(Asked):
    """A rating of one visit or one case; the labels are the national ones of the grades."""

    model_config = asked(
        ticket_uid=_UID, grade=5, person_grade=5, labels=["510"], channel="hotline"
    )
    ticket_uid: UUID | None = None
    case_number: Number = ""
    grade: Grade
    person_grade: Grade | None = None
    labels: Annotated[list[Code], Field(max_length=8, default_factory=list)]
    text: Annotated[str, Field(max_length=150, pattern=_PLAIN)] = ""
    channel: Literal["api", "hotline", "paper", "web"] = "api"
    # Nobody answered in time: kept, and never counted as given.
    is_default: bool = False
    phone: Phone = ""


class RatingNow(Value):
    model_config = example(uid=_UID, is_bad=False, order_uid=None)
    uid: UUID
    is_bad: bool
    order_uid: UUID | None


class RateNow(Value):
    """A rate; without anything counted, or with too few, there is no value."""

    model_config = example(
        key="good",
        name="好评率",
        part=48,
        whole=50,
        value=0.96,
        low=0.8654,
        high=0.989,
        hidden=False,
    )
    key: str
    name: str
    part: int | None
    whole: int | None
    value: float | None
    low: float | None
    high: float | None
    hidden: bool

    @classmethod
    def made(cls, rate: Rate) -> Self:
        low, high = rate.interval or (None, None)
        if rate.is_hidden:
            return cls(
                key=rate.key,
                name=rate.name,
                part=None,
                whole=None,
                value=None,
                low=None,
                high=None,
                hidden=True,
            )
        return cls(
            key=rate.key,
            name=rate.name,
            part=rate.share.part,
            whole=rate.share.whole,
            value=rate.share.value,
            low=low,
            high=high,
            hidden=False,
        )


class RatingFigures(Value):
    """The rates of an area over finished days."""

    since: date
    until: date
    rates: list[RateNow]

    @classmethod
    def of_sums(cls, sums: Sums, *, since: date, until: date, is_few: bool) -> Self:
        rates = [RateNow.made(rate) for rate in rates_of(sums, is_few=is_few)]
        return cls(since=since, until=until, rates=rates)


class OrderIn(Asked):
    """A complaint, opinion or suggestion that came to another house first."""

    model_config = asked(
        kind="complaint",
        came_from="12345",
        external_number="NT20261122-7",
        site_code="QD-0001",
        text="停车难",
    )
    kind: Literal["complaint", "opinion", "suggestion"]
    came_from: Literal["12345", "hotline", "letter", "window"] = "12345"
    external_number: Number = ""
    site_code: SiteCode
    text: Annotated[Text, Field(min_length=2)]
    name: Annotated[str, Field(max_length=40, pattern=_PLAIN)] = ""
    phone: Phone = ""


class OrderNow(Value):
    """Where an order stands; nobody is named."""

    model_config = example(
        uid=_UID,
        number="P3206812026112200001",
        external_number="NT20261122-7",
        kind="complaint",
        state="received",
        received_on="2026-11-22",
        answer_due_on="2026-11-27",
        finding="",
        answer="",
        is_satisfied=None,
        reopened=0,
    )
    uid: UUID
    number: str
    external_number: str
    kind: str
    state: str
    received_on: date
    answer_due_on: date
    finding: str
    answer: str
    is_satisfied: bool | None
    reopened: int

    @classmethod
    def made(cls, known: dict[str, Any]) -> Self:
        return cls(**known)
