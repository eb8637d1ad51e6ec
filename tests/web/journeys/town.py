"""The city of the journeys: its people at their screens, its clock, and what it has on record."""

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import psycopg
from django.utils import timezone
from playwright.sync_api import Browser, Page, Request
from tests.web.browser import checks
from tests.web.browser.city import City
from tests.web.journeys.room import Room

from circle15.ops.simulators.core_platform import CorePlatformSimulator

DESK, PHONE = (1366, 768), (360, 740)
# A folder for pictures of every page the journeys stop at; none are taken without.
PICTURES = os.environ.get("CIRCLE15_PICTURES", "")
# Another view for all screens, as mode:screen:scripts, for instance elder:phone:noscript.
MODE, SIZE, SCRIPTS = (os.environ.get("CIRCLE15_JOURNEY_VIEW") or "::").split(":")
VIEW: dict[str, Any] = {
    **({"mode": MODE} if MODE else {}),
    **({"size": {"desk": DESK, "phone": PHONE}[SIZE]} if SIZE else {}),
    **({"scripts": {"scripts": True, "noscript": False}[SCRIPTS]} if SCRIPTS else {}),
}
HAS_KEYS = VIEW.get("scripts", True)


@dataclass
class Town:
    """Everything a journey touches."""

    city: City
    browser: Browser
    room: Room
    platform: CorePlatformSimulator
    begun: float = field(default_factory=time.time)
    asked: set[str] = field(default_factory=set)

    @contextmanager
    def screen(self, user: str | None = None, *, refused: int = 200, **how: Any) -> Iterator[Page]:
        """Open a screen of somebody's own; whatever goes wrong on it fails the journey."""
        with self.city.visit(self.browser, user=user, **{**how, **VIEW}) as context:
            context.on("request", self._hear)
            page = context.new_page()
            page.set_default_timeout(15_000)
            watch = checks.Watch(self.city.url, expected_status=refused).on(page)
            try:
                yield page
            except BaseException:
                shoot(page, f"left-off-{user}")
                raise
            assert watch.faults == [], watch.faults

    def _hear(self, request: Request) -> None:
        """Remember what a request tells in its address, and where it came from."""
        if not request.url.startswith("data:"):
            self.asked.add(unquote(f"{request.url} {request.headers.get('referer', '')}"))

    def exposed(self, wanted: Iterable[bytes]) -> set[str]:
        """Return what stands readable in any address that was asked for on any screen."""
        words = {one.decode() for one in wanted}
        return {word for word in words for address in self.asked if word in address}

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the database, with nothing hidden by row-level security."""
        with psycopg.connect(self.city.database) as connection:
            connection.execute("SELECT set_config('circle15.area', '/', false)")
            return connection.execute(query, values).fetchall()

    def case(self, number: str) -> dict[str, Any]:
        """Return a case as it is on record."""
        [(found,)] = self.rows("SELECT to_jsonb(c) FROM cases_case c WHERE number = %s", number)
        return dict(found)

    def steps(self, number: str) -> list[str]:
        """Return the steps of a case in their order."""
        found = self.rows(
            "SELECT s.step FROM cases_casespan s JOIN cases_case c ON c.id = s.case_id"
            " WHERE c.number = %s ORDER BY s.id",
            number,
        )
        return [step for (step,) in found]

    def clocks(self, number: str) -> dict[str, dict[str, Any]]:
        """Return the clocks of a case by their kind, the last round of each."""
        found = self.rows(
            "SELECT k.kind, to_jsonb(k) FROM cases_clock k JOIN cases_case c ON c.id = k.case_id"
            " WHERE c.number = %s ORDER BY k.id",
            number,
        )
        return dict(found)

    def told(self, number: str, verb: str) -> list[tuple[str, str]]:
        """Return who did something to a case, and from where, as the trail has it."""
        return self.rows(
            "SELECT e.actor_name, e.area_path FROM audit_event e JOIN cases_case c"
            " ON e.target_id = c.uid::text WHERE c.number = %s AND e.verb = %s ORDER BY e.id",
            number,
            verb,
        )

    def fact(self, site: str, name: str) -> object:
        """Return the newest value of a fact of a site, None if nothing is on record."""
        found = self.rows(
            "SELECT f.value FROM ledger_fact f JOIN sites_site s ON s.id = f.site_id"
            " WHERE s.code = %s AND f.name = %s ORDER BY f.observed_on DESC, f.id DESC LIMIT 1",
            site,
            name,
        )
        return found[0][0] if found else None

    def age(self, number: str, days: int) -> None:
        """Put a case back by days: to be late by itself it would have to wait for them."""
        back = timedelta(days=days)
        dates = ("begun_on", "due_on", "half_on", "eve_on")
        with psycopg.connect(self.city.database) as connection:
            connection.execute("SELECT set_config('circle15.area', '/', false)")
            for name in dates:
                connection.execute(
                    f"UPDATE cases_clock k SET {name} = k.{name} - %s::interval FROM cases_case c"
                    " WHERE c.id = k.case_id AND c.number = %s",
                    (back, number),
                )
            connection.execute(
                "UPDATE cases_case SET opened_at = opened_at - %s, complete_at = complete_at - %s,"
                " submitted_at = submitted_at - %s WHERE number = %s",
                (back, back, back, number),
            )

    def later(self, work: str, day: str | date) -> None:
        """Let the city do its due work as it will at ten in the morning of a day to come."""
        moment = datetime.fromisoformat(f"{day}T10:00:00")
        self.room.do(work, timezone.make_aware(moment))

    def now(self, work: str) -> None:
        self.room.do(work, timezone.now())


def shoot(page: Page, name: str) -> None:
    """Take a picture of a page, where pictures are wanted."""
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)
