"""Whom officers may send, samples anybody draws again, conflicts, findings, and their pages."""

import hashlib
import json
import subprocess
from datetime import timedelta

import pytest
from django.utils import timezone
from tests import factories
from tests.assessments.inspecting import (
    a_complete_site,
    as_the_ledger,
    planned,
    signed,
    third_party,
)
from tests.assessments.test_inspections import post_json

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.inspection_models import Finding, Inspection, InspectionDraw
from circle15.assessments.inspections.handing_in import submit
from circle15.assessments.inspections.interest import candidates
from circle15.assessments.inspections.merging import settle
from circle15.assessments.inspections.packs import take
from circle15.assessments.inspections.queries import closed_for, suggested_vetoes
from circle15.assessments.inspections.refusals import OwnArea, SettledOtherwise
from circle15.assessments.inspections.sampling import Entry, drawn, number_of, seed_of
from circle15.ledger.models import Fact
from circle15.web.shared.once import new_key

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def city(db):
    a_complete_site()
    return factories.city_officer()


def officer(user):
    return factories.actor_for(user, at=NOW)


def test_nobody_checks_the_own_area(city):
    fit = third_party()
    local = third_party("local", county=True)
    carol, other = (
        factories.carol(),
        factories.staff("carol2", "county_officer", area=factories.CountyFactory(other=True)),
    )
    site = factories.SiteFactory()

    found = {each.user_id: each.refusal for each in _candidates(site, city)}

    assert (found[fit.pk], found[other.pk]) == ("", "")
    assert "本地" in found[local.pk]
    assert "本地" in found[carol.pk]
    assert "得分" in found[city.pk]
    with pytest.raises(OwnArea, match="得分"):
        planned(officer(city), city, at=NOW)


def _candidates(site, by):
    with area_scope(EVERYWHERE):
        return candidates(site, by=officer(by), on=NOW.date())


def test_a_sample_is_drawn_again_with_sha256sum():
    seed = seed_of("苏医保发〔2026〕1 号 随机抽取")
    entries = [Entry(f"S{n}", f"第{n}站", "/a/", "启东市", "town_centre") for n in range(9)]

    found = drawn(entries, seed=seed, per_stratum=3)

    assert drawn(reversed(entries), seed=seed, per_stratum=3) == found
    by_hand = subprocess.run(
        ["/usr/bin/sha256sum"], input=f"{seed}:S4".encode(), capture_output=True, check=True
    )
    assert by_hand.stdout.decode().split()[0] == number_of(seed, "S4")
    assert sorted(found, key=lambda one: one.digest) == list(found)
    assert [one.rank for one in found if one.is_drawn] == [1, 2, 3]


def test_an_officer_draws_sends_and_takes_the_list_along(city):
    user, client = third_party(), factories.logged_in(city)
    given = {
        "document": "市局公告 3 号",
        "text": "本年度抽查  自四月起开展，\n名单随机产生。",
        "published_on": NOW.date().isoformat(),
        "kinds": ["town_centre"],
        "per_stratum": "1",
    }
    first = client.post("/inspections/draws/", given | {"once": new_key()})
    again = client.post("/inspections/draws/", given | {"once": new_key()})
    page = client.get(first.url).content.decode()
    line = "市局公告 3 号 本年度抽查 自四月起开展， 名单随机产生。"

    assert (first.status_code, first.url) == (302, again.url)
    assert hashlib.sha256(line.encode()).hexdigest() in page
    due = (NOW.date() + timedelta(days=9)).isoformat()
    send = {"book": "jiangsu-acceptance", "inspectors": [str(user.pk)], "due_on": due}
    assert client.post(first.url, send | {"once": new_key()}).status_code == 302
    with area_scope(EVERYWHERE):
        check = Inspection.objects.get()
        assert (check.draw, check.state) == (InspectionDraw.objects.get(), "planned")
    assert "汇龙镇" in client.get("/inspections/").content.decode()
    assert client.post(f"{first.url}export/").content.startswith(b"PK")


# Clauses: J-104
def test_what_two_saw_differently_waits_for_a_supervisor(city):
    users = [third_party("one"), third_party("two")]
    check = planned(officer(city), *users, at=NOW)
    for user, there in zip(users, (True, False), strict=True):
        client = factories.logged_in(user)
        pack = client.post("/inspect/pack/").json()["checks"][0]
        sent = signed(str(check.uid), as_the_ledger(pack, **{"zone.guide": there}))
        assert post_json(client, "/inspect/submit/", sent).status_code == 200
    page = f"/inspections/{check.uid}/"
    supervisor = factories.logged_in(city)
    seen = Fact.objects.filter(note=f"现场检查 {check.number}")
    with area_scope(EVERYWHERE):
        rule = check.lines.get(state="conflict").rule_id
        assert seen.exists()
        assert not seen.filter(name="zone.guide").exists()
    assert "1 条有分歧" in supervisor.get(page).content.decode()

    settle = {"rule_id": rule, "place": "2", "why": "看了照片", "once": new_key()}
    assert supervisor.post(f"{page}settle/", settle).status_code == 302
    assert supervisor.post(f"{page}close/", {"once": new_key()}).status_code == 409

    with area_scope(EVERYWHERE):
        found = Finding.objects.get()
        assert seen.get(name="zone.guide").value is False
    at_check, new = supervisor.get(page).text, "/monitoring/orders/new/QD-0001/"
    assert f'action="{new}"' in at_check
    assert f'value="{found.uid}"' in at_check
    order = supervisor.get(f"{new}?finding={found.uid}")
    words = order.context["form"].initial["words"]
    assert words.startswith("请按现场检查所见整改：\n1. " + check.number)
    assert "台账" in words.splitlines()[1]
    assert supervisor.get(f"{new}?finding=x").status_code == 404
    judge = {"state": "confirmed", "why": "照片和台账对不上", "once": new_key()}
    assert supervisor.post(f"/inspections/findings/{found.uid}/", judge).status_code == 302
    assert supervisor.post(f"{page}close/", {"once": new_key()}).status_code == 302
    assert check.number in supervisor.get("/sites/QD-0001/scores/").content.decode()
    assert "V3" in supervisor.get("/inspections/findings/?state=confirmed").content.decode()
    (closed,) = closed_for(check.site_id, NOW.date())
    assert (closed.confirmed_vetoes, closed.verdicts[rule]) == (("V3",), "no")
    assert len(suggested_vetoes(check.site_id, since=NOW.date())) == 1


def test_a_fact_two_lines_share_is_settled_to_one_value(city):
    users, shared = [third_party("one"), third_party("two")], "zone.guide"
    check = planned(officer(city), *users, at=NOW)
    for user, there in zip(users, (True, False), strict=True):
        by = factories.actor_for(user, at=NOW)
        sheet = as_the_ledger(take(by=by, at=NOW)["checks"][0], **{shared: there})
        submit(json.dumps(signed(str(check.uid), sheet)).encode(), by=by, at=NOW)
    step = {"uid": check.uid, "why": "看了照片", "by": officer(city), "at": NOW}
    with area_scope(EVERYWHERE):
        first = check.lines.get(state="conflict")
        # No line of this site's book shares it; those of other books do.
        second = check.lines.exclude(pk=first.pk).first()
        for each in check.submissions.all():
            each.answers[second.rule_id] = each.answers[first.rule_id]
            each.save()
        check.lines.filter(pk=second.pk).update(state="conflict", verdict="", facts={}, place=None)
        settle(rule_id=first.rule_id, place=2, **step)
        with pytest.raises(SettledOtherwise):
            settle(rule_id=second.rule_id, place=1, **step)
        settle(rule_id=second.rule_id, place=2, **step)
        assert Fact.objects.get(note=f"现场检查 {check.number}", name=shared).value is False


def test_a_second_person_is_sent_and_taken_off_again(city):
    one, two = third_party("one"), third_party("two")
    check = planned(officer(city), one, at=NOW)
    client, page = factories.logged_in(city), f"/inspections/{check.uid}/"

    steps = [
        ("assign", {"user_id": str(two.pk)}, 302),
        ("assign", {"user_id": str(two.pk)}, 422),
        ("release", {"place": "2", "why": "另有任务"}, 302),
        ("cancel", {"why": ""}, 422),
        ("cancel", {"why": "改期"}, 302),
        ("cancel", {"why": "改期"}, 409),
    ]
    for act, given, status in steps:
        told = client.post(f"{page}{act}/", given | {"once": new_key()})
        assert (act, told.status_code) == (act, status)
    assert factories.logged_in(one).post("/inspect/pack/").json()["checks"] == []
    new = client.get("/inspections/new/?site=汇龙").content.decode()
    assert "得分" in new
    assert "没有找到" in client.get("/inspections/new/?site=nowhere").content.decode()
    due = (NOW.date() + timedelta(days=9)).isoformat()
    given = {"site": "QD-0001", "book": "jiangsu-acceptance", "due_on": due, "reason": "复查"}
    sent = {**given, "inspectors": [str(one.pk)], "once": new_key()}
    assert client.post("/inspections/new/", sent | {"inspectors": []}).status_code == 422
    assert client.post("/inspections/new/", sent).url.startswith("/inspections/")
