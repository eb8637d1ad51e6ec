"""A matter at the window: found once, asked once, told once, and a paper for every end."""

import re
from io import BytesIO

import pypdfium2
import pytest
from django.urls import reverse
from docx import Document
from PIL import Image
from tests import factories
from tests.web.cases.conftest import NUMBER

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.cases.core_platform.filing import part_of
from circle15.cases.models import Case
from circle15.web.shared.once import new_key

pytestmark = pytest.mark.django_db
SCANNED = "320***********1232"


def case() -> Case:
    with area_scope(EVERYWHERE):
        return Case.objects.latest("id")


def parts(name: str, **which) -> list:
    """Return rows that hang on the case."""
    with area_scope(EVERYWHERE):
        return list(getattr(case(), name).filter(**which))


def opened(client, person, item: str, **more):
    data = {"person": person.uid, "item": item, "mode": "ordinary", "once": new_key()} | more
    return client.post(reverse("intake_open"), data)


def at(client, item, person, **answers):
    """Open a case and answer its questions; return its address."""
    address = opened(client, person, item).url
    client.post(f"{address}answers/", {f"q-{key}": value for key, value in answers.items()})
    return address


def papers(state: str, *keys: str) -> dict[str, str]:
    return {f"how-{key}": state for key in keys}


HOSPITAL = {"settled": "no", "accident": "no", "account": "card"}
INVOICE, LIST, DIAGNOSIS = "invoice", "cost-list", "diagnosis"


def hospital(client, person):
    return at(client, "hospital-costs", person, **HOSPITAL)


def test_a_scan_finds_the_person_masked(alice, person):
    shown = alice.post(reverse("intake"), {"number": NUMBER}).content.decode()

    assert SCANNED in shown
    assert "王**" in shown
    assert "王秀英" not in shown


def test_a_newcomer_is_registered_once_and_the_item_comes_next(alice, world):
    asked = alice.post(reverse("intake"), {"number": NUMBER}).content.decode()
    data = {"number": NUMBER, "name": "王秀英", "division": world.division.code}

    shown = alice.post(reverse("intake_register"), data | {"once": new_key()}).content.decode()

    assert "第一次来，先登记" in asked
    assert 'name="item"' in shown
    assert SCANNED in shown


def test_a_number_that_cannot_be_one_is_said_at_the_field(alice, world):
    reply = alice.post(reverse("intake"), {"number": "320681195003051231"})

    assert reply.status_code == 422
    assert 'id="id_number-error"' in reply.content.decode()


def test_an_instant_matter_ends_at_the_window(alice, person):
    address = at(alice, "resident-enrolment", person, **{"other-cover": "no", "insured": "local"})

    done = alice.post(address, papers("given", "id-document", "resident-form") | {"then": "accept"})
    receipt = alice.get(done.url).content.decode()
    end = alice.post(reverse("case_step", args=[case().uid, "finish_here"]), {"once": new_key()})

    assert "受理通知书" in receipt
    assert end.url == reverse("case_paper", args=[case().uid, "result"])
    assert (case().state, case().outcome) == ("delivered", "approved")


def test_what_is_missing_is_told_once_on_paper(alice, person):
    address = hospital(alice, person)
    given = papers("given", "id-document", INVOICE) | papers("missing", LIST, DIAGNOSIS)

    told = alice.post(address, given | {"then": "notify"})
    again = alice.post(address, given | {"then": "notify"})
    shown = alice.get(told.url).content.decode()

    assert told.url == reverse("case_paper", args=[case().uid, "notice"])
    assert re.findall(r'<td data-label="序号">(\d)</td>', shown) == ["1", "2"]
    assert again.url == address
    assert len(parts("notices")) == 1
    assert case().state == "incomplete"


def test_what_is_filed_is_asked_once_and_goes_to_the_platform(alice, person):
    address = at(alice, "referral-elsewhere", person, referral="yes")
    given = papers("given", "id-document", "filing-form", "referral-proof")
    wrong = {"d-mdtrtarea_admdvs": "nowhere", "d-begndate": "2026-03-05"}
    wrong |= {"d-enddate": "2026-03-01", "d-diag_code": "?"}

    alice.post(address, given | {"d-diag_name": "高血压", "then": ""})  # the rest may wait
    refused = alice.post(address, given | wrong | {"then": "accept"}).content.decode()
    right = {"d-mdtrtarea_admdvs": "上海", "d-reflin_medins_name": "华山医院"}
    right |= {"d-diag_name": "高血压", "d-begndate": "2026-03-05"}
    alice.post(address, given | right | {"then": "accept"})
    alice.post(reverse("case_step", args=[case().uid, "finish_here"]), {"once": new_key()})

    fields = ("mdtrtarea_admdvs", "reflin_medins_name", "diag_name", "enddate", "diag_code")
    assert all(f'id="id_d-{name}-error"' in refused for name in fields)
    [message] = parts("core_messages")
    assert part_of(message, "values") == {
        "mdtrtarea_admdvs": "310000",
        "reflin_medins_name": "华山医院",
        "diag_name": "高血压",
        "begndate": "2026-03-05",
        "hosp_agre_refl_flag": "1",
    }


@pytest.mark.parametrize("form", ["pdf", "docx", "png"])
def test_the_notice_goes_along_as_a_file(alice, person, form):
    given = papers("given", "id-document", INVOICE) | papers("missing", LIST, DIAGNOSIS)
    alice.post(hospital(alice, person), given | {"then": "notify"})

    reply = alice.get(reverse("case_paper_file", args=[case().uid, "notice", form]))

    number = parts("notices")[0].number
    match form:
        case "pdf":
            with pypdfium2.PdfDocument(reply.content) as paper:
                text = paper[0].get_textpage().get_text_range()
            assert (number in text, SCANNED in text, NUMBER in text) == (True, True, False)
        case "docx":
            paper = Document(BytesIO(reply.content))
            assert [row.cells[0].text for row in paper.tables[1].rows] == ["序号", "1", "2"]
        case _:
            assert Image.open(BytesIO(reply.content)).width == 576


def test_who_comes_back_with_the_papers_is_taken_in(alice, person):
    address = hospital(alice, person)
    some = papers("given", "id-document", INVOICE) | papers("missing", LIST, DIAGNOSIS)
    alice.post(address, some | {"then": "notify"})

    every = papers("given", "id-document", INVOICE, LIST, DIAGNOSIS)
    done = alice.post(address, every | {"then": "accept"})

    assert done.url == reverse("case_paper", args=[case().uid, "receipt"])
    assert case().state == "accepted"


def test_what_cannot_be_taken_in_stays_what_it_was(alice, person):
    given = papers("given", "id-document") | papers("missing", INVOICE, LIST, DIAGNOSIS)

    reply = alice.post(hospital(alice, person), given | {"then": "accept"})

    assert reply.status_code == 409
    assert "还缺材料" in reply.content.decode()
    assert (case().state, case().number) == ("draft", "")


def test_papers_may_follow_on_a_written_word(alice, person):
    given = papers("given", "id-document", INVOICE) | papers("deferred", LIST, DIAGNOSIS)
    asked = alice.post(hospital(alice, person), given | {"then": "accept_conditionally"})
    question = alice.get(asked.url).content.decode()
    data = {"deferred": [LIST, DIAGNOSIS], "is_promised": "on", "once": new_key()}

    done = alice.post(reverse("case_step", args=[case().uid, "accept_conditionally"]), data)

    assert question.count("checked") == 2
    assert case().state == "conditional"
    assert "容缺受理通知书" in alice.get(done.url).content.decode()


def test_a_photo_counts_as_brought_and_is_shown_safely(alice, person):
    photo = BytesIO()
    Image.new("RGB", (60, 40), "white").save(photo, "JPEG")
    photo.seek(0)
    photo.name = "x.jpg"
    address = hospital(alice, person)

    none = papers("missing", "id-document", INVOICE, LIST, DIAGNOSIS)
    alice.post(address, none | {"photo-id-document": [photo]})

    [paper], [file] = parts("materials", key="id-document"), parts("files")
    shown = alice.get(reverse("case_file", args=[case().uid, file.uid]))
    assert paper.state == "given"
    assert shown["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert shown["Content-Type"] == "image/jpeg"


def test_a_stranger_sees_nothing_of_it(alice, person):
    hospital(alice, person)
    dave = factories.logged_in(factories.dave())
    addresses = [reverse(name, args=[case().uid]) for name in ("case", "intake_case")]

    assert [dave.get(address).status_code for address in addresses] == [404, 404]
