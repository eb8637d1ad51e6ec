"""Faults that were mended: words kept, posts that ended, days settled, awards that wait."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from tests import factories
from tests.programme import test_construction as c
from tests.programme import test_duties as d
from tests.programme import test_rounds as r
from tests.programme.test_duties import liaison  # noqa: F401
from tests.programme.test_rounds import people  # noqa: F401

from circle15.accounts.models import Organisation, Post
from circle15.accounts.states import Role
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.programme.construction.actions import start
from circle15.programme.construction_models import ProgressReport
from circle15.programme.duties_models import Assignment, ForceMember
from circle15.programme.rounds import awarding, reviewing
from circle15.programme.rounds.opening import open_round
from circle15.programme.rounds.refusals import NotAccepted

pytestmark = pytest.mark.django_db


@pytest.fixture
def carol(db):
    factories.TownFactory()
    factories.TownFactory(other=True)
    factories.SiteFactory()
    return factories.logged_in(factories.carol())


@pytest.fixture
def manager(carol):
    return factories.logged_in(factories.manager())


def test_award_waits_for_project_begun_on_its_page(people):  # noqa: F811
    one = open_round(wanted=r.wanted(), by=people["city"], at=r.AT)
    made = r.endorsed(one, people)
    by = {"by": people["city"], "at": r.AT}
    reviewing.select(uid=made.uid, reason="", **by)
    reviewing.record_selected(uid=made.uid, note="", **by)
    start(site_code="QD-0001", template="", start_on=r.TODAY, **by)
    passed = awarding.Acceptance("x", "验收", "QD-0001", "90 / 100", True, r.TODAY)
    with pytest.raises(NotAccepted):
        awarding.award(uid=made.uid, acceptance=passed, built_on=r.TODAY, **by)


def test_report_of_600_is_kept_whole(manager, carol):
    project = c.begun()
    page = manager.get(f"/construction/{project.uid}/").content.decode()
    period = re.search(r'name="period" value="([^"]+)"', page).group(1)
    text = "进" * 560
    assert c.step(manager, project, "report", period=period, words=text).status_code == 302
    with area_scope(EVERYWHERE):
        assert len(ProgressReport.objects.get().words) == 560


def test_construction_refused_keeps_words(manager, carol):
    project = c.begun()
    page = manager.get(f"/construction/{project.uid}/").content.decode()
    period = re.search(r'name="period" value="([^"]+)"', page).group(1)
    bad = c.SimpleUploadedFile("a.pdf", b"nothing", "application/pdf")
    reply = c.step(manager, project, "report", period=period, words="很长的进展说明", file=bad)
    assert reply.status_code >= 400
    assert "很长的进展说明" in reply.content.decode()


def test_duty_refused_keeps_words(carol, liaison):  # noqa: F811
    d.towns_do(carol)
    one = d.owed_by("汇龙镇")
    bad = c.SimpleUploadedFile("a.pdf", b"nothing", "application/pdf")
    reply = d.step(liaison, one, "report", words="很长的进展说明", file=bad)
    assert reply.status_code == 409
    assert "很长的进展说明" in reply.content.decode()


def test_done_milestone_keeps_being_late(carol):
    project = c.begun()
    scheme = c.milestone(project, "scheme")
    today = timezone.localdate()
    with area_scope(EVERYWHERE):
        type(scheme).objects.filter(pk=scheme.pk).update(
            state="done",
            begun_on=today,
            done_on=today,
            to_on=today - timedelta(days=9),
            from_on=today - timedelta(days=20),
            hard_on=None,
        )
    given = {"milestone": scheme.uid, "from_on": today, "to_on": today, "reason": "补改日期"}
    assert c.step(carol, project, "move", **given).status_code == 409


def test_ended_post_answers_no_more(carol):
    d.do(carol, "force", since="2026-01-05")
    user = factories.staff("fin", Role.LIAISON, area=factories.CountyFactory(), name="联络员")
    with area_scope(EVERYWHERE):
        post = Post.objects.get(person__user=user)
        former = post.organisation
        new = Organisation.objects.get(pk=former.pk)
        new.pk, new.name = None, "另一单位"
        for name in ("uid", "code"):
            if hasattr(new, name):
                setattr(new, name, Organisation._meta.get_field(name).get_default())
        new.save()
        Post.objects.filter(pk=post.pk).update(until=timezone.localdate() - timedelta(days=1))
        post.pk, post.organisation, post.since = None, new, timezone.localdate()
        post.save()
        member = ForceMember.objects.first()
        ForceMember.objects.filter(pk=member.pk).update(organisation=former)
    d.do(carol, "give", name="拨付补助资金", to=f"agency:{member.key}", working_days="5")
    one = d.owed_by(member.name)
    client = factories.logged_in(user)
    assert d.step(client, one, "report", words="已不在此单位").status_code == 409


def test_withdrawn_takes_children_along(carol, liaison):  # noqa: F811
    city = factories.logged_in(factories.city_officer())
    d.do(city, "give", name="全市任务", to="counties", working_days="5")
    with area_scope(EVERYWHERE):
        county = Assignment.objects.filter(area_path=factories.CountyFactory().path).get()
    assert d.step(carol, county, "pass_on").status_code == 302
    assert d.step(city, county, "withdraw", words="任务取消").status_code == 302
    with area_scope(EVERYWHERE):
        assert set(Assignment.objects.filter(parent=county).values_list("state", flat=True)) == {
            "withdrawn"
        }
