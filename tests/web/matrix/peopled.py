"""People of a place: staff with post, token and machine, and who is served there."""

from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from tests import factories
from tests.ledger.people import insured

from circle15.accounts.actors import system_actor
from circle15.accounts.models import ApiToken, Device, Post, User
from circle15.ledger.people import actions as people
from circle15.ledger.people import handlers
from circle15.ledger.people.entering import OrganisationEntry, PersonEntry
from circle15.ledger.people.mandate_states import Relation
from circle15.ledger.people.models import FollowUp, RevealAlarm
from circle15.ledger.people.organisations import upsert_organisation
from circle15.sites.models import StaffMember

if TYPE_CHECKING:
    from tests.web.matrix.world import Place

AT = factories.AT
ON = date(2026, 3, 1)


def people_of(place: "Place") -> None:
    home = factories.OrganisationFactory(division=place.division, name=place.says("org"))
    person = factories.PersonFactory(
        uid=UUID(f"ca9a{place.number:04}-0000-4000-8000-000000000000"),
        name=place.says("person"),
        phone=f"1380008{place.number:04}",
        id_number=insured.number(place.number, born="19800101"),
        organisation=home,
        area_path=place.path,
    )
    user = factories.UserFactory(username=place.code("user"), person=person)
    post = factories.PostFactory(person=person, area_name=place.says("post"))
    if place.site:
        StaffMember.objects.create(
            site=place.site, person=person, duty=place.says("duty"), since=date(2025, 1, 1)
        )
    alarm = RevealAlarm.objects.create(
        user_id=user.id,
        actor_name=place.says("watcher"),
        area_path=place.path,
        kind="hour",
        turn="2026-03-01 10",
        count=31,
        raised_at=AT,
    )
    place.arguments |= {
        "alarm_id": alarm.id,
        "user_id": user.id,
        "post_id": post.id,
        "person_uid": person.uid,
        "organisation": home.id,
        "username": user.username,
        "device_uid": _machine(place),
        "token_uid": _token(user, post),
    }


def served(place: "Place") -> None:
    """Let a person and an organisation be served here: one asks, one is to be seen."""
    by = system_actor("test")
    entry = PersonEntry(
        name=place.says("insured"),
        phone=f"1380008{place.number + 50:04}",
        id_number=insured.number(place.number, born="19400101"),
        division_code=place.division.code,
        registers=("insured",),
    )
    person = people.upsert(entry=entry, by=by, at=AT)
    need = people.record_need(person.uid, topic="costs", words=place.says("need"), by=by, at=AT)
    task = FollowUp.objects.create(
        person=person,
        area_path=person.area_path,
        rule="over-80",
        turn="2026-1",
        due_on=ON,
        made_at=AT,
    )
    employer = OrganisationEntry(
        name=place.says("served"), division_code=place.division.code, registers=("employers",)
    )
    served = upsert_organisation(entry=employer, by=by, at=AT).uid
    about = {"agent_uid": person.uid, "organisation_uid": served, "until": ON + timedelta(days=30)}
    place.arguments |= {
        "insured_uid": person.uid,
        "need_uid": need.uid,
        "follow_up_uid": task.uid,
        "served_uid": served,
        "handler_uid": handlers.sign(**about, relation=Relation.STAFF, by=by, at=AT),
    }


def _token(user: User, post: Post) -> UUID:
    made = {"made_at": AT, "expires_at": AT + timedelta(days=366)}
    return ApiToken.objects.create(user=user, post=post, digest=user.username, **made).uid


def _machine(place: "Place") -> UUID:
    row = Device.objects.create(
        uid=UUID(f"ca9a{place.number:04}-0000-4000-8000-000000000004"),
        kind="kiosk",
        name=place.says("machine"),
        area_path=place.path,
        site_name=place.says("site"),
        added_at=AT,
    )
    return row.uid
