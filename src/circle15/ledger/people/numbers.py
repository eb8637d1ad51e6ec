"""Numbers and phones as people give them: the one form that is stored, or what is wrong."""

import re

from django.utils.translation import gettext as _

from circle15.accounts.refusals import Refused
from circle15.areas.wording import worded
from circle15.core.identifiers import canonical_resident_id, check_resident_id
from circle15.core.messages import Message, joined
from circle15.ledger.people.states import IdKind

_OTHER_NUMBER = re.compile(r"[A-Z0-9()-]{5,30}")
# Fixed lines too: old people have them.
_PHONE = re.compile(r"\+?[0-9][0-9-]{4,18}[0-9]")
_PHONE_GAPS = re.compile(r"[\s()（）]")


class BadNumber(Refused):
    """The number cannot be one; the message says why."""


def id_number_problems(number: str, kind: str) -> tuple[Message, ...]:
    """Name what is wrong with a number in its stored form."""
    if kind == IdKind.RESIDENT:
        return check_resident_id(number)
    if _OTHER_NUMBER.fullmatch(number):
        return ()
    return (Message("证件号码只能用字母、数字、括号和连字符，5至30位"),)


def searched(number: str) -> str:
    """Return the stored form of a number asked for. Raises BadNumber."""
    number = canonical_resident_id(number)
    if not number:
        raise BadNumber(_("请填写证件号码。"))
    looks_resident = number.rstrip("X").isdigit()
    kind = IdKind.RESIDENT if looks_resident else IdKind.OTHER
    if problems := id_number_problems(number, kind):
        raise BadNumber(worded(joined(problems)))
    return number


def stored_phone(phone: str) -> str:
    """Give the form in which a phone is stored and looked for."""
    return _PHONE_GAPS.sub("", canonical_resident_id(phone))


def phone_problems(phone: str) -> tuple[Message, ...]:
    """Name what is wrong with a phone in its stored form."""
    if not phone or _PHONE.fullmatch(phone):
        return ()
    return (Message("电话号码只能用数字、空格、括号和连字符"),)
