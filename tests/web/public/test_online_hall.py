"""The online hall through its pages: sign in, apply, follow up, own data, mandates."""

import io
import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone
from PIL import Image
from tests.factories import SiteFactory, actor_for, carol, catalogue, manager
from tests.ledger.people.insured import enter, number, phone, signed_in
from tests.web.matrix.routes import Route, _walk

from circle15.accounts import public_codes
from circle15.accounts.public_models import SignInCode
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.cases import queries
from circle15.cases.actions import notices, papers
from circle15.cases.models import Case, CaseFile
from circle15.cases.parties import Applicant
from circle15.items.queries import catalogue_on
from circle15.ledger.people import looking
from circle15.web.shared.once import new_key

pytestmark = pytest.mark.django_db
ITEM = "living-elsewhere"


@pytest.fixture(autouse=True)
def hall(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "evidence"},
        }
    }
    catalogue()
    SiteFactory()


@pytest.fixture
def wang():
    return enter()


@pytest.fixture
def client(wang):
    return signed_in(wang)


def photo(color="white", name="IMG_138000080.jpg"):
    out = io.BytesIO()
    Image.new("RGB", (40, 30), color).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def text(reply) -> str:
    return reply.content.decode()


def the_case() -> Case:
    with area_scope(EVERYWHERE):
        return Case.objects.get()


def begin(client, item=ITEM):
    reply = client.post(reverse("apply_start", args=[item]), {"once": new_key()})
    assert reply.status_code == 302
    return the_case().uid


FILLED = {"mdtrtarea_admdvs": "上海市", "begndate": "2026-03-01", "enddate": ""}


def walk(client, uid, stay="long"):
    """Answer, fill in and photograph whatever the application asks."""
    client.post(reverse("apply_question", args=[uid, "stay"]), {"answer": stay})
    client.post(reverse("apply_form", args=[uid, "filing-form"]), FILLED)
    paper = reverse("apply_paper", args=[uid, "living-proof"])
    client.post(paper, {"photos": [photo()]})
    client.post(reverse("apply_handover", args=[uid]), {"handover": "online"})
    return client.get(reverse("apply_check", args=[uid]))


def submitted(client):
    uid = begin(client)
    walk(client, uid)
    reply = client.post(reverse("apply_check", args=[uid]), {"true": "on", "share": "on"})
    assert reply.status_code == 302
    return uid


def test_from_the_number_to_the_own_page(wang):
    client = Client()
    sent = client.get(reverse("my_data")).headers["Location"]
    assert sent == "/signin/?next=%2Fmine%2Fdata%2F"
    reply = client.post(reverse("signin"), {"id_number": number(), "next": reverse("my_data")})
    code_page = reply.headers["Location"]
    assert number() not in code_page
    shown = text(client.get(code_page))
    assert f"尾号 {phone()[-2:]}" in shown
    assert phone() not in shown
    with area_scope(EVERYWHERE):
        code = public_codes._code(SignInCode.objects.get())
    assert client.post(code_page, {"code": "12"}).status_code == 422
    reply = client.post(code_page, {"code": code})
    assert reply.headers["Location"] == reverse("my_data")
    cookie = reply.cookies["circle15-public"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", "")
    page = client.get(reverse("my_data"))
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert [each in text(page) for each in (number(), phone(), "王小明")] == [False] * 3
    client.post(reverse("signout"))
    assert client.get(reverse("mine")).status_code == 302


@pytest.mark.parametrize(
    ("typed", "words"), [("", "请填写身份证号码"), ("320681199001010010", "校验位不正确")]
)
def test_a_wrong_number_is_said_at_the_field(typed, words):
    reply = Client().post(reverse("signin"), {"id_number": typed})
    assert (reply.status_code, words in text(reply)) == (422, True)


def test_apply_check_submit_once_and_get_the_receipt(client, wang):
    uid = begin(client)
    assert begin(client) == uid  # the draft is gone on with
    check = walk(client, uid)
    assert "上海市" in text(check)
    again = reverse("apply_check", args=[uid])
    assert client.post(again, {}).status_code == 422
    for _click in range(2):
        reply = client.post(again, {"true": "on", "share": "on"})
        assert reply.headers["Location"] == reverse("apply_done", args=[uid])
    case = the_case()
    assert (case.state, case.person_uid, case.channel) == ("submitted", wang, "web")
    done = text(client.get(reverse("apply_done", args=[uid])))
    assert case.number in done
    receipt = client.get(reverse("apply_receipt", args=[uid]))
    assert receipt.content.startswith(b"%PDF")
    assert client.get(reverse("apply_case", args=[uid])).status_code == 302
    assert queries.form_of(uid, by=Applicant(wang))["mdtrtarea_admdvs"] == "310000"


def test_everything_left_open_is_named_at_once(client):
    uid = begin(client)
    client.post(reverse("apply_question", args=[uid, "stay"]), {"answer": "long"})
    reply = client.post(reverse("apply_check", args=[uid]), {})
    shown = text(reply)
    assert reply.status_code == 422
    for words in ("请先确认内容", "异地就医登记备案表", "居住"):
        assert words in shown
    form = client.post(reverse("apply_form", args=[uid, "filing-form"]), {"begndate": "x"})
    assert re.findall(r"请填写“到哪里就医|请填日期", text(form))[:2]
    assert the_case().state == "draft"


def test_photos_are_kept_once_turned_and_taken_away(client):
    uid = begin(client)
    client.post(reverse("apply_question", args=[uid, "stay"]), {"answer": "long"})
    page = reverse("apply_paper", args=[uid, "living-proof"])
    for _again in range(2):
        assert client.post(page, {"photos": [photo()]}).status_code == 302
    client.post(page, {"photos": [photo("black"), photo("blue")]})
    refused = client.post(page, {"photos": [SimpleUploadedFile("a.jpg", b"<svg>")]})
    assert refused.status_code == 422
    with area_scope(EVERYWHERE):
        files = list(CaseFile.objects.filter(dropped_at=None).order_by("id"))
    assert len(files) == 3
    assert "138000080" not in str([vars(each) for each in files])
    picture = client.get(reverse("apply_picture", args=[uid, files[0].uid]))
    assert Image.open(io.BytesIO(picture.content)).size == (40, 30)
    client.post(reverse("apply_turn", args=[uid, files[0].uid]))
    client.post(reverse("apply_drop", args=[uid, files[1].uid]))
    with area_scope(EVERYWHERE):
        left = list(CaseFile.objects.filter(dropped_at=None).order_by("id"))
    turned = client.get(reverse("apply_picture", args=[uid, left[-1].uid]))
    assert len(left) == 2
    assert Image.open(io.BytesIO(turned.content)).size == (30, 40)


def test_a_case_of_somebody_else_is_not_there(client):
    uid = submitted(client)
    other = signed_in(enter(1))
    for name in ("my_case", "apply_check", "apply_done", "apply_receipt", "my_withdraw"):
        assert other.get(reverse(name, args=[uid])).status_code == 404, name
    assert other.post(reverse("my_withdraw", args=[uid]), {"once": new_key()}).status_code == 404
    assert Client().get(reverse("my_case", args=[uid])).status_code == 302


def test_the_notice_is_answered_with_the_papers_it_names(client):
    uid = submitted(client)
    officer = actor_for(carol(), at=timezone.now())
    with area_scope(officer.area_path):
        now = timezone.now()
        papers.reject_material(case_uid=uid, key="living-proof", why="看不清", by=officer, at=now)
        notices.issue_notice(case_uid=uid, by=officer, at=now)
    shown = text(client.get(reverse("my_case", args=[uid])))
    assert "看不清" in shown
    assert client.post(reverse("my_supplement", args=[uid])).status_code == 409
    client.post(reverse("apply_paper", args=[uid, "living-proof"]), {"photos": [photo("red")]})
    assert client.get(reverse("my_supplement", args=[uid])).status_code == 200
    for _twice in range(2):
        assert client.post(reverse("my_supplement", args=[uid])).status_code == 302
    assert the_case().state == "submitted"


def test_withdraw_and_the_timeline_in_words(client):
    uid = submitted(client)
    assert "提交了申请" in text(client.get(reverse("my_case", args=[uid])))
    key = new_key()
    for _twice in range(2):
        client.post(reverse("my_withdraw", args=[uid]), {"once": key, "reason": "不去了"})
    page = text(client.get(reverse("my_case", args=[uid])))
    assert ("撤回了申请" in page, "不去了" in page) == (True, True)
    assert the_case().state == "withdrawn"


def test_the_phone_page_names_nobody_and_needs_the_secret(client, wang):
    uid = submitted(client)
    receipt = queries.receipt(uid, by=Applicant(wang))
    page = Client().get(reverse("case_phone", args=[receipt.number, receipt.secret]))
    shown = text(page)
    assert (page.status_code, receipt.number in shown, "王" in shown) == (200, True, False)
    for wrong in ((receipt.number, "0" * 32), ("1", receipt.secret)):
        assert Client().get(reverse("case_phone", args=wrong)).status_code == 404


def test_my_data_shows_who_looked_and_takes_corrections(client, wang):
    officer = actor_for(manager(), at=timezone.now())
    looking.note_look(wang, by=officer, at=timezone.now(), purpose="intake")
    assert "窗口受理" in text(client.get(reverse("my_data")))
    copy = client.post(reverse("my_data_download"))
    assert number() in text(copy)
    assert client.post(reverse("my_data_correct"), {"words": ""}).status_code == 422
    client.post(reverse("my_data_correct"), {"words": "手机换了"})
    assert "手机换了" in text(client.get(reverse("my_data")))


def test_a_son_applies_for_his_mother(client, wang):
    mother = enter(1, name="李秀英")
    new = {"id_number": number(1), "relation": "child"}
    until = f"{timezone.localdate() + timedelta(days=90):%F}"
    assert client.post(reverse("mandate_new"), {**new, "until": "x"}).status_code == 422
    code_page = client.post(reverse("mandate_new"), {**new, "until": until}).headers["Location"]
    assert signed_in(enter(2)).get(code_page).status_code == 404
    with area_scope(EVERYWHERE):
        code = public_codes._code(SignInCode.objects.get())
    client.post(code_page, {"code": code})
    mandate = re.search(r"/mine/mandates/([0-9a-f-]{36})/act/", text(client.get("/mine/")))
    assert mandate
    client.post(reverse("act_for", args=[mandate[1]]))
    assert "李**" in text(client.get(reverse("mine")))
    uid = submitted(client)
    case = the_case()
    assert (case.person_uid, case.agent_uid, case.mode) == (mother, wang, "proxy")
    assert "李**" in text(signed_in(mother).get(reverse("my_case", args=[uid])))
    signed_in(mother).post(reverse("mandate_end", args=[mandate[1]]))
    assert client.get(reverse("my_case", args=[uid])).status_code == 404


def test_what_cannot_be_done_from_home_leads_to_a_site(client):
    items = catalogue_on(timezone.localdate()).items.values()
    item = next(each for each in items if each.is_case and not each.is_online)
    page = text(client.get(reverse("apply_start", args=[item.key])))
    assert reverse("guide", args=[item.key]) in page
    assert client.post(reverse("apply_start", args=[item.key])).status_code == 404
    assert Client().get(reverse("apply")).status_code == 200


def test_an_answer_that_says_no_gives_the_reason(client):
    uid = begin(client, "resident-enrolment")
    reply = client.post(reverse("apply_question", args=[uid, "other-cover"]), {"answer": "yes"})
    page = text(client.get(reverse("apply_case", args=[uid])))
    assert (reply.status_code, "这件事不能办" in page) == (302, True)


def test_no_page_of_a_case_opens_to_somebody_else(client):
    uid = submitted(client)
    with area_scope(EVERYWHERE):
        file = CaseFile.objects.get(dropped_at=None)
    given = {"case_uid": uid, "file_uid": file.uid, "key": "living-proof", "which": "receipt"}
    given |= {"reading_uid": UUID(int=1)}  # tests/web/public/test_photo_reading.py
    other = signed_in(enter(1))
    asked = [
        route
        for route in _walk(get_resolver(), "")
        if "case_uid" in route.parameters and "insured" in _audiences(route)
    ]
    assert len(asked) >= 18
    for route in asked:
        address = reverse(route.name, kwargs={name: given[name] for name in route.parameters})
        if route.reading:
            assert other.get(address).status_code == 404, route.name
        if route.writing:
            reply = other.post(address, {"once": new_key(), "words": "x", "how": "committed"})
            assert reply.status_code == 404, route.name


def _audiences(route: Route) -> set[str]:
    return {access.audience for access in (route.reading, route.writing) if access}
