"""Nine places in two cities, each full of canaries: words that tell where they come from."""

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from tests import factories
from tests.ledger.people import insured
from tests.plans.places import road

from circle15.accounts.actors import system_actor
from circle15.accounts.models import ApiToken, Device, Post, User
from circle15.areas.models import Division
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.areas.states import Level
from circle15.assessments.actions import refresh
from circle15.assessments.models import StoredEdition, StoredSheet
from circle15.assessments.publishing import install_built_in
from circle15.audit.actions import record
from circle15.audit.states import Who
from circle15.cases.actions import storing
from circle15.cases.core_platform.filing import keep_part
from circle15.cases.documents.beginning import beginning
from circle15.cases.exchange_models import CoreDifference, CoreMessage, CoreTakeBack
from circle15.cases.models import Absence, Case
from circle15.cases.paper_templates.keeping import bring_in
from circle15.cases.service_models import Consultation, ServiceRecord
from circle15.core.sort_keys import pinyin_key
from circle15.hall.models import Hall, Lane, Ticket, WindowSession
from circle15.imports.keeping import keep
from circle15.imports.models import ImportRun
from circle15.imports.report import Report, report_to_json
from circle15.items.drafting import start_draft
from circle15.items.queries import version_on
from circle15.ledger.models import Evidence, Fact, Training
from circle15.ledger.people import actions as people
from circle15.ledger.people.entering import OrganisationEntry, PersonEntry
from circle15.ledger.people.models import FollowUp, RevealAlarm
from circle15.ledger.people.organisations import upsert_organisation
from circle15.plans.files import keep_network
from circle15.plans.models import Plan, RoadNetwork
from circle15.scoring import score, sheet_to_json
from circle15.scoring.samples import full_facts
from circle15.sites.models import Equipment, OpeningHours, Sign, Site, StaffMember, Window, Zone
from circle15.standards import edition

AT = factories.AT
ON = date(2026, 3, 1)
BOOK = "jiangsu-acceptance"
FACT = "site.indoor_area_m2"
TOWN_FACT = "pharmacy.substandard_count"

# key, code, level, key of the parent
DIVISIONS = (
    ("nt", "320600000000", Level.CITY, ""),
    ("qd", "320681000000", Level.COUNTY, "nt"),
    ("hl", "320681100000", Level.TOWN, "qd"),
    ("bx", "320681101000", Level.TOWN, "qd"),
    ("rg", "320682000000", Level.COUNTY, "nt"),
    ("dc", "320682100000", Level.TOWN, "rg"),
    ("ly", "320700000000", Level.CITY, ""),
    ("gy", "320707000000", Level.COUNTY, "ly"),
    ("qk", "320707100000", Level.TOWN, "gy"),
)
SITES = (("qd1", "hl"), ("qd3", "hl"), ("bx1", "bx"), ("rg1", "dc"), ("ly1", "qk"))
# A site that is not open: nobody outside its area may know of it, the public neither.
SHUT = ("rg2", "dc")
# People live in divisions, those at a site in its town: two sites of a town would share them.
SERVING = ("nt", "qd", "rg", "ly", "qd1", "bx1", "rg1", "ly1")
PLAN_RESULT: dict[str, object] = {
    "mode": "ebike",
    "minutes": 15,
    "direction": "to_site",
    "start_points": 1,
    "sites": 1,
    "people": 10,
    "covered": 10,
    "share": 1.0,
    "groups": {},
    "travel_min": None,
    "unreached": 0,
    "curve": [],
    "by": {},
    "gaps": [],
    "warnings": [],
    "minutes_by_place": [5.0],
}
KEYS = tuple(key for key, *_ in (*DIVISIONS, *SITES, SHUT))
# What everybody may know of a site that is open.
PUBLIC_KINDS = frozenset({"name", "code", "address", "phone"})
# What a town shares with its sites, and everybody above with all below.
OF_THE_TOWN = frozenset({"note", "recorder", "photo", "value"})
OF_ALL_ABOVE = frozenset({"topic", "trainer", "org"})


@dataclass(slots=True)
class Place:
    """A division or a site, and what the arguments of a route may be there."""

    key: str
    path: str
    division: Division
    site: Site | None = None
    arguments: dict[str, object] = field(default_factory=dict)

    @property
    def number(self) -> int:
        return KEYS.index(self.key)

    @property
    def word(self) -> str:
        """A search word that finds this place's rows and is no canary itself."""
        return f"鹮{chr(0x4E00 + 16 * self.number)}"

    @property
    def value(self) -> str:
        return f"777{self.number:02}.25"

    def says(self, kind: str) -> str:
        return f"金丝雀-{self.key}-{kind} {self.word}"

    def code(self, kind: str) -> str:
        return f"canary-{self.key}-{kind}"


def build() -> dict[str, Place]:
    """Fill the database; everything is written as the system."""
    with area_scope(EVERYWHERE):
        install_built_in(by=system_actor("test"), at=AT)
        factories.catalogue()
        places: dict[str, Place] = {}
        for key, code, level, parent in DIVISIONS:
            above = places[parent].division if parent else None
            row = factories.DivisionFactory(code=code, name=f"区划{key}", level=level, parent=above)
            places[key] = Place(key, row.path, row)
        for key, town in (*SITES, SHUT):
            places[key] = _site(key, places[town], status="suspended" if key == "rg2" else "open")
        network = _roads(places["nt"])
        for place in places.values():
            _people(place)
            _records(place)
            _plans(place, network)
            _filed(place)
            _case(place)
            _around(place)
        for key in SERVING:
            _served(places[key])
        refresh([place.site.id for place in places.values() if place.site], on=ON, at=AT)
        places["nt"].arguments |= {"edition_id": _draft().id, "catalogue_id": _item_draft()}
        places["nt"].arguments["template_id"] = _template()
    return places


def _site(key: str, town: Place, *, status: str) -> Place:
    place = Place(key, "", town.division)
    code = place.code("code")
    place.path = f"{town.path}{code}/"
    place.site = Site.objects.create(
        code=code,
        name=place.says("name"),
        kind="town_centre",
        status=status,
        division=town.division,
        area_path=place.path,
        sort_key=pinyin_key(place.says("name")),
        address=place.says("address"),
        phone=place.code("phone"),
        lon=Decimal("121.655"),
        lat=Decimal("31.811"),
    )
    _inventory(place, place.site)
    _hall(place, place.site)
    place.arguments |= {"code": code, "asset_no": place.code("asset"), "sheet_id": _sheet(place)}
    return place


def _inventory(place: Place, site: Site) -> None:
    Zone.objects.create(site=site, key="zone.guide", state="present", note=place.says("zone"))
    Equipment.objects.create(
        site=site, key="eq.printer", asset_no=place.code("asset"), label=place.says("label")
    )
    Sign.objects.create(
        site=site, kind="brand", place=place.says("place"), problem=place.says("problem")
    )
    Window.objects.create(site=site, number=1, name=place.says("window"))
    OpeningHours.objects.create(site=site, weekday=1, opens=time(8), closes=time(17))


def _hall(place: Place, site: Site) -> None:
    """Give the site its hall: somebody sits at the window, somebody waits."""
    hall = Hall.objects.create(site=site, area_path=site.area_path)
    lane = Lane.objects.create(
        hall=hall, area_path=site.area_path, code="A", name="综合", kind="ordinary", position=1
    )
    free = site.windows.get()
    taken = Window.objects.create(site=site, number=2, name=place.says("window"))
    WindowSession.objects.create(
        window=taken,
        hall=hall,
        area_path=site.area_path,
        user_id=-place.number,
        clerk_name=place.says("seat"),
        begun_at=AT,
    )
    ticket = Ticket.objects.create(
        hall=hall,
        area_path=site.area_path,
        day=ON,
        lane=lane,
        kind=lane.kind,
        number=1,
        label="A001",
        place=1,
        source="counter",
        state="waiting",
        since=AT,
        queued_at=AT,
        taken_at=AT,
    )
    place.arguments |= {"window_id": free.id, "ticket_uid": ticket.uid}


def _sheet(place: Place) -> int:
    book = edition(BOOK)
    facts = full_facts(book) | {FACT: Decimal(place.value)}
    sheet = score(book, facts)
    kept = StoredSheet.objects.create(
        site=place.site,
        edition=StoredEdition.objects.get(book=BOOK),
        edition_digest=sheet.edition_hash,
        purpose="acceptance",
        scored_on=ON,
        facts={name: str(v) if isinstance(v, Decimal) else v for name, v in facts.items()},
        sheet=sheet_to_json(sheet),
        total=sheet.total,
        max_total=sheet.max,
        result=sheet.result,
        stored_at=AT,
        stored_by=place.says("keeper"),
    )
    return kept.id


def _people(place: Place) -> None:
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


def _served(place: Place) -> None:
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
    place.arguments |= {
        "insured_uid": person.uid,
        "need_uid": need.uid,
        "follow_up_uid": task.uid,
        "served_uid": upsert_organisation(entry=employer, by=by, at=AT).uid,
    }


def _token(user: User, post: Post) -> UUID:
    made = {"made_at": AT, "expires_at": AT + timedelta(days=366)}
    return ApiToken.objects.create(user=user, post=post, digest=user.username, **made).uid


def _machine(place: Place) -> UUID:
    row = Device.objects.create(
        uid=UUID(f"ca9a{place.number:04}-0000-4000-8000-000000000004"),
        kind="kiosk",
        name=place.says("machine"),
        area_path=place.path,
        site_name=place.says("site"),
        added_at=AT,
    )
    return row.uid


def _records(place: Place) -> None:
    """Write the ledger, an import and a line of the trail."""
    owner = {"site": place.site} if place.site else {"division": place.division}
    name = default_storage.save(place.key, ContentFile(place.says("photo").encode()))
    photo = Evidence.objects.create(
        **owner,
        digest=place.key,
        media_type="image/png",
        name=place.says("photo"),
        size=1,
        storage_name=name,
        uploaded_at=AT,
        uploaded_by=place.says("uploader"),
    )
    fact = Fact.objects.create(
        **owner,
        name=FACT,
        value=place.value,
        source="on_site",
        observed_on=ON,
        recorded_at=AT,
        recorded_by=place.says("recorder"),
        note=place.says("note"),
    )
    fact.evidence.add(photo)
    Training.objects.create(
        **owner,
        held_on=ON,
        kind="central",
        topic=place.says("topic"),
        attendees=3,
        recorded_at=AT,
        recorded_by=place.says("trainer"),
    )
    place.arguments |= {"evidence_id": photo.id, "fact_id": fact.id, "uid": _import(place)}
    record(
        who=Who(id=None, name=place.says("actor"), role="clerk"),
        verb="canary.sing",
        target_kind="canary",
        target_id=place.code("target"),
        area_path=place.path,
        at=AT,
        new={"note": place.says("event")},
    )


def _import(place: Place) -> UUID:
    run = ImportRun.objects.create(
        uid=UUID(f"ca9a{place.number:04}-0000-4000-8000-000000000001"),
        kind="sites",
        file_name=place.says("file"),
        digest="0" * 64,
        size=1,
        report=report_to_json(Report((), (), (), 0, message=place.says("report"))),
        area_path=place.path,
        checked_at=AT,
        checked_by=place.says("importer"),
    )
    keep(run.uid, "网点编码\n".encode())
    return run.uid


def _filed(place: Place) -> None:
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


def _around(place: Place) -> None:
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


def _case(place: Place) -> None:
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


def _roads(city: Place) -> RoadNetwork:
    city.arguments["digest"] = keep_network(road())[0]
    return RoadNetwork.objects.create(
        division=city.division,
        name="路网",
        digest=city.arguments["digest"],
        size=1,
        node_count=11,
        arc_count=20,
        modes=["ebike"],
        source={},
        added_at=AT,
        added_by="test",
    )


def _plans(place: Place, network: RoadNetwork) -> None:
    """Write a finished plan and one that waits."""
    for number, state in ((2, "done"), (3, "waiting")):
        uid = UUID(f"ca9a{place.number:04}-0000-4000-8000-00000000000{number}")
        is_done = state == "done"
        Plan.objects.create(
            uid=uid,
            title=place.says("plan"),
            kind="coverage",
            state=state,
            network=network,
            question={"mode": "ebike", "minutes": 15},
            inputs=_plan_inputs(place),
            inputs_digest="1" * 64,
            result=PLAN_RESULT if is_done else None,
            result_digest="2" * 64 if is_done else "",
            area_path=place.path,
            asked_at=AT,
            asked_by=place.says("asker"),
        )
        place.arguments["plan_uid" if is_done else "waiting_uid"] = uid


def _plan_inputs(place: Place) -> dict[str, object]:
    point = {"lon": [121.6], "lat": [31.8]}
    village = {"name": [place.says("village")], "town": [""], "county": [""]}
    return {
        "demand": {"id": ["v1"], **point, "weight": [10.0], "groups": {}, "labels": village},
        "sites": {
            "id": ["s1"],
            **point,
            "labels": {"name": ["s"], "kind": ["town_centre"], "town": [""], "path": [""]},
        },
        "left_out": [0, 0],
    }


def _item_draft() -> int:
    base = factories.catalogue().edition_id
    assert base is not None
    return start_draft(from_id=base, by=system_actor("test"), at=AT).id


def _template() -> int:
    return bring_in(
        kind="granted",
        content=beginning("granted"),
        file_name="granted.docx",
        note="x",
        by=system_actor("test"),
        at=AT,
    ).pk


def _draft() -> StoredEdition:
    former = StoredEdition.objects.get(book=BOOK)
    text = former.text.replace("version: 1\n", "version: 9\n")
    return StoredEdition.objects.create(
        book=BOOK, version="9", title=former.title, text=text, digest="9" * 64, drafted_at=AT
    )
