"""Bank and hospital partners: agreements, outlets with their checks, and people who see no more."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from tests import factories

from circle15.accounts import actions as accounts
from circle15.accounts.models import Organisation, Post
from circle15.accounts.opening import NewAccount, NewPerson, NewPost
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.programme.partner_models import Agreement, Outlet
from circle15.programme.partner_states import AgreementState
from circle15.programme.partners import agreements, users
from circle15.programme.partners.agreements import NewAgreement
from circle15.programme.partners.lists import export_outlets, lines, outlet_view, state_of
from circle15.programme.partners.refusals import WrongOrganisation, WrongSite
from circle15.sites.queries import visible_to
from circle15.standards.partners import partner_rules

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = timezone.localdate(NOW)
KIND = partner_rules().kinds["bank"]


@pytest.fixture
def officer():
    factories.catalogue()
    return factories.actor_for(factories.carol())


def bank(name):
    county = factories.CountyFactory()
    return factories.OrganisationFactory(division=county, name=name, kind="bank")


def outlet_site(code):
    return factories.SiteFactory(code=code, name=f"示例支行{code}", kind="bank_outlet")


def agreed(officer, whom, *codes, ends_on=TODAY + timedelta(days=400)):
    new = NewAgreement("bank", whom.pk, f"协议{whom.pk}", date(2026, 1, 1), ends_on)
    with area_scope(officer.area_path):
        row = agreements.agree(new=new, by=officer, at=NOW)
        for code in codes:
            outlet_site(code)
            agreements.add_outlet(uid=row.uid, site_code=code, by=officer, at=NOW)
    return row


def account(whom, by):
    """Return a user of a bank whose first post is not at any of its outlets."""
    site = factories.SiteFactory(other=True)
    post = NewPost(
        organisation_id=whom.pk,
        role="site_manager",
        area_path=site.area_path,
        area_name=site.name,
        since=date(2026, 1, 1),
        until=TODAY - timedelta(days=1),
    )
    person = NewPerson(name="王小明", organisation_id=whom.pk)
    new = NewAccount(
        username="banker",
        password=factories.PASSWORD,
        person=person,
        post=post,
        must_change_password=False,
    )
    return accounts.create_account(account=new, by=by, at=NOW)


# Clauses
def test_a_banker_sees_exactly_the_outlets_of_the_agreement(officer):
    own, foreign = bank("甲银行"), bank("乙银行")
    row = agreed(officer, own, "B1", "B2")
    other = agreed(officer, foreign, "X1")  # in the same town
    admin = factories.actor_for(factories.security_admin())
    with area_scope(admin.area_path):
        user = account(own, admin)
        given = users.give_posts(
            uid=row.uid, username="banker", role="site_manager", by=admin, at=NOW
        )
        again = users.give_posts(
            uid=row.uid, username="banker", role="site_manager", by=admin, at=NOW
        )
    assert (given, again) == (2, 0)
    user.refresh_from_db()
    client = factories.logged_in(user)
    actor = factories.actor_for(user, at=NOW)
    code = actor.area_path.rstrip("/").rpartition("/")[2]
    assert client.get(reverse("outlet", args=[code])).status_code == 200
    assert client.get(reverse("site", args=[code])).status_code == 200
    assert client.get(reverse("agreement", args=[row.uid])).status_code == 200
    for name, argument in (("outlet", "X1"), ("site", "X1"), ("agreement", other.uid)):
        assert client.get(reverse(name, args=[argument])).status_code == 404
    page = client.get(reverse("partners")).content.decode()
    assert "甲银行" in page
    assert "乙银行" not in page
    with area_scope(actor.area_path):
        assert [site.code for site in visible_to(actor)] == [code]
        assert [one.pk for one in Agreement.objects.all()] == [row.pk]
        assert Outlet.objects.count() == 1


def test_who_ends_an_agreement_ends_the_partners_posts_there(officer):
    own = bank("甲银行")
    row = agreed(officer, own, "B1", "B2")
    admin = factories.actor_for(factories.security_admin())
    with area_scope(admin.area_path):
        user = account(own, admin)
        users.give_posts(uid=row.uid, username="banker", role="clerk", by=admin, at=NOW)
    with area_scope(officer.area_path):
        agreements.remove_outlet(uid=row.uid, site_code="B1", by=officer, at=NOW)
        agreements.end(uid=row.uid, why="合作结束", by=officer, at=NOW)
    with area_scope(EVERYWHERE):
        open_posts = Post.objects.filter(person=user.person, until__isnull=True)
        assert not open_posts.exists()
        assert not Outlet.objects.filter(until__isnull=True).exists()


def test_posts_end_when_the_agreement_runs_out_once(officer):
    own = bank("甲银行")
    row = agreed(officer, own, "B1")
    admin = factories.actor_for(factories.security_admin())
    with area_scope(admin.area_path):
        user = account(own, admin)
        users.give_posts(uid=row.uid, username="banker", role="clerk", by=admin, at=NOW)
    last = NOW + timedelta(days=400)
    assert users.end_lapsed(at=last) == 0  # the last day still counts
    after = last + timedelta(days=1)
    assert [users.end_lapsed(at=after) for _turn in range(2)] == [1, 0]
    with area_scope(EVERYWHERE):
        assert not Post.objects.filter(person=user.person, until__isnull=True).exists()
        ended = Event.objects.filter(verb="account.end_post").order_by("-id").first()
        assert ended.actor_name == "合作协议"


def test_posts_under_another_agreement_of_the_bank_stay(officer):
    own = bank("甲银行")
    rows = [agreed(officer, own, "B1")]
    new = NewAgreement("bank", own.pk, "二号", date(2026, 1, 1), TODAY + timedelta(days=400))
    outlet_site("B2")
    with area_scope(officer.area_path):
        rows.append(agreements.agree(new=new, by=officer, at=NOW))
        agreements.add_outlet(uid=rows[1].uid, site_code="B2", by=officer, at=NOW)
    admin = factories.actor_for(factories.security_admin())
    with area_scope(admin.area_path):
        user = account(own, admin)
        for row in rows:
            given = {"uid": row.uid, "username": "banker", "by": admin, "at": NOW}
            assert users.give_posts(role="clerk", **given) == 1
        assert Post.objects.filter(person=user.person, until__isnull=True).count() == 2
        assert [one.outlets for one in users.partner_users(rows[0], on=TODAY)] == [("示例支行B1",)]


# Clauses
def test_an_outlet_is_checked_each_quarter_and_says_what_it_lacks(officer):
    agreed(officer, bank("甲银行"), "B1")
    with area_scope(officer.area_path):
        Outlet.objects.update(since=TODAY - timedelta(days=200))
        (line,) = lines(Outlet.objects.select_related("agreement", "site__division"), on=TODAY)
        assert (line.is_checked, line.missed is not None, line.lacks) == (False, True, ())
        given = {"site_code": "B1", "by": officer, "at": NOW}
        agreements.set_not_offered(keys=["own-record"], **given)
        met = list(KIND.checks)[:5]
        agreements.check(checked_on=TODAY, met=met, note="管理制度没有上墙", **given)
        found = outlet_view("B1", by=officer, on=TODAY).line
        content = export_outlets(kind="bank", by=officer, at=NOW)
    assert (found.is_checked, found.last.is_met, found.lacks) == (True, False, ("own-record",))
    assert content.startswith(b"PK")


def test_keys_of_the_banks_six_are_not_those_of_the_standard():
    assert len(KIND.checks) == 6
    assert all(key.startswith("bank_six.") for key in KIND.checks)


def test_agreements_are_with_the_right_ones_and_run_out(officer):
    row = agreed(officer, bank("甲银行"), "B1", ends_on=TODAY + timedelta(days=60))
    assert state_of(row, TODAY) == AgreementState.EXPIRING
    assert state_of(row, TODAY + timedelta(days=61)) == AgreementState.EXPIRED
    bureau = Organisation.objects.filter(kind="county_bureau")
    with area_scope(officer.area_path):
        new = NewAgreement("bank", bureau.first().pk, "1", TODAY, TODAY)
        with pytest.raises(WrongOrganisation):
            agreements.agree(new=new, by=officer, at=NOW)
        for code in ("QD-0001", "B1"):
            factories.SiteFactory()
            with pytest.raises(WrongSite):
                agreements.add_outlet(uid=row.uid, site_code=code, by=officer, at=NOW)


# Clauses
@pytest.mark.parametrize("kind", partner_rules().kinds)
def test_the_catalogue_gives_each_kind_its_minimum(kind):
    own = partner_rules().kinds[kind]
    catalogue = factories.catalogue()
    given = [catalogue.items[key].authority(own.place) for key in own.items]
    assert "none" not in given


def test_an_officer_enters_an_agreement_and_an_outlet_by_pages():
    factories.catalogue()
    client = factories.logged_in(factories.carol())
    whom, site = bank("甲银行"), outlet_site("B1")
    sent = {
        "kind": "bank",
        "organisation": whom.pk,
        "number": "一号",
        "starts_on": "2026-01-01",
        "ends_on": "2027-12-31",
        "once": "a" * 32,
    }
    page = client.post(reverse("agreement_new"), sent)["Location"]
    client.post(f"{page}do/add/", {"site": site.code, "once": "b" * 32})
    assert site.name in client.get(reverse("partners") + "?list=outlets").content.decode()
    assert client.get(reverse("outlet", args=[site.code])).status_code == 200
    admin = factories.logged_in(factories.security_admin())
    assert "甲银行" in admin.get(reverse("partner_users")).content.decode()
