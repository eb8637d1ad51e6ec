"""What was handled at a place: files, services, ratings, and a case."""

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from tests import factories

from circle15.accounts.actors import system_actor
from circle15.cases.actions import storing
from circle15.cases.core_platform.filing import keep_part
from circle15.cases.exchange_models import CoreDifference, CoreMessage, CoreTakeBack
from circle15.cases.joint_models import JointCase, JointHandling
from circle15.cases.models import Absence, Case
from circle15.cases.service_models import Consultation, ServiceRecord
from circle15.items.queries import version_on
from circle15.ratings import tallies
from circle15.ratings.models import Order, Rating
from circle15.sites.models import Site

if TYPE_CHECKING:
    from tests.web.matrix.world import Place

AT = factories.AT
ON = date(2026, 3, 1)


def filed(place: "Place") -> None:
    """Write two messages the core platform refused, and something that does not agree."""
    case = Case.objects.create(
        number=place.code("case"),
        item_key="chronic-disease",
        item_version_id=version_on("chronic-disease", ON),
        person_uid=UUID(int=1),
        channel="window",
        area_path=place.path,
        state="decided",
        since=AT,
        opened_at=AT,
        urgent_on=ON,
        decided_at=AT,
        outcome="approved",
    )
    for number, name in ((5, "message_uid"), (6, "aside_uid")):
        message = CoreMessage.objects.create(
            uid=UUID(f"ca9a{place.number:04}-0000-4000-8000-00000000000{number}"),
            case=case,
            infno="2503",
            round=number,
            state="refused",
            enqueued_at=AT,
            next_try_at=AT,
            problem=place.says("refusal"),
        )
        place.arguments[name] = message.uid
    keep_part(message, "values", {"opsp_dise_code": "M03900", "begndate": "2026-03-02"})
    message.save()
    wish = CoreTakeBack.objects.create(
        uid=UUID(f"ca9a{place.number:04}-0000-4000-8000-000000000008"),
        case=case,
        message=message,
        reason=place.says("wish"),
        asked_by=place.says("wisher"),
        asked_at=AT,
    )
    place.arguments |= {"filed_uid": case.uid, "wish_uid": wish.uid}
    found = CoreDifference.objects.create(
        uid=UUID(f"ca9a{place.number:04}-0000-4000-8000-000000000007"),
        case=case,
        message=message,
        kind="missing",
        detail=place.code("declaration"),
        seen_at=AT,
    )
    place.arguments["difference_uid"] = found.uid


def around(place: "Place") -> None:
    """Help somebody at the site, and answer a question."""
    if place.site is None:
        return
    common = {
        "site": place.site,
        "site_name": place.says("name"),
        "area_path": place.path,
        "done_on": ON,
        "recorded_at": AT,
        "recorded_by": place.says("recorder"),
    }
    record = ServiceRecord.objects.create(
        uid=uuid4(), kind="assisted", way="fill", note=place.says("help"), **common
    )
    asked = Consultation.objects.create(
        uid=uuid4(),
        topic="other",
        asked_by="phone",
        question=place.says("question"),
        answer=place.says("answer"),
        reply="answered",
        **common,
    )
    place.arguments |= {"record_uid": record.uid, "consultation_uid": asked.uid}
    rated = Rating.objects.create(
        handling=place.key,
        site=place.site,
        area_path=place.path,
        served_on=ON,
        channel="phone",
        labels_version="2",
        item_grade=1,
        labels=["115"],
        text=place.says("rated"),
        recorded_at=AT,
    )
    matter = Order.objects.create(
        number=place.code("matter"),
        kind="complaint",
        came_from="window",
        site=place.site,
        site_name=place.says("name"),
        area_path=place.path,
        text=place.says("complaint"),
        state="received",
        since=AT,
        received_on=ON,
        answer_due_on=ON,
        owner_name=place.says("recorder"),
    )
    tallies.add(rated)
    place.arguments["order_uid"] = matter.uid


def cased(place: "Place") -> None:
    """Take a matter in here, with a picture, and grant it."""
    case = Case.objects.create(
        number=place.code("receipt"),
        item_key="chronic-disease",
        item_version_id=version_on("chronic-disease", ON),
        person_uid=UUID(int=1),
        person_name=place.says("applicant"),
        channel="window",
        area_path=place.path,
        state="decided",
        since=AT,
        opened_at=AT,
        accepted_at=AT,
        urgent_on=ON,
        decided_at=AT,
        outcome="approved",
    )
    Case.objects.create(
        number=place.code("firm"),
        item_key="employer-record",
        item_version_id=version_on("employer-record", ON),
        organisation_uid=UUID(int=2),
        organisation_name=place.says("employer"),
        channel="window",
        area_path=place.path,
        state="accepted",
        since=AT,
        opened_at=AT,
        accepted_at=AT,
        urgent_on=ON,
    )
    picture = storing.keep(
        case,
        place.says("picture").encode(),
        media_type="image/png",
        purpose="material",
        by=system_actor("test"),
        at=AT,
    )
    away = Absence.objects.create(
        user_id=1,
        name=place.says("absent"),
        area_path=place.path,
        since=ON,
        entered_at=AT,
        entered_by=place.says("supervisor"),
    )
    place.arguments |= {"case_uid": case.uid, "file_uid": picture.uid, "absence_id": away.pk}
    if place.site is not None:
        place.arguments["joint_uid"] = _jointly(place, place.site, case)


def _jointly(place: "Place", site: Site, case: Case) -> UUID:
    """Say that a case was taken in for one thing in somebody's life."""
    joint = JointHandling.objects.create(
        uid=UUID(f"ca9a{place.number:04}-0000-4000-8000-000000000009"),
        event_key="chronic-illness",
        event_version="2026-11",
        person_uid=UUID(int=1),
        person_name=place.says("mother"),
        site=site,
        site_name=place.says("window"),
        area_path=place.path,
        clerk_id=1,
        clerk_name=place.says("recorder"),
        handled_at=AT,
    )
    JointCase.objects.create(joint=joint, case=case, position=1)
    return joint.uid
