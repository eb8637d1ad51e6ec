"""The decoder of e-certificates and the phone that shows them, for who has neither.

`python -m circle15.ops.simulators ecard`: the page at its address is the phone (a code good for a
minute, once), `ec.query` at the same address decodes. Troubles are switched on at `/mode`. Nothing
is written to disk.
"""

import html
import io
import json
import secrets
import time
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs

import segno

from circle15.cases.core_platform import sm
from circle15.core.identifiers import is_resident_id

HOST = "127.0.0.1"
GOOD_FOR_S = 60.0
# A token is for the question that follows at once.
TOKEN_GOOD_FOR_S = 120.0
_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_LENGTH = 28
_MOST_BYTES = 16 * 1024
_BOUND = "ecard"
# away: hangs up; slow: answers after `slow_s`; garbage: something that is no answer.
MODES = ("up", "away", "slow", "garbage")
_GARBAGE = b"<html>502 Bad Gateway"
_QUERY = "ec.query"
_HTML = "text/html; charset=utf-8"
_PAGE = """<!doctype html><html lang="zh"><meta charset="utf-8"><title>模拟医保码</title>
<meta name="viewport" content="width=device-width"><body><h1>模拟医保码（合成数据）</h1>
<form method="post"><p><label>身份证号 <input name="idNo" value="{number}"></label></p>
<p><label>姓名 <input name="userName" value="{name}"></label></p>
<button>出示</button></form>{code}"""


@dataclass(frozen=True, slots=True)
class _Shown:
    number: str
    name: str
    until: float


@dataclass
class EcardSimulator:
    """A decoder at a port; also inside a test as a context."""

    token_key: bytes
    port: int = 0
    good_for_s: float = GOOD_FOR_S
    mode: str = "up"
    slow_s: float = 10.0
    asked: int = 0  # questions that came, whatever was answered
    _shown: dict[str, _Shown] = field(default_factory=dict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer((HOST, self.port), _handler(self))
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}/"

    def switch(self, told: Mapping[str, Any]) -> dict[str, object]:
        """Begin or end a trouble; tell how often somebody asked. Raises ValueError."""
        mode = str(told.get("mode", self.mode))
        if mode not in MODES:
            raise ValueError(mode)
        self.mode, self.slow_s = mode, float(told.get("slow_s", self.slow_s))
        return {"mode": self.mode, "asked": self.asked}

    def show(self, number: str, name: str) -> str:
        """Return the code a phone shows for a minute."""
        code = "".join(secrets.choice(_CHARACTERS) for _place in range(_LENGTH))
        with self._lock:
            now = time.monotonic()
            self._shown = {one: what for one, what in self._shown.items() if what.until > now}
            self._shown[code] = _Shown(number, name, now + self.good_for_s)
        return code

    def answer(self, told: Mapping[str, Any]) -> dict[str, object]:
        """Answer `ec.query`: a code serves once."""
        data = told.get("data")
        if told.get("transType") != _QUERY or not isinstance(data, dict):
            return {"code": 2, "message": "不支持的交易", "data": {}}
        if not all(data.get(one) for one in ("orgId", "businessType", "operatorId", "deviceType")):
            return {"code": 3, "message": "缺少参数", "data": {}}
        with self._lock:
            shown = self._shown.pop(str(data.get("qrCode", "")), None)
        if shown is None or shown.until < time.monotonic():
            return {"code": 1, "message": "二维码无效或已过期", "data": {}}
        token = token_of(shown.number, shown.name, self.token_key)
        person = {"idNo": shown.number, "idType": "01", "userName": shown.name, "ecToken": token}
        return {"code": 0, "message": "成功", "data": person}


def token_of(number: str, name: str, key: bytes) -> str:
    """Return a token that the simulated platform understands, and nobody else."""
    told = {"number": number, "name": name, "until": time.time() + TOKEN_GOOD_FOR_S}
    return sm.sealed(told, key=key, msgid=_BOUND)[sm.SEALED]


def opened_token(token: str, key: bytes) -> tuple[str, str] | None:
    """Return number and name of a token; None for one that is false or too old."""
    try:
        told = sm.opened({sm.SEALED: token}, key=key, msgid=_BOUND)
    except (sm.CannotOpen, ValueError):
        return None
    if not isinstance(told, dict) or float(told["until"]) < time.time():
        return None
    return str(told["number"]), str(told["name"])


def _handler(simulator: EcardSimulator) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 30

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the library's name
            pass

        def do_GET(self) -> None:
            self._give(_page(simulator, "", "").encode(), _HTML)

        def do_POST(self) -> None:
            length = min(int(self.headers.get("Content-Length", 0)), _MOST_BYTES)
            body = self.rfile.read(length)
            if self.path == "/mode":
                self._tell(simulator.switch(json.loads(body)))
                return
            if self.headers.get("Content-Type", "").startswith("application/x-www-form"):
                asked = parse_qs(body.decode())
                number, name = (asked.get(one, [""])[0] for one in ("idNo", "userName"))
                self._give(_page(simulator, number, name).encode(), _HTML)
                return
            told = json.loads(body or b"{}")
            simulator.asked += 1
            if simulator.mode == "away":
                self.close_connection = True
            elif simulator.mode == "garbage":
                self._give(_GARBAGE, _HTML)
            else:
                time.sleep(simulator.slow_s if simulator.mode == "slow" else 0)
                self._tell(simulator.answer(told))

        def _tell(self, answer: Mapping[str, object]) -> None:
            body = json.dumps(answer, ensure_ascii=False).encode()
            self._give(body, "application/json; charset=utf-8")

        def _give(self, body: bytes, media_type: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


def _page(simulator: EcardSimulator, number: str, name: str) -> str:
    code = ""
    if is_resident_id(number) and name:
        shown = simulator.show(number, name)
        picture = io.BytesIO()
        segno.make(shown).save(picture, kind="png", scale=8)
        code = (
            f'<p><img alt="" src="data:image/png;base64,{b64encode(picture.getvalue()).decode()}">'
        )
        code += f"</p><p>{shown}</p>"
    return _PAGE.format(number=html.escape(number), name=html.escape(name), code=code)
