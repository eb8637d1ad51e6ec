"""The lives of an appraisal, an award and a typical case, each as one table; quarters of a year."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

_QUARTERS = 4
_MONTHS = 3


class AppraisalState(TextChoices):
    PROPOSED = "proposed", _("已提出")
    RETURNED = "returned", _("已退回")
    CONFIRMED = "confirmed", _("已确认")
    OBJECTED = "objected", _("异议复核中")
    CLOSED = "closed", _("已归档")


class AppraisalStep(TextChoices):
    """What is done to an appraisal; proposing it is the step before its first state."""

    PROPOSE = "propose", _("提出等次")
    CONFIRM = "confirm", _("确认")
    RETURN = "return", _("退回")
    ACCEPT = "accept", _("本人无异议")
    OBJECT = "object", _("提出异议")
    DECIDE = "decide", _("复核决定")
    LAPSE = "lapse", _("期满归档")


APPRAISAL: Mapping[str, Mapping[AppraisalStep, AppraisalState]] = MappingProxyType(
    {
        AppraisalState.PROPOSED: {
            AppraisalStep.CONFIRM: AppraisalState.CONFIRMED,
            AppraisalStep.RETURN: AppraisalState.RETURNED,
        },
        AppraisalState.RETURNED: {AppraisalStep.PROPOSE: AppraisalState.PROPOSED},
        AppraisalState.CONFIRMED: {
            AppraisalStep.ACCEPT: AppraisalState.CLOSED,
            AppraisalStep.OBJECT: AppraisalState.OBJECTED,
            AppraisalStep.LAPSE: AppraisalState.CLOSED,
        },
        AppraisalState.OBJECTED: {AppraisalStep.DECIDE: AppraisalState.CLOSED},
        AppraisalState.CLOSED: {},
    }
)
# Somebody besides the manager has agreed to the grade.
AGREED = (AppraisalState.CONFIRMED, AppraisalState.OBJECTED, AppraisalState.CLOSED)


class AwardState(TextChoices):
    PROPOSED = "proposed", _("待审定")
    APPROVED = "approved", _("已授予")
    REFUSED = "refused", _("未通过")
    WITHDRAWN = "withdrawn", _("已撤销")


class AwardStep(TextChoices):
    APPROVE = "approve", _("授予")
    REFUSE = "refuse", _("不通过")
    WITHDRAW = "withdraw", _("撤销")


AWARD: Mapping[str, Mapping[AwardStep, AwardState]] = MappingProxyType(
    {
        AwardState.PROPOSED: {
            AwardStep.APPROVE: AwardState.APPROVED,
            AwardStep.REFUSE: AwardState.REFUSED,
        },
        AwardState.APPROVED: {AwardStep.WITHDRAW: AwardState.WITHDRAWN},
        AwardState.REFUSED: {},
        AwardState.WITHDRAWN: {},
    }
)


class TypicalState(TextChoices):
    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("已报送")
    CHOSEN = "chosen", _("已入选")
    PUBLISHED = "published", _("已刊发")


class TypicalStep(TextChoices):
    SUBMIT = "submit", _("报送")
    GIVE_BACK = "give_back", _("退回修改")
    CHOOSE = "choose", _("入选")
    PUBLISH = "publish", _("刊发")


TYPICAL: Mapping[str, Mapping[TypicalStep, TypicalState]] = MappingProxyType(
    {
        TypicalState.DRAFT: {TypicalStep.SUBMIT: TypicalState.SUBMITTED},
        TypicalState.SUBMITTED: {
            TypicalStep.CHOOSE: TypicalState.CHOSEN,
            TypicalStep.GIVE_BACK: TypicalState.DRAFT,
        },
        TypicalState.CHOSEN: {TypicalStep.PUBLISH: TypicalState.PUBLISHED},
        TypicalState.PUBLISHED: {},
    }
)
# What counts as reported to the office above.
REPORTED = (TypicalState.SUBMITTED, TypicalState.CHOSEN, TypicalState.PUBLISHED)


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of a year; 0 is the whole year. Written 2026Q1, or 2026."""

    year: int
    number: int

    @property
    def is_year(self) -> bool:
        return self.number == 0

    @property
    def since(self) -> date:
        return date(self.year, max(self.number - 1, 0) * _MONTHS + 1, 1)

    @property
    def until(self) -> date:
        following = Quarter(self.year + 1, 0) if self.is_year else self.following
        return following.since - timedelta(days=1)

    @property
    def following(self) -> "Quarter":
        if self.number in {0, _QUARTERS}:
            return Quarter(self.year + 1, min(self.number, 1))
        return Quarter(self.year, self.number + 1)

    @property
    def former(self) -> "Quarter":
        if self.number in {0, 1}:
            return Quarter(self.year - 1, self.number and _QUARTERS)
        return Quarter(self.year, self.number - 1)

    @property
    def quarters(self) -> tuple["Quarter", ...]:
        """Return the quarters of a year, or the quarter itself."""
        numbers = range(1, _QUARTERS + 1) if self.is_year else (self.number,)
        return tuple(Quarter(self.year, number) for number in numbers)

    def __str__(self) -> str:
        return str(self.year) if self.is_year else f"{self.year}Q{self.number}"


def quarter_of(day: date) -> Quarter:
    """Return the quarter a day lies in."""
    return Quarter(day.year, (day.month - 1) // _MONTHS + 1)


def quarter_from(text: str) -> Quarter | None:
    """Read 2026Q1 or 2026; None for anything else."""
    year, _mark, number = text.partition("Q")
    is_whole = year.isascii() and year.isdecimal() and len(year) == len("2026")
    if not is_whole or (number or "0") not in {"0", "1", "2", "3", "4"} or text.endswith("Q"):
        return None
    return Quarter(int(year), int(number or 0)) if int(year) else None


def finished_before(day: date, count: int) -> Iterator[Quarter]:
    """Yield the last quarters that are over, the newest first."""
    quarter = quarter_of(day)
    for _each in range(count):
        quarter = quarter.former
        yield quarter
