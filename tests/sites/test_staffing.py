"""Staff: whence, what they can handle, who came and went; and items tried at sites."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests import factories
from tests.factories import AT, logged_in

from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Role
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.core.shares import Share
from circle15.sites.models import ItemTry, Site, StaffMember
from circle15.sites.readiness import (
    Tried,
    UnusableTry,
    never_ready,
    readiness_in,
    readiness_of,
    record_tries,
)
from circle15.sites.skills import UnknownSkills, items_at, set_skills, skill_matrix
from circle15.sites.turnover import (
    Turnover,
    added_up,
    export_turnover,
    span_of,
    turnover_by_site,
)
from circle15.web.shared.once import new_key

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(AT)


def serves(site: Site, since: date, until: date | None = None, **more: object) -> StaffMember:
    with area_scope(EVERYWHERE):
        return StaffMember.objects.create(
            site=site,
            person=factories.PersonFactory(area_path=site.area_path),
            duty="综合柜员",
            since=since,
            until=until,
            **more,
        )


@pytest.fixture
def site() -> Site:
    factories.catalogue()
    return factories.SiteFactory()


def actor(make=factories.manager):
    return factories.actor_for(make())


# Clauses: W-92, W-111
def test_who_can_handle_what_makes_the_share_of_the_multi_skilled(site):
    by = actor()
    one, other = (serves(site, date(2025, 5, day)) for day in (1, 2))
    with area_scope(by.area_path):
        keys = [item.key for item in items_at(site, on=TODAY)]
        given = {"code": site.code, "by": by, "at": AT}
        set_skills(member_id=one.pk, source="purchased", items=keys[1:], **given)
        set_skills(member_id=other.pk, source="", items=keys[:2], **given)
        set_skills(member_id=other.pk, source="village", items=keys[1:2], **given)
        matrix = skill_matrix(site, on=TODAY)
        assert len(keys) > 10
        assert matrix.multi == Share(1, 2)
        assert [item.key for item in matrix.uncovered] == keys[:1]
        assert matrix.handlers_of(keys[1]) == 2
        assert [each.member.source for each in matrix.staff] == ["purchased", "village"]
        told = [event.new for event in Event.objects.filter(verb="staff.skills")]
        assert {"source": "purchased", "items": len(keys) - 1} in told
        with pytest.raises(UnknownSkills):
            set_skills(member_id=one.pk, source="lottery", items=[], **given)
        with pytest.raises(UnknownSkills):
            set_skills(member_id=one.pk, source="own", items=["flying"], **given)
    far = factories.SiteFactory(foreign=True)
    stranger = factories.actor_for(factories.staff("far", Role.SITE_MANAGER, area=far))
    with area_scope(stranger.area_path), pytest.raises(NotFound):
        set_skills(member_id=one.pk, source="", items=[], code=site.code, by=stranger, at=AT)


# Clauses: J-96
def test_turnover_counts_who_joined_and_left_between_both_ends(site):
    by = actor(factories.carol)
    quarter = span_of(2026, 1)
    serves(site, date(2025, 1, 1), source="own")
    serves(site, date(2025, 1, 1), date(2025, 12, 31))  # gone before
    serves(site, date(2025, 1, 1), date(2026, 3, 31))  # the last day is in it
    serves(site, date(2026, 1, 1), source="village", is_full_time=False)
    serves(site, date(2026, 4, 1))  # comes after
    with area_scope(by.area_path):
        [(_site, found)] = turnover_by_site(by, quarter)
        assert export_turnover(span=quarter, by=by, at=AT)[:2] == b"PK"
    assert (found.at_first, found.joined, found.left, found.at_last) == (2, 1, 1, 2)
    assert str(found.rate) == "50.0"
    assert (found.full_time, found.sources) == (1, {"own": 1, "village": 1})
    assert added_up([found, found]).at_last == 4
    assert Turnover(0, 0, 0, 0, 0, {}).rate is None
    assert span_of(2026, 4).until == span_of(2026, None).until == date(2026, 12, 31)


# Clauses: Q-34
def test_items_are_tried_and_those_never_ready_are_listed(site):
    by = actor()
    with area_scope(by.area_path):
        keys = [item.key for item in items_at(site, on=TODAY)]
        given = {"code": site.code, "by": by, "at": AT}
        before = [Tried(keys[0], is_ready=True), Tried(keys[1], is_ready=False, lacking="读卡器")]
        record_tries(tried_on=TODAY - timedelta(days=3), tries=before, **given)
        record_tries(tried_on=TODAY, tries=[Tried(keys[0], False, "网络不通")], **given)
        found = readiness_of(site, on=TODAY)
        assert found.ready == Share(0, len(keys))
        assert found.untried == len(keys) - 2
        assert [one.last.lacking for one in found.lacking] == ["网络不通", "读卡器"]
        assert readiness_of(site, on=TODAY - timedelta(days=1)).ready.part == 1
        later, wrong = TODAY + timedelta(days=1), [Tried(keys[0], False), Tried("x", True)]
        with pytest.raises(UnusableTry) as refused:
            record_tries(tried_on=later, tries=wrong, **given)
    assert [name for name, _words in refused.value.problems] == ["tried_on", keys[0], ""]
    carol = actor(factories.carol)
    with area_scope(carol.area_path):
        never = never_ready(readiness_in(carol, on=TODAY))
    assert [(item.key, sites) for item, sites in never] == [(keys[1], 1)]


# Clauses: Q-34, W-92, W-111, J-96
def test_the_pages_take_skills_and_tries_and_show_them_to_the_county(site):
    member = serves(site, date(2025, 5, 1))
    client = logged_in(factories.manager())
    with area_scope(EVERYWHERE):
        item = items_at(site, on=timezone.localdate())[0]
    skills = reverse("site_skills", args=[site.code])
    given = {"member": member.pk, "source": "third_party", "items": [item.key], "once": new_key()}
    assert client.post(skills, given).status_code == 302
    assert "银行、商保等合作派驻" in client.get(skills).content.decode()
    assert client.post(skills, given | {"source": "x", "once": new_key()}).status_code == 422
    tries = reverse("site_readiness", args=[site.code])
    given = {"tried_on": timezone.localdate().isoformat(), f"result-{item.key}": "no"}
    wrong = client.post(tries, given | {"once": new_key()})
    assert wrong.status_code == 422
    assert "请写明缺什么" in wrong.content.decode()
    given |= {f"lacking-{item.key}": "高拍仪", "once": new_key()}
    assert client.post(tries, given).status_code == 302
    with area_scope(EVERYWHERE):
        assert ItemTry.objects.get().lacking == "高拍仪"
    county = logged_in(factories.carol())
    assert "高拍仪" in county.get(reverse("readiness")).content.decode()
    assert site.name in county.get(reverse("staff_turnover")).content.decode()
    assert county.get(reverse("staff_turnover"), {"year": "x", "quarter": "9"}).status_code == 200
    assert county.post(reverse("staff_turnover_export")).status_code == 200


def test_pages_of_staff_cost_the_same_for_one_site_and_many(site):
    """The catalogue of items is what there is more of for each site; it is read once."""
    serves(site, date(2025, 5, 1))
    county = logged_in(factories.carol())
    asked = [_questions(county)]
    for _number in range(3):
        more = factories.SiteFactory()
        for day in (1, 2):
            serves(more, date(2025, 5, day))
    asked.append(_questions(county))
    assert asked[0] == asked[1]


def _questions(client: Client) -> list[int]:
    found = []
    for name in ("staff_turnover", "readiness"):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(name)).status_code == 200
        found.append(len(captured))
    return found
