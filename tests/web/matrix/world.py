"""Nine places in two cities, each full of canaries: words that tell where they come from."""

from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from tests import factories
from tests.web.matrix.applied import applied
from tests.web.matrix.assessed import assessed
from tests.web.matrix.built import built
from tests.web.matrix.drawn import plans, roads
from tests.web.matrix.funded import funded
from tests.web.matrix.handled import around, cased, filed
from tests.web.matrix.inspected import inspected
from tests.web.matrix.monitored import monitored
from tests.web.matrix.peopled import people_of, served
from tests.web.matrix.reported import reported
from tests.web.matrix.supplied import supplied
from tests.web.matrix.targeted import targeted
from tests.web.matrix.trained import trained

from circle15.accounts.actors import system_actor
from circle15.areas.models import Division
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.areas.states import Level
from circle15.assessments.actions import refresh
from circle15.assessments.appraisal_models import Appraisal, Award, TypicalCase, TypicalFile
from circle15.assessments.models import StoredEdition, StoredSheet
from circle15.assessments.publishing import install_built_in
from circle15.audit.actions import record
from circle15.audit.states import Who
from circle15.cases.documents.beginning import beginning
from circle15.cases.paper_templates.keeping import bring_in
from circle15.core.sort_keys import pinyin_key
from circle15.hall.models import Hall, Lane, Ticket, WindowSession
from circle15.imports.keeping import keep
from circle15.imports.models import ImportRun
from circle15.imports.report import Report, report_to_json
from circle15.items.drafting import start_draft
from circle15.ledger.models import Evidence, Fact, Training
from circle15.scoring import score, sheet_to_json
from circle15.scoring.samples import full_facts
from circle15.sites.models import Equipment, OpeningHours, Sign, Site, Window, Zone
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
        network = roads(places["nt"])
        for place in places.values():
            people_of(place)
            _records(place)
            plans(place, network)
            filed(place)
            cased(place)
            around(place)
            _appraised(place)
            assessed(place)
            inspected(place)
            monitored(place)
            reported(place)
            supplied(place)
            trained(place)
            built(place)
            applied(place)
            targeted(place)
            funded(place)
        for key in SERVING:
            served(places[key])
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


def _appraised(place: Place) -> None:
    """Grade somebody, give the window an award, and write a typical case with a picture."""
    common = {"area_path": place.path, "proposed_at": AT, "proposed_by": place.says("recorder")}
    turn = {"year": 2026, "quarter": 1, "site": place.site}
    Appraisal.objects.create(
        user_id=place.arguments["user_id"],
        name=place.says("person"),
        state="proposed",
        grade="good",
        comment=place.says("grade"),
        **turn,
        **common,
    )
    wrote = {"written_at": AT, "written_by": place.says("recorder"), "area_path": place.path}
    case = TypicalCase.objects.create(
        title=place.says("typical"), text="x", state="draft", year=2026, site=place.site, **wrote
    )
    photo = {"name": "x.png", "media_type": "image/png", "size": 1, "digest": place.key}
    file = TypicalFile.objects.create(
        case=case, storage_name=place.key, added_at=AT, added_by="x", **photo
    )
    place.arguments |= {"typical_uid": case.uid, "typical_file_uid": file.uid}
    if place.site:
        kept = {"kind": "window", "state": "proposed", "window_number": 1}
        award = Award.objects.create(reason=place.says("praise"), **kept, **turn, **common)
        place.arguments["award_uid"] = award.uid


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
