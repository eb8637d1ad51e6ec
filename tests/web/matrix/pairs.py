"""Ask in turn about something elsewhere and something nowhere, on every route: who can tell?"""

import re
import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from statistics import median
from uuid import UUID, uuid4

from django.core.cache import cache
from django.test import Client
from tests.web.matrix.asking import Visitor
from tests.web.matrix.payloads import payload
from tests.web.matrix.routes import Route, routes
from tests.web.matrix.world import Place

FOREIGN = ("rg1", "rg", "ly1", "ly")
NOWHERE = {int: 2_000_000_000, str: "canary-zz-code"}
# What differs between any two answers: numbers of requests, tokens of forms.
_FLEETING = re.compile(r"[0-9A-Za-z]{64}|\b[0-9a-f]{16}\b")


@dataclass(frozen=True, slots=True)
class Question:
    """A route that somebody may use, about something elsewhere and something nowhere."""

    route: Route
    method: str
    visitor: Visitor
    elsewhere: Place
    nowhere: Place
    house: dict[str, object]

    def ask(self, client: Client, place: Place) -> tuple[int, str]:
        """Return the answer without what names the place."""
        cache.clear()
        address = self.route.addresses(place, self.house)[0]
        is_post = self.method == "POST"
        data = payload(self.route.name, place, self.visitor.path) if is_post else {}
        reply = getattr(client, self.method.lower())(address, data)
        told = reply.content.decode(errors="replace").replace(address, "")
        for value in place.arguments.values():
            told = told.replace(str(value), "") if isinstance(value, UUID) else told
        return reply.status_code, _FLEETING.sub("", told)


def _nowhere(place: Place) -> Place:
    """Return a place of the same kind whose rows are not there."""
    missing = {
        name: uuid4() if isinstance(value, UUID) else NOWHERE[type(value)]
        for name, value in place.arguments.items()
    }
    return replace(place, arguments=missing)


def questions_of(
    places: Mapping[str, Place],
    visitors: list[Visitor],
    house: dict[str, object],
    *,
    share: int,
) -> list[Question]:
    """Return one question for each route with a number in it and method, or one of `share`."""
    found = []
    for route in routes():
        for method in ("GET", "POST") if route.owned else ():
            if zlib.crc32(f"{route.name}{method}".encode()) % share:
                continue
            asker = _asker(route, method, visitors)
            place = next(_far(places, asker, route, house), None)
            if asker and place:
                found.append(Question(route, method, asker, place, _nowhere(place), house))
    return found


def _asker(route: Route, method: str, visitors: list[Visitor]) -> Visitor | None:
    access = route.access(method)
    if access is None or access.audience in {"open_to_all", "for_device", "insured"}:
        return None
    return next((one for one in visitors if one.user and one.may(access.permission)), None)


def _far(
    places: Mapping[str, Place], asker: Visitor | None, route: Route, house: dict[str, object]
) -> Iterator[Place]:
    for key in FOREIGN:
        if asker and not asker.covers(places[key]) and route.addresses(places[key], house):
            yield places[key]


def compare(questions: list[Question], *, pairs: int) -> tuple[list[str], dict[str, float]]:
    """Return where the answers differ, and by how many seconds their medians do."""
    differ: list[str] = []
    gaps: dict[str, float] = {}
    for one in questions:
        client, name = one.visitor.client(), f"{one.route.name} {one.method}"
        took: tuple[list[float], list[float]] = ([], [])
        told = set()
        for turn in range(2 * pairs):
            began = time.perf_counter()
            told.add(one.ask(client, (one.elsewhere, one.nowhere)[turn % 2]))
            took[turn % 2].append(time.perf_counter() - began)
        if len(told) > 1:
            differ.append(f"{name}: {sorted(status for status, _ in told)}")
        gaps[name] = abs(median(took[0]) - median(took[1]))
    return differ, gaps
