"""On-site checks from planning to the ledger: what a tablet takes, sends, and what comes of it."""

import json
from uuid import uuid4

import pytest
from django.utils import timezone
from tests import factories
from tests.assessments.inspecting import (
    a_complete_site,
    as_the_ledger,
    jpeg,
    photo_fields,
    planned,
    signed,
    third_party,
)

from circle15.accounts.sealing import unseal
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.inspection_models import (
    Finding,
    Inspection,
    InspectionPhoto,
    InspectionSubmission,
)
from circle15.assessments.inspections.answers import Reading, Sheet
from circle15.assessments.inspections.refusals import Unusable
from circle15.ledger.models import Fact
from circle15.sites.models import Site
from circle15.standards.facts import facts

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def post_json(client, address: str, body: object):
    return client.post(address, json.dumps(body), content_type="application/json")


@pytest.fixture
def out(db):
    """Have one inspector with a site's check on the tablet."""
    a_complete_site()
    user = third_party()
    check = planned(factories.actor_for(factories.city_officer(), at=NOW), user, at=NOW)
    client = factories.logged_in(user)
    pack = client.post("/inspect/pack/").json()["checks"][0]
    return client, check, pack


# Clauses: D-64, D-65, D-66, D-67, W-73, W-74, W-75, W-78, W-110, N-15, N-16, J-04, J-114, J-115
def test_a_check_goes_from_the_tablet_into_the_ledger_once(out):
    client, check, pack = out
    rule = next(line["rule_id"] for line in pack["lines"] if line["asks"])
    fields = photo_fields(str(check.uid), rule, jpeg())
    assert client.post("/inspect/photos/", fields).status_code == 201
    fields["file"].seek(0)
    assert client.post("/inspect/photos/", fields).status_code == 200
    answers = as_the_ledger(pack, **{"zone.guide": False})
    next(each for each in answers if each["rule_id"] == rule)["photos"] = [fields["photo"]]
    sent = signed(str(check.uid), answers)

    first = post_json(client, "/inspect/submit/", sent)
    again = post_json(client, "/inspect/submit/", sent)

    assert (first.status_code, first.json()) == (200, again.json())
    assert first.json()["answers"] == len(pack["lines"])
    with area_scope(EVERYWHERE):
        check.refresh_from_db()
        kept = InspectionSubmission.objects.get()
        whole = unseal(kept.sent_sealed, kind="inspection", field="sent", uid=kept.uid)
        found = Finding.objects.get()
        seen = Fact.objects.filter(source="on_site", note=f"现场检查 {check.number}")
        assert check.state == "merged"
        assert json.loads(whole) == sent
        assert "钱示例" not in json.dumps(kept.answers, ensure_ascii=False)
        assert kept.distance_m < 30
        assert seen.get(name="zone.guide").value is False
        assert (found.veto, found.points > 0, found.differences[0]["fact"]) == (
            "V3",
            True,
            "zone.guide",
        )
        photo = InspectionPhoto.objects.select_related("evidence").get()
        assert photo.evidence.facts.exists()


def test_what_is_wrong_is_named_at_once_and_nothing_is_written(out):
    client, check, pack = out
    answers = as_the_ledger(pack)
    first, second = (line["rule_id"] for line in pack["lines"][:2])
    answers[0]["verdict"] = ""
    answers[1]["photos"] = [str(uuid4())]
    sent = signed(str(check.uid), answers)

    undecided = post_json(client, "/inspect/submit/", sent)
    answers[0]["verdict"] = "yes"
    lost_photo = post_json(client, "/inspect/submit/", signed(str(check.uid), answers))
    forged = post_json(client, "/inspect/submit/", signed(str(check.uid), answers) | {"vetoes": []})
    changed = sent | {"answers": answers}
    altered = post_json(client, "/inspect/submit/", changed)
    spoiled = client.post(
        "/inspect/photos/", photo_fields(str(check.uid), first, jpeg(), sha256="0" * 64)
    )

    assert undecided.json()["problems"] == [{"rule_id": first, "text": "这一条还没有结论。"}]
    assert [each["rule_id"] for each in lost_photo.json()["problems"]] == [second]
    assert {reply.status_code for reply in (undecided, lost_photo, forged, altered, spoiled)} == {
        422
    }
    assert "摘要" in altered.json()["problems"][0]["text"]
    with area_scope(EVERYWHERE):
        assert not InspectionSubmission.objects.exists()
        assert Inspection.objects.get().state == "out"


def test_one_fact_with_two_values_is_refused_naming_both_lines():
    asked = (facts()["zone.guide"],)
    sheet = Sheet(Site(), {"a": asked, "b": asked}, {"a": "3.1", "b": "3.2"}, frozenset())
    lines = [("a", True), ("b", False)]
    answers = [{"rule_id": i, "verdict": "yes", "facts": {"zone.guide": v}} for i, v in lines]

    with pytest.raises(Unusable) as refused:
        Reading(signed(str(uuid4()), answers), sheet, NOW.date()).handed_in()

    text = "同一项在第 3.1 条和第 3.2 条填得不一样，请核对。"
    assert [(each.rule_id, each.text) for each in refused.value.problems] == [("b", text)]


def test_a_check_is_seen_by_whoever_does_it_only(out):
    _client, check, pack = out
    stranger = factories.logged_in(third_party("other"))
    sent = signed(str(check.uid), as_the_ledger(pack))

    assert stranger.post("/inspect/pack/").json()["checks"] == []
    assert post_json(stranger, "/inspect/submit/", sent).status_code == 404
    assert stranger.get(f"/inspections/{check.uid}/").status_code == 403
    assert factories.logged_in(factories.alice()).get("/inspect/").status_code == 403
    assert "汇龙镇" in _client.get("/inspect/").content.decode()


def test_a_second_submission_is_refused_and_what_was_frozen_stays(out):
    client, check, pack = out
    with area_scope(EVERYWHERE):
        Fact.objects.create(
            site=check.site,
            name="zone.guide",
            value=False,
            source="on_site",
            observed_on=NOW.date(),
            recorded_at=NOW,
        )
    again = client.post("/inspect/pack/").json()["checks"][0]
    assert again["lines"] == pack["lines"]
    answers = as_the_ledger(pack)
    assert post_json(client, "/inspect/submit/", signed(str(check.uid), answers)).status_code == 200
    second = post_json(client, "/inspect/submit/", signed(str(check.uid), answers))
    assert second.status_code == 409
