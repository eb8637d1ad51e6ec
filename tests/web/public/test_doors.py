"""Whoever comes by an app's link hands in by the channel of apps; anybody else by the web."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from tests.factories import SiteFactory, catalogue
from tests.ledger.people.insured import enter, number

from circle15.accounts import public_codes
from circle15.accounts.public_models import SignInCode
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.cases.models import Case
from circle15.standards.entry_doors import entry_doors
from circle15.web.shared.once import new_key

pytestmark = pytest.mark.django_db


def channel_of(client) -> str:
    """Sign in by code, begin an application, and return the channel of its case."""
    enter()
    code_page = client.post(reverse("signin"), {"id_number": number()}).headers["Location"]
    with area_scope(EVERYWHERE):
        code = public_codes._code(SignInCode.objects.get())
    assert settings.PUBLIC_COOKIE_NAME in client.post(code_page, {"code": code}).cookies
    client.post(reverse("apply_start", args=["living-elsewhere"]), {"once": new_key()})
    with area_scope(EVERYWHERE):
        return Case.objects.get().channel


@pytest.mark.parametrize(("door", "channel"), [("jiangsu-app", "app"), ("", "web")])
def test_the_door_says_the_channel(door, channel):
    catalogue()
    SiteFactory()
    client = Client()
    if door:
        reply = client.get(reverse("come_in", args=[door]), {"next": "/apply/"})
        assert reply.headers["Location"] == "/apply/"
    assert channel_of(client) == channel


def test_a_door_leads_to_own_pages_only_and_has_to_be_known():
    away = Client().get(reverse("come_in", args=["mini-program"]), {"next": "https://example.org/"})
    assert away.headers["Location"] == reverse("mine")
    assert Client().get(reverse("come_in", args=["nobodys-app"])).status_code == 404
    assert {door.channel for door in entry_doors().values()} == {"app"}
