"""What is known of somebody as it is entered, and whether it can be believed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from circle15.accounts.refusals import Refused
from circle15.areas.bulk import no_division
from circle15.areas.models import Division
from circle15.areas.wording import worded
from circle15.core.identifiers import (
    birth_date,
    canonical_resident_id,
    canonical_social_credit_code,
    check_social_credit_code,
)
from circle15.core.messages import Message, joined
from circle15.core.text import tidy
from circle15.ledger.people.numbers import id_number_problems, phone_problems, stored_phone
from circle15.ledger.people.states import IdKind, Insurance, Source
from circle15.standards.registers import ORGANISATIONS, PERSONS, registers

LONGEST_NAME = 60
_OLDEST = 130
# The field to look at, and what is wrong with it.
Problem = tuple[str, Message]


class UnusablePerson(Refused):
    """What was entered cannot be kept; `problems` names every field to look at."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(worded(joined([message for _, message in self.problems])))


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonEntry:
    """A person as entered; "" is not said. `registers`: "hardship", "hardship/minimum-living"."""

    name: str = ""
    id_number: str = ""
    phone: str = ""
    division_code: str = ""
    id_kind: str = IdKind.RESIDENT
    birth_year: int | None = None
    insurance: str = ""
    registers: tuple[str, ...] = ()
    source: str = Source.ENTRY
    is_synthetic: bool = False

    def tidied(self) -> "PersonEntry":
        """Put every field into the form in which it is stored."""
        return PersonEntry(
            name=" ".join(self.name.split()),
            id_number=canonical_resident_id(self.id_number),
            phone=stored_phone(self.phone),
            division_code=self.division_code.strip(),
            id_kind=self.id_kind,
            birth_year=self.birth_year,
            insurance=self.insurance,
            registers=self.registers,
            source=self.source,
            is_synthetic=self.is_synthetic,
        )

    @property
    def year(self) -> int | None:
        """Give the year of birth: as the number has it, else as said."""
        if self.id_number and self.id_kind == IdKind.RESIDENT:
            return birth_date(self.id_number).year
        return self.birth_year


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationEntry:
    """An organisation as entered; "" is not said."""

    name: str = ""
    credit_code: str = ""
    provider_code: str = ""
    division_code: str = ""
    address: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    registers: tuple[str, ...] = ()
    source: str = Source.ENTRY
    is_synthetic: bool = False

    def tidied(self) -> "OrganisationEntry":
        return OrganisationEntry(
            name=" ".join(self.name.split()),
            credit_code=canonical_social_credit_code(self.credit_code),
            provider_code=tidy(self.provider_code).text.replace(" ", "").upper(),
            division_code=self.division_code.strip(),
            address=" ".join(self.address.split()),
            contact_name=" ".join(self.contact_name.split()),
            contact_phone=stored_phone(self.contact_phone),
            registers=self.registers,
            source=self.source,
            is_synthetic=self.is_synthetic,
        )


def person_problems(entry: PersonEntry, *, on: date, is_new: bool) -> Iterator[Problem]:
    """Name everything that is wrong with a tidied entry."""
    if is_new and not entry.name:
        yield "name", Message("请填写姓名")
    if len(entry.name) > LONGEST_NAME:
        yield "name", _too_long(entry.name, LONGEST_NAME)
    if entry.id_number:
        for message in id_number_problems(entry.id_number, entry.id_kind):
            yield "id_number", message
    if is_new and not entry.id_number and entry.birth_year is None:
        yield "id_number", Message("请填写证件号码；还没有证件的，请填写出生年份")
    if entry.birth_year is not None and not on.year - _OLDEST <= entry.birth_year <= on.year:
        yield "birth_year", Message("出生年份不合理，请核对")
    for message in phone_problems(entry.phone):
        yield "phone", message
    if entry.insurance and entry.insurance not in Insurance.values:
        yield "insurance", Message("没有这种参保状态")
    yield from _future(entry, on)
    yield from register_problems(entry.registers, PERSONS)


def _future(entry: PersonEntry, on: date) -> Iterator[Problem]:
    if entry.id_number and entry.id_kind == IdKind.RESIDENT:
        sound = not id_number_problems(entry.id_number, entry.id_kind)
        if sound and birth_date(entry.id_number) > on:
            yield "id_number", Message("身份证号码中的出生日期在今天之后，请核对")


def organisation_problems(entry: OrganisationEntry, *, is_new: bool) -> Iterator[Problem]:
    """Name everything that is wrong with a tidied entry."""
    if is_new and not entry.name:
        yield "name", Message("请填写单位名称")
    for field, most in (("name", 120), ("address", 200), ("contact_name", LONGEST_NAME)):
        if len(getattr(entry, field)) > most:
            yield field, _too_long(getattr(entry, field), most)
    if entry.credit_code:
        for message in check_social_credit_code(entry.credit_code):
            yield "credit_code", message
    if len(entry.provider_code) > 12:  # noqa: PLR2004 -- the national list's length
        yield "provider_code", _too_long(entry.provider_code, 12)
    for message in phone_problems(entry.contact_phone):
        yield "contact_phone", message
    yield from register_problems(entry.registers, ORGANISATIONS)


def register_problems(wanted: Iterable[str], holds: str) -> Iterator[Problem]:
    """Name registers that do not exist, hold others, or lack the kind named."""
    for one in wanted:
        key, _, kind = one.partition("/")
        register = registers().get(key)
        if register is None or register.holds != holds:
            yield "registers", Message("没有“%(register)s”这个台账", register=key[:30])
        elif kind and kind not in {known.key for known in register.kinds}:
            yield "registers", Message("台账里没有“%(kind)s”这一类", kind=kind[:30])


def division_of(code: str) -> Division:
    """Return the division an entry names. Raises UnusablePerson."""
    division = Division.objects.filter(code=code).first() if code else None
    if division is None:
        message = no_division(code) if code else Message("请选择所在的镇、村（社区）")
        raise UnusablePerson([("division_code", message)])
    return division


def _too_long(text: str, most: int) -> Message:
    return Message("最多%(most)s个字，现有%(length)s个字", most=most, length=len(text))
