"""What lists and cards show of people: masked, and of the own area only."""

from datetime import date
from uuid import uuid4

import pytest
from tests import factories
from tests.factories import AT, actor_for

from circle15.accounts import queries
from circle15.accounts.models import Post, User
from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.areas.scope import EVERYWHERE, area_scope

pytestmark = pytest.mark.django_db
COUNTY = "/320600000000/320681000000/"


@pytest.fixture
def everywhere():
    """Switch the second wall off: what is hidden is hidden by the query itself."""
    with area_scope(EVERYWHERE):
        yield


def test_person_card_is_masked(everywhere):
    person = factories.PersonFactory(name="欧阳春晓", phone="13800138000")

    card = queries.person_card(person_uid=person.uid, actor=actor_for(factories.carol()))

    assert (card.name, card.phone) == ("欧阳**", "138****8000")
    assert card.organisation == "启东市医疗保障局"


def test_person_card_refuses(everywhere):
    foreign = factories.PersonFactory(organisation__division=factories.CountyFactory(other=True))
    carol = actor_for(factories.carol())

    for uid in (uuid4(), foreign.uid):
        with pytest.raises(NotFound):
            queries.person_card(person_uid=uid, actor=carol)
    for stranger in (factories.alice(), factories.system_admin(), factories.auditor()):
        with pytest.raises(NotAllowed):
            queries.person_card(person_uid=foreign.uid, actor=actor_for(stranger))


def test_people_under_a_site(everywhere):
    factories.alice()
    factories.dave()
    carol, city = actor_for(factories.carol()), actor_for(factories.city_officer())
    site, foreign = factories.SiteFactory(), factories.SiteFactory(foreign=True)

    def names(site, actor):
        return [card.name for card in queries.people_under(area_path=site.area_path, actor=actor)]

    assert names(site, carol) == ["沈**"]
    assert names(foreign, carol) == []
    assert names(foreign, city) == ["倪**"]


def test_staff_accounts_lists_the_own_area_by_name(everywhere):
    for user in (factories.dave, factories.bob, factories.alice):
        user()
    county = actor_for(
        factories.staff("secadmin2", "security_admin", area=factories.CountyFactory())
    )

    def names(actor):
        return [line.username for line in queries.staff_accounts(actor=actor)]

    assert names(actor_for(factories.security_admin())) == [
        "alice",
        "bob",
        "dave",
        "secadmin",
        "secadmin2",
    ]
    assert names(county) == ["alice", "bob", "secadmin2"]
    with pytest.raises(NotAllowed):
        names(actor_for(factories.carol()))


@pytest.mark.parametrize(
    ("search", "found"),
    [("ALI", ["alice"]), ("东陈", ["dave"]), ("南通市医", ["secadmin"]), ("没有", []), ("%", [])],
)
def test_staff_accounts_are_searched_by_name_organisation_and_area(everywhere, search, found):
    factories.alice()
    factories.dave()
    admin = actor_for(factories.security_admin())

    page = queries.staff_accounts(actor=admin, search=search)

    assert [line.username for line in page] == found


def test_staff_accounts_come_in_pages(everywhere, monkeypatch, django_assert_num_queries):
    factories.alice()
    factories.dave()
    admin = actor_for(factories.security_admin())
    monkeypatch.setattr(queries, "PAGE_SIZE", 2)

    # the count, the accounts with their people, the posts
    with django_assert_num_queries(3):
        page = queries.staff_accounts(actor=admin, page="2")

    assert [line.username for line in page] == ["secadmin"]
    assert (page.paginator.num_pages, page.paginator.count) == (2, 3)
    assert queries.staff_accounts(actor=admin, page="99").number == 2
    assert queries.staff_accounts(actor=admin, page="x").number == 1


def test_account_shows_whom_a_b_post_covers(everywhere):
    factories.alice()
    bob = factories.bob()

    line = queries.account(user_id=bob.pk, actor=actor_for(factories.auditor()))

    assert [(post.role, post.covers, post.area_name) for post in line.posts] == [
        ("clerk", "alice", "汇龙镇医保服务站")
    ]
    assert (line.name, line.is_active, line.has_second_factor) == ("陆**", True, False)


def test_account_refuses(everywhere):
    dave = factories.dave()
    county = actor_for(
        factories.staff("secadmin2", "security_admin", area=factories.CountyFactory())
    )

    for user_id in (0, dave.pk):
        with pytest.raises(NotFound):
            queries.account(user_id=user_id, actor=county)
    with pytest.raises(NotAllowed):
        queries.account(user_id=dave.pk, actor=actor_for(factories.system_admin()))


def test_session_key_is_empty_for_who_may_not_enter():
    user = factories.alice()

    assert queries.session_key(user.pk) == user.get_session_auth_hash()
    User.objects.update(is_active=False)
    assert queries.session_key(user.pk) == ""
    assert queries.session_key(0) == ""


@pytest.mark.parametrize(
    ("since", "until", "held"),
    [
        (date(2026, 3, 2), None, True),
        (date(2026, 3, 3), None, False),
        (date(2026, 3, 1), date(2026, 3, 2), True),
        (date(2026, 3, 1), date(2026, 3, 1), False),
    ],
)
def test_current_posts_begin_and_end_with_the_day(everywhere, since, until, held):
    post = factories.PostFactory(since=since, until=until)

    assert queries.current_posts(post.person_id, on=date(2026, 3, 2)).exists() is held


def test_post_id_of_a_username(everywhere):
    alice = factories.alice()
    factories.dave()
    county = actor_for(factories.carol())

    found = queries.post_id_of(username="alice", actor=county, on=AT.date())

    assert found == Post.objects.get(person=alice.person).pk
    for username in ("dave", "nobody"):
        with pytest.raises(NotFound):
            queries.post_id_of(username=username, actor=county, on=AT.date())


def test_organisations_are_those_of_the_area(everywhere):
    factories.alice()
    factories.dave()

    found = queries.organisations(actor=actor_for(factories.carol()))

    assert [choice.label for choice in found] == ["汇龙镇医疗保障局", "启东市医疗保障局"]


def test_demo_accounts_are_listed_in_a_demo_only(settings):
    factories.alice(is_demo=True)
    factories.carol()

    assert queries.demo_accounts() == ()
    settings.DEMO = True
    assert [line.username for line in queries.demo_accounts()] == ["alice"]
