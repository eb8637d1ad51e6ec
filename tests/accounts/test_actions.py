"""Every write to accounts: done, refused, and told to the trail."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from tests import factories
from tests.factories import AT, PASSWORD, SINCE, actor_for

from circle15.accounts import actions
from circle15.accounts.actors import system_actor
from circle15.accounts.models import Person, Post, User
from circle15.accounts.opening import (
    BadUsername,
    EndsBeforeStart,
    HasAccount,
    NewAccount,
    NewPerson,
    NewPost,
    NoReason,
    OutsideArea,
    OwnAccount,
    PersonKnown,
    RolesConflict,
    UsernameTaken,
    WeakPassword,
)
from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.accounts.sealing import unseal
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event

pytestmark = pytest.mark.django_db
CITY = "/320600000000/"
COUNTY = "/320600000000/320681000000/"
OTHER_COUNTY = "/320600000000/320682000000/"
GOOD = "Brandnew-horse-1"


@pytest.fixture
def admin():
    """Work in the city as its security admin."""
    actor = actor_for(factories.security_admin())
    with area_scope(CITY):
        yield actor


@pytest.fixture
def county_admin():
    user = factories.staff("secadmin2", "security_admin", area=factories.CountyFactory())
    with area_scope(COUNTY):
        yield actor_for(user)


def a_post(**more) -> NewPost:
    organisation = factories.OrganisationFactory()
    values = {
        "organisation_id": organisation.pk,
        "role": "clerk",
        "area_path": COUNTY,
        "area_name": "启东市",
        "since": SINCE,
    }
    return NewPost(**(values | more))


def an_account(**more) -> NewAccount:
    organisation = factories.OrganisationFactory()
    values = {
        "username": "newcomer",
        "password": GOOD,
        "person": NewPerson(
            name="欧阳春晓",
            organisation_id=organisation.pk,
            phone="13800138000",
            id_number="11010519491231002X",
        ),
        "post": a_post(),
    }
    return NewAccount(**(values | more))


def events() -> list[tuple[str, str, str]]:
    with area_scope(EVERYWHERE):
        rows = Event.objects.order_by("id")
        return list(rows.values_list("verb", "target_id", "actor_name"))


def test_create_account_seals_the_person_and_gives_the_post(admin):
    user = actions.create_account(account=an_account(), by=admin, at=AT)

    person = Person.objects.get(user=user)
    assert unseal(person.name_sealed, field="name", uid=person.uid) == "欧阳春晓"
    assert unseal(person.phone_sealed, field="phone", uid=person.uid) == "13800138000"
    assert "欧阳" not in person.name_sealed
    assert person.area_path == COUNTY
    assert (user.check_password(GOOD), user.must_change_password) == (True, True)
    assert Post.objects.get(person=person).role == "clerk"
    assert events() == [("account.create", "newcomer", "钱*（secadmin）")]


# Clauses: W-02
def test_units_of_any_kind_may_hold_a_countys_post(admin):
    zone = factories.OrganisationFactory(kind="agency", name="经济开发区人社局")
    person = factories.PersonFactory(organisation=zone)
    post = a_post(role="county_officer", organisation_id=zone.pk)
    account = an_account(person=person.uid, post=post)

    user = actions.create_account(account=account, by=admin, at=AT)

    assert Post.objects.get(person=person).role == "county_officer"
    assert user.person.organisation.kind == "agency"


def test_create_account_for_a_known_person(admin):
    person = factories.PersonFactory()

    user = actions.create_account(account=an_account(person=person.uid), by=admin, at=AT)

    assert user.person_id == person.pk


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"username": "Ab"}, BadUsername),
        ({"username": "ab"}, BadUsername),
        ({"username": "a" * 41}, BadUsername),
        ({"username": "1abc"}, BadUsername),
        ({"username": "secadmin"}, UsernameTaken),
        ({"password": "short-A1"}, WeakPassword),
        ({"password": "onlysmallletters"}, WeakPassword),
        ({"password": "Newcomer-2026"}, WeakPassword),
        ({"person": UUID(int=9)}, NotFound),
        ({"person": NewPerson(name="王", organisation_id=0)}, NotFound),
    ],
)
def test_create_account_refuses(admin, more, refusal):
    with pytest.raises(refusal):
        actions.create_account(account=an_account(**more), by=admin, at=AT)

    assert User.objects.filter(username="newcomer").exists() is False
    assert events() == []


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"area_path": OTHER_COUNTY}, OutsideArea),
        ({"area_path": CITY}, OutsideArea),
        ({"area_path": ""}, OutsideArea),
        ({"organisation_id": 0}, NotFound),
        ({"covers_post_id": 0}, NotFound),
    ],
)
def test_create_account_refuses_a_post_outside_the_area(county_admin, more, refusal):
    with pytest.raises(refusal):
        actions.create_account(account=an_account(post=a_post(**more)), by=county_admin, at=AT)

    assert User.objects.filter(username="newcomer").exists() is False


def test_create_account_refuses_a_person_of_another_area(county_admin):
    stranger = factories.PersonFactory(organisation__division=factories.CountyFactory(other=True))

    with pytest.raises(NotFound):
        actions.create_account(account=an_account(person=stranger.uid), by=county_admin, at=AT)


def test_create_account_refuses_a_second_account(admin):
    person = factories.alice().person

    with pytest.raises(HasAccount):
        actions.create_account(account=an_account(person=person.uid), by=admin, at=AT)


def test_create_account_refuses_a_known_id_number_even_of_another_area(county_admin):
    factories.PersonFactory(
        id_number="11010519491231002X",
        organisation__division=factories.CountyFactory(other=True),
    )

    with pytest.raises(PersonKnown):
        actions.create_account(account=an_account(), by=county_admin, at=AT)


CHANGES = [
    (actions.disable_account, {}, "account.disable"),
    (actions.enable_account, {}, "account.enable"),
    (actions.reset_second_factor, {}, "account.reset_second_factor"),
    (actions.reset_password, {"password": GOOD}, "account.reset_password"),
    (actions.lift_lock, {}, "account.lift_lock"),
]


@pytest.mark.parametrize(("action", "more", "verb"), CHANGES)
def test_each_change_of_an_account_leaves_one_event(admin, action, more, verb):
    user = factories.alice()

    action(user_id=user.pk, by=admin, at=AT, **more)

    assert events() == [(verb, "alice", "钱*（secadmin）")]


@pytest.mark.parametrize(("action", "more", "verb"), CHANGES)
def test_each_change_is_refused_without_the_permission(action, more, verb):
    user = factories.alice()

    for by in (factories.carol(), factories.auditor(), factories.system_admin()):
        with area_scope(CITY), pytest.raises(NotAllowed):
            action(user_id=user.pk, by=actor_for(by), at=AT, **more)
    assert events() == []


@pytest.mark.parametrize(("action", "more", "verb"), CHANGES)
def test_each_change_is_refused_outside_the_area(county_admin, action, more, verb):
    stranger = factories.dave()

    with pytest.raises(NotFound):
        action(user_id=stranger.pk, by=county_admin, at=AT, **more)
    with area_scope(EVERYWHERE), pytest.raises(NotFound):
        action(user_id=stranger.pk, by=county_admin, at=AT, **more)


@pytest.mark.parametrize(("action", "more", "verb"), CHANGES)
def test_nobody_changes_the_own_account(admin, action, more, verb):
    with pytest.raises(OwnAccount):
        action(user_id=admin.user_id, by=admin, at=AT, **more)


def test_disable_and_enable(admin):
    user = factories.alice()
    before = user.get_session_auth_hash()

    disabled = actions.disable_account(user_id=user.pk, by=admin, at=AT)
    assert (disabled.is_active, disabled.epoch) == (False, 1)
    enabled = actions.enable_account(user_id=user.pk, by=admin, at=AT)
    assert enabled.is_active is True
    assert enabled.get_session_auth_hash() != before


def test_reset_second_factor_forgets_the_secret_but_not_the_used_step(admin):
    user = factories.alice(enrolled=True, totp_last_step=7)

    reset = actions.reset_second_factor(user_id=user.pk, by=admin, at=AT)

    assert (reset.totp_sealed, reset.totp_confirmed_at) == ("", None)
    assert (reset.totp_last_step, reset.epoch) == (7, 1)


def test_reset_password_must_be_changed_at_login(admin):
    user = factories.alice()

    reset = actions.reset_password(user_id=user.pk, password=GOOD, by=admin, at=AT)

    assert (reset.check_password(GOOD), reset.must_change_password, reset.epoch) == (True, True, 1)
    with pytest.raises(WeakPassword):
        actions.reset_password(user_id=user.pk, password="weak", by=admin, at=AT)


def test_give_post_covers_another_and_ends_sessions(admin):
    covered = Post.objects.get(person=factories.alice().person)
    user = factories.staff("bob", "clerk", area=factories.SiteFactory())

    post = actions.give_post(
        user_id=user.pk, post=a_post(covers_post_id=covered.pk), by=admin, at=AT
    )

    assert (post.covers_id, post.person_id) == (covered.pk, user.person_id)
    assert User.objects.get(pk=user.pk).epoch == 1
    assert events() == [("account.give_post", "bob", "钱*（secadmin）")]


@pytest.mark.parametrize(
    ("held", "new", "refused"),
    [
        ("clerk", "site_manager", False),
        ("clerk", "auditor", True),
        ("auditor", "clerk", True),
        ("system_admin", "security_admin", True),
        ("auditor", "auditor", False),
    ],
)
def test_give_post_keeps_the_powers_apart(admin, held, new, refused):
    user = factories.staff("bob", held, area=factories.CountyFactory())

    if refused:
        with pytest.raises(RolesConflict):
            actions.give_post(user_id=user.pk, post=a_post(role=new), by=admin, at=AT)
    else:
        assert (
            actions.give_post(user_id=user.pk, post=a_post(role=new), by=admin, at=AT).role == new
        )


def test_end_post_sets_the_last_day_and_ends_sessions(admin):
    user = factories.alice()
    post = Post.objects.get(person=user.person)

    ended = actions.end_post(post_id=post.pk, on=date(2026, 3, 2), by=admin, at=AT)

    assert ended.until == date(2026, 3, 2)
    assert User.objects.get(pk=user.pk).epoch == 1
    assert events() == [("account.end_post", "alice", "钱*（secadmin）")]


def test_end_post_refuses(county_admin):
    post = Post.objects.get(person=factories.alice().person)
    without_account = factories.PostFactory()
    with area_scope(EVERYWHERE):
        foreign = Post.objects.get(person=factories.dave().person)

    def end(post_id, on=SINCE, by=county_admin):
        actions.end_post(post_id=post_id, on=on, by=by, at=AT)

    with pytest.raises(EndsBeforeStart):
        end(post.pk, on=date(2024, 12, 31))
    for post_id in (0, foreign.pk, without_account.pk):
        with pytest.raises(NotFound):
            end(post_id)
    with area_scope(EVERYWHERE), pytest.raises(NotFound):
        end(foreign.pk)
    with pytest.raises(NotAllowed):
        end(post.pk, by=actor_for(factories.carol()))
    assert events() == []


def test_change_password_needs_the_old_one():
    actor = actor_for(factories.alice())

    with pytest.raises(actions.WrongOldPassword):
        actions.change_password(old="wrong", new=GOOD, by=actor, at=AT)
    with pytest.raises(WeakPassword):
        actions.change_password(old=PASSWORD, new="weak", by=actor, at=AT)
    assert events() == []


def test_change_password_returns_the_session_that_goes_on():
    user = factories.alice(must_change_password=True)

    with area_scope(CITY):
        session = actions.change_password(old=PASSWORD, new=GOOD, by=actor_for(user), at=AT)

    user.refresh_from_db()
    assert user.check_password(GOOD)
    assert (session.key, session.must_change_password) == (user.get_session_auth_hash(), False)
    assert events() == [("account.change_password", "alice", "沈**（alice）")]


def test_reveal_shows_everything_and_tells_the_trail_why():
    person = factories.PersonFactory(
        name="王小明", phone="13800138000", id_number="11010519491231002X"
    )
    carol = actor_for(factories.carol())

    with area_scope(COUNTY):
        shown = actions.reveal(person_uid=person.uid, reason="核对培训名册", by=carol, at=AT)
        event = Event.objects.get()

    assert shown == actions.Revealed("王小明", "13800138000", "11010519491231002X")
    assert (event.verb, event.target_id) == ("person.reveal", str(person.uid))
    assert event.new == {"reason": "核对培训名册"}


def test_reveal_refuses():
    person = factories.PersonFactory()
    foreign = factories.PersonFactory(organisation__division=factories.CountyFactory(other=True))
    carol = actor_for(factories.carol())

    def reveal(uid, reason="核对培训名册", by=carol):
        with area_scope(EVERYWHERE):
            actions.reveal(person_uid=uid, reason=reason, by=by, at=AT)

    for uid in (uuid4(), foreign.uid):
        with pytest.raises(NotFound):
            reveal(uid)
    with pytest.raises(NoReason):
        reveal(person.uid, reason=" 看看\u200b ")
    for stranger in (factories.alice(), factories.security_admin(), factories.system_admin()):
        with pytest.raises(NotAllowed):
            reveal(person.uid, by=actor_for(stranger))
    assert events() == []


def test_system_may_open_accounts_everywhere():
    with area_scope(EVERYWHERE):
        user = actions.create_account(account=an_account(), by=system_actor("demo"), at=AT)

    assert user.username == "newcomer"
