"""Sign in by e-certificate, with a decoder and a platform that run."""

from contextlib import ExitStack
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from tests import factories
from tests.cases.core_platform.platforms import SYSTEM, person
from tests.factories import AT

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.ledger.people.looking import plain
from circle15.ops.simulators import platforms
from circle15.ops.simulators.reader import synthetic_resident_id

pytestmark = pytest.mark.django_db
PAGE = "/signin/ecard/"
TABLES = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"


@pytest.fixture
def phone(settings, tmp_path):
    """Give a phone that shows codes to a decoder of this installation."""
    settings.VAR_DIR = tmp_path
    with ExitStack() as stack:
        yield platforms.serve(tmp_path, stack).decoder


def _named(uid, field: str) -> str:
    with area_scope(EVERYWHERE):
        return plain(uid, field, purpose="test", by=SYSTEM, at=AT)


def test_who_shows_the_code_is_signed_in_once(phone):
    uid = person()
    code = phone.show(_named(uid, "id_number"), _named(uid, "name"))
    browser = Client()

    assert "医保码" in browser.get("/signin/").content.decode()
    assert browser.get(PAGE).status_code == 200
    reply = browser.post(PAGE, {"code": code, "next": "/mine/"})

    assert (reply.status_code, reply.url) == (302, "/mine/")
    assert browser.get("/mine/").status_code == 200
    again = Client().post(PAGE, {"code": code})
    assert (again.status_code, "已过期" in again.content.decode()) == (422, True)


def test_code_lies_nowhere(phone):
    uid = person()
    code = phone.show(_named(uid, "id_number"), _named(uid, "name"))
    Client().post(PAGE, {"code": code})

    with area_scope(EVERYWHERE), connection.cursor() as cursor:
        cursor.execute(TABLES)
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{code}%"])
            assert cursor.fetchone() == (0,), table


def test_somebody_not_on_the_register_is_told_what_to_do(phone):
    uid = person()
    code = phone.show(_named(uid, "id_number"), "另一人")

    reply = Client().post(PAGE, {"code": code})

    assert (reply.status_code, "到窗口登记" in reply.content.decode()) == (422, True)


def test_without_a_decoder_there_is_no_such_way(settings, tmp_path):
    settings.VAR_DIR = tmp_path

    assert Client().get(PAGE).url == "/signin/"
    assert "还没有接通" in Client().post(PAGE, {"code": "X" * 28}).content.decode()
    assert PAGE not in Client().get("/signin/").content.decode()


# Clauses: W-66, N-12
def test_code_scanned_at_the_window_opens_the_person(phone):
    factories.catalogue()
    uid = person()
    window = factories.logged_in(factories.alice())
    code = phone.show(_named(uid, "id_number"), _named(uid, "name"))

    reply = window.post(reverse("intake"), {"number": code})

    assert (reply.status_code, reply.context["person"].uid) == (200, uid)
    assert code not in reply.content.decode()
    assert "已过期" in window.post(reverse("intake"), {"number": code}).content.decode()


def test_newcomer_scanned_at_the_window_is_registered_with_number_and_name(phone):
    factories.catalogue()
    window = factories.logged_in(factories.alice())
    number = synthetic_resident_id(date(1960, 1, 1))

    page = window.post(reverse("intake"), {"number": phone.show(number, "合成丙")})

    form = page.context["form"]
    assert (form["number"].value(), form["name"].value()) == (number, "合成丙")
