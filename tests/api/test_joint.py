"""Life events by a partner's program: what follows from one, and all of it taken in at once."""

from uuid import uuid4

import pytest
from tests import factories
from tests.api.callers import Program, program_of
from tests.api.test_partners import WHO
from tests.cases.test_joint import ACCIDENT, COSTS, OUTPATIENT

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.cases.actions.joint import JointItem
from circle15.cases.joint_models import JointHandling
from circle15.cases.models import Case
from circle15.ledger.people.models import Person

pytestmark = pytest.mark.django_db
EVENT = "/life-events/accident"


@pytest.fixture
def bank() -> Program:
    factories.catalogue()
    factories.SiteFactory()
    return program_of(factories.alice())


def whole(*items: JointItem) -> dict[str, object]:
    """Return the body of an intake."""
    told = [
        {"item": one.item_key, "answers": {**one.answers}, "given": [*one.given]} for one in items
    ]
    return {"person": WHO, "site_code": "QD-0001", "items": told}


def kept() -> tuple[int, int, int]:
    with area_scope(EVERYWHERE):
        return Case.objects.count(), JointHandling.objects.count(), Person.objects.count()


# Clauses: J-86
def test_what_follows_is_told_with_every_paper_once(bank):
    events = {one["key"]: one for one in bank.get("/life-events").json()["events"]}
    questions = {one["key"]: one["choices"] for one in events["moving-in"]["questions"]}
    asked = "answer=scheme:resident&answer=carry:yes&answer=code:no"

    nothing = bank.get("/life-events/moving-in/guide").json()
    guide = bank.get(f"/life-events/moving-in/guide?{asked}").json()

    assert questions.keys() == {"scheme", "carry", "code"}
    assert nothing["items"] == nothing["papers"] == []
    followed = [one["item"] for one in guide["items"]]
    assert followed == ["resident-enrolment", "insurance-transfer", "electronic-card"]
    assert guide["items"][1]["answers"] == {"enrolled-here": "yes"}
    names = [one["name"] for one in guide["papers"]]
    assert len({*names}) == len(names) > 1
    assert max(len(one["items"]) for one in guide["papers"]) > 1
    assert bank.get("/life-events/flying/guide").status_code == 404


# Clauses: J-86
def test_all_items_come_in_by_one_call_and_a_retry_is_no_second_one(bank):
    key = str(uuid4())

    replies = [bank.post(f"{EVENT}/intake", whole(ACCIDENT, COSTS), key=key) for _turn in range(2)]

    made = replies[0].json()
    assert replies[0].content == replies[1].content
    assert [one["state"] for one in made["cases"]] == ["accepted", "submitted"]
    assert len({one["number"] for one in made["cases"]}) == 2
    assert (made["person_name"], made["event_name"]) == ("合**", "意外受伤")
    assert kept() == (2, 1, 1)
    assert bank.get(f"/joint/{made['uid']}").json() == made
    stranger = program_of(
        factories.staff("dora", "clerk", area=factories.SiteFactory(foreign=True))
    )
    assert stranger.get(f"/joint/{made['uid']}").status_code == 404


# Clauses: J-86
def test_one_bad_item_keeps_all_out_the_person_too(bank):
    unasked = JointItem("hospital-costs", {"settled": "no"}, given=("id-document",))
    unknown = JointItem("outpatient-costs", {"settled": "perhaps"})

    refused = bank.post(f"{EVENT}/intake", whole(ACCIDENT, unasked, unknown))
    other = bank.post(f"{EVENT}/intake", whole(JointItem("employer-record")))

    assert (refused.status_code, refused.json()["code"]) == (409, "joint_refused")
    assert refused.json()["detail"].count("“") >= 2
    assert other.status_code == 404
    assert bank.post(f"{EVENT}/intake", whole()).status_code == 422
    assert kept() == (0, 0, 0)
    assert bank.post(f"{EVENT}/intake", whole(OUTPATIENT)).status_code == 200
