"""What a reader typed: told apart, judged, and never shown."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _

from circle15.accounts.devices import Device
from circle15.cases.core_platform import ecard
from circle15.core.identifiers import canonical_resident_id, excel_damage, is_resident_id

# The code on a ticket is its link; a reader's signs are dropped on the way, its letters stay.
_TICKET = re.compile(r"https?\S*t/?([0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12})/?")
_APPOINTMENT = re.compile(r"[0-9]{6}")
# A code of the insurance app is good for a minute and longer than any number of a card.
_ECARD = re.compile(r"[0-9A-Za-z]{24,64}")


class ScanKind(StrEnum):
    ID_CARD = "id_card"
    ECARD = "ecard"
    APPOINTMENT = "appointment"
    TICKET = "ticket"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Scan:
    """One reading; `code` stays inside the request."""

    kind: ScanKind
    code: str = ""
    problem: str = ""


def read_scan(typed: str) -> Scan:
    """Tell what a reader sent. Problems are named without a digit of what was read."""
    if ticket := _TICKET.fullmatch(typed.strip().lower()):
        return Scan(ScanKind.TICKET, ticket[1])
    code = canonical_resident_id(typed)
    if is_resident_id(code):
        return Scan(ScanKind.ID_CARD, code)
    if _APPOINTMENT.fullmatch(code):
        return Scan(ScanKind.APPOINTMENT, code)
    if _ECARD.fullmatch(code):
        return Scan(ScanKind.ECARD, code)
    if excel_damage(code):
        return Scan(
            ScanKind.UNREADABLE,
            problem=_("这是表格软件改坏的号码，位数已丢失，不能使用。请刷身份证原件。"),
        )
    return Scan(ScanKind.UNREADABLE, problem=_("没有读到有效的号码。请把证件放平，再刷一次。"))


def known_by_code(reading: Scan, machine: Device, *, at: datetime) -> Scan:
    """Turn the reading of an e-card into that of its holder's number; any other stays as it is.

    Raises EcardNotSetUp, EcardAway, EcardRefused, PersonDiffers.
    """
    if reading.kind is not ScanKind.ECARD:
        return reading
    business = ecard.Business(
        operator_id=str(machine.id), operator_name=machine.name, office_name=machine.site_name
    )
    shown = ecard.identify(reading.code, business=business, at=at)
    return Scan(ScanKind.ID_CARD, shown.id_number)
