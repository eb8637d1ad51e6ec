"""The transactions in use: their nodes and fields, which undoes which, which asks about which.

Names are of the published interface; lengths of contents are from its common edition and not
confirmed for this city, nor are the fields of two diseases, accidents and maternity. Required is
only what a filing is nothing without. Where no undo was published, the reversal takes it back.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from circle15.core.messages import Message

SIGN_IN, PERSON, REVERSE = "9001", "1101", "2601"
TRANSFER, UNDO_TRANSFER, ASK_TRANSFER = "2501", "2502", "5304"
CHRONIC, UNDO_CHRONIC, ASK_CHRONIC = "2503", "2504", "5301"
FIXED_PLACE, UNDO_FIXED_PLACE, ASK_FIXED_PLACE = "2505", "2506", "5302"
TWO_DISEASES, UNDO_TWO_DISEASES, ASK_TWO_DISEASES = "2562", "2563", "5364"
ACCIDENT, MATERNITY = "2507", "2699"
ASK_IN_HOSPITAL = "5303"
# The number under which the platform keeps a filing.
DECLARATION = "trt_dcla_detl_sn"


class Kind(StrEnum):
    SIGN_IN = "sign_in"
    QUERY = "query"
    FILING = "filing"
    UNDO = "undo"
    REVERSAL = "reversal"


class Certificate(StrEnum):
    """With what a person is named in 1101 (mdtrt_cert_type)."""

    ECARD = "01"
    RESIDENT_ID = "02"
    SOCIAL_CARD = "03"


@dataclass(frozen=True, slots=True)
class Item:
    """One field of the contents."""

    name: str
    length: int
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Function:
    """One transaction; `same` are the fields by which a filing is known again in a query."""

    infno: str
    name: Message
    kind: Kind
    node: str
    items: tuple[Item, ...]
    answer: str = ""
    undone_by: str = ""
    asked_by: str = ""
    same: tuple[str, ...] = ()

    def contents(self, values: Mapping[str, object]) -> dict[str, object]:
        """Put the function's own fields under its node; what is empty or foreign is left out."""
        names = [one.name for one in self.items]
        kept = {n: _told(n, values[n]) for n in names if values.get(n) not in {None, ""}}
        return {self.node: kept} if self.node else kept

    def problems(self, values: Mapping[str, object]) -> tuple[Message, ...]:
        """Name every field that is missing or too long."""
        return tuple(self._problems(values))

    def missing(self, values: Mapping[str, object]) -> tuple[str, ...]:
        return tuple(one.name for one in self.items if one.is_required and not values.get(one.name))

    def _problems(self, values: Mapping[str, object]) -> Iterator[Message]:
        missing = self.missing(values)
        for name in missing:
            yield Message("缺少%(name)s", name=name)
        for one in self.items:
            length = len(str(values.get(one.name) or ""))
            if length > one.length:
                yield Message(
                    "%(name)s最长%(most)s，现为%(length)s",
                    name=one.name,
                    most=one.length,
                    length=length,
                )


def _told(name: str, value: object) -> object:
    """Return a value as it is told: what is asked for as a moment and known as a day begins it."""
    is_day = name.endswith("_time") and isinstance(value, str) and len(value) == _DAY_LENGTH
    return f"{value} 00:00:00" if is_day else value


def _items(names: str, *, required: str = "") -> tuple[Item, ...]:
    wanted = set(required.split())
    return tuple(Item(name, _LENGTHS.get(name, 50), name in wanted) for name in names.split())


_DAY_LENGTH = len("2026-03-01")
_LENGTHS = {
    "psn_no": 30,
    "insutype": 6,
    "tel": 50,
    "addr": 200,
    "insu_optins": 6,
    "diag_code": 20,
    "diag_name": 100,
    "dise_cond_dscr": 2000,
    "reflin_medins_no": 12,
    "reflin_medins_name": 200,
    "mdtrtarea_admdvs": 6,
    "hosp_agre_refl_flag": 3,
    "refl_type": 3,
    "refl_rea": 100,
    "refl_opnn": 200,
    "opsp_dise_code": 30,
    "opsp_dise_name": 300,
    "ide_fixmedins_no": 30,
    "ide_fixmedins_name": 200,
    "fixmedins_code": 12,
    "fixmedins_name": 200,
    "fix_srt_no": 3,
    "biz_appy_type": 3,
    "trum_site": 500,
    "trum_rea": 500,
    "geso_val": 3,
    "fetts": 3,
    "matn_type": 6,
    DECLARATION: 30,
    "memo": 500,
    "mdtrt_cert_type": 3,
    "mdtrt_cert_no": 500,
    "oinfno": 4,
    "omsgid": 30,
}
_UNDO = _items(f"psn_no {DECLARATION} memo", required=f"psn_no {DECLARATION} memo")

_ALL = (
    Function(
        SIGN_IN,
        Message("签到"),
        Kind.SIGN_IN,
        "signIn",
        _items("opter_no mac ip", required="opter_no"),
        "signinoutb",
    ),
    Function(
        PERSON,
        Message("人员基本信息获取"),
        Kind.QUERY,
        "data",
        _items(
            "mdtrt_cert_type mdtrt_cert_no card_sn begntime psn_cert_type certno psn_name",
            required="mdtrt_cert_type mdtrt_cert_no",
        ),
        "baseinfo",
    ),
    Function(
        TRANSFER,
        Message("转院备案"),
        Kind.FILING,
        "refmedin",
        _items(
            "psn_no insutype tel addr insu_optins diag_code diag_name dise_cond_dscr"
            " reflin_medins_no reflin_medins_name mdtrtarea_admdvs hosp_agre_refl_flag refl_type"
            " refl_date refl_rea refl_opnn begndate enddate",
            required="psn_no insutype mdtrtarea_admdvs begndate",
        ),
        "result",
        undone_by=UNDO_TRANSFER,
        asked_by=ASK_TRANSFER,
        same=("mdtrtarea_admdvs", "begndate"),
    ),
    Function(
        UNDO_TRANSFER, Message("转院备案撤销"), Kind.UNDO, "data", _UNDO, asked_by=ASK_TRANSFER
    ),
    Function(
        CHRONIC,
        Message("人员慢特病备案"),
        Kind.FILING,
        "data",
        _items(
            "psn_no insutype opsp_dise_code opsp_dise_name tel addr insu_optins ide_fixmedins_no"
            " ide_fixmedins_name hosp_ide_date diag_dr_codg diag_dr_name begndate enddate",
            required="psn_no insutype opsp_dise_code begndate",
        ),
        "result",
        undone_by=UNDO_CHRONIC,
        asked_by=ASK_CHRONIC,
        same=("opsp_dise_code", "begndate"),
    ),
    Function(
        UNDO_CHRONIC, Message("人员慢特病备案撤销"), Kind.UNDO, "data", _UNDO, asked_by=ASK_CHRONIC
    ),
    Function(
        FIXED_PLACE,
        Message("人员定点备案"),
        Kind.FILING,
        "data",
        _items(
            "psn_no tel addr biz_appy_type begndate enddate fix_srt_no fixmedins_code"
            " fixmedins_name memo",
            required="psn_no fixmedins_code begndate",
        ),
        "result",
        undone_by=UNDO_FIXED_PLACE,
        asked_by=ASK_FIXED_PLACE,
        same=("fixmedins_code", "begndate"),
    ),
    Function(
        UNDO_FIXED_PLACE,
        Message("人员定点备案撤销"),
        Kind.UNDO,
        "data",
        _UNDO,
        asked_by=ASK_FIXED_PLACE,
    ),
    Function(
        TWO_DISEASES,
        Message("门诊两病备案"),
        Kind.FILING,
        "data",
        _items(
            "psn_no insutype opsp_dise_code opsp_dise_name tel addr insu_optins fixmedins_code"
            " fixmedins_name begndate enddate",
            required="psn_no insutype opsp_dise_code begndate",
        ),
        "result",
        undone_by=UNDO_TWO_DISEASES,
        asked_by=ASK_TWO_DISEASES,
        same=("opsp_dise_code", "begndate"),
    ),
    Function(
        UNDO_TWO_DISEASES,
        Message("门诊两病备案撤销"),
        Kind.UNDO,
        "data",
        _UNDO,
        asked_by=ASK_TWO_DISEASES,
    ),
    Function(
        ACCIDENT,
        Message("人员意外伤害备案"),
        Kind.FILING,
        "data",
        _items(
            "psn_no insutype tel addr mdtrtarea_admdvs fixmedins_code fixmedins_name adm_time"
            " trum_time trum_site trum_rea begndate enddate memo",
            required="psn_no insutype trum_time trum_site trum_rea begndate",
        ),
        "result",
        undone_by=REVERSE,
    ),
    Function(
        MATERNITY,
        Message("生育备案申请"),
        Kind.FILING,
        "data",
        _items(
            "psn_no insutype tel fixmedins_code fixmedins_name geso_val fetts matn_type"
            " last_mena_date plan_matn_date begndate enddate",
            required="psn_no insutype plan_matn_date begndate",
        ),
        "result",
        undone_by=REVERSE,
    ),
    Function(
        REVERSE,
        Message("冲正交易"),
        Kind.REVERSAL,
        "data",
        _items("psn_no omsgid oinfno", required="omsgid oinfno"),
    ),
    Function(
        ASK_CHRONIC,
        Message("人员慢特病备案查询"),
        Kind.QUERY,
        "data",
        _items("psn_no", required="psn_no"),
        "feedetail",
    ),
    Function(
        ASK_FIXED_PLACE,
        Message("人员定点信息查询"),
        Kind.QUERY,
        "data",
        _items("psn_no biz_appy_type", required="psn_no"),
        "psnfixmedin",
    ),
    Function(
        ASK_TWO_DISEASES,
        Message("门诊两病备案查询"),
        Kind.QUERY,
        "data",
        _items("psn_no", required="psn_no"),
        "feedetail",
    ),
    Function(
        ASK_IN_HOSPITAL,
        Message("在院信息查询"),
        Kind.QUERY,
        "data",
        _items("psn_no begntime endtime", required="psn_no"),
        "data",
    ),
    Function(
        ASK_TRANSFER,
        Message("转院信息查询"),
        Kind.QUERY,
        "data",
        _items("psn_no begntime endtime", required="psn_no"),
        "refmedin",
    ),
)
FUNCTIONS: Mapping[str, Function] = {one.infno: one for one in _ALL}
# Filings the platform can be asked about; of the others the reversal makes sure.
ASKABLE = tuple(one.infno for one in _ALL if one.kind is Kind.FILING and one.asked_by)


def function(infno: str) -> Function:
    """Return a transaction by its number. Raises KeyError."""
    return FUNCTIONS[infno]


def answers(asked: Function, output: Mapping[str, object]) -> tuple[Mapping[str, object], ...]:
    """Return what an answer lists under its node: one thing or several."""
    told = output.get(asked.answer) if asked.answer else None
    listed = told if isinstance(told, list) else [told]
    return tuple(one for one in listed if isinstance(one, dict))


def is_same(filing: Function, ours: Mapping[str, object], theirs: Mapping[str, object]) -> bool:
    """Tell whether what the platform holds is what we filed; days with or without a time."""
    return all(
        str(ours.get(name, ""))[:10] == str(theirs.get(name, ""))[:10]
        if name.endswith("date")
        else str(ours.get(name, "")) == str(theirs.get(name, ""))
        for name in filing.same
    )
