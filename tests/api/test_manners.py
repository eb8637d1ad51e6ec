"""How the API says no, in which language, to whom, and how often a key works."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from tests import factories
from tests.api.callers import Program, machine, program_of
from tests.factories import actor_for, logged_in

from circle15.accounts.actions import disable_account, end_post
from circle15.accounts.api_tokens import TooManyTokens, make_token, revoke_token, tokens_of
from circle15.accounts.models import AnonymousVisits, ApiToken, GivenAnswer, Post
from circle15.accounts.registering import invite
from circle15.accounts.states import DeviceKind
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.hall.models import Ticket

pytestmark = pytest.mark.django_db
TICKETS = "/halls/QD-0001/tickets"


def _tickets() -> int:
    with area_scope(EVERYWHERE):
        return Ticket.objects.count()


def test_problem_says_everything(hall):
    reply = hall.at(0, "call-next")

    assert reply.headers["Content-Type"] == "application/problem+json"
    assert reply.json() == {
        "type": "urn:circle15:problem:nobody_waiting",
        "title": "现在不能这样做",
        "status": 409,
        "code": "nobody_waiting",
        "detail": "现在没有您可以叫的号，有人取号后再叫。",
        "instance": f"/api/v1/windows/{hall.windows[0]}/call-next",
        "request_id": reply.headers["X-Request-ID"],
    }


def test_all_mistakes_are_named_at_once(hall):
    reply = hall.kiosk.post(TICKETS, {"lane": 7, "items": ["A B"], "wish": 1})

    assert reply.status_code == 422
    assert [(one["where"], one["code"]) for one in reply.json()["errors"]] == [
        ("body.lane", "string_type"),
        ("body.items.0", "string_pattern_mismatch"),
        ("body.wish", "extra_forbidden"),
    ]
    assert reply.json()["errors"][0]["message"] == "应为文字"


def test_english_for_who_asks(hall):
    hall.alice.headers = {"Accept-Language": "en-GB,en;q=0.9"}

    reply = hall.alice.get("/halls/XX-9")

    assert reply.json()["detail"].isascii()
    assert reply.headers["Content-Language"] == "en"


@pytest.mark.parametrize("token", ["", "x", "c15_x", "Ω"])
def test_without_a_good_token_nobody_gets_in(hall, token):
    reply = Program(token).get("/halls")

    assert reply.status_code == 401
    assert reply.headers["WWW-Authenticate"] == "Bearer"
    assert reply.headers["Content-Type"] == "application/problem+json"


def test_post_without_a_key_is_refused(hall):
    headers = {"Authorization": f"Bearer {hall.kiosk.token}"}
    for key in ("", "short", "x" * 65, "with space"):
        reply = Client().post(
            f"/api/v1{TICKETS}",
            {"lane": "A"},
            content_type="application/json",
            headers=headers | {"Idempotency-Key": key},
        )
        assert (reply.status_code, reply.json()["code"]) == (400, "key_missing")
    assert _tickets() == 0


def test_same_key_same_answer_one_effect(hall):
    key = str(uuid4())

    first, second = (hall.kiosk.post(TICKETS, {"lane": "A"}, key=key) for _try in range(2))

    assert first.content == second.content
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert _tickets() == 1
    with area_scope(EVERYWHERE):
        assert Event.objects.filter(verb="ticket.take").count() == 1


def test_refusal_is_the_answer_of_its_key_too(hall):
    key = str(uuid4())
    first = hall.at(0, "call-next", key=key)
    hall.take()

    second = hall.at(0, "call-next", key=key)

    assert (second.status_code, second.content) == (409, first.content)
    assert hall.at(0, "call-next").status_code == 200


def test_key_with_another_body_is_a_mistake(hall):
    key = str(uuid4())
    hall.kiosk.post(TICKETS, {"lane": "A"}, key=key)

    reply = hall.kiosk.post(TICKETS, {"lane": "A", "items": ["employee-enrolment"]}, key=key)

    assert (reply.status_code, reply.json()["code"]) == (422, "other_contents")


def test_keys_of_two_callers_do_not_meet(hall):
    key = str(uuid4())

    replies = [one.post(TICKETS, {"lane": "A"}, key=key) for one in (hall.kiosk, machine())]

    assert [reply.json()["number"] for reply in replies] == [1, 2]


def test_answer_of_another_area_is_not_found(hall):
    hall.kiosk.post(TICKETS, {"lane": "A"})

    with area_scope(factories.SiteFactory(foreign=True).area_path):
        assert GivenAnswer.objects.count() == 0


def test_strangers_are_counted_and_machines_are_not(hall):
    uid = hall.take()["uid"]

    assert Program().get(f"/tickets/{uid}").status_code == 200
    AnonymousVisits.objects.update(now_count=10_000)

    stranger, clerk, kiosk = (
        one.get(f"/tickets/{uid}") for one in (Program(), hall.alice, hall.kiosk)
    )

    assert [one.status_code for one in (stranger, clerk, kiosk)] == [429, 200, 200]
    assert stranger.json()["code"] == "too_often"
    assert 1 <= int(stranger.headers["Retry-After"]) <= 60
    assert AnonymousVisits.objects.get().now_count in {1, 10_001}


def test_bad_json_method_and_address_are_problems_too(hall):
    headers = {"Authorization": f"Bearer {hall.kiosk.token}", "Idempotency-Key": "12345678"}

    def send(path, data, method="post"):
        ask = getattr(Client(), method)
        return ask(f"/api/v1{path}", data, content_type="application/json", headers=headers)

    broken, wrong, nowhere = send(TICKETS, "{"), send(TICKETS, "", "put"), send("/nowhere", "{}")
    large = send(TICKETS, json.dumps({"lane": "A" * 1_100_000}))

    assert [reply.json()["code"] for reply in (broken, wrong, nowhere, large)] == [
        "malformed",
        "method_not_allowed",
        "not_found",
        "too_large",
    ]
    assert [reply.status_code for reply in (broken, wrong, nowhere, large)] == [400, 405, 404, 413]
    assert wrong.headers["Allow"] == "POST"


def test_page_acts_with_its_session_and_csrf_token(hall):
    window, uid = hall.windows[0], hall.take()["uid"]
    browser = logged_in(factories.staff("m2", "site_manager", area=factories.SiteFactory()))
    browser.handler.enforce_csrf_checks = True
    path = f"/api/v1/tickets/{uid}/cancel"
    asked = {"data": {"reason": "x"}, "content_type": "application/json"}
    key = {"Idempotency-Key": str(uuid4())}

    assert browser.get(f"/api/v1/windows/{window}").status_code == 200
    assert browser.post(path, headers=key, **asked).json()["code"] == "csrf_failed"
    browser.get("/login/")
    browser.get("/devices/")
    token = browser.cookies[settings.CSRF_COOKIE_NAME].value
    assert browser.post(path, headers=key | {"X-CSRFToken": token}, **asked).status_code == 200


def test_token_touches_no_session(hall, django_assert_num_queries):
    hall.alice.get("/me")

    # the token; scope, read only, scope back; a savepoint and its end
    with django_assert_num_queries(6):
        reply = hall.alice.get("/me")

    assert reply.cookies == {}
    assert reply.json()["role"] == "clerk"


def test_machine_registers_by_code(hall):
    manager = actor_for(factories.manager())
    site = factories.SiteFactory()
    with area_scope(EVERYWHERE):
        code = invite(
            kind=DeviceKind.DISPLAY,
            name="大屏",
            site_path=site.area_path,
            site_name=site.name,
            by=manager,
            at=timezone.now(),
        )

    registered = Program().post("/devices/register", {"code": code.text}).json()
    wrong = Program().post("/devices/register", {"code": code.text})

    display = Program(registered["token"])
    assert (registered["kind"], registered["site_code"]) == ("display", "QD-0001")
    assert display.get("/halls/QD-0001").status_code == 200
    assert display.post(TICKETS, {"lane": "A"}).status_code == 403
    assert (wrong.status_code, wrong.json()["code"]) == (409, "code_refused")


@pytest.mark.parametrize("end", ["revoke", "expire", "disable", "end post"])
def test_token_ends(end):
    user, at = factories.alice(), timezone.now()
    program = program_of(user)
    assert program.get("/me").status_code == 200
    admin = actor_for(factories.security_admin())
    with area_scope(EVERYWHERE):
        match end:
            case "revoke":
                revoke_token(uid=ApiToken.objects.get().uid, by=actor_for(user), at=at)
            case "expire":
                ApiToken.objects.update(expires_at=at)
            case "disable":
                disable_account(user_id=user.id, by=admin, at=at)
            case "end post":
                yesterday = timezone.localdate(at) - timedelta(days=1)
                post = Post.objects.get(person=user.person)
                end_post(post_id=post.id, on=yesterday, by=admin, at=at)

    assert program.get("/me").status_code == 401


def test_tokens_are_few_own_and_kept_as_digest():
    by, at = actor_for(factories.alice()), timezone.now()
    day = timedelta(days=1)
    with area_scope(by.area_path):
        made = [make_token(name="x", good_for=day, by=by, at=at) for _one in range(10)]
        with pytest.raises(TooManyTokens):
            make_token(name="x", good_for=day, by=by, at=at)
        stored = "".join(str(vars(row)) for row in tokens_of(by))
    assert not [one.text for one in made if one.text in stored]
    assert len({one.text for one in made}) == 10
