"""A form sent twice works once, in one process and in many; strangers may not ask for ever."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from tests import factories
from tests.factories import logged_in

from circle15.accounts.models import AnonymousVisits, GivenAnswer
from circle15.accounts.once import KEPT_FOR, forget_old
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.sites.models import Site
from circle15.web.shared.once import new_key

pytestmark = pytest.mark.django_db
NAME = "汇龙镇医保服务站"


@pytest.fixture(autouse=True)
def probes(settings):
    settings.ROOT_URLCONF = "tests.web.probe"


@pytest.fixture
def clerk():
    return logged_in(factories.alice())


def _name() -> str:
    with area_scope(EVERYWHERE):
        return Site.objects.get(code="QD-0001").name


def test_second_submission_of_a_form_gets_the_first_answer(clerk):
    form = {"once": new_key(), "word": "x"}

    replies = [clerk.post("/add-to-name/", form) for _click in range(3)]

    assert [(reply.status_code, reply["Location"]) for reply in replies] == [(302, "/done/")] * 3
    assert _name() == NAME + "x"


def test_form_drawn_anew_works_anew(clerk):
    for _time in range(2):
        clerk.post("/add-to-name/", {"once": new_key(), "word": "x"})

    assert _name() == NAME + "xx"


def test_other_contents_under_the_same_key_are_refused(clerk):
    key = new_key()
    clerk.post("/add-to-name/", {"once": key, "word": "x"})

    assert clerk.post("/add-to-name/", {"once": key, "word": "y"}).status_code == 409
    assert _name() == NAME + "x"


def test_refused_form_may_be_sent_again_with_its_key(clerk):
    key = new_key()

    assert clerk.post("/add-to-name/", {"once": key, "word": "bad"}).status_code == 422
    assert clerk.post("/add-to-name/", {"once": key, "word": "x"}).status_code == 302
    assert _name() == NAME + "x"


def test_form_without_a_key_is_refused(clerk):
    assert clerk.post("/add-to-name/", {"word": "x"}).status_code == 400
    assert _name() == NAME


def test_somebody_elses_key_is_another_key(clerk):
    form = {"once": new_key(), "word": "x"}
    clerk.post("/add-to-name/", form)
    logged_in(factories.bob()).post("/add-to-name/", form)

    assert _name() == NAME + "xx"


def test_stranger_gets_the_same_answer_too():
    form = {"once": new_key()}

    first, second = (Client().post("/anybody/", form) for _ask in range(2))

    assert (first.status_code, first.content) == (200, second.content)


def test_stranger_who_asks_too_often_waits(clerk):
    stranger, other = Client(REMOTE_ADDR="127.0.0.15"), Client(REMOTE_ADDR="127.0.0.16")
    stranger.post("/anybody/", {"once": new_key()})
    AnonymousVisits.objects.update(now_count=10_000)

    refused = stranger.post("/anybody/", {"once": new_key()})

    assert refused.status_code == 429
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert other.post("/anybody/", {"once": new_key()}).status_code == 200
    assert clerk.post("/anybody/", {"once": new_key()}).status_code == 200


def test_answers_are_forgotten_after_a_day(clerk):
    clerk.post("/add-to-name/", {"once": new_key(), "word": "x"})
    with area_scope(EVERYWHERE):
        at = GivenAnswer.objects.get().at

    assert forget_old(at=at + KEPT_FOR) == 0
    assert forget_old(at=at + KEPT_FOR + timedelta(seconds=1)) == 1


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_have_one_effect(clerk):
    form = {"once": new_key(), "word": "x"}
    cookies = clerk.cookies

    def click(_number):
        client = Client()
        client.cookies = cookies
        try:
            return client.post("/add-to-name/", form).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        statuses = list(pool.map(click, range(50)))

    assert statuses == [302] * 50
    assert _name() == NAME + "x"
