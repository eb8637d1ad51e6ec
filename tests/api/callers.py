"""Programs that call the API in the tests: a clerk's, a kiosk's, a stranger's."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

from django.test import Client
from django.utils import timezone
from tests import factories
from tests.factories import actor_for

from circle15.accounts.api_tokens import make_token
from circle15.accounts.devices import Device, DeviceKind, issue
from circle15.accounts.models import User
from circle15.areas.scope import EVERYWHERE, area_scope


@dataclass
class Program:
    """Calls the API with a token, or without any."""

    token: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str):
        return Client().get(f"/api/v1{path}", headers=self._headers())

    def post(self, path: str, body: object = None, *, key: str = ""):
        """Post with a new key, or with the one given."""
        return Client().post(
            f"/api/v1{path}",
            data="" if body is None else json.dumps(body),
            content_type="application/json",
            headers=self._headers() | {"Idempotency-Key": key or str(uuid4())},
        )

    def _headers(self) -> dict[str, str]:
        bearer = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return {**bearer, **self.headers}


def token_of(user: User) -> str:
    at = timezone.now()
    with area_scope(EVERYWHERE):
        actor = actor_for(user, at=at)
        return make_token(name="test", good_for=timedelta(days=1), by=actor, at=at).text


def program_of(user: User) -> Program:
    return Program(token_of(user))


def machine(kind: DeviceKind = DeviceKind.KIOSK) -> Program:
    """Return a machine of the site in 汇龙镇."""
    site = factories.SiteFactory()
    until = timezone.now() + timedelta(days=300)
    return Program(issue(Device(uuid4(), kind, site.area_path, until, "一号机", site.name)))


@dataclass
class Hall:
    """A hall with two windows and who works there, each with an own program."""

    kiosk: Program
    alice: Program
    bob: Program
    dave: Program
    windows: list[int]

    def take(self, lane: str = "A", **more) -> dict:
        reply = self.kiosk.post("/halls/QD-0001/tickets", {"lane": lane, **more})
        assert reply.status_code == 200, reply.content.decode()
        return reply.json()

    def at(self, window: int, step: str, body: object = None, **more):
        program = (self.alice, self.bob)[window]
        return program.post(f"/windows/{self.windows[window]}/{step}", body, **more)


def open_hall() -> Hall:
    """Return the hall with alice and bob seated."""
    factories.HallFactory()
    windows = [factories.WindowFactory(number=number).id for number in (1, 2)]
    people = [factories.alice(), factories.bob(), factories.dave()]
    hall = Hall(machine(), *map(program_of, people), windows)
    for window in (0, 1):
        assert hall.at(window, "open").status_code == 200
    return hall
