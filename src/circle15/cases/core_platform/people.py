"""Who a case is about, as the platform knows the person: asked once a message (1101)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from circle15.accounts.actors import system_actor
from circle15.cases.core_platform.functions import PERSON, Certificate, answers, function
from circle15.cases.core_platform.numbers import Numbers
from circle15.cases.core_platform.port import Asked, Platform
from circle15.cases.core_platform.protocol import Response
from circle15.cases.models import Case
from circle15.ledger.people import looking
from circle15.ledger.people.states import Field
from circle15.standards.core_platform import insurances

PURPOSE = "core platform"
IN_FORCE = "1"
_SYSTEM = system_actor("核心平台接口")


class NotKnown(Exception):
    """The platform does not know the person, or not as insured; the message is the platform's."""


@dataclass(frozen=True, slots=True)
class Insured:
    """Number, kind of insurance and place of a person at the platform."""

    psn_no: str
    insutype: str
    insured_in: str

    def to_json(self) -> dict[str, str]:
        return {
            "psn_no": self.psn_no,
            "insutype": self.insutype,
            "insuplc_admdvs": self.insured_in,
        }

    @classmethod
    def of(cls, told: Mapping[str, str]) -> "Insured":
        return cls(told["psn_no"], told["insutype"], told["insuplc_admdvs"])


def ask_person(case: Case, platform: Platform, numbers: Numbers, *, at: datetime) -> Insured:
    """Ask who the person of a case is; asking twice does no harm.

    Raises NotKnown, NotTaken, ReplyLost.
    """
    assert case.person_uid is not None
    opened = {
        field: looking.plain(case.person_uid, field, purpose=PURPOSE, by=_SYSTEM, at=at)
        for field in (Field.ID_NUMBER, Field.NAME)
    }
    values = {
        "mdtrt_cert_type": Certificate.RESIDENT_ID.value,
        "mdtrt_cert_no": opened[Field.ID_NUMBER],
        "psn_name": opened[Field.NAME],
    }
    number = numbers.next(platform.fixmedins_code, at=at)
    return insured_in(platform.ask(Asked(PERSON, number, values), at=at))


def insured_in(response: Response) -> Insured:
    """Read the answer of 1101. Raises NotKnown."""
    people = answers(function(PERSON), response.output)
    if not (response.is_done and people and people[0].get("psn_no")):
        raise NotKnown(response.err_msg or "1101")
    kinds = [one for one in _listed(response.output.get("insuinfo")) if one.get("insutype")]
    in_force = [one for one in kinds if str(one.get("psn_insu_stas", IN_FORCE)) == IN_FORCE]
    wanted = insurances()
    ranked = sorted(
        (one for one in in_force if one["insutype"] in wanted),
        key=lambda one: wanted.index(str(one["insutype"])),
    )
    if not ranked:
        raise NotKnown("没有有效的参保信息")
    chosen = ranked[0]
    return Insured(
        str(people[0]["psn_no"]), str(chosen["insutype"]), str(chosen.get("insuplc_admdvs", ""))
    )


def _listed(told: object) -> list[Mapping[str, object]]:
    return [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []
