"""A house of 12345 for who has none: takes orders once by their keys, and rings people up.

`python -m circle15.ops.simulators hotline [--port 9300] [--key HEX] [--state FILE]`. It counts
what comes and what comes twice; troubles, and words of people, are told to it at a port of their
own. Behind a file it remembers when it is killed.
"""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

from circle15.cases.exchange_states import HookAlgorithm
from circle15.cases.partners.signing import SIGNATURE_HEADER, TIME_HEADER, headers, is_ours
from circle15.ops.simulators.serving import HOST, Quiet, serve

# up; busy: says so; cut: takes it and loses the answer; refuses: never; unsigned: somebody else.
MODES = ("up", "busy", "cut", "refuses", "unsigned")
# What the printed command takes when no key is given: a simulator's, never a city's.
KEY = bytes(range(32))
_SCHEMA = """
CREATE TABLE IF NOT EXISTS step (id TEXT PRIMARY KEY, uid TEXT, event TEXT, state TEXT, body TEXT);
CREATE TABLE IF NOT EXISTS word (id TEXT PRIMARY KEY, told TEXT, taken INTEGER DEFAULT 0);
CREATE TABLE IF NOT EXISTS came (id TEXT);
"""


@dataclass
class HotlineSimulator:
    """The house at a port, its switches at another; also inside a test as a context."""

    port: int = 0
    control_port: int = 0
    key: bytes = KEY
    state_path: str = ":memory:"
    mode: str = "up"
    _lock: Lock = field(default_factory=Lock, repr=False)

    def __enter__(self) -> Self:
        self._state = sqlite3.connect(self.state_path, check_same_thread=False)
        self._state.executescript(_SCHEMA)
        self._servers = [
            serve(_handler(self), self.port),
            serve(_switches(self), self.control_port),
        ]
        self.port, self.control_port = (_port(each) for each in self._servers)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()
        self._state.close()

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def switch(self, told: Mapping[str, Any]) -> None:
        """Begin or end a trouble, or let somebody say yes or no. Raises ValueError."""
        if "order" in told:
            self.say(str(told["order"]), is_satisfied=bool(told.get("is_satisfied")))
            return
        mode = str(told.get("mode", ""))
        if mode not in MODES:
            raise ValueError(mode)
        self.mode = mode

    def say(self, order_uid: str, *, is_satisfied: bool, note: str = "12345 回访") -> str:
        """Keep what somebody said until it is taken; return its key."""
        key = str(uuid4())
        told = {"id": key, "order": order_uid, "is_satisfied": is_satisfied, "note": note}
        self._run("INSERT INTO word (id, told) VALUES (?, ?)", key, json.dumps(told))
        return key

    def figures(self) -> dict[str, object]:
        """Return what tests count: steps and orders, how often something came, words left."""
        count = "SELECT count(*) FROM "
        return {
            "steps": self._run(count + "step")[0][0],
            "orders": self._run("SELECT count(DISTINCT uid) FROM step")[0][0],
            "came": self._run(count + "came")[0][0],
            "words": self._run(count + "word WHERE taken = 0")[0][0],
            "events": [event for (event,) in self._run("SELECT event FROM step ORDER BY rowid")],
            "states": dict(self._run("SELECT uid, state FROM step ORDER BY rowid")),
        }

    def answer(self, place: str, told: Mapping[str, Any], raw: str) -> tuple[int, dict[str, Any]]:
        """Answer one question that was signed."""
        key = str(told.get("id", ""))
        if place == "/words":
            return HTTPStatus.OK, {"id": key, "words": self._words(told.get("taken", ()))}
        order = told.get("order", {})
        if self.mode == "refuses":
            return HTTPStatus.UNPROCESSABLE_ENTITY, {"id": key, "problem": "不受理"}
        self._run("INSERT INTO came (id) VALUES (?)", key)
        former = self._run("SELECT body FROM step WHERE id = ?", key)
        if former and former[0][0] != raw:
            return HTTPStatus.CONFLICT, {"id": key, "problem": "同一编号，内容不同"}
        self._run(
            "INSERT OR IGNORE INTO step (id, uid, event, state, body) VALUES (?, ?, ?, ?, ?)",
            *(key, order.get("uid"), told.get("event"), order.get("state"), raw),
        )
        status = HTTPStatus.OK if former else HTTPStatus.ACCEPTED
        return status, {"id": key, "number": f"12345-{order.get('number')}"}

    def _words(self, taken: object) -> list[object]:
        for key in taken if isinstance(taken, list) else ():
            self._run("UPDATE word SET taken = 1 WHERE id = ?", str(key))
        return [json.loads(one) for (one,) in self._run("SELECT told FROM word WHERE taken = 0")]

    def _run(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock, self._state:
            return self._state.execute(statement, values).fetchall()


def _port(server: ThreadingHTTPServer) -> int:
    return int(server.server_address[1])


def _handler(house: HotlineSimulator) -> type[BaseHTTPRequestHandler]:
    class Handler(Quiet):
        def do_POST(self) -> None:  # noqa: N802 -- the library's name
            raw, at = self.raw(), datetime.now(UTC)
            told, moment = self.headers.get(SIGNATURE_HEADER, ""), self.headers.get(TIME_HEADER, "")
            if house.mode == "busy":
                self.give({}, HTTPStatus.SERVICE_UNAVAILABLE)
            elif house.mode == "unsigned":
                self.give({"id": "?"})
            elif not is_ours(raw, secret=house.key.hex(), told=told, moment=moment, at=at):
                self.give({}, HTTPStatus.UNAUTHORIZED)
            else:
                status, answer = house.answer(self.path, json.loads(raw), raw.decode())
                self._sign(answer, status, at)

        def _sign(self, answer: Mapping[str, Any], status: int, at: datetime) -> None:
            if house.mode == "cut":
                self.close_connection = True
                return
            body = json.dumps(answer, ensure_ascii=False).encode()
            signed = headers(
                body,
                secret=house.key.hex(),
                algorithm=HookAlgorithm.SM3,
                event="answer",
                delivery=str(answer["id"]),
                at=at,
            )
            self.give_raw(body, signed, status)

    return Handler


def _switches(house: HotlineSimulator) -> type[BaseHTTPRequestHandler]:
    class Handler(Quiet):
        def do_GET(self) -> None:  # noqa: N802 -- the library's name
            self.give(house.figures())

        def do_POST(self) -> None:  # noqa: N802 -- the library's name
            try:
                house.switch(self.told())
            except ValueError as error:
                self.give({"error": str(error)}, HTTPStatus.BAD_REQUEST)
                return
            self.give({"mode": house.mode})

    return Handler
