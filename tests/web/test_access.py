"""Every page says who may open it; no page reaches outside the area, and reading never writes."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.db.utils import InternalError
from django.test import Client
from django.utils import timezone
from tests import factories
from tests.factories import logged_in

from circle15.accounts.devices import Device, DeviceKind, issue
from circle15.accounts.models import User
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.sites.models import Site
from circle15.web.bureau.accounts.matrix import routes
from circle15.web.bureau.navigation import DOORS, has_page
from circle15.web.shared import staff_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def probes(settings):
    settings.ROOT_URLCONF = "tests.web.probe"
    for kind in ({}, {"other": True}, {"foreign": True}):
        factories.SiteFactory(**kind)


def codes(client: Client, path: str = "/own-sites/") -> list[str]:
    return client.get(path).json()["codes"]


def site_names() -> set[str]:
    with area_scope(EVERYWHERE):
        return set(Site.objects.values_list("name", flat=True))


def scope_of_connection() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('circle15.area', true), '')")
        return cursor.fetchone()[0]


def test_every_route_declares_its_access():
    undeclared = [route.pattern for route in routes() if not route.access.is_declared]

    assert undeclared == []
    assert len(routes()) > 20


def test_pages_show_the_own_area_only(probes):
    assert codes(logged_in(factories.alice())) == ["QD-0001"]
    assert codes(logged_in(factories.carol())) == ["QD-0001", "QD-0002"]
    assert codes(logged_in(factories.dave())) == ["RG-0001"]
    assert codes(logged_in(factories.city_officer())) == ["QD-0001", "QD-0002", "RG-0001"]


def test_order_of_the_decorators_does_not_matter(probes):
    assert codes(logged_in(factories.alice()), "/own-sites-2/") == ["QD-0001"]


def test_open_pages_see_no_scoped_row_without_a_login(probes):
    assert codes(Client(), "/sites-for-all/") == []


def test_scope_does_not_outlive_the_request(probes):
    client = logged_in(factories.carol())
    client.raise_request_exception = False

    for path in ("/own-sites/", "/missing/", "/broken/"):
        client.get(path)
        assert scope_of_connection() == ""
    assert codes(Client(), "/sites-for-all/") == []


@pytest.mark.django_db(transaction=True)
def test_scope_and_read_only_do_not_outlive_the_request_on_one_connection(probes):
    client = logged_in(factories.carol())
    client.raise_request_exception = False

    for path in ("/own-sites/", "/missing/", "/broken/", "/writing-read/"):
        client.get(path)
        assert scope_of_connection() == ""
        User.objects.update(must_change_password=False)
    assert codes(logged_in(factories.dave())) == ["RG-0001"]


def test_reading_cannot_write(probes):
    client = logged_in(factories.city_officer())

    with pytest.raises(InternalError, match="read-only transaction"):
        client.get("/writing-read/")
    assert "x" not in site_names()


def test_writing_is_all_or_nothing_and_stays_in_the_area(probes):
    client = logged_in(factories.carol())

    refused = client.post("/rename-all/", {"name": "改", "refuse": "今天不改。"})
    assert (refused.status_code, "改" in site_names()) == (409, False)
    assert "今天不改。" in refused.text

    assert client.post("/rename-all/", {"name": "改"}).status_code == 200
    assert site_names() == {"改", "东陈镇医保服务站"}


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("post", "/own-sites/", "GET, HEAD"),
        ("put", "/own-sites/", "GET, HEAD"),
        ("get", "/rename-all/", "POST"),
        ("delete", "/login/", "GET, HEAD, POST"),
    ],
)
def test_wrong_method_is_refused(probes, method, path, allowed):
    response = getattr(logged_in(factories.carol()), method)(path)

    assert (response.status_code, response.headers["Allow"]) == (405, allowed)


def test_stranger_is_asked_to_log_in_and_comes_back(probes):
    response = Client().get("/own-sites/?a=1&b=2")

    assert response.status_code == 302
    assert response.url == "/login/?next=%2Fown-sites%2F%3Fa%3D1%26b%3D2"


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/sites/7/?tab=2", "%2Fsites%2F7%2F%3Ftab%3D2"),
        ("http://testserver/sites/7/", "%2Fsites%2F7%2F"),
        ("https://evil.example/", "%2F"),
        ("", "%2F"),
    ],
)
def test_timed_out_submission_leads_back_to_its_form(probes, referer, back):
    response = Client().post("/rename-all/", {"name": "改"}, headers={"referer": referer})

    assert response.url == f"/login/?next={back}"


@pytest.mark.parametrize("headers", [{"HX-Request": "true"}, {"Accept": "application/json"}])
def test_scripts_get_words_instead_of_a_login_page(probes, headers):
    response = Client().get("/own-sites/", headers=headers)

    assert (response.status_code, response.text) == (401, "登录已超时，请重新登录。")


def test_role_without_the_permission_is_refused(probes):
    response = logged_in(factories.security_admin()).get("/own-sites/")

    assert response.status_code == 403
    assert "您的岗位没有这项权限" in response.text


def test_what_is_missing_answers_404(probes):
    client = logged_in(factories.alice())

    page = client.get("/missing/")
    words = client.get("/missing/", headers={"HX-Request": "true"})

    assert (page.status_code, words.status_code) == (404, 404)
    assert words.text == "没有找到，可能已删除或不在您的管辖范围内。"


def test_first_password_must_be_changed_before_anything_else(probes):
    client = logged_in(factories.alice(must_change_password=True))

    assert client.get("/own-sites/").url == "/password/"
    assert client.get("/start/").url == "/password/"
    assert client.get("/password/").status_code == 200


def test_disabled_account_is_out_at_the_next_request(probes):
    client = logged_in(factories.alice())
    assert client.get("/own-sites/").status_code == 200

    User.objects.update(is_active=False)

    assert client.get("/own-sites/").status_code == 302
    assert client.get("/own-sites/").status_code == 302


def age_session(client: Client, **ages: timedelta) -> None:
    session = client.session
    values = session[staff_session.KEY]
    for name, age in ages.items():
        values[name] = (timezone.now() - age).isoformat()
    session[staff_session.KEY] = values
    session.save()


@pytest.mark.parametrize(
    ("ages", "status"),
    [
        ({"seen_at": timedelta(minutes=14)}, 200),
        ({"seen_at": timedelta(minutes=15)}, 302),
        ({"began_at": timedelta(hours=11, minutes=59)}, 200),
        ({"began_at": timedelta(hours=12)}, 302),
    ],
)
def test_session_ends_when_idle_or_old(probes, ages, status):
    client = logged_in(factories.alice())
    age_session(client, **ages)

    assert client.get("/own-sites/").status_code == status


def test_clicks_keep_the_session_but_background_requests_do_not(probes):
    client = logged_in(factories.alice())
    age_session(client, seen_at=timedelta(minutes=10))

    client.get("/own-sites/", headers={"X-Circle15-Background": "1"})
    idle = timezone.now() - _seen_at(client)
    client.get("/own-sites/")

    assert idle >= timedelta(minutes=10)
    assert timezone.now() - _seen_at(client) < timedelta(minutes=1)


def _seen_at(client: Client):
    return timezone.datetime.fromisoformat(client.session[staff_session.KEY]["seen_at"])


def test_another_server_process_may_have_seen_the_person(probes):
    """The cache of this process is stale, the database knows better."""
    from django.contrib.sessions.backends.cached_db import SessionStore as Cached
    from django.contrib.sessions.backends.db import SessionStore as Stored

    client = logged_in(factories.alice())
    key = client.session.session_key
    fresh = dict(client.session.items())
    age_session(client, seen_at=timedelta(minutes=20))
    elsewhere = Stored(key)
    elsewhere.update(fresh)
    elsewhere.save(must_create=False)

    assert Cached(key)[staff_session.KEY] != fresh[staff_session.KEY]
    assert client.get("/own-sites/").status_code == 200


def test_request_costs_one_query_for_the_account(probes, django_assert_num_queries):
    client = logged_in(factories.alice())

    # account; scope, read only, the page's own, scope back; a savepoint and its end
    with django_assert_num_queries(7):
        client.get("/own-sites/")


@pytest.mark.parametrize(
    ("kind", "age", "token_of", "status"),
    [
        (DeviceKind.KIOSK, timedelta(days=1), str, 200),
        (DeviceKind.DISPLAY, timedelta(days=1), str, 401),
        (DeviceKind.KIOSK, timedelta(0), str, 401),
        (DeviceKind.KIOSK, timedelta(days=1), lambda token: token[:-1], 401),
    ],
)
def test_device_page_opens_by_token_only(probes, kind, age, token_of, status):
    device = Device(UUID(int=1), kind, "/32/", timezone.now() + age)
    headers = {"Authorization": f"Bearer {token_of(issue(device))}"}

    assert Client().get("/device-token/", headers=headers).status_code == status


def test_every_door_of_the_side_column_has_a_page():
    assert [door.url_name for door in DOORS if not has_page(door)] == []
