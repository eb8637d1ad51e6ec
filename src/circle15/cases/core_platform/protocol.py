"""The envelope of a transaction: fields with their lengths, message numbers, times as written.

Everything wrong with a message is named at once. What is not in the published interface (the
place of our signature, sealed contents) is told in docs/core-platform.md.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import Field, asdict, dataclass, field, fields
from datetime import datetime
from typing import Any, ClassVar, Protocol
from zoneinfo import ZoneInfo

from circle15.cases.core_platform.sm import compact
from circle15.core.messages import Message

CHINA = ZoneInfo("Asia/Shanghai")
MOST_CONTENTS = 40_000
MOST_IN_A_SECOND = 9_999
VERSION = "V1.0"
DONE = 0
OPERATOR_KINDS = {"1": "经办人", "2": "自助终端", "3": "移动终端"}

_MSGID = re.compile(r"[0-9A-Z]{12}[0-9]{18}")
_REPLY_ID = re.compile(r"[0-9]{30}")
_DIVISION = re.compile(r"[0-9]{6}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}")


class BadMessage(ValueError):
    """A message that does not keep the interface; all of its problems."""

    def __init__(self, problems: tuple[Message, ...]) -> None:
        super().__init__("；".join(problems))
        self.problems = problems


def _text(length: int, *, required: bool = False) -> Any:
    told = {"length": length, "required": required}
    return field(metadata=told) if required else field(default="", metadata=told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is sent. `input` holds the contents under the node of the function."""

    infno: str = _text(4, required=True)
    msgid: str = _text(30, required=True)
    mdtrtarea_admvs: str = _text(6, required=True)
    insuplc_admdvs: str = _text(6)
    recer_sys_code: str = _text(10, required=True)
    dev_no: str = _text(100)
    dev_safe_info: str = _text(2000)
    cainfo: str = _text(1024)
    signtype: str = _text(10)
    infver: str = _text(6, required=True)
    opter_type: str = _text(3, required=True)
    opter: str = _text(30, required=True)
    opter_name: str = _text(50, required=True)
    inf_time: str = _text(19, required=True)
    fixmedins_code: str = _text(12, required=True)
    fixmedins_name: str = _text(20, required=True)
    sign_no: str = _text(30)
    input: Mapping[str, object] = field(metadata={"length": MOST_CONTENTS, "required": True})

    def problems(self) -> tuple[Message, ...]:
        """Name everything that does not keep the interface."""
        return (*_field_problems(self), *self._form_problems())

    def checked(self) -> "Request":
        """Return itself. Raises BadMessage."""
        if problems := self.problems():
            raise BadMessage(problems)
        return self

    def to_json(self) -> dict[str, object]:
        return _without_empty(asdict(self))

    @classmethod
    def read(cls, told: object) -> "Request":
        """Read what somebody sent; unknown fields are left aside. Raises BadMessage."""
        values = _known(cls, told)
        return cls(**values).checked()

    def _form_problems(self) -> Iterator[Message]:
        number, code = _said(self.msgid), _said(self.fixmedins_code)
        if number and not _MSGID.fullmatch(number):
            yield Message("msgid应为定点医药机构编号12位、时间14位、顺序号4位")
        elif number and not number.startswith(code):
            yield Message("msgid应以定点医药机构编号开头")
        if _said(self.inf_time) and not _TIME.fullmatch(self.inf_time):
            yield Message("inf_time应写作 yyyy-MM-dd HH:mm:ss")
        for name in ("mdtrtarea_admvs", "insuplc_admdvs"):
            told = _said(getattr(self, name))
            if told and not _DIVISION.fullmatch(told):
                yield Message("%(name)s应为6位医保区划", name=name)
        if _said(self.opter_type) and self.opter_type not in OPERATOR_KINDS:
            yield Message("opter_type应为%(values)s之一", values=sorted(OPERATOR_KINDS))
        if not self.insuplc_admdvs and _names_a_person(self.input):
            yield Message("交易输入含人员编号时，insuplc_admdvs必填")


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What comes back."""

    infcode: int = field(metadata={"length": 4, "required": True})
    inf_refmsgid: str = _text(30, required=True)
    refmsg_time: str = _text(17)
    respond_time: str = _text(17)
    err_msg: str = _text(200)
    output: Mapping[str, object] = field(
        default_factory=dict, metadata={"length": MOST_CONTENTS, "required": False}
    )
    warn_msg: str = _text(200)
    cainfo: str = _text(1024)
    signtype: str = _text(10)

    @property
    def is_done(self) -> bool:
        return self.infcode == DONE

    def problems(self) -> tuple[Message, ...]:
        """Name everything that does not keep the interface."""
        found = [*_field_problems(self)]
        if _said(self.inf_refmsgid) and not _REPLY_ID.fullmatch(self.inf_refmsgid):
            found.append(Message("inf_refmsgid应为30位数字"))
        return tuple(found)

    def to_json(self) -> dict[str, object]:
        return {"infcode": self.infcode, **_without_empty(asdict(self))}

    @classmethod
    def read(cls, told: object) -> "Response":
        """Read what the platform answered. Raises BadMessage."""
        values = _known(cls, told)
        code = values.get("infcode")
        if isinstance(code, str) and re.fullmatch(r"-?[0-9]{1,4}", code):
            values["infcode"] = int(code)
        if values.get("output") is None:
            values["output"] = {}
        response = cls(**values)
        if problems := response.problems():
            raise BadMessage(problems)
        return response


class _Envelope(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


def msgid(fixmedins_code: str, at: datetime, number: int) -> str:
    """Return the number of a message: institution (12), time (14), number of that second (4).

    Raises ValueError for a code or number of another length.
    """
    if len(fixmedins_code) != 12 or not 1 <= number <= MOST_IN_A_SECOND:  # noqa: PLR2004 -- of the rule
        raise ValueError(f"no message number of {fixmedins_code!r}, {number}")
    return f"{fixmedins_code}{stamp(at)}{number:04}"


def stamp(at: datetime) -> str:
    """Write a time in 14 digits, Chinese time."""
    return f"{at.astimezone(CHINA):%Y%m%d%H%M%S}"


def long_stamp(at: datetime) -> str:
    """Write a time in 17 digits, to the millisecond."""
    return f"{stamp(at)}{at.microsecond // 1000:03}"


def written(at: datetime) -> str:
    """Write a time as `inf_time` wants it."""
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"


def _field_problems(envelope: _Envelope) -> Iterator[Message]:
    for one in fields(envelope):
        value = getattr(envelope, one.name)
        if value in ("", None, {}) and one.metadata["required"] and one.name != "input":
            yield Message("缺少%(name)s", name=one.name)
        elif not isinstance(value, _type_of(one)) or isinstance(value, bool):
            yield Message("%(name)s的类型不对", name=one.name)
        elif (length := _length(value)) > one.metadata["length"]:
            yield Message(
                "%(name)s最长%(most)s，现为%(length)s",
                name=one.name,
                most=one.metadata["length"],
                length=length,
            )


def _said(value: object) -> str:
    """Return a text that was told; what is of another type is named elsewhere."""
    return value if isinstance(value, str) else ""


def _type_of(one: Field[Any]) -> type:
    if one.name == "infcode":
        return int
    return dict if one.name in {"input", "output"} else str


def _length(value: object) -> int:
    return len(value if isinstance(value, str) else compact(value))


def _known(kind: type[Any], told: object) -> dict[str, Any]:
    """Keep the fields of the envelope; a missing required one is empty, and named later."""
    if not isinstance(told, dict):
        raise BadMessage((Message("报文不是JSON对象"),))
    names = {one.name: one for one in fields(kind)}
    empty: dict[str, Any] = {
        name: ({} if name == "input" else "")
        for name, one in names.items()
        if one.metadata["required"]
    }
    return empty | {name: value for name, value in told.items() if name in names}


def _names_a_person(contents: object) -> bool:
    if not isinstance(contents, dict):
        return False
    return bool(contents.get("psn_no")) or any(_names_a_person(one) for one in contents.values())


def _without_empty(values: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if value not in ("", {}, None)}
