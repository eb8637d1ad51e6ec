"""The fields a paper may give, and how sure one is of each."""

from dataclasses import dataclass
from enum import StrEnum


class Paper(StrEnum):
    """Kinds of paper that are recognized."""

    ID_FRONT = "id-front"
    ID_BACK = "id-back"
    BANK_CARD = "bank-card"
    RECEIPT = "receipt"
    OTHER = "other"


class Field(StrEnum):
    """What is read. Dates are ISO, amounts yuan with two decimals."""

    NAME = "name"
    SEX = "sex"
    NATION = "nation"
    BIRTH = "birth"
    ADDRESS = "address"
    ID_NUMBER = "id-number"
    AUTHORITY = "authority"
    VALID_FROM = "valid-from"
    VALID_UNTIL = "valid-until"
    CARD_NUMBER = "card-number"
    BANK = "bank"
    AMOUNT = "amount"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Found:
    """A field as read: confidence 0 to 1; proved if a check digit or a second place bears it out.

    `is_doubtful` is what contradicts itself, a number whose check digit does not fit above all.
    """

    field: Field
    value: str
    confidence: float
    is_proved: bool = False
    is_doubtful: bool = False


@dataclass(frozen=True, slots=True)
class ReadPaper:
    """What a paper was taken for and what it says, in the order of the paper."""

    paper: Paper
    found: tuple[Found, ...]

    def value(self, field: Field) -> str:
        """Return a field's value, "" for one that was not found."""
        return next((each.value for each in self.found if each.field == field), "")

    @property
    def weight(self) -> tuple[int, int, float]:
        """Return by what the best of several ways to read is chosen."""
        proved = sum(each.is_proved for each in self.found)
        return proved, len(self.found), sum(each.confidence for each in self.found)
