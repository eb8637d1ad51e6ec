"""Templates on their pages, results made from them, and signatures given on a screen."""

from base64 import b64encode
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from docx import Document
from PIL import Image, ImageDraw
from tests import factories
from tests.factories import logged_in
from tests.web.cases.test_window import at, case, papers

from circle15.accounts.states import Role
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.cases.documents.beginning import beginning
from circle15.cases.paper_models import PaperTemplate, Signature
from circle15.web.shared.once import new_key

pytestmark = pytest.mark.django_db


def drawn() -> str:
    """Return what a page sends for a signature."""
    image, out = Image.new("RGBA", (900, 300), (255, 255, 255, 0)), BytesIO()
    line = [(60, 220), (240, 60), (400, 240), (620, 90), (820, 180)]
    ImageDraw.Draw(image).line(line, fill=(17, 17, 17, 255), width=6)
    image.save(out, "PNG")
    return f"data:image/png;base64,{b64encode(out.getvalue()).decode()}"


@pytest.fixture
def taken_in(alice, person):
    """Take an instant matter in at the window."""
    alice.post(at(alice, "own-record", person), papers("given", "id-document") | {"then": "accept"})
    return case()


def officer(name: str):
    city = factories.CityFactory()
    return logged_in(factories.staff(name, Role.CITY_OFFICER, area=city, name=name))


def upload(client, content: bytes, kind: str = "granted"):
    file = SimpleUploadedFile("结果.docx", content)
    data = {"kind": kind, "item": "", "note": "首版", "file": file}
    return client.post(reverse("paper_templates"), data)


def own_words() -> bytes:
    paper, out = Document(BytesIO(beginning("granted"))), BytesIO()
    paper.paragraphs[0].runs[0].text = "本市自己的结果通知书"
    paper.save(out)
    return out.getvalue()


def test_a_template_is_brought_in_by_one_and_published_by_another(world):
    first, second = officer("first"), officer("second")

    refused = upload(first, b"PK")
    page = upload(first, own_words()).url
    far = {"do": "publish", "in_force_from": "2099-01-01"}
    own, too_late = first.post(page, far), second.post(page, far)
    second.post(page, far | {"in_force_from": timezone.localdate().isoformat()})

    assert "不是 .docx 文件" in refused.content.decode()
    assert (refused.status_code, own.status_code, too_late.status_code) == (422, 403, 422)
    assert PaperTemplate.objects.get().state == "published"
    assert "本市自己的结果通知书" in first.get(page).content.decode()
    assert first.get(reverse("paper_templates")).content.decode().count("现行") >= 1


def test_results_are_written_from_the_template_and_stay(alice, taken_in, world):
    first, second = officer("first"), officer("second")
    page = upload(first, own_words()).url
    second.post(page, {"do": "publish", "in_force_from": timezone.localdate().isoformat()})
    step = reverse("case_step", args=[taken_in.uid, "finish_here"])
    alice.post(step, {"once": new_key()})
    second.post(page, {"do": "take_out", "reason": "换新版"})

    shown = alice.get(reverse("case_paper", args=[taken_in.uid, "result"])).content.decode()
    file = alice.get(reverse("case_paper_file", args=[taken_in.uid, "result", "docx"]))
    told = alice.get(reverse("case_paper", args=[taken_in.uid, "delivery"])).content.decode()

    assert "本市自己的结果通知书" in shown
    assert "王**：您申请的“个人参保信息查询”已经办好。" in shown
    assert Document(BytesIO(file.content)).paragraphs[0].text == "本市自己的结果通知书"
    assert "送达回证" in told


def test_the_receipt_is_signed_on_the_screen_once(alice, taken_in):
    page = reverse("case_paper", args=[taken_in.uid, "receipt"])

    empty = alice.post(page, {"signature": "data:image/png;base64,", "once": new_key()})
    done = alice.post(page, {"signature": drawn(), "once": new_key()})
    again = alice.post(page, {"signature": drawn(), "once": new_key()})

    shown = alice.get(page).content.decode()
    with area_scope(EVERYWHERE):
        kept = Signature.objects.select_related("file").get()
        told = Event.objects.get(verb="case.sign_intake")
    assert (empty.status_code, done.status_code, again.status_code) == (422, 302, 422)
    assert kept.sm3 in shown
    assert reverse("case_file", args=[taken_in.uid, kept.file.uid]) in shown
    assert "data-c15-pad" not in shown
    assert (told.new["sha256"], told.new["sm3"]) == (kept.sha256, kept.sm3)


def test_a_result_is_signed_for_on_the_screen_instead_of_on_paper(alice, taken_in):
    alice.post(reverse("case_step", args=[taken_in.uid, "finish_here"]), {"once": new_key()})
    sign = reverse("case_step", args=[taken_in.uid, "sign"])

    neither = alice.post(sign, {"signed_by": "person", "once": new_key()})
    alice.post(sign, {"signed_by": "person", "signature": drawn(), "once": new_key()})

    pdf = alice.get(reverse("case_paper_file", args=[taken_in.uid, "delivery", "pdf"]))
    with area_scope(EVERYWHERE):
        assert Signature.objects.get().of == "result"
    assert neither.status_code == 422
    assert case().state == "closed"
    assert pdf.content.startswith(b"%PDF-")


def test_who_may_only_look_sees_templates_and_no_way_to_change_them(alice, world):
    page = upload(officer("first"), own_words()).url

    shown = alice.get(reverse("paper_templates"))
    one = alice.get(page)

    assert "上传新模板" not in shown.content.decode()
    assert (shown.status_code, one.status_code) == (200, 200)
    assert 'name="do"' not in one.content.decode()
    assert alice.post(page, {"do": "take_out", "reason": "x"}).status_code == 403
