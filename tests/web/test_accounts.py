"""The pages of the security admin and the auditor."""

import csv
from io import StringIO

import pytest
from tests import factories
from tests.factories import logged_in

from circle15.accounts.models import LoginAttempt, Post, User
from circle15.accounts.states import PERMISSIONS, Permission, Role
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.web.bureau.accounts import matrix

pytestmark = pytest.mark.django_db
GOOD = "Brandnew-horse-1"


def typed(**more: str) -> dict[str, str]:
    town = factories.TownFactory()
    organisation = factories.OrganisationFactory(division=town)
    values = {
        "username": "newcomer",
        "name": "欧阳春晓",
        "phone": "",
        "password": GOOD,
        "role": "clerk",
        "organisation": str(organisation.pk),
        "division": town.path,
        "site_code": "",
        "since": "2026-03-01",
        "covers": "",
    }
    return values | more


def post_of(username: str) -> Post:
    with area_scope(EVERYWHERE):
        return Post.objects.filter(person__user__username=username).latest("id")


def test_list_shows_accounts_masked():
    factories.alice()

    page = logged_in(factories.auditor()).get("/accounts/")

    assert [line.username for line in page.context["page"]] == ["alice", "auditor"]
    assert "沈**" in page.text
    assert "沈小燕" not in page.text


def test_list_costs_the_same_for_one_and_many_accounts(django_assert_num_queries):
    client = logged_in(factories.auditor())

    with django_assert_num_queries(10):
        client.get("/accounts/")
    factories.alice()
    factories.dave()
    with django_assert_num_queries(10):
        client.get("/accounts/")


def test_list_says_when_nothing_is_found():
    page = logged_in(factories.auditor()).get("/accounts/?q=没有这个人")

    assert "没有找到账号" in page.text


@pytest.mark.parametrize("path", ["/accounts/", "/accounts/matrix/", "/accounts/matrix.csv"])
def test_pages_are_for_security_admin_and_auditor(path):
    def status(user):
        return logged_in(user).get(path).status_code

    assert status(factories.security_admin()) == 200
    assert status(factories.auditor()) == 200
    assert status(factories.system_admin()) == 403
    assert status(factories.carol()) == 403


def test_account_is_opened_for_a_division():
    client = logged_in(factories.security_admin())
    assert client.get("/accounts/new/").status_code == 200

    response = client.post("/accounts/new/", typed())

    user = User.objects.get(username="newcomer")
    assert response.url == f"/accounts/{user.pk}/"
    assert (post_of("newcomer").area_name, user.must_change_password) == ("汇龙镇", True)
    assert "欧阳**" in client.get(response.url).text


def test_account_is_opened_for_one_site_as_cover():
    alice = factories.alice()
    client = logged_in(factories.security_admin())

    client.post("/accounts/new/", typed(site_code="QD-0001", covers="alice"))

    post = post_of("newcomer")
    assert (post.area_name, post.area_path) == (
        "汇龙镇医保服务站",
        "/320600000000/320681000000/320681100000/QD-0001/",
    )
    assert post.covers_id == post_of(alice.username).pk


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"username": "Ab"}, "username"),
        ({"username": "secadmin"}, "username"),
        ({"password": "weak"}, "password"),
        ({"since": "1.3.2026"}, "since"),
        ({"role": ""}, "role"),
        ({"role": "king"}, "role"),
        ({"division": "/34/"}, "division"),
        ({"site_code": "QD-9999"}, "__all__"),
        ({"site_code": "QD-0002"}, "__all__"),
        ({"covers": "nobody"}, "__all__"),
    ],
)
def test_refused_account_says_what_to_mend(more, field):
    factories.SiteFactory(other=True)
    client = logged_in(factories.security_admin())

    response = client.post("/accounts/new/", typed(**more))

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert 'value="欧阳春晓"' in response.text
    assert not User.objects.filter(username="newcomer").exists()


def test_account_page_of_auditor_offers_no_change():
    alice = factories.alice()

    page = logged_in(factories.auditor()).get(f"/accounts/{alice.pk}/")

    assert page.status_code == 200
    assert page.context["may_manage"] is False
    assert "停用账号" not in page.text


@pytest.mark.parametrize("user_id", ["0", "999999"])
def test_unknown_account_answers_404(user_id):
    client = logged_in(factories.security_admin())

    assert client.get(f"/accounts/{user_id}/").status_code == 404
    assert client.post(f"/accounts/{user_id}/disable/").status_code == 404


def test_account_of_another_county_answers_404():
    dave = factories.dave()
    county = factories.staff("secadmin2", "security_admin", area=factories.CountyFactory())
    client = logged_in(county)

    paths = ["disable/", "enable/", "lift-lock/", "second-factor/"]
    statuses = {client.post(f"/accounts/{dave.pk}/{path}").status_code for path in paths}

    assert statuses == {404}
    assert client.get(f"/accounts/{dave.pk}/").status_code == 404


def test_leaver_is_disabled_and_comes_back():
    alice = factories.alice()
    hers = logged_in(alice)
    client = logged_in(factories.security_admin())

    client.post(f"/accounts/{alice.pk}/disable/")
    assert hers.get("/password/").status_code == 302
    assert "已停用" in client.get(f"/accounts/{alice.pk}/").text
    client.post(f"/accounts/{alice.pk}/enable/")
    assert User.objects.get(pk=alice.pk).is_active


def test_help_with_logging_in():
    alice = factories.alice(enrolled=True)
    client = logged_in(factories.security_admin())

    for path, data in (
        ("lift-lock/", {}),
        ("second-factor/", {}),
        ("password/", {"password": GOOD}),
    ):
        response = client.post(f"/accounts/{alice.pk}/{path}", data)
        assert (response.status_code, response.url) == (302, f"/accounts/{alice.pk}/")

    alice.refresh_from_db()
    assert (alice.totp_sealed, alice.check_password(GOOD)) == ("", True)
    assert alice.lock_lifted_at is not None
    assert LoginAttempt.objects.count() == 0


@pytest.mark.parametrize("password", ["", "weak"])
def test_refused_first_password_says_why(password):
    alice = factories.alice()
    client = logged_in(factories.security_admin())

    response = client.post(f"/accounts/{alice.pk}/password/", {"password": password})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["password"]


def test_post_is_given_and_ended():
    alice = factories.alice()
    client = logged_in(factories.security_admin())
    factories.TownFactory(other=True)

    given = client.post(f"/accounts/{alice.pk}/posts/", typed(role="site_manager"))
    post = post_of("alice")
    ended = client.post(f"/accounts/{alice.pk}/posts/{post.pk}/end/", {"on": "2026-03-02"})

    assert (given.status_code, post.role) == (302, "site_manager")
    assert (ended.status_code, str(post_of("alice").until)) == (302, "2026-03-02")


def test_refused_post_says_why():
    alice = factories.alice()
    client = logged_in(factories.security_admin())
    post = post_of("alice")

    given = client.post(f"/accounts/{alice.pk}/posts/", typed(role="auditor"))
    ended = client.post(f"/accounts/{alice.pk}/posts/{post.pk}/end/", {"on": "gestern"})
    early = client.post(f"/accounts/{alice.pk}/posts/{post.pk}/end/", {"on": "2020-01-01"})

    assert (given.status_code, "不得与其他岗位兼任" in given.text) == (422, True)
    assert (ended.status_code, early.status_code, post_of("alice").until) == (302, 409, None)


def test_matrix_is_what_the_code_does():
    rows = {row.permission: row.granted for row in matrix.role_rows()}

    assert list(rows) == list(Permission)
    for index, role in enumerate(Role):
        assert {one for one, granted in rows.items() if granted[index]} == set(PERMISSIONS[role])


def test_matrix_downloads_roles_and_routes_for_excel():
    response = logged_in(factories.auditor()).get("/accounts/matrix.csv")

    text = response.content.decode("utf-8-sig")
    lines = list(csv.reader(StringIO(text)))
    login = next(line for line in lines if line and line[0] == "/login/")
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert lines[0][2:] == [str(role.label) for role in Role]
    assert len(lines) == 1 + len(Permission) + 1 + 1 + len(matrix.routes())
    assert login == ["/login/", "只读", "任何人", *["✓"] * len(Role)]


def test_no_role_may_both_act_and_see_or_change_the_trail():
    """Power is split: who sees the trail changes nothing, who runs the system sees no people."""
    looks = {Permission.VIEW_AUDIT, Permission.VIEW_ACCOUNTS}
    people = {Permission.VIEW_STAFF, Permission.REVEAL_PEOPLE, Permission.VIEW_ACCOUNTS}

    assert PERMISSIONS[Role.AUDITOR] == looks
    assert {role for role in Role if Permission.VIEW_AUDIT in PERMISSIONS[role]} == {Role.AUDITOR}
    assert PERMISSIONS[Role.SYSTEM_ADMIN] & people == set()
    managers = {role for role in Role if Permission.MANAGE_ACCOUNTS in PERMISSIONS[role]}
    assert managers == {Role.SECURITY_ADMIN}
