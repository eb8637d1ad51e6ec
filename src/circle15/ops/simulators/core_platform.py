"""The medical insurance platform as a process: same envelope, same signatures, made-up people.

`python -m circle15.ops.simulators core-platform [--var FOLDER]` (ops/simulators/platforms.py)

It keeps filings in SQLite and does not forgive: the same filing sent twice is filed twice, and a
test that counts them sees it. Troubles are switched on at a port of their own (`/mode`). It keeps
no ID number: a person's number here is a digest of it.
"""

import hashlib
import json
import sqlite3
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from types import TracebackType
from typing import Any, Self

from circle15.cases.core_platform import functions as fn
from circle15.cases.core_platform import sm
from circle15.cases.core_platform.line import Line
from circle15.cases.core_platform.protocol import (
    BadMessage,
    Request,
    Response,
    long_stamp,
    stamp,
)
from circle15.cases.core_platform.sm2 import PrivateKey, PublicKey
from circle15.ops.simulators.ecard import opened_token
from circle15.ops.simulators.serving import HOST, Quiet, serve

MODES = ("up", "down", "slow", "cut", "cut_before", "wrong_signature", "busy")
REFUSED = -1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS filing (
    id INTEGER PRIMARY KEY, infno TEXT, person TEXT, contents TEXT, msgid TEXT, undone INTEGER
);
CREATE TABLE IF NOT EXISTS told (id INTEGER PRIMARY KEY, infno TEXT, msgid TEXT);
"""


@dataclass
class Trouble:
    """What goes wrong, for the next so many calls; below zero: until it is switched off."""

    mode: str = "up"
    times: int = -1
    seconds: float = 0.5
    only: str = ""  # one transaction, or all

    def due(self, infno: str) -> str:
        """Return the mode of this call, and count it."""
        if self.mode == "up" or self.times == 0 or (self.only and infno != self.only):
            return "up"
        self.times -= 1
        return self.mode


@dataclass
class State:
    """What the platform remembers."""

    path: str
    lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self.database = sqlite3.connect(self.path, check_same_thread=False)
        self.database.executescript(_SCHEMA)

    def run(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with self.lock, self.database:
            return self.database.execute(statement, values).fetchall()

    def file(self, infno: str, msgid: str, contents: Mapping[str, object]) -> str:
        kept = {name: value for name, value in contents.items() if name not in {"tel", "addr"}}
        with self.lock, self.database, closing(self.database.cursor()) as cursor:
            cursor.execute(
                "INSERT INTO filing (infno, person, contents, msgid, undone) VALUES (?,?,?,?,0)",
                (infno, str(contents.get("psn_no", "")), json.dumps(kept), msgid),
            )
            return _declaration(cursor.lastrowid or 0)

    def undo(self, infno: str, number: str) -> bool:
        found = self.run(
            "UPDATE filing SET undone = 1 WHERE id = ? AND infno = ? AND undone = 0 RETURNING id",
            _row(number),
            infno,
        )
        return bool(found)

    def held(self, infno: str, person: str) -> list[dict[str, object]]:
        rows = self.run(
            "SELECT id, contents FROM filing WHERE infno = ? AND person = ? AND undone = 0",
            infno,
            person,
        )
        return [{**json.loads(told), fn.DECLARATION: _declaration(row)} for row, told in rows]

    def figures(self) -> dict[str, object]:
        """Return what tests count: filings that stand, those filed more than once, messages."""
        same = "SELECT count(*) FROM (SELECT 1 FROM filing WHERE undone = 0"
        same += " GROUP BY infno, person, contents HAVING count(*) > 1)"
        return {
            "standing": self.run("SELECT count(*) FROM filing WHERE undone = 0")[0][0],
            "filed": self.run("SELECT count(*) FROM filing")[0][0],
            "twice": self.run(same)[0][0],
            "told": dict(self.run("SELECT infno, count(*) FROM told GROUP BY infno")),
        }


@dataclass
class CorePlatformSimulator:
    """The platform at a port, its switches at another; also inside a test as a context."""

    line: Line  # as the client has it: codes, secret, keys of the client's side
    key: PrivateKey  # the platform's own
    state_path: str = ":memory:"
    port: int = 0
    control_port: int = 0
    token_key: bytes = b""
    trouble: Trouble = field(default_factory=Trouble)
    reverses: bool = True

    def __enter__(self) -> Self:
        self.state = State(self.state_path)
        self.client: PublicKey = self.line.private_key.public
        self._signed_in: set[str] = set()
        self._replies = 0
        self._server: ThreadingHTTPServer | None = None
        self.open()
        self._control = serve(_control_handler(self), self.control_port)
        self.control_port = self._control.server_address[1]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.shut()
        self._control.shutdown()
        self._control.server_close()
        self.state.database.close()

    def open(self) -> None:
        """Listen; after `shut` at the same port again."""
        if self._server is None:
            self._server = serve(_handler(self), self.port)
            self.port = self._server.server_address[1]

    def shut(self) -> None:
        """Be away: nobody listens."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}/"

    def switch(self, told: Mapping[str, Any]) -> None:
        """Switch a trouble on or off."""
        mode = str(told.get("mode", "up"))
        if mode not in MODES:
            raise ValueError(mode)
        self.trouble = Trouble(
            mode,
            int(told.get("times", -1)),
            float(told.get("seconds", 0.5)),
            str(told.get("only", "")),
        )
        self.shut() if mode == "down" else self.open()

    def answer(self, told: Mapping[str, object]) -> dict[str, object]:
        """Answer one message, signed and sealed as it came."""
        at = datetime.now(UTC)
        try:
            plain = self._opened(told)
        except sm.CannotOpen:
            return self._signed(self._refusal("解密失败", at), str(told.get("msgid", "")))
        try:
            request = Request.read(plain)
        except BadMessage as bad:
            return self._signed(self._refusal(str(bad)[:200], at), str(plain.get("msgid", "")))
        if not sm.is_signed(plain, key=self.client, secret=self.line.secret):
            return self._signed(self._refusal("验签失败", at), request.msgid)
        self.state.run(
            "INSERT INTO told (infno, msgid) VALUES (?, ?)", request.infno, request.msgid
        )
        return self._signed(self._done(request, at), request.msgid)

    def _opened(self, told: Mapping[str, object]) -> Mapping[str, object]:
        contents = told.get("input")
        if self.line.sm4_key is None or not isinstance(contents, dict):
            return told
        opened = sm.opened(contents, key=self.line.sm4_key, msgid=str(told.get("msgid", "")))
        return {**told, "input": opened}

    def _done(self, request: Request, at: datetime) -> Response:
        if request.infno == fn.SIGN_IN:
            number = f"{request.fixmedins_code}{stamp(at)}{len(self._signed_in) % 10_000:04}"
            self._signed_in.add(number)
            signed = {"sign_time": f"{at:%Y-%m-%d %H:%M:%S}", "sign_no": number}
            return self._reply(at, {"signinoutb": signed})
        if request.sign_no not in self._signed_in:
            return self._refusal("请先签到", at)
        made = fn.FUNCTIONS.get(request.infno)
        if made is None:
            return self._refusal("没有这个交易", at)
        contents = request.input.get(made.node) if made.node else request.input
        values = contents if isinstance(contents, dict) else {}
        if problems := made.problems(values):
            return self._refusal("；".join(problems)[:200], at)
        return self._carried_out(request, made, values, at)

    def _carried_out(
        self, request: Request, made: fn.Function, values: Mapping[str, Any], at: datetime
    ) -> Response:
        if made.infno == fn.PERSON:
            return self._person(values, at)
        match made.kind:
            case fn.Kind.REVERSAL:
                return self._reversed(str(values["omsgid"]), at)
            case fn.Kind.FILING:
                number = self.state.file(made.infno, request.msgid, values)
                return self._reply(at, {made.answer: {fn.DECLARATION: number}})
            case fn.Kind.UNDO:
                undone = next(one for one in fn.FUNCTIONS.values() if one.undone_by == made.infno)
                if self.state.undo(undone.infno, str(values[fn.DECLARATION])):
                    return self._reply(at, {})
                return self._refusal("备案不存在或已撤销", at)
            case _:
                asked = [one for one in fn.FUNCTIONS.values() if one.asked_by == made.infno]
                filed = [one for one in asked if one.kind is fn.Kind.FILING]
                held = self.state.held(filed[0].infno, values["psn_no"]) if filed else []
                return self._reply(at, {made.answer: held})

    def _reversed(self, msgid: str, at: datetime) -> Response:
        if not self.reverses:
            return self._refusal("暂不支持冲正", at)
        found = self.state.run(
            "UPDATE filing SET undone = 1 WHERE msgid = ? AND undone = 0 RETURNING id", msgid
        )
        return self._reply(at, {}) if found else self._refusal("原交易不存在", at)

    def _person(self, values: Mapping[str, Any], at: datetime) -> Response:
        """Know everybody but who has the serial number 000, each insured as a resident."""
        number, name = str(values["mdtrt_cert_no"]), str(values.get("psn_name", ""))
        if values["mdtrt_cert_type"] == fn.Certificate.ECARD:
            known = opened_token(number, self.token_key)
            if known is None:
                return self._refusal("电子凭证令牌无效或已过期", at)
            number, name = known
        if number[-4:-1] == "000":
            return self._refusal("没有该参保人", at)
        insured = {
            "insutype": "390",
            "psn_insu_stas": "1",
            "insuplc_admdvs": self.line.division,
            "balc": 0,
        }
        person = {
            "psn_no": psn_no(number),
            "psn_cert_type": "01",
            "certno": number,
            "psn_name": name,
        }
        return self._reply(at, {"baseinfo": person, "insuinfo": [insured], "idetinfo": []})

    def _reply(self, at: datetime, output: Mapping[str, object], err_msg: str = "") -> Response:
        self._replies += 1
        return Response(
            infcode=REFUSED if err_msg else 0,
            inf_refmsgid=f"{self.line.division}{stamp(at)}{self._replies % 10**10:010}",
            refmsg_time=long_stamp(at),
            respond_time=long_stamp(datetime.now(UTC)),
            err_msg=err_msg,
            output=dict(output),
            signtype=sm.SIGN_TYPE,
        )

    def _refusal(self, words: str, at: datetime) -> Response:
        return self._reply(at, {}, words)

    def _signed(self, response: Response, msgid: str) -> dict[str, object]:
        plain = response.to_json()
        cainfo = sm.signature(plain, key=self.key, secret=self.line.secret)
        told = plain | {"cainfo": cainfo}
        if self.line.sm4_key and "output" in plain:
            told["output"] = sm.sealed(plain["output"], key=self.line.sm4_key, msgid=msgid)
        return told


def psn_no(id_number: str) -> str:
    """Return the number of a person at the platform: it tells nothing about the ID number."""
    digits = int.from_bytes(hashlib.sha256(f"psn {id_number}".encode()).digest()[:10])
    return f"3206{digits:026}"[:30]


def _declaration(row: int) -> str:
    return f"3206{row:020}"


def _row(number: str) -> int:
    return int(number[4:]) if number.startswith("3206") and number.isdecimal() else 0


def _handler(platform: CorePlatformSimulator) -> type[BaseHTTPRequestHandler]:
    class Handler(Quiet):
        def do_POST(self) -> None:  # noqa: N802 -- the library's name
            told = self.told()
            mode = platform.trouble.due(str(told.get("infno", "")))
            match mode:
                case "busy":
                    self.give({"err_msg": "busy"}, HTTPStatus.SERVICE_UNAVAILABLE)
                    return
                case "cut_before":
                    self.close_connection = True
                    return
                case "slow":
                    time.sleep(platform.trouble.seconds)
            answer = platform.answer(told)
            if mode == "cut":
                self.close_connection = True
                return
            if mode == "wrong_signature":
                answer["cainfo"] = "0" * 128
            self.give(answer)

    return Handler


def _control_handler(platform: CorePlatformSimulator) -> type[BaseHTTPRequestHandler]:
    class Handler(Quiet):
        def do_GET(self) -> None:  # noqa: N802 -- the library's name
            self.give(platform.state.figures())

        def do_POST(self) -> None:  # noqa: N802 -- the library's name
            try:
                platform.switch(self.told())
            except (ValueError, OSError) as error:
                self.give({"error": str(error)}, HTTPStatus.BAD_REQUEST)
                return
            self.give({"mode": platform.trouble.mode})

    return Handler
