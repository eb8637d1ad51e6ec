"""A member of staff: masked, and in full with a reason."""

import pytest
from tests import factories
from tests.factories import logged_in

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.sites.models import StaffMember

pytestmark = pytest.mark.django_db
ID_NUMBER = "11010519491231002X"


@pytest.fixture
def person():
    return factories.PersonFactory(name="欧阳春晓", phone="13800138000", id_number=ID_NUMBER)


def events() -> int:
    with area_scope(EVERYWHERE):
        return Event.objects.count()


def test_person_is_masked(person):
    page = logged_in(factories.carol()).get(f"/people/{person.uid}/")

    assert page.status_code == 200
    assert "138****8000" in page.text
    assert all(secret not in page.text for secret in ("春晓", "13800138000", ID_NUMBER))


def test_person_is_shown_in_full_with_a_reason(person):
    client = logged_in(factories.carol())

    page = client.post(f"/people/{person.uid}/", {"reason": "核对培训名册"})

    assert all(secret in page.text for secret in ("欧阳春晓", "13800138000", ID_NUMBER))
    assert page.headers["Cache-Control"] == "no-store"
    assert events() == 1


@pytest.mark.parametrize("reason", ["", "看看"])
def test_person_stays_masked_without_a_reason(person, reason):
    page = logged_in(factories.carol()).post(f"/people/{person.uid}/", {"reason": reason})

    assert (page.status_code, "13800138000" in page.text, events()) == (422, False, 0)


def test_person_of_another_area_answers_404():
    person = factories.PersonFactory(organisation__division=factories.CountyFactory(other=True))
    client = logged_in(factories.carol())

    assert client.get(f"/people/{person.uid}/").status_code == 404
    assert client.post(f"/people/{person.uid}/", {"reason": "核对名册"}).status_code == 404


@pytest.mark.parametrize("who", ["alice", "system_admin", "security_admin", "auditor"])
def test_person_is_not_for_everybody(person, who):
    client = logged_in(getattr(factories, who)())

    assert client.get(f"/people/{person.uid}/").status_code == 403
    assert client.post(f"/people/{person.uid}/", {"reason": "核对名册"}).status_code == 403


@pytest.mark.parametrize(("who", "is_linked"), [("carol", True), ("alice", False)])
def test_site_names_its_staff_masked_to_those_who_may_see_them(who, is_linked):
    site = factories.SiteFactory()
    person = factories.PersonFactory(name="欧阳春晓", area_path=site.area_path)
    with area_scope(EVERYWHERE):
        StaffMember.objects.create(site=site, person=person, duty="综合窗口", since="2026-01-01")

    page = logged_in(getattr(factories, who)()).get(f"/sites/{site.code}/inventory/")

    assert (f'<a href="/people/{person.uid}/">欧阳**</a>' in page.text) is is_linked
    assert "春晓" not in page.text
    assert ("（姓名不显示）" in page.text) is not is_linked
