"""A matter at the window: found once, asked once, told once, and a paper for every end."""

import re
from datetime import timedelta
from io import BytesIO

import pypdfium2
import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document
from PIL import Image
from tests import factories
from tests.ledger.people.insured import enter
from tests.ledger.people.insured import number as number_of
from tests.web.cases.conftest import NUMBER

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.cases.core_platform.filing import part_of
from circle15.cases.models import Case
from circle15.ledger.people.mandates import mandates_of
from circle15.web.shared.once import new_key

pytestmark = pytest.mark.django_db
SCANNED = "320***********1232"
SON = number_of(7)


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


def test_what_is_looked_up_says_where(alice, person):
    address = hospital(alice, person)
    shared = papers("given", INVOICE, LIST, DIAGNOSIS) | papers("shared", "id-document")
    other = {"source-id-document": "other", "other-id-document": "电子护照系统"}

    refused = alice.post(address, shared | {"then": "accept"})
    unsaid = alice.post(address, shared | other | {"other-id-document": " ", "then": ""})
    taken = alice.post(address, shared | other | {"then": "accept"})
    receipt = alice.get(taken.url).content.decode()
    page = alice.get(reverse("case", args=[case().uid])).content.decode()

    assert (refused.status_code, unsaid.status_code) == (422, 422)
    assert 'id="id_source-id-document-error"' in refused.content.decode()
    assert "身份证件" in receipt
    assert "数据共享，没有要您带（电子护照系统，" in receipt
    assert "查自电子护照系统，" in page


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


def signing(client, person, **more):
    """Send the letter for a son who comes the first time; what is None is left out."""
    usual = {"number": SON, "name": "王小明", "relation": "child", "until": timezone.localdate()}
    given = {name: value for name, value in (usual | {"seen": "on"} | more).items() if value}
    data = {f"relative-{name}": value for name, value in given.items()}
    about = {"person": person.uid, "once": new_key()}
    return client.post(reverse("intake_mandate_sign"), about | data)


def test_a_signed_letter_stands_at_once_and_ends_from_either_side(alice, person):
    signed = signing(alice, person).content.decode()
    (line,) = mandates_of(person.uid)
    held = alice.post(reverse("intake"), {"number": SON}).content.decode()
    ending = {"mandate": line.uid, "person": line.agent_uid, "once": new_key()}
    ended = alice.post(reverse("intake_mandate"), ending).content.decode()

    assert (line.agreed_by, line.is_in_force(timezone.localdate())) == ("signed", True)
    assert ["王**可以替他办" in signed, "他可以替王**办" in held] == [True, True]
    assert [word in signed + held for word in (SON, "王小明", "王秀英")] == [False] * 3
    assert ("他可以替" in ended, mandates_of(person.uid)[0].ended_at is None) == (False, False)
    with area_scope(EVERYWHERE):
        told = Event.objects.filter(verb__startswith="mandate.", target_id=str(person.uid))
        assert [each.verb for each in told.order_by("id")] == ["mandate.make", "mandate.end"]


def test_a_letter_with_faults_is_told_all_of_them_at_once_and_kept_nowhere(alice, person):
    far = timezone.localdate() + timedelta(days=367)
    bad = signing(alice, person, number="1", relation=None, until=far, seen=None)
    oneself = signing(alice, person, number=NUMBER, name=None)
    nameless = signing(alice, person, name=None)

    assert re.findall(r'id="id_relative-(\w+)-error"', bad.content.decode()) == [
        *("number", "relation", "until", "seen")
    ]
    assert "这是他本人的号码" in oneself.content.decode()
    assert [each.status_code for each in (bad, oneself, nameless)] == [422] * 3
    assert 'id="id_relative-name-error"' in nameless.content.decode()
    assert mandates_of(person.uid) == ()


def test_only_a_window_ends_a_mandate_and_only_that_of_the_person_found(alice, person):
    signing(alice, person)
    (line,) = mandates_of(person.uid)
    other = {"mandate": line.uid, "person": enter()}
    auditor = factories.logged_in(factories.auditor())
    asked = ((alice, other), (auditor, other | {"person": person.uid}))

    codes = [
        each.post(reverse("intake_mandate"), ending | {"once": new_key()}).status_code
        for each, ending in asked
    ]

    assert (codes, mandates_of(person.uid)[0].ended_at) == ([404, 403], None)
