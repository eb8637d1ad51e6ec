"""Speaks to the house of 12345 over HTTP: JSON, signed both ways, one key for each step.

The protocol is ours (docs/ratings.md): none is public. An answer that is not signed is none, so a
login page or a proxy's error on the way never counts as taken or refused.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

from circle15.cases.core_platform.port import NotTaken, ReplyLost, Untrusted
from circle15.cases.core_platform.posting import Reply, post
from circle15.cases.exchange_states import HookAlgorithm
from circle15.cases.partners.signing import SIGNATURE_HEADER, TIME_HEADER, headers, is_ours
from circle15.ratings.hotline.port import Receipt, Told, Word

TIMEOUT_S = 3.0
ASK = "words"
KEY_HEADER = "Idempotency-Key"
_REFUSED = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY})
_TAKEN = frozenset({HTTPStatus.OK, HTTPStatus.ACCEPTED})
_NOT_NOW = frozenset({HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS})
_NUMBER_LENGTH, _KEY_LENGTH, _NOTE_LENGTH = 40, 64, 300


@dataclass(frozen=True, slots=True)
class HttpCityLine:
    """The house at an address, with the key both sides hold."""

    url: str
    key: bytes = field(repr=False)
    timeout_s: float = TIMEOUT_S

    def tell(self, told: Told, *, at: datetime) -> Receipt:
        """Tell a step. Raises NotTaken, ReplyLost."""
        reply = self._post("orders", told.body.encode(), told.event, told.key, at)
        answer = self._opened(reply, told.key, at)
        if reply.status in _REFUSED:
            return Receipt(is_taken=False, problem=str(answer.get("problem", reply.status))[:80])
        return Receipt(is_taken=True, number=str(answer.get("number", ""))[:_NUMBER_LENGTH])

    def words(self, taken: tuple[str, ...], *, at: datetime) -> tuple[Word, ...]:
        """Return what people said there. Raises NotTaken, ReplyLost."""
        key = str(uuid4())
        body = json.dumps({"id": key, "taken": list(taken)}).encode()
        answer = self._opened(self._post("words", body, ASK, key, at), key, at)
        try:
            return tuple(map(_word, answer["words"]))
        except (KeyError, TypeError, ValueError) as error:
            raise ReplyLost("answer out of shape") from error

    def _post(self, place: str, body: bytes, event: str, key: str, at: datetime) -> Reply:
        told = headers(
            body,
            secret=self.key.hex(),
            algorithm=HookAlgorithm.SM3,
            event=event,
            delivery=key,
            at=at,
        )
        url = f"{self.url.rstrip('/')}/{place}"
        return post(url, body, {**told, KEY_HEADER: key}, timeout_s=self.timeout_s)

    def _opened(self, reply: Reply, key: str, at: datetime) -> Mapping[str, Any]:
        """Return a signed answer to this very question."""
        if reply.status in _NOT_NOW:
            raise NotTaken(f"HTTP {reply.status}")
        if reply.status not in _TAKEN | _REFUSED:
            raise ReplyLost(f"HTTP {reply.status}")
        signed = reply.headers.get(SIGNATURE_HEADER.lower(), "")
        moment = reply.headers.get(TIME_HEADER.lower(), "")
        if not is_ours(reply.body, secret=self.key.hex(), told=signed, moment=moment, at=at):
            raise Untrusted("signature")
        answer = json.loads(reply.body)
        if not isinstance(answer, dict) or answer.get("id") != key:
            raise Untrusted("answer to something else")
        return answer


def _word(told: Mapping[str, Any]) -> Word:
    is_satisfied = told["is_satisfied"]
    if not isinstance(is_satisfied, bool):
        raise TypeError(is_satisfied)
    return Word(
        key=str(told["id"])[:_KEY_LENGTH],
        order_uid=UUID(str(told["order"])),
        is_satisfied=is_satisfied,
        note=str(told.get("note", ""))[:_NOTE_LENGTH],
    )
