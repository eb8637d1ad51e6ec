"""Ask every route as everybody about everything, and keep what was wrong."""

import hashlib
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from tests import factories
from tests.web.matrix.canaries import Canary, in_full, in_text, text_of
from tests.web.matrix.payloads import payload
from tests.web.matrix.routes import OF_THE_HOUSE, Route, routes
from tests.web.matrix.world import (
    OF_ALL_ABOVE,
    OF_THE_TOWN,
    PUBLIC_KINDS,
    SHUT,
    Place,
)

from circle15.accounts.models import User
from circle15.accounts.states import PERMISSIONS, Permission
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.areas.states import Level

# No actor is asked for: sessions and log-in tries are written by reading, too.
NOT_COMPARED = {"django_session"}
# Siblings in the town and the county, parents, and places of another county and city; all of them
# by the long campaigns.
ASKED = ("qd3", "bx1", "hl", "qd", "nt", "rg1", "rg", "ly1", "ly")
METHODS = ("GET", "HEAD", "POST")
# An own object answers: a page, nothing new, or the page that has it.
SHOWN = {200, 204, 302}
# Papers that take half a second each: by everybody in turn.
PAPERS = {
    *("sheet_file", "stored_file", "item_workbook", "case_paper_file", "gap_file"),
    *("paper_template_file", "paper_template_begin", "report_file"),
}
# Who serves and handles sees the own sheet, and drafts of the own hand, of nobody else.
OF_THEIR_OWN = {"appraisal", "appraisal_rows", "training_record", "typical_case", "typical_file"}
ON_THEIR_OWN = {"clerk", "handler"}
# Where a number or a phone may stand in full: asked for with a reason, told to the trail.
REVEALING = {("POST", "person"), ("POST", "register_reveal"), ("POST", "case_call_number")}
# Lists of sites only: divisions have nothing to be found there.
OF_SITES = {"sites", "sites_export", "site_map", "site_features", "board", "board_export", "home"}


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody with a role over an area; without a user, a stranger."""

    role: str
    path: str
    user: User | None = None

    def client(self) -> Client:
        client = factories.logged_in(self.user) if self.user else Client()
        client.raise_request_exception = False
        return client

    def may(self, permission: Permission | None) -> bool:
        return permission is None or permission in PERMISSIONS.get(self.role, ())

    def covers(self, place: Place) -> bool:
        return bool(self.path) and place.path.startswith(self.path)


@dataclass(slots=True)
class Findings:
    """What was asked, which own canaries were seen, and everything that was wrong."""

    requests: int = 0
    # What was asked, once each: by whom, how, where, with what.
    asked: set[tuple[str, ...]] = field(default_factory=set)
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    seen: set[str] = field(default_factory=set)
    leaks: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    opened: set[str] = field(default_factory=set)
    written: set[str] = field(default_factory=set)
    revealed: list[str] = field(default_factory=list)

    def count(self, question: tuple[str, ...]) -> None:
        self.requests += 1
        self.asked.add(question)


@dataclass(slots=True)
class Questioner:
    """Asks as one visitor after another."""

    places: Mapping[str, Place]
    # One of so many questions is asked, always the same ones; 1: every one. What may be done in the
    # own area is asked in any case.
    share: int = 1
    found: Findings = field(default_factory=Findings)

    @property
    def house(self) -> dict[str, object]:
        of_the_city = ("edition_id", "catalogue_id", "template_id", "digest")
        return OF_THE_HOUSE | {name: self.places["nt"].arguments[name] for name in of_the_city}

    def everything(self, visitor: Visitor) -> None:
        """Ask all routes about all places, reading and writing."""
        self.lists(visitor)
        self.own(visitor)
        before = digests()
        self.outside(visitor)
        if changed := [table for table, digest in digests().items() if digest != before[table]]:
            self.found.faults.append(f"{visitor.role}@{visitor.path} changed {changed}")

    def reading(self, visitor: Visitor) -> None:
        """Ask what the visitor's role may read, as when one wall is down."""
        self.lists(visitor, methods=("GET",))
        self.own(visitor, methods=("GET",))
        self.outside(visitor, methods=("GET",), only_permitted=True)

    def lists(self, visitor: Visitor, methods: tuple[str, ...] = METHODS) -> None:
        """Ask lists, searches, maps, exports, with the words and paths of every other place."""
        client = visitor.client()
        for route in routes():
            if route.owned:
                continue
            for address in route.addresses(self.places["nt"], self.house):
                for query in self._queries(visitor, route):
                    is_first = not query and self._is_first(visitor, route)
                    if is_first or self.is_asked(visitor, address, query):
                        self._ask(client, visitor, route, "GET", address, query)
                if "HEAD" in methods and self.is_asked(visitor, address, {}):
                    self._ask(client, visitor, route, "HEAD", address, {})
                may_write = self._lets_in(visitor, route, "POST")
                if "POST" in methods and (may_write or self.is_asked(visitor, address, {})):
                    self._write(client, visitor, route, address, self.places["qd1"])

    def _queries(self, visitor: Visitor, route: Route) -> Iterator[dict[str, str]]:
        """Yield what a list may be asked for: nothing, everything, and each other place."""
        yield {}
        if not self._lets_in(visitor, route, "GET") or route.name.startswith("shared:"):
            return
        yield {"q": "canary", "actor": "canary", "page": "2"}
        for place in self.others(visitor):
            if place.site or route.name not in OF_SITES:
                yield {"q": place.word, "search": place.word, "actor": place.word}
                yield {"area": place.path, "target": place.code("target"), "sort": "-score"}

    def others(self, visitor: Visitor) -> list[Place]:
        """Return sibling, parent and foreign places, as seen from the visitor."""
        asked = ASKED if self.share > 1 else self.places
        return [self.places[key] for key in asked if not visitor.covers(self.places[key])]

    def own(self, visitor: Visitor, methods: tuple[str, ...] = METHODS) -> None:
        """Ask about what lies in the visitor's own area: the routes must work there."""
        client = visitor.client()
        for route in routes():
            inside = (place for place in self.places.values() if visitor.covers(place))
            place = next((place for place in inside if route.addresses(place, self.house)), None)
            for address in route.addresses(place, self.house) if place and route.owned else ():
                in_turn = "POST" not in methods or route.name in PAPERS
                if in_turn and not self.is_asked(visitor, address, {}):
                    continue
                reply = self._ask(client, visitor, route, "GET", address, {})
                expected = self._expected(visitor, route)
                if self._lets_in(visitor, route, "GET") and reply.status_code not in expected:
                    self._fault(visitor, route, "GET", address, reply)
                if "POST" in methods:
                    self._write(client, visitor, route, address, place)

    def outside(
        self,
        visitor: Visitor,
        methods: tuple[str, ...] = METHODS,
        *,
        only_permitted: bool = False,
    ) -> None:
        """Ask about what lies elsewhere: nothing is there, for reading and for writing."""
        client = visitor.client()
        for route in routes():
            if not route.owned:
                continue
            for method in methods:
                if route.access(method) is None:
                    continue
                lets_in = self._lets_in(visitor, route, method)
                others = self.others(visitor)
                # Whom the declaration keeps out, it keeps out everywhere.
                asked = others if lets_in else others[: 0 if only_permitted else 2]
                questions = set()  # an address that names no place is asked about once
                for place in asked:
                    for address in route.addresses(place, self.house):
                        data = payload(route.name, place, visitor.path) if method == "POST" else {}
                        if (question := (address, repr(data))) in questions:
                            continue
                        questions.add(question)
                        if not self.is_asked(visitor, address, data):
                            continue
                        reply = self._ask(client, visitor, route, method, address, data)
                        shared = method != "POST" and _is_shared(route, place, visitor)
                        if lets_in and reply.status_code != (200 if shared else 404):
                            self._fault(visitor, route, method, address, reply)

    def is_asked(self, visitor: Visitor, address: str, data: Mapping[str, object]) -> bool:
        question = f"{visitor.role} {address} {sorted(data)} {data.get('q')} {data.get('area')}"
        return zlib.crc32(question.encode()) % self.share == 0

    @staticmethod
    def _expected(visitor: Visitor, route: Route) -> set[int]:
        """Return how a page of the own area answers somebody its declaration lets in."""
        is_not_theirs = route.name in OF_THEIR_OWN and visitor.role in ON_THEIR_OWN
        return {404} if is_not_theirs else SHOWN

    def _lets_in(self, visitor: Visitor, route: Route, method: str) -> bool:
        access = route.access(method)
        if access is None:
            return False
        if access.audience == "open_to_all":
            return True
        if access.audience in {"for_device", "insured"}:
            return False
        return visitor.user is not None and visitor.may(access.permission)

    def _is_first(self, visitor: Visitor, route: Route) -> bool:
        """Tell whether nobody before could open a list: somebody must have seen what is in it."""
        is_first = route.name not in self.found.opened and self._lets_in(visitor, route, "GET")
        self.found.opened |= {route.name} if is_first else set()
        return is_first

    def _write(
        self, client: Client, visitor: Visitor, route: Route, address: str, place: Place
    ) -> None:
        """Post to an own address; what is let in has a client and a transaction of its own."""
        data = payload(route.name, place, visitor.path)
        if not self._lets_in(visitor, route, "POST"):
            self._ask(client, visitor, route, "POST", address, data)
            return
        with transaction.atomic():
            reply = self._ask(visitor.client(), visitor, route, "POST", address, data)
            if reply.status_code == 302:
                self.found.written.add(route.name)
            transaction.set_rollback(True)

    def _ask(
        self,
        client: Client,
        visitor: Visitor,
        route: Route,
        method: str,
        address: str,
        data: Mapping[str, object],
    ) -> HttpResponse:
        cache.delete(f"ticket.asked.{UUID(int=1).hex}")  # ninety a minute
        reply = getattr(client, method.lower())(address, data, REMOTE_ADDR=self.whence())
        said = repr(sorted((key, str(value)) for key, value in data.items() if key != "once"))
        self.found.count((visitor.role, visitor.path, method, address, said))
        self.found.statuses[method, reply.status_code] += 1
        self._check_status(visitor, route, method, address, reply)
        asked, told = " ".join([address, *map(str, data.values())]), text_of(reply)
        for place, kind in in_text(told) - in_text(asked):
            self._sort(visitor, route, (place, kind), f"{method} {address} {dict(data)}")
        if full := in_full(told) - in_full(asked):
            kept = self.found.revealed if (method, route.name) in REVEALING else self.found.leaks
            kept.append(f"{visitor.role}@{visitor.path} {method} {address} in full: {full}")
        return reply

    def whence(self) -> str:
        """Return an address to ask from: strangers may ask sixty times a minute from each."""
        count = self.found.requests
        return f"10.0.{count // 50 % 250}.{count % 50}"

    def _sort(self, visitor: Visitor, route: Route, canary: Canary, asked: str) -> None:
        key, kind = canary
        place = self.places[key]
        if visitor.covers(place):
            self.found.seen.add(kind)
        elif not _may_know(visitor, route, place, kind):
            self.found.leaks.append(f"{visitor.role}@{visitor.path} {asked}: {key} {kind}")

    def _check_status(
        self, visitor: Visitor, route: Route, method: str, address: str, reply: HttpResponse
    ) -> None:
        """What the declaration promises holds, wherever the object lies."""
        access = route.access(method)
        status = reply.status_code
        if access is None:
            right = status == 405
        elif access.audience == "open_to_all":
            right = status < 500
        elif access.audience == "for_device":
            right = status in {401, 403}
        elif access.audience == "insured":
            right = status == 302 and reply.url.startswith("/signin/")
        elif visitor.user is None:
            right = status == 401 or (status == 302 and reply.url.startswith("/login/"))
        elif not visitor.may(access.permission):
            right = status == 403
        else:
            # Of a draft that is not one's own a role may be refused: 403.
            drafts = {"edition_id", "catalogue_id", "template_id"}
            is_draft = drafts & set(route.parameters)
            refusals = {401, 405} if is_draft else {401, 403, 405}
            right = status < 500 and status not in refusals
        if not right:
            self._fault(visitor, route, method, address, reply)

    def _fault(
        self, visitor: Visitor, route: Route, method: str, address: str, reply: HttpResponse
    ) -> None:
        where = f"{visitor.role}@{visitor.path} {route.name}: {method} {address}"
        self.found.faults.append(f"{where} answered {reply.status_code}")


def _is_shared(route: Route, place: Place, visitor: Visitor) -> bool:
    """A photo behind a fact of the town is open to the sites of that town."""
    is_own_town = place.division.level == Level.TOWN and visitor.path.startswith(place.path)
    return route.owned == ("evidence_id",) and place.site is None and is_own_town


def _may_know(visitor: Visitor, route: Route, place: Place, kind: str) -> bool:
    access = route.reading or route.writing
    if access is not None and access.audience == "open_to_all":
        return place.site is not None and place.key != SHUT[0] and kind in PUBLIC_KINDS
    if place.site is not None or not visitor.path.startswith(place.path):
        return False
    return kind in OF_ALL_ABOVE or (place.division.level == Level.TOWN and kind in OF_THE_TOWN)


def digests() -> dict[str, str]:
    """Return a digest of every table, as seen from everywhere."""
    found = {}
    with area_scope(EVERYWHERE), connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names(cursor)) - NOT_COMPARED):
            cursor.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1')
            rows = "\n".join(row for (row,) in cursor.fetchall())
            found[table] = hashlib.sha256(rows.encode()).hexdigest()
    return found
