"""What partners are told: once, signed, at allowed addresses only, tried again, given up."""

import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.test import Client
from tests import factories
from tests.api.callers import Program
from tests.cases.core_platform.platforms import decided
from tests.factories import AT, actor_for

from circle15.accounts.api_tokens import make_token, revoke_token
from circle15.accounts.models import ApiToken
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.cases.exchange_models import WebhookCall
from circle15.cases.exchange_states import HookEvent
from circle15.cases.partners.addresses import AddressNotAllowed, is_allowed
from circle15.cases.partners.sending import GIVE_UP_AFTER, send_due
from circle15.cases.partners.signing import TOLERANCE, headers, is_ours, signature
from circle15.cases.partners.telling import tell
from circle15.cases.partners.webhooks import (
    HookExists,
    NeedsToken,
    TooManyHooks,
    WeakSecret,
    hooks_of,
    subscribe,
    unsubscribe,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SECRET = "8d1f0c5b7a9e42d6b3c4f1e0a7d95862"


@dataclass
class Partner:
    """A partner's server: keeps what it gets, answers as it is told to."""

    status: int = 200
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def partner(settings) -> Iterator[Partner]:
    one = Partner()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_args) -> None:
            pass

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            one.got.append((dict(self.headers), body))
            self.send_response(one.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    place = f"127.0.0.1:{server.server_address[1]}"
    settings.WEBHOOK_HOSTS = [place]
    one.url = f"http://{place}/hook"
    yield one
    server.shutdown()
    server.server_close()


def _subscribed(partner: Partner, user=None, *, algorithm="hmac-sm3", events=None):
    with area_scope(EVERYWHERE):
        by = actor_for(user or factories.carol(), at=AT)
        token = make_token(name="x", good_for=30 * DAY, by=by, at=AT)
        made = subscribe(
            url=partner.url,
            events=events or [one.value for one in HookEvent],
            algorithm=algorithm,
            secret=SECRET,
            token_uid=token.uid,
            by=by,
            at=AT,
        )
    return by, token, made


def _told(case, event=HookEvent.DECIDED) -> int:
    with area_scope(case.area_path):
        return tell(case, event, at=AT)


@pytest.mark.parametrize("algorithm", ["hmac-sm3", "hmac-sha256"])
def test_partner_is_told_once_signed_and_without_a_person(partner, algorithm):
    _subscribed(partner, algorithm=algorithm)
    case = decided()
    assert _told(case) == 1

    assert [send_due(at=AT), send_due(at=AT + DAY)] == [1, 0]

    ((head, body),) = partner.got
    told = json.loads(body)
    assert told["case"] == {"uid": str(case.uid), "number": case.number, "item": case.item_key}
    assert (told["event"], head["X-Circle15-Event"]) == ("case.decided", "case.decided")
    assert told["id"] == head["X-Circle15-Delivery"]
    proof = {"told": head["X-Circle15-Signature"], "moment": head["X-Circle15-Time"]}
    assert is_ours(body, secret=SECRET, at=AT, **proof)
    assert not is_ours(body + b" ", secret=SECRET, at=AT, **proof)
    assert not is_ours(body, secret="other", at=AT, **proof)
    assert not is_ours(body, secret=SECRET, at=AT + 2 * TOLERANCE, **proof)


def test_signature_is_the_hmac_of_time_and_body():
    right = hmac.new(b"k", b"1.{}", "sha256").hexdigest()
    assert signature(b"{}", secret="k", algorithm="hmac-sha256", moment="1") == right
    told = headers(b"{}", secret="k", algorithm="hmac-sm3", event="e", delivery="d", at=AT)
    assert told["X-Circle15-Time"] == str(int(AT.timestamp()))


@pytest.mark.parametrize("told", ["", "hmac-md5=00", "hmac-sm3", "hmac-sm3=签"])
def test_what_is_no_signature_is_not_ours(told):
    assert not is_ours(b"", secret="k", told=told, moment="1", at=AT)


def test_area_that_does_not_see_the_case_is_not_told(partner):
    _subscribed(partner, factories.dave(), events=[HookEvent.DECIDED.value])

    assert _told(decided()) == 0


def test_event_not_subscribed_is_not_told(partner):
    _subscribed(partner, events=["case.ready"])
    case = decided()

    assert (_told(case, HookEvent.ACCEPTED), _told(case, HookEvent.READY)) == (0, 1)


def test_partner_that_is_away_is_tried_again_later_and_given_up_after_a_day(partner):
    _subscribed(partner)
    _told(decided())
    partner.status = 500
    at, tries = AT, 0
    while at < AT + GIVE_UP_AFTER + timedelta(hours=2):
        send_due(at=at)
        at += timedelta(minutes=10)
        tries += 1

    with area_scope(EVERYWHERE):
        call = WebhookCall.objects.get()
        assert Event.objects.filter(verb="webhook.give_up").count() == 1
    assert (call.state, call.status, call.attempts) == ("given_up", 500, len(partner.got))
    assert 20 <= len(partner.got) <= 40


def test_partner_that_comes_back_gets_it_once(partner):
    _subscribed(partner)
    _told(decided())
    partner.status = 503
    send_due(at=AT)
    partner.status = 204

    assert [send_due(at=AT + timedelta(seconds=5)), send_due(at=AT + timedelta(seconds=11))] == [
        0,
        1,
    ]
    assert len({head["X-Circle15-Delivery"] for head, _body in partner.got}) == 1


@pytest.mark.parametrize("how", ["revoked", "gone", "ended", "list"])
def test_subscription_that_is_over_is_sent_nothing_more(partner, settings, how):
    by, token, made = _subscribed(partner)
    case = decided()
    _told(case)
    with area_scope(EVERYWHERE):
        if how == "revoked":
            revoke_token(uid=token.uid, by=by, at=AT)
        if how == "ended":
            unsubscribe(uid=made.uid, token_uid=token.uid, by=by, at=AT)
    if how == "gone":
        partner.status = 410
    if how == "list":
        settings.WEBHOOK_HOSTS = []

    send_due(at=AT + timedelta(seconds=1))

    assert len(partner.got) == (how == "gone")
    with area_scope(EVERYWHERE):
        assert WebhookCall.objects.get().state == ("waiting" if how == "list" else "given_up")
        assert _told(case) == (how == "list")


def test_subscription_belongs_to_its_token(partner):
    by, token, made = _subscribed(partner)
    with area_scope(by.area_path):
        other = make_token(name="y", good_for=DAY, by=by, at=AT)

        assert [one.uid for one in hooks_of(by, token.uid)] == [made.uid]
        assert hooks_of(by, other.uid) == hooks_of(by, None) == ()


def test_same_address_and_too_many_are_refused(partner):
    by, token, _made = _subscribed(partner)
    what = {"events": ["case.ready"], "algorithm": "hmac-sm3", "by": by, "at": AT}
    what["secret"] = SECRET
    with area_scope(EVERYWHERE):
        with pytest.raises(HookExists):
            subscribe(url=partner.url, token_uid=token.uid, **what)
        with pytest.raises(NeedsToken):
            subscribe(url=partner.url, token_uid=None, **what)
        for number in range(4):
            subscribe(url=f"{partner.url}/{number}", token_uid=token.uid, **what)
        with pytest.raises(TooManyHooks):
            subscribe(url=f"{partner.url}/5", token_uid=token.uid, **what)
        for weak in (SECRET[:31], "ab" * 16):
            with pytest.raises(WeakSecret):
                subscribe(url=f"{partner.url}/w", token_uid=token.uid, **what | {"secret": weak})
        with pytest.raises(AddressNotAllowed):
            subscribe(url="https://elsewhere.example/", token_uid=token.uid, **what)


LISTED = ["hooks.bank.example", "hospital.example:8443", "127.0.0.1:9000", "10.1.2.3"]


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://hooks.bank.example/x", True),
        ("https://HOOKS.bank.example:443/x?y=1", True),
        ("https://hospital.example:8443/", True),
        ("http://127.0.0.1:9000/", True),
        ("https://10.1.2.3/", True),
        ("http://hooks.bank.example/x", False),
        ("https://hooks.bank.example:8443/", False),
        ("https://hospital.example/", False),
        ("https://hooks.bank.example.evil.example/", False),
        ("https://evil.example/hooks.bank.example", False),
        ("https://hooks.bank.example@evil.example/", False),
        ("https://evil.example#@hooks.bank.example/", False),
        ("https://evil.example\\@hooks.bank.example/", False),
        ("https://[::1]/", False),
        ("http://127.0.0.1:9001/", False),
        ("http://127.0.0.1/", False),
        ("http://2130706433:9000/", False),
        ("http://localhost:9000/", False),
        ("http://169.254.169.254/latest/", False),
        ("file:///etc/passwd", False),
        ("gopher://127.0.0.1:9000/", False),
        ("https://hooks.bank.example:x/", False),
        ("https:///x", False),
        ("https://hooks.bank.example/\n", False),
        ("https://hooks.bank.example/" + "x" * 300, False),
    ],
)
def test_only_listed_places_are_told(url, allowed):
    assert is_allowed(url, LISTED) is allowed


def test_token_for_cases_opens_cases_and_nothing_else():
    browser = factories.logged_in(factories.alice())
    form = {"name": "银行", "days": 30, "scope": "cases"}
    token = browser.post("/tokens/", form).context["token"]
    program = Program(token.text)

    assert ApiToken.objects.get().scope == "cases"
    assert set(program.get("/me").json()["permissions"]) == {
        "cases.take_in",
        "cases.view",
        "hall.view",
        "items.view",
        "people.view",
    }
    assert program.get("/cases").status_code == 200
    assert program.post("/halls/QD-0001/tickets", {"lane": "A"}).json()["code"] == "not_allowed"
    assert Client().get("/api/v1/cases").status_code == 401
