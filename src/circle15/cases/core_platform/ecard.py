"""Who shows an e-certificate (医保电子凭证): scan, ask the decoder, ask the platform by its token.

The token is for this one question: it is in no field, no log and no answer of ours.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Final, Protocol

from django.conf import settings
from django.utils.translation import gettext as _

from circle15.accounts.refusals import Refused
from circle15.cases.core_platform.functions import PERSON, Certificate, answers, function
from circle15.cases.core_platform.guarded import Guard, Guarded
from circle15.cases.core_platform.line import Line
from circle15.cases.core_platform.numbers import Numbers, OnlineNumbers
from circle15.cases.core_platform.people import Insured, NotKnown, insured_in
from circle15.cases.core_platform.port import Asked, PlatformAway, ReplyLost
from circle15.cases.core_platform.posting import post_json
from circle15.cases.core_platform.worker import online, present_line
from circle15.core.identifiers import is_resident_id

# For the business of a hall no code was published: agreed with the decoder when it is installed.
HALL_BUSINESS: Final = "09901"
QUERY: Final = "ec.query"
# The name of this way of signing in to the online hall.
SIGN_IN: Final = "ecard"
_CODE = re.compile(r"[0-9A-Z]{20,64}")
_TAKEN = 0


class EcardNotSetUp(Refused):
    def __init__(self) -> None:
        super().__init__(_("本系统还没有接通医保码，请用其他方式。"))


class EcardAway(Refused):
    def __init__(self) -> None:
        super().__init__(_("暂时读不了医保码，请稍后再试，或用其他方式。"))


class EcardRefused(Refused):
    def __init__(self) -> None:
        super().__init__(_("医保码无效或已过期，请在手机上刷新后重新出示。"))


class NotEcard(Refused):
    def __init__(self) -> None:
        super().__init__(_("这不是医保码，请打开医保码后再扫。"))


class PersonDiffers(Refused):
    def __init__(self) -> None:
        super().__init__(_("医保码与参保信息不一致，请到窗口核对身份。"))


@dataclass(frozen=True, slots=True)
class Business:
    """For what and by whom a code is read; lengths are cut to the interface's."""

    operator_id: str
    operator_name: str
    office_id: str = ""
    office_name: str = ""
    device: str = "SelfService"
    code: str = HALL_BUSINESS

    def to_json(self, org: str, qr: str) -> dict[str, object]:
        told = {
            "orgId": org[:40],
            "businessType": self.code,
            "operatorId": self.operator_id[:64],
            "operatorName": self.operator_name[:64],
            "officeId": self.office_id[:20],
            "officeName": self.office_name[:30],
            "deviceType": self.device[:30],
            "qrCode": qr,
        }
        return {"transType": QUERY, "orgId": org[:40], "data": told}


@dataclass(frozen=True, slots=True)
class Decoded:
    """What the decoder says of a code; the token serves one question."""

    id_number: str = field(repr=False)
    name: str = field(repr=False)
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Identified:
    """Who showed the code; `insured` is None while the platform is away or knows nothing."""

    id_number: str = field(repr=False)
    name: str = field(repr=False)
    insured: Insured | None = None


class Decoder(Protocol):
    """Reads codes: the component beside the scanner, or a simulator."""

    def decode(self, qr: str, business: Business) -> Decoded | None:
        """Return who a code belongs to; None for a bad or old one. Raises PlatformAway."""


@dataclass(frozen=True, slots=True)
class HttpDecoder:
    """The decoding component behind an address of this machine or hall."""

    url: str
    org: str
    timeout_s: float

    def decode(self, qr: str, business: Business) -> Decoded | None:
        told = post_json(self.url, business.to_json(self.org, qr), timeout_s=self.timeout_s)
        if not isinstance(told, dict) or not isinstance(told.get("code"), int):
            raise ReplyLost("answer out of shape")
        data = told.get("data")
        if told["code"] != _TAKEN or not isinstance(data, dict):
            return None
        names = ("idNo", "userName", "ecToken")
        number, name, token = (str(data.get(one) or "") for one in names)
        if not (is_resident_id(number) and name and token):
            return None
        return Decoded(number, name, token)


@dataclass
class GuardedDecoder(Guard):
    """A decoder behind a breaker: nobody in a queue waits again and again for one that is away."""

    decoder: Decoder

    def decode(self, qr: str, business: Business, *, at: datetime) -> Decoded:
        """Return who a code belongs to. Raises EcardAway, EcardRefused."""
        try:
            found = self.through(lambda: self.decoder.decode(qr, business), at=at)
        except PlatformAway as away:
            raise EcardAway from away
        if found is None:
            raise EcardRefused
        return found


def is_code(text: str) -> bool:
    """Tell whether a reading may be an e-certificate: longer than numbers of cards and cases."""
    return _CODE.fullmatch(text.strip().upper()) is not None


def is_set_up() -> bool:
    """Tell whether codes can be read here."""
    line = present_line()
    return line is not None and bool(line.ecard_url)


def demo_phone() -> str:
    """Return the address of the simulated phone of a demo; "" elsewhere."""
    line = present_line()
    return line.ecard_url if settings.DEMO and line else ""


# Clauses: W-66, N-12
def identify(qr: str, *, business: Business, at: datetime) -> Identified:
    """Say who shows a code, as decoder and platform agree.

    Raises EcardNotSetUp, NotEcard, EcardAway, EcardRefused, PersonDiffers.
    """
    line, platform = present_line(), online()
    if line is None or platform is None or not line.ecard_url:
        raise EcardNotSetUp
    return identify_by(qr, business, _decoder(line), platform, OnlineNumbers(), at=at)


def identify_by(  # noqa: PLR0913 -- the two sides of the question
    qr: str,
    business: Business,
    decoder: GuardedDecoder,
    platform: Guarded,
    numbers: Numbers,
    *,
    at: datetime,
) -> Identified:
    """Ask the decoder, then the platform by the token. Raises as `identify`."""
    if not is_code(qr):
        raise NotEcard
    code = qr.strip().upper()
    decoded = decoder.decode(code, business, at=at)
    values = {
        "mdtrt_cert_type": Certificate.ECARD.value,
        "mdtrt_cert_no": decoded.token,
        "certno": decoded.id_number,
        "psn_name": decoded.name,
    }
    number = numbers.next(platform.fixmedins_code, at=at)
    try:
        response = platform.ask(Asked(PERSON, number, values), at=at)
    except PlatformAway:  # the core may be down, the person stands here all the same
        return Identified(decoded.id_number, decoded.name)
    people = answers(function(PERSON), response.output)
    if response.is_done and people and people[0].get("certno") != decoded.id_number:
        raise PersonDiffers
    try:
        return Identified(decoded.id_number, decoded.name, insured_in(response))
    except NotKnown:
        return Identified(decoded.id_number, decoded.name)


@lru_cache(maxsize=2)  # one breaker for each line and process
def _decoder(line: Line) -> GuardedDecoder:
    return GuardedDecoder(HttpDecoder(line.ecard_url, line.fixmedins_code, line.timeout_s))
