"""A handler acts for an employer: agreed, confirmed, only its own items, at the window the same."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.factories import (
    AT,
    SiteFactory,
    TownFactory,
    actor_for,
    alice,
    auditor,
    carol,
    catalogue,
    logged_in,
)
from tests.ledger.people.insured import enter, number, phone, signed_in

from circle15.accounts import public_codes
from circle15.accounts.actors import system_actor
from circle15.accounts.public_models import SignInCode
from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.cases import queries
from circle15.cases.actions import papers
from circle15.cases.models import Case, CaseMaterial
from circle15.cases.organisations import cases_of_organisation
from circle15.cases.parties import Applicant
from circle15.core.identifiers import social_credit_check_character
from circle15.ledger.people import handlers, mandates
from circle15.ledger.people.entering import OrganisationEntry
from circle15.ledger.people.mandate_states import HANDLERS, AgreedBy, Relation
from circle15.ledger.people.organisations import upsert_organisation
from circle15.standards.organisation_cases import organisation_cases
from circle15.web.shared.once import new_key

pytestmark = pytest.mark.django_db
ITEM = "employer-change"


def firm(n=1):
    body = f"9199999900000{n:04}"
    entry = OrganisationEntry(
        name=f"启东市第{n}合成纺织厂",
        credit_code=body + social_credit_check_character(body),
        division_code=TownFactory().code,
        contact_name="吴某",
        contact_phone=phone(50 + n),
        registers=("employers",),
    )
    return upsert_organisation(entry=entry, by=system_actor("test"), at=AT)


@pytest.fixture(autouse=True)
def hall():
    catalogue()
    SiteFactory()


@pytest.fixture
def wang():
    return enter()


@pytest.fixture
def client(wang):
    return signed_in(wang)


def signed(agent, one, by=None):
    return handlers.sign(
        agent_uid=agent,
        organisation_uid=one.uid,
        relation=Relation.STAFF,
        until=timezone.localdate() + timedelta(days=90),
        by=by or actor_for(alice()),
        at=timezone.now(),
    )


def asked_for(agent, one, relation=Relation.STAFF):
    """Ask the organisation's contact, and tell the code; no relative's page takes it."""
    given = {"agent_uid": agent, "address": "127.0.0.1", "at": timezone.now()}
    asked = handlers.ask_organisation(
        credit_code=one.credit_code,
        relation=relation,
        until=timezone.localdate() + timedelta(days=200),
        **given,
    )
    with area_scope(EVERYWHERE):
        code = public_codes._code(SignInCode.objects.get(uid=asked.uid))
    with pytest.raises(NotFound):
        mandates.agree(code_uid=asked.uid, code=code, **given)
    return handlers.agree(code_uid=asked.uid, code=code, **given)


def act(client, mandate):
    return client.post(reverse("act_for", args=[mandate]))


def begin(client, item=ITEM):
    return client.post(reverse("apply_start", args=[item]), {"once": new_key()})


def text(reply) -> str:
    return reply.content.decode()


def the_case() -> Case:
    with area_scope(EVERYWHERE):
        return Case.objects.get()


def test_the_contact_agrees_by_code_and_staff_confirm(client, wang):
    one = firm()
    page, wrong = reverse("mandate_organisation"), {"credit_code": one.credit_code[:-1] + "0"}
    usual = {"relation": "staff", "until": timezone.localdate() + timedelta(days=90)}
    assert client.post(page, usual | wrong).status_code == 422
    code_page = client.post(page, usual | {"credit_code": one.credit_code}).headers["Location"]
    assert f"尾号 {phone(51)[-2:]}" in text(client.get(code_page))
    with area_scope(EVERYWHERE):
        row = SignInCode.objects.get()
    assert "王**申请为贵单位网上经办" in public_codes.words(row)
    assert client.post(code_page, {"code": public_codes._code(row)}).status_code == 302
    (line,) = handlers.handlers_of(one.uid)
    assert (line.agreed_by, act(client, line.uid).status_code) == (AgreedBy.CODE, 404)
    assert "等工作人员确认" in text(client.get(reverse("mandates")))
    handlers.confirm(line.uid, by=actor_for(carol()), at=timezone.now())
    assert act(client, line.uid).status_code == 302
    assert one.name in text(client.get(reverse("mine")))


def test_only_items_of_organisations_are_offered(client, wang):
    one = firm()
    act(client, signed(wang, one))
    shown = text(client.get(reverse("apply")))
    assert [reverse("apply_start", args=[key]) in shown for key in (ITEM, "living-elsewhere")] == [
        True,
        False,
    ]
    assert begin(client, "living-elsewhere").status_code == 404
    client.post(reverse("act_for_self"))
    assert begin(client).status_code == 404


# Clauses: D-06, Q-52, Q-51
def test_the_case_is_the_organisations_and_one_file_with_the_window(client, wang):
    one = firm()
    act(client, signed(wang, one))
    overview = begin(client).headers["Location"]
    assert begin(client).headers["Location"] == overview  # gone on with
    case = the_case()
    assert (case.organisation_uid, case.person_uid, case.agent_uid) == (one.uid, None, wang)
    assert (case.channel, case.mode, case.agent_name) == ("web", "ordinary", "王**")
    assert case.answers["organisation-agent"] == "staff"
    with area_scope(EVERYWHERE):
        letter = CaseMaterial.objects.get(case=case, key=organisation_cases().letter.key)
        opened = Event.objects.filter(target_id=str(case.uid), verb="case.open").get()
    assert (letter.state, "网上经办授权" in letter.note) == ("given", True)
    assert opened.actor_name == f"person {wang}"
    shown = [each.uid for each in cases_of_organisation(one.uid, by=actor_for(alice()))]
    assert shown == [case.uid]


def test_the_application_is_handed_in_followed_and_taken_back(client, wang):
    one = firm()
    act(client, signed(wang, one))
    begin(client)
    uid, by = the_case().uid, Applicant(agent_uid=wang, organisation_uid=one.uid)
    client.post(reverse("apply_question", args=[uid, "key-details"]), {"answer": "no"})
    for paper in queries.case(uid, by=by, on=timezone.localdate()).materials:
        papers.give_material(case_uid=uid, key=paper.key, by=by, at=timezone.now())
    client.post(reverse("apply_handover", args=[uid]), {"handover": "window"})
    check = reverse("apply_check", args=[uid])
    page = text(client.get(check))
    assert (one.name in page, "经办人 王**" in page) == (True, True)
    reply = client.post(check, {"true": "on", "share": "on"})
    assert reply.headers["Location"] == reverse("apply_done", args=[uid])
    pages = [text(client.get(reverse(name, args=[uid]))) for name in ("apply_done", "my_case")]
    assert [one.name in each for each in pages] == [True, True]
    assert client.get(reverse("apply_receipt", args=[uid])).content.startswith(b"%PDF")
    assert one.name in text(client.get(reverse("my_data")))
    client.post(reverse("my_withdraw", args=[uid]), {"once": new_key()})
    assert the_case().state == "withdrawn"


def test_who_lost_the_mandate_loses_access_at_once(client, wang):
    one = firm()
    mandate = signed(wang, one)
    act(client, mandate)
    begin(client)
    address = reverse("apply_case", args=[the_case().uid])
    assert client.get(address).status_code == 200
    handlers.end(mandate, by=actor_for(alice()), at=timezone.now())
    assert client.get(address).status_code == 404
    assert act(client, mandate).status_code == 404
    assert one.name not in text(client.get(reverse("mine")))


def test_another_organisations_case_is_not_found(client, wang):
    act(client, signed(wang, firm()))
    begin(client)
    uid = the_case().uid
    li = enter(1)
    stranger = signed_in(li)
    for mandate in (None, signed(li, firm(2))):
        if mandate is not None:
            act(stranger, mandate)
        for name in ("apply_case", "my_case", "apply_check"):
            assert stranger.get(reverse(name, args=[uid])).status_code == 404


def test_a_new_request_leaves_what_is_in_force(wang):
    one = firm()
    former = signed(wang, one)
    newer, today = asked_for(wang, one, Relation.LEGAL), timezone.localdate()
    assert mandates.in_force(former, agent_uid=wang, on=today) is not None
    assert [each.uid for each in handlers.waiting(by=actor_for(carol()), on=today)] == [newer]
    for _twice in range(2):
        handlers.confirm(newer, by=actor_for(alice()), at=timezone.now())
    assert mandates.in_force(former, agent_uid=wang, on=today) is None
    assert mandates.in_force(newer, agent_uid=wang, on=today).relation == Relation.LEGAL
    assert [one.value for one in HANDLERS] == [
        each.key for each in organisation_cases().question.choices
    ]


def test_who_may_confirm_and_what_no_longer_waits(wang):
    one, at = firm(), timezone.now()
    uid = signed(wang, one)
    with pytest.raises(NotAllowed):
        handlers.confirm(uid, by=actor_for(auditor()), at=at)
    handlers.end(uid, by=actor_for(carol()), at=at)
    with pytest.raises(handlers.NoLongerWaiting):
        handlers.confirm(uid, by=actor_for(carol()), at=at)
    with pytest.raises(NotFound):
        handlers.end(one.uid, by=actor_for(carol()), at=at)


def test_the_window_enters_and_ends_a_handler_by_the_letter(wang):
    one, clerk = firm(), logged_in(alice())
    given = {
        "organisation": one.uid,
        "handler-number": number(),
        "handler-role": "staff",
        "handler-until": timezone.localdate() + timedelta(days=400),
    }
    assert clerk.post(reverse("intake_handler_sign"), given).status_code == 422
    given["handler-until"] = timezone.localdate() + timedelta(days=365)
    page = clerk.post(reverse("intake_handler_sign"), given)
    (line,) = handlers.handlers_of(one.uid)
    assert (line.agent_uid, line.is_in_force(timezone.localdate())) == (wang, True)
    assert (line.agent_name in text(page), number() in text(page)) == (True, False)
    clerk.post(reverse("intake_handler"), {"mandate": line.uid, "end": ""})
    assert handlers.handlers_of(one.uid)[0].ended_at is not None


def test_the_office_sees_what_waits_and_confirms_it(wang):
    one, office = firm(), logged_in(carol())
    uid = asked_for(wang, one)
    assert one.name in text(office.get(reverse("register_organisations")))
    page = reverse("register_organisation", args=[one.uid])
    assert "等待确认" in text(office.get(page))
    address = reverse("register_handler", args=[one.uid, uid])
    assert office.post(reverse("register_handler", args=[one.uid, one.uid])).status_code == 404
    assert office.post(address, {"confirm": ""}).headers["Location"] == page
    assert mandates.in_force(uid, agent_uid=wang, on=timezone.localdate()) is not None
    with area_scope(EVERYWHERE):
        assert Event.objects.filter(verb="mandate.confirm", target_id=str(one.uid)).count() == 1


def test_anybody_sees_what_organisations_can_do_online():
    shown = Client()
    assert reverse("apply_start", args=[ITEM]) in text(shown.get(reverse("apply_organisation")))
    assert "选好单位" in text(shown.get(reverse("apply_start", args=[ITEM])))
