"""Makes transactions over HTTP: envelope, signature, sealed contents, the day's sign-in."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from circle15.cases.core_platform import sm
from circle15.cases.core_platform.functions import SIGN_IN, answers, function
from circle15.cases.core_platform.line import Line
from circle15.cases.core_platform.numbers import Numbers
from circle15.cases.core_platform.port import Asked, NotTaken, ReplyLost, Untrusted
from circle15.cases.core_platform.posting import post_json
from circle15.cases.core_platform.protocol import (
    CHINA,
    VERSION,
    BadMessage,
    Request,
    Response,
    written,
)

_OPERATOR = "1"
_NOT_SIGNED_IN = "签到"


@dataclass
class HttpPlatform:
    """The platform at the other end of a line."""

    line: Line
    numbers: Numbers
    _sign_no: str = field(default="", repr=False)
    _signed_in_on: date | None = None

    @property
    def fixmedins_code(self) -> str:
        return self.line.fixmedins_code

    def ask(self, asked: Asked, *, at: datetime) -> Response:
        """Make one transaction, signed in. Raises NotTaken, ReplyLost, BadMessage."""
        request = self._request(asked, at).checked()
        if self._signed_in_on != at.astimezone(CHINA).date():
            self._sign_in(at)
        response = self._exchange(replace(request, sign_no=self._sign_no))
        if not response.is_done and _NOT_SIGNED_IN in response.err_msg:
            # It began anew and knows no sign-in of ours, hence did nothing.
            self._signed_in_on = None
            raise NotTaken(response.err_msg)
        return response

    def _sign_in(self, at: datetime) -> None:
        number = self.numbers.next(self.fixmedins_code, at=at)
        values = {"opter_no": self.line.operator, "mac": "", "ip": ""}
        try:
            response = self._exchange(self._request(Asked(SIGN_IN, number, values), at).checked())
        except ReplyLost as lost:  # signing in again does no harm
            raise NotTaken(str(lost)) from lost
        told = answers(function(SIGN_IN), response.output)
        if not (response.is_done and told and told[0].get("sign_no")):
            raise NotTaken(response.err_msg or "9001")
        self._sign_no = str(told[0]["sign_no"])
        self._signed_in_on = at.astimezone(CHINA).date()

    def _request(self, asked: Asked, at: datetime) -> Request:
        line, made = self.line, function(asked.infno)
        return Request(
            infno=asked.infno,
            msgid=asked.msgid,
            mdtrtarea_admvs=line.division,
            insuplc_admdvs=asked.insured_in,
            recer_sys_code=line.receiver,
            signtype=sm.SIGN_TYPE,
            infver=VERSION,
            opter_type=_OPERATOR,
            opter=line.operator,
            opter_name=line.operator_name,
            inf_time=written(at),
            fixmedins_code=line.fixmedins_code,
            fixmedins_name=line.fixmedins_name,
            input=made.contents(asked.values),
        )

    def _exchange(self, request: Request) -> Response:
        told = post_json(self.line.url, outgoing(request, self.line), timeout_s=self.line.timeout_s)
        return incoming(told, self.line, request.msgid)


def outgoing(request: Request, line: Line) -> dict[str, object]:
    """Sign a request and seal its contents."""
    plain = request.to_json()
    cainfo = sm.signature(plain, key=line.private_key, secret=line.secret)
    told = plain | {"cainfo": cainfo}
    if line.sm4_key:
        told["input"] = sm.sealed(plain["input"], key=line.sm4_key, msgid=request.msgid)
    return told


def incoming(told: object, line: Line, msgid: str) -> Response:
    """Open an answer and check whose it is. Raises ReplyLost, Untrusted."""
    if not isinstance(told, dict):
        raise ReplyLost("not an object")
    plain = _opened(told, line, msgid)
    if not sm.is_signed(plain, key=line.platform_key, secret=line.secret):
        raise Untrusted("signature")
    try:
        return Response.read(plain)
    except BadMessage as bad:
        raise ReplyLost("answer out of shape") from bad


def _opened(told: Mapping[str, object], line: Line, msgid: str) -> Mapping[str, object]:
    output = told.get("output")
    if line.sm4_key is None or not isinstance(output, dict) or not output:
        return told
    try:
        return {**told, "output": sm.opened(output, key=line.sm4_key, msgid=msgid)}
    except sm.CannotOpen as error:
        raise Untrusted("sealed contents") from error
