"""Ask the API as programs of everybody about what lies elsewhere: every operation, every place."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.test import Client
from tests.api.callers import token_of
from tests.ledger.people import insured
from tests.web.matrix.asking import Questioner, Visitor, digests
from tests.web.matrix.canaries import in_full, in_text, text_of
from tests.web.matrix.world import ON, Place

from circle15.api.documentation import document

# What a number in an address is called in `Place.arguments`, by the first word of the address.
OF_A_PLACE = {
    "windows": "window_id",
    "halls": "code",
    "tickets": "ticket_uid",
    "cases": "case_uid",
    "joint": "joint_uid",
    "sites": "code",
}
# Sent twice is answered once, and a token knows when it was last used: whatever is asked.
WRITTEN_BY_ASKING = {"accounts_givenanswer", "accounts_apitoken"}


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation that wants to know who asks, and a body as its documentation shows it."""

    method: str
    path: str
    body: Mapping[str, object] | None
    query: Mapping[str, object]

    @property
    def kind(self) -> str:
        return self.path.removeprefix("/api/v1/").split("/")[0]

    @property
    def is_of_a_place(self) -> bool:
        return "{" in self.path and self.kind in OF_A_PLACE

    def address(self, place: Place) -> str:
        """Return where it is asked about a place; "" where there is nothing of the kind."""
        found = place.arguments.get(OF_A_PLACE.get(self.kind, ""))
        name = self.path.partition("{")[2].partition("}")[0]
        path = self.path.replace(f"{{{name}}}", str(found)).replace("{position}", "1")
        return "" if found is None else f"{path}?{urlencode(self.query)}".rstrip("?")

    def told(self, place: Place) -> object:
        """Return the body, naming what lies at the place."""
        about = {"uid": place.arguments.get("ticket_uid"), "to_window": _window(place)}
        about |= {"by_window_id": _window(place), "id_number": insured.number(99)}
        if self.body is None:
            return None
        named = {name: str(value) for name, value in about.items() if name in self.body}
        return {**self.body, **named}


def _window(place: Place) -> object:
    return place.arguments.get("window_id", 1)


@cache
def operations() -> tuple[Operation, ...]:
    """Return all operations that ask for a token."""
    told = document()
    found = []
    for path, by_method in told["paths"].items():
        for method, one in by_method.items():
            if one.get("security"):
                query = {
                    part["name"]: part.get("example", ON)
                    for part in one.get("parameters", ())
                    if part["in"] == "query" and part.get("required")
                }
                found.append(Operation(method.upper(), path, _sample(told, one), query))
    return tuple(found)


def _sample(told: Mapping[str, Any], operation: Mapping[str, Any]) -> Mapping[str, object] | None:
    if "requestBody" not in operation:
        return None
    name = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    sample = told["components"]["schemas"][name.rpartition("/")[2]]["example"]
    assert isinstance(sample, dict)
    return sample


def ask_everything(questioner: Questioner, visitor: Visitor) -> None:
    """Ask about everything elsewhere: nothing is there, and nothing changes."""
    assert visitor.user is not None
    token, before = token_of(visitor.user), digests()
    for operation in operations():
        for place, address in _questions(questioner, visitor, operation):
            _ask(questioner, visitor, operation, place, address, token)
    changed = {table for table, digest in digests().items() if digest != before[table]}
    if changed - WRITTEN_BY_ASKING:
        questioner.found.faults.append(f"{visitor.role}@{visitor.path} changed {changed} by API")


def _questions(
    questioner: Questioner, visitor: Visitor, operation: Operation
) -> Iterator[tuple[Place, str]]:
    """Yield the other places by the address they have; lists are asked for once."""
    asked = set()
    for place in questioner.others(visitor):
        address = operation.address(place) if operation.is_of_a_place else operation.path
        is_list = not operation.is_of_a_place and operation.method == "GET"
        wanted = operation.is_of_a_place or (is_list and "{" not in address)
        is_new = address not in asked and wanted and bool(address)
        if is_new and questioner.is_asked(visitor, address, {"by": operation.method}):
            asked.add(address)
            yield place, address


def _ask(
    questioner: Questioner,
    visitor: Visitor,
    operation: Operation,
    place: Place,
    address: str,
    token: str,
) -> None:
    body = operation.told(place)
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}
    reply = Client(raise_request_exception=False).generic(
        operation.method,
        address,
        "" if body is None else json.dumps(body),
        content_type="application/json",
        headers=headers,
        REMOTE_ADDR=questioner.whence(),
    )
    found = questioner.found
    found.count((visitor.role, visitor.path, "API", operation.method, address, repr(body)))
    found.statuses[f"API {operation.method}", reply.status_code] += 1
    where = f"{visitor.role}@{visitor.path} API {operation.method} {address}"
    right = {403, 404} if operation.is_of_a_place else {200, 403, 422}
    if reply.status_code not in right:
        found.faults.append(f"{where} answered {reply.status_code}: {reply.content.decode()[:300]}")
    told, asked = text_of(reply), f"{address} {body}"
    for canary in in_text(told) - in_text(asked):
        key, kind = canary
        if not visitor.covers(questioner.places[key]):
            found.leaks.append(f"{where}: {key} {kind}")
    if full := in_full(told) - in_full(asked):
        found.leaks.append(f"{where} in full: {full}")
