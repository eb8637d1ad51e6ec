"""The catalogue for officers: read, compare, draft, every problem at once, publish."""

import re
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from tests.factories import actor_for, alice, catalogue, city_officer, dave, logged_in, staff

from circle15.accounts.models import User
from circle15.accounts.states import Role
from circle15.areas.models import Division
from circle15.items.drafting import start_draft
from circle15.items.models import Edition
from circle15.items.queries import catalogue_of, catalogue_on
from circle15.items.states import EditionState
from circle15.standards.catalogue import CatalogueItem
from circle15.standards.catalogue_data import item_data
from circle15.web.bureau.items.form_data import data_of, fields_of, in_order, papers_of, part_of
from circle15.web.bureau.items.lists import reach

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _catalogue() -> None:
    catalogue()


@pytest.fixture
def officer() -> User:
    return city_officer()


@pytest.fixture
def draft(officer: User) -> Edition:
    base = catalogue().edition_id
    assert base is not None
    return start_draft(from_id=base, by=actor_for(officer), at=timezone.now())


def second() -> User:
    city = Division.objects.get(level="city")
    return staff("city2", Role.CITY_OFFICER, area=city, name="李小红")


def posted(item: CatalogueItem, **changes: Any) -> dict[str, Any]:
    """Return what a browser sends of an item's form."""
    papers = papers_of(item)
    sent: dict[str, Any] = {
        f"form-{n}-{k}": v for n, one in enumerate(papers) for k, v in one.items()
    }
    sent |= {"form-TOTAL_FORMS": len(papers), "form-INITIAL_FORMS": len(papers)}
    sent |= fields_of(item) | changes
    return {name: value for name, value in sent.items() if value is not None and value is not False}


def items(draft: Edition, officer: User) -> dict[str, CatalogueItem]:
    return dict(catalogue_of(draft.id, by=actor_for(officer)).items)


def text(client: Client, path: str) -> str:
    reply = client.get(path)
    assert reply.status_code == 200
    return re.sub(r"\s+", " ", reply.content.decode())


def _problems(reply: HttpResponse) -> list[str]:
    page = reply.content.decode()
    return re.findall(r"<span>([^<]+)</span></li>|field-error[^>]*>.*?<span>([^<]+)", page)


def test_clerk_reads_the_catalogue_and_may_not_write(draft: Edition):
    client = logged_in(alice())

    assert text(client, "/items/").count('class="link-alone" href="/items/') == 45
    assert "生育津贴" in text(client, "/items/?q=syjt")
    assert text(client, "/items/?frequent=1").count('class="link-alone" href="/items/') == 13
    assert client.post(f"/items/editions/{draft.id}/frequent/").status_code == 403
    assert client.get(f"/items/editions/{draft.id}/edit/certificate/").status_code == 403


def test_item_page_has_every_paper_and_level():
    page = text(logged_in(alice()), "/items/hospital-costs/")
    item = catalogue().items["hospital-costs"]

    assert [each.name.zh for each in item.materials if each.name.zh not in page] == []
    assert page.count("不提供") == list(item.levels.values()).count("none")


def test_authority_has_a_cell_for_every_item_and_place():
    page = text(logged_in(alice()), "/items/authority/")

    assert len(re.findall(r'<td class="is-(?:handle|take_in|assist|none)">', page)) == 45 * 9


# Clauses: W-52, Q-30
def test_authority_tells_how_far_items_are_moved_down():
    page = text(logged_in(alice()), "/items/authority/")
    feet = re.search(r"<tfoot>.*</tfoot>", page, re.DOTALL)
    assert feet is not None
    told = [(int(n), int(share)) for n, share in re.findall(r"(\d+) 项 <[^>]*>(\d+)%", feet[0])]
    assert told == [(n, round(100 * n / 45)) for _place, n in reach(catalogue())]
    assert told[3] == (
        sum(each.authority("village") != "none" for each in catalogue().items.values()),
        told[3][1],
    )


@pytest.mark.parametrize("key", ["hospital-costs", "resident-enrolment", "advice"])
def test_form_gives_back_the_item_it_shows(key: str):
    item = catalogue().items[key]
    fields = fields_of(item)
    parts = {name: part_of(fields[name]) for name in ("questions", "refusals")}

    assert data_of(fields, papers_of(item), parts) == item_data(item)


def test_every_item_survives_its_form(officer: User, draft: Edition):
    client, before = logged_in(officer), items(draft, officer)
    for key in ("hospital-costs", "hospital-contract", "complaint"):
        path = f"/items/editions/{draft.id}/edit/{key}/"
        reply = client.post(path, posted(before[key]))
        assert reply.status_code == 302, _problems(reply)

    assert items(draft, officer) == before


def test_change_of_an_item_is_kept_and_shown_in_the_comparison(officer: User, draft: Edition):
    client, item = logged_in(officer), items(draft, officer)["hospital-costs"]
    sent = posted(item, promised="25")

    reply = client.post(f"/items/editions/{draft.id}/edit/hospital-costs/", sent)
    page = text(client, f"/items/editions/{draft.id}/compare/")

    assert reply.status_code == 302
    assert items(draft, officer)["hospital-costs"].limit.promised_days == 25
    assert ("1 项有变化" in page, ">30<" in page, ">25<" in page) == (True, True, True)


def test_all_problems_are_named_at_once_and_nothing_is_kept(officer: User, draft: Edition):
    client, before = logged_in(officer), items(draft, officer)
    sent = posted(before["hospital-costs"], promised="99", name_en="", statutory="x")
    sent |= {"form-0-name_zh": "其他材料", "questions": "- {key: ["}

    reply = client.post(f"/items/editions/{draft.id}/edit/hospital-costs/", sent)
    page = reply.content.decode()

    assert reply.status_code == 422
    assert items(draft, officer) == before
    assert [word for word in ("请填数字", "不能读取", "事项名称：应为") if word not in page] == []
    assert 'value="99"' in page


def test_boxes_keep_the_order_their_words_had():
    former = {"delivery": ["account", "online", "post"]}

    kept = in_order({"delivery": ["window", "online", "account"]}, former)

    assert kept == {"delivery": ["account", "online", "window"]}


def test_contradictions_are_named_at_once(officer: User, draft: Edition):
    client, item = logged_in(officer), items(draft, officer)["hospital-costs"]
    sent = posted(item, promised="99", conditional_intake="")
    sent["form-0-name_zh"] = "其他材料"

    reply = client.post(f"/items/editions/{draft.id}/edit/hospital-costs/", sent)

    assert (reply.status_code, "共 3 处问题" in reply.content.decode()) == (422, True)


def test_new_item_and_dropped_item(officer: User, draft: Edition):
    client, item = logged_in(officer), items(draft, officer)["advice"]
    sent = posted(item, key="local-advice", name_zh="本地咨询", name_en="Local advice")

    again = client.post(f"/items/editions/{draft.id}/new/", posted(item))
    added = client.post(f"/items/editions/{draft.id}/new/", sent)
    dropped = client.post(f"/items/editions/{draft.id}/drop/complaint/")

    assert (again.status_code, added.status_code) == (422, 302), _problems(added)
    assert dropped.status_code == 302
    keys = set(items(draft, officer))
    assert keys ^ set(catalogue().items) == {"local-advice", "complaint"}


def test_flags_are_exchanged_and_thirteen_are_asked_for_at_review(officer: User, draft: Edition):
    client = logged_in(officer)
    flagged = [item.key for item in catalogue().high_frequency()]
    path = f"/items/editions/{draft.id}/"

    client.post(f"{path}frequent/", {"frequent": [*flagged, "newborn"]})
    refused = client.post(f"{path}move/", {"do": "review", "note": "x"})
    client.post(f"{path}frequent/", {"frequent": [*flagged[1:], "newborn"]})
    sent = client.post(f"{path}move/", {"do": "review", "note": "换一项高频"})

    assert (refused.status_code, sent.status_code) == (422, 302)
    assert "应恰好 13 项" in refused.content.decode()
    assert Edition.objects.get(id=draft.id).state == EditionState.REVIEW


def test_second_officer_publishes_and_the_guide_shows_it(officer: User, draft: Edition):
    client, item = logged_in(officer), items(draft, officer)["hospital-costs"]
    path, today = f"/items/editions/{draft.id}/", timezone.localdate()
    client.post(f"{path}edit/hospital-costs/", posted(item, promised="25"))
    client.post(f"{path}move/", {"do": "review", "note": "缩短时限"})
    publishing = {"do": "publish", "in_force_from": today.isoformat()}

    own = client.post(f"{path}move/", publishing)
    other = logged_in(second()).post(f"{path}move/", publishing)

    assert (own.status_code, other.status_code) == (403, 302)
    assert catalogue_on(today).items["hospital-costs"].limit.promised_days == 25
    assert "25 个工作日内" in text(client, "/guides/hospital-costs/")


def test_steps_without_a_reason_are_refused_in_the_form(officer: User, draft: Edition):
    client, path = logged_in(officer), f"/items/editions/{draft.id}/move/"

    refused = client.post(path, {"do": "review", "note": " "})
    unknown = client.post(path, {"do": "vanish"})
    given_up = client.post(path, {"do": "give_up"})

    assert (refused.status_code, unknown.status_code, given_up.status_code) == (422, 404, 302)
    assert "请写明理由" in refused.content.decode()


def test_workbook_goes_out_and_comes_in_changed(officer: User, draft: Edition):
    client, path = logged_in(officer), f"/items/editions/{draft.id}/"
    book = openpyxl.load_workbook(BytesIO(client.get(f"{path}workbook/").content))
    sheet, before = book.worksheets[0], items(draft, officer)
    head = [cell.value for row in sheet.iter_rows(max_row=3) for cell in row]
    content = BytesIO()
    book.save(content)
    upload = SimpleUploadedFile("items.xlsx", content.getvalue())

    reply = client.post(f"{path}upload/", {"file": upload})

    assert head
    assert reply.status_code == 302
    assert items(draft, officer) == before


def test_a_file_that_is_no_workbook_is_refused_beside_its_field(officer: User, draft: Edition):
    client, path = logged_in(officer), f"/items/editions/{draft.id}/upload/"

    empty = client.post(path)
    wrong = client.post(path, {"file": SimpleUploadedFile("items.xlsx", b"PK\x03\x04 no")})

    assert (empty.status_code, wrong.status_code) == (422, 422)


def test_stranger_sees_no_catalogue(draft: Edition):
    assert logged_in(dave()).get("/items/nothing/").status_code in {403, 404}
    assert logged_in(alice()).get("/items/nothing/").status_code == 404
    assert logged_in(alice()).get(f"/items/editions/{draft.id + 9}/").status_code == 404
