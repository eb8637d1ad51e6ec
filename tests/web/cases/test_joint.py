"""One thing in a life at the window: asked once, papers once, all of it taken in or nothing."""

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from tests import factories

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.cases.joint import joint_secret
from circle15.cases.joint_models import JointHandling
from circle15.cases.models import Case
from circle15.web.shared.once import new_key

pytestmark = pytest.mark.django_db
DETAILS = {"trum_time": "2026-03-01", "trum_site": "家门口", "trum_rea": "下台阶时摔倒"}
ANSWERS = {"third-party": "no", "account": "card"}


def names(page: str, prefix: str) -> list[str]:
    return list(dict.fromkeys(re.findall(rf'name="({prefix}[^"]+)"', page)))


def hidden(page: str, name: str) -> list[str]:
    return re.findall(rf'type="hidden" name="{name}" value="([^"]+)"', page)


def asked(client, person, **more):
    data = {"person": person.uid, "event": "accident"} | more
    return client.post(reverse("intake_joint"), data).content.decode()


def filled(client, person, **more) -> dict[str, object]:
    """Answer all that is asked, as the page shows it step by step; return what is then sent."""
    data: dict[str, object] = {
        "shown": "1",
        "mode": "ordinary",
        "e-treated": "hospital",
        "e-cause": "other",
    } | more
    page = asked(client, person, **data)
    offered = hidden(page, "offered") or re.findall(r'name="offered" value="([^"]+)"', page)
    data |= {"offered": offered, "item": offered}
    for name in names(page, "q-"):
        data[name] = ANSWERS[name.removeprefix("q-").rpartition("-")[0]]
    page = asked(client, person, **data)
    data["papers"] = hidden(page, "papers")
    data |= dict.fromkeys(names(page, "how-"), "given") | {"filed": hidden(page, "filed")}
    data |= {f"d-accident-{name}": value for name, value in DETAILS.items()}
    return {"person": str(person.uid), "event": "accident", "once": new_key()} | data


def kept() -> tuple[int, int]:
    with area_scope(EVERYWHERE):
        return JointHandling.objects.count(), Case.objects.count()


# Clauses: J-86
def test_the_form_grows_and_a_double_click_takes_all_of_it_in_once(alice, person):
    shown = alice.post(reverse("intake"), {"number": "320681195003051232"}).content.decode()
    first = asked(alice, person)
    data = filled(alice, person)
    replies = [alice.post(reverse("intake_joint_take"), data) for _ in range(2)]

    assert "意外受伤" in shown
    assert "请改正以下问题" not in first
    assert re.search(r'name="mode"\s+value="ordinary" checked', first)
    assert names(first, "how-") == names(first, "q-") == []
    assert [len(data["papers"]), len(set(data["papers"]))] == [6, 6]
    assert [reply.status_code for reply in replies] == [302, 302]
    assert replies[0].url == replies[1].headers["Location"]
    assert kept() == (1, 2)
    done = alice.get(replies[0].url).content.decode()
    with area_scope(EVERYWHERE):
        made, cases = JointHandling.objects.get(), list(Case.objects.order_by("id"))
    assert [case.state for case in cases] == ["accepted", "accepted"]
    assert all(case.number in done for case in cases)
    for media, head in (("pdf", b"%PDF"), ("png", b"\x89PNG"), ("docx", b"PK")):
        reply = alice.get(reverse("joint_file", args=[made.uid, media]))
        assert reply.content.startswith(head)
    sister = alice.get(reverse("case", args=[cases[0].uid])).content.decode()
    assert reverse("case", args=[cases[1].uid]) in sister
    assert replies[0].url in sister


def test_what_is_wrong_is_named_at_once_and_nothing_is_taken_in(alice, person):
    data = filled(alice, person)
    source = next(name for name in data if str(name).startswith("how-id-document"))
    wrong = data | {source: "shared", "d-accident-trum_rea": "", "papers": data["papers"][1:]}

    reply = alice.post(reverse("intake_joint_take"), wrong)
    page = reply.content.decode()

    assert reply.status_code == 422
    assert "要的材料也变了" in page
    assert "请写明从哪里查到" in page
    assert "“意外伤害备案”的备案内容：请填写" in page
    assert kept() == (0, 0)
    reply = alice.post(reverse("intake_joint_take"), filled(alice, person, agent="123"))
    assert (reply.status_code, kept()) == (409, (0, 0))


def test_a_paper_that_is_missing_leaves_its_case_for_a_notice(alice, person):
    data = filled(alice, person)
    invoice = next(name for name in data if str(name).startswith("how-invoice"))

    reply = alice.post(reverse("intake_joint_take"), data | {invoice: "missing"})

    page = alice.get(reply.url).content.decode()
    with area_scope(EVERYWHERE):
        states = dict(Case.objects.values_list("item_key", "state"))
    assert states == {"accident": "accepted", "hospital-costs": "submitted"}
    assert "有 1 件还没有受理" in page


def test_the_code_of_the_receipt_opens_to_a_phone_and_at_any_window(alice, person):
    alice.post(reverse("intake_joint_take"), filled(alice, person))
    with area_scope(EVERYWHERE):
        uid = JointHandling.objects.get().uid
    link = reverse("joint_phone", args=[uid, joint_secret(uid)])
    code = alice.get(reverse("joint_qr", args=[uid]))
    shown = Client().get(link)
    scanned = alice.post(reverse("intake"), {"number": f"http://testserver{link}"})

    assert code["Content-Type"] == "image/svg+xml"
    assert shown.status_code == 200
    assert "王" not in shown.content.decode()
    assert shown.content.decode().count("/c/3206") == 2
    assert scanned.content.decode().count("/c/3206") == 2
    assert Client().get(reverse("joint_phone", args=[uuid4(), "wrong"])).status_code == 404


def test_a_clerk_of_another_town_has_no_page_of_it(alice, person):
    reply = alice.post(reverse("intake_joint_take"), filled(alice, person))

    other = factories.logged_in(factories.dave())

    assert other.get(reply.url).status_code == 404
