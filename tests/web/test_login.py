"""The way in, as a browser goes it: password, code, session, and out again."""

import pyotp
import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone
from tests import factories
from tests.factories import PASSWORD, TOTP_SECRET, logged_in

from circle15.accounts.demo_accounts import PASSWORD as DEMO_PASSWORD
from circle15.accounts.models import LoginAttempt, User

pytestmark = pytest.mark.django_db


def type_password(client: Client, username: str, password: str = PASSWORD, **more: str):
    return client.post("/login/", {"username": username, "password": password, **more})


def type_code(client: Client, secret: str = TOTP_SECRET):
    return client.post("/login/code/", {"code": pyotp.TOTP(secret).at(timezone.now())})


def log_in(username: str) -> Client:
    client = Client()
    type_password(client, username)
    assert type_code(client).status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get("/password/").status_code == 200


def test_login_asks_for_password_then_code_and_opens_the_page_wanted():
    factories.carol(enrolled=True)
    client = Client()

    first = type_password(client, "carol", next="/password/?a=1")
    between = is_in(client)
    second = type_code(client)

    assert (first.status_code, first.url, between) == (302, "/login/code/", False)
    assert (second.status_code, second.url) == (302, "/password/?a=1")
    assert is_in(client)


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example/", "javascript:1"])
def test_login_leads_nowhere_else(address):
    factories.carol(enrolled=True)
    client = Client()
    type_password(client, "carol", next=address)

    assert type_code(client).url == "/start/"


def test_refused_login_keeps_the_name_and_not_the_password():
    factories.carol(enrolled=True)

    response = type_password(Client(), "carol", "Wrong-password-1")

    assert response.status_code == 422
    assert 'value="carol"' in response.text
    assert "Wrong-password-1" not in response.text
    assert "用户名或密码不正确" in response.text
    assert "<title>错误：" in response.text


def test_empty_form_names_each_missing_field():
    response = Client().post("/login/", {})

    assert response.status_code == 422
    assert response.context["form"].errors.get_json_data() == {
        "username": [{"message": "请输入用户名", "code": "required"}],
        "password": [{"message": "请输入密码", "code": "required"}],
    }
    assert LoginAttempt.objects.count() == 0


def test_failed_tries_are_stored_although_the_page_refuses_and_make_wait():
    factories.carol()
    client = Client()

    statuses = [type_password(client, "carol", "wrong").status_code for _ in range(6)]

    assert statuses == [422, 422, 422, 422, 422, 429]
    assert LoginAttempt.objects.count() == 5
    assert "秒后再试" in type_password(client, "carol").text


def test_forwarded_address_is_not_believed():
    client = Client(headers={"X-Forwarded-For": "203.0.113.9"})

    type_password(client, "nobody")

    assert LoginAttempt.objects.get().address == "127.0.0.1"


def test_session_id_is_new_after_each_step():
    """Who planted a session id before the login has nothing afterwards."""
    factories.carol(enrolled=True)
    client = Client()
    session = client.session
    session["planted"] = "x"
    session.save()
    ids = [session.session_key]

    type_password(client, "carol")
    ids.append(client.session.session_key)
    type_code(client)
    ids.append(client.session.session_key)

    assert len(set(ids)) == 3
    assert "planted" not in client.session
    thief = Client()
    thief.cookies["circle15"] = ids[0]
    assert not is_in(thief)


def test_second_login_ends_the_first():
    factories.carol(enrolled=True)
    first = log_in("carol")
    User.objects.update(totp_last_step=0)

    second = log_in("carol")

    assert (is_in(first), is_in(second)) == (False, True)


def test_logout_ends_the_session_everywhere():
    factories.carol(enrolled=True)
    client = log_in("carol")
    copy = Client()
    copy.cookies["circle15"] = client.cookies["circle15"].value

    response = client.post("/logout/")

    assert (response.status_code, response.url) == (302, "/login/")
    assert (is_in(client), is_in(copy)) == (False, False)


def test_logout_needs_a_submission():
    assert logged_in(factories.carol()).get("/logout/").status_code == 405


def test_who_is_in_needs_no_login_page():
    assert logged_in(factories.carol()).get("/login/").url == "/start/"


def test_start_leads_to_the_first_door_of_the_role():
    assert logged_in(factories.auditor()).get("/start/").status_code == 302


def test_first_login_shows_secret_and_qr_code():
    user = factories.carol()
    client = Client()
    type_password(client, "carol")

    page = client.get("/login/code/")
    picture = client.get("/login/qr.svg")
    secret = page.context["enrolment"].secret

    assert secret in page.text
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert picture.headers["Cache-Control"] == "no-store"
    assert "style" not in picture.text
    assert type_code(client, secret).status_code == 302
    assert User.objects.get(pk=user.pk).totp_confirmed_at is not None


def test_qr_code_is_for_enrolment_only():
    factories.carol(enrolled=True)
    client = Client()
    before = client.get("/login/qr.svg").status_code
    type_password(client, "carol")

    assert (before, client.get("/login/qr.svg").status_code) == (404, 404)


@pytest.mark.parametrize(("code", "status"), [("", 422), ("000000", 422)])
def test_wrong_code_asks_again(code, status):
    factories.carol(enrolled=True)
    client = Client()
    type_password(client, "carol")

    assert client.post("/login/code/", {"code": code}).status_code == status
    assert not is_in(client)


def test_code_without_password_leads_back():
    client = Client()

    assert client.get("/login/code/").url == "/login/"
    response = client.post("/login/code/", {"code": "123456"})
    assert response.url == "/login/"
    assert [str(message) for message in get_messages(response.wsgi_request)] == [
        "登录已超时，请重新输入用户名和密码。"
    ]


def test_half_login_is_good_for_five_minutes():
    factories.carol(enrolled=True)
    client = Client()
    type_password(client, "carol")
    session = client.session
    session["login"] = {
        **session["login"],
        "at": (timezone.now() - timezone.timedelta(minutes=5, seconds=1)).isoformat(),
    }
    session.save()

    assert type_code(client).url == "/login/"


def test_demo_lists_its_accounts_and_fills_them_in(settings):
    settings.DEMO = True
    factories.carol(demo=True)
    factories.alice()

    page = Client().get("/login/")
    filled = Client().get("/login/?as=carol")

    assert [account.username for account, _query in page.context["demo"]] == ["carol"]
    assert DEMO_PASSWORD not in page.text
    assert f'value="{DEMO_PASSWORD}"' in filled.text
    assert DEMO_PASSWORD not in Client().get("/login/?as=alice").text


def test_demo_account_gets_in_with_the_password_alone(settings):
    settings.DEMO = True
    factories.carol(demo=True)
    client = Client()

    assert type_password(client, "carol", next="/password/").url == "/password/"
    assert is_in(client)


def test_no_demo_no_list():
    factories.carol(demo=True)

    page = Client().get("/login/?as=carol")

    assert page.context["demo"] == ()
    assert DEMO_PASSWORD not in page.text


def test_own_password_is_changed_and_the_session_goes_on():
    user = factories.carol(must_change_password=True)
    client = logged_in(user)
    other = logged_in(user)

    response = client.post("/password/", {"old": PASSWORD, "new": "Another-horse-16"})

    assert response.url == "/start/"
    assert (is_in(client), is_in(other)) == (True, False)
    user.refresh_from_db()
    assert (user.check_password("Another-horse-16"), user.must_change_password) == (True, False)


@pytest.mark.parametrize(
    ("old", "new", "errors"),
    [
        ("wrong", "Another-horse-16", {"old": ["原密码不正确，请重新输入。"]}),
        (PASSWORD, "Ab1-", {"new"}),
        ("", "Another-horse-16", {"old": ["请输入原密码"]}),
    ],
)
def test_refused_password_change_says_why(old, new, errors):
    user = factories.carol()

    response = logged_in(user).post("/password/", {"old": old, "new": new})

    assert response.status_code == 422
    assert set(response.context["form"].errors) == set(errors)
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
