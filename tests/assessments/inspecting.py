"""An inspector of a third party, a check of a site, and what a tablet would send."""

import hashlib
import json
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

from PIL import Image
from tests import factories
from tests.assessments.records import BOOK, a_site, complete, rule_books

from circle15.accounts.models import User
from circle15.accounts.states import OrganisationKind, Role
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.inspection_models import Inspection
from circle15.assessments.inspections.actions import plan
from circle15.sites.models import Site

PNG = "data:image/png;base64,iVBORw0KGgo="


def third_party(username: str = "inspector", *, county: bool = False) -> User:
    """Return an inspector sent to the county by a firm of the city, or of the county itself."""
    home = factories.CountyFactory() if county else factories.CityFactory()
    firm = factories.OrganisationFactory(
        division=home, name="评估机构", kind=OrganisationKind.THIRD_PARTY
    )
    person = factories.PersonFactory(organisation=firm, name="钱示例")
    user = factories.UserFactory(username=username, person=person)
    path = factories.CountyFactory().path
    factories.PostFactory(person=person, role=Role.INSPECTOR, area_path=path)
    return user


def a_complete_site() -> Site:
    rule_books()
    site = a_site()
    complete(site)
    return site


def planned(by, *inspectors: User, at, **more) -> Inspection:
    day = at.date() + timedelta(days=10)
    given = {"site_code": "QD-0001", "book": BOOK, "due_on": day}
    users = [user.pk for user in inspectors]
    with area_scope(EVERYWHERE):
        return plan(**given | more, inspectors=users, by=by, at=at)


def jpeg(shade: int = 90) -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), (shade, 120, 80)).save(out, "JPEG", exif=b"Exif\x00\x00secret-place")
    return out.getvalue()


def photo_fields(check, rule_id: str, content: bytes, **more) -> dict[str, object]:
    file = BytesIO(content)
    file.name = "p.jpg"
    return {
        "check": check,
        "photo": str(uuid4()),
        "rule_id": rule_id,
        "sha256": hashlib.sha256(content).hexdigest(),
        "taken_at": "2026-03-02T01:00:00Z",
        "lat": "31.8111",
        "lon": "121.6551",
        "accuracy_m": "12.5",
        "file": file,
    } | more


def as_the_ledger(pack_check: dict, **changed: object) -> list[dict]:
    """Answer every line as the ledger has it, but for the facts named."""
    answers = []
    for line in pack_check["lines"]:
        said = {ask["fact"]: ask["ledger"]["value"] for ask in line["asks"] if ask["ledger"]}
        said |= {name: value for name, value in changed.items() if name in said}
        answers.append(
            {
                "rule_id": line["rule_id"],
                "verdict": "no" if set(said) & set(changed) else "yes",
                "facts": said,
                "remark": "",
                "photos": [],
                "answered_at": "2026-03-02T02:00:00Z",
            }
        )
    return answers


def signed(check: str, answers: list[dict], **more: object) -> dict[str, object]:
    bound = {"check": check, "answers": answers, "vetoes": more.pop("vetoes", [])}
    text = json.dumps(bound, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return {
        "uid": str(uuid4()),
        **bound,
        "device": "平板一号",
        "started_at": "2026-03-02T01:00:00Z",
        "finished_at": "2026-03-02T03:00:00Z",
        "client_time": "2026-03-02T03:00:10Z",
        "place": {"lat": 31.8111, "lon": 121.6551, "accuracy_m": 15},
        "signatures": [{"who": "inspector", "name": "钱示例", "png": PNG}],
        "answers_sha256": hashlib.sha256(text.encode()).hexdigest(),
    } | more
