"""At windows: papers that were missing, a bank, a hospital, and another county."""

import pytest
from playwright.sync_api import expect
from tests.web.journeys import at_home, doing
from tests.web.journeys.people import EVERYBODY
from tests.web.journeys.room import SEND
from tests.web.journeys.town import HAS_KEYS, PHONE, Town, shoot

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CENTRE = "320681110000C01"
IN_ANOTHER_COUNTY = "320682105000C01"
COSTS = {"settled": "no", "accident": "no", "account": "card"}
COSTS_PAPERS = ("id-document", "invoice", "cost-list", "diagnosis")


def test_missing_papers_are_told_once(town: Town) -> None:
    """By keys: two papers lack, one notice names both, then it is taken in and handed out."""
    with town.screen("clerk1") as page:
        doing.register(page, EVERYBODY[0])
        shoot(page, "3-person")
        uid = doing.begin(page, "hospital-costs")
        doing.say(page, **COSTS)
        doing.papers(page, "given", COSTS_PAPERS[:2])
        shoot(page, "3-papers")
        doing.key(page, "n")
        page.wait_for_url("**/papers/notice/")
        shoot(page, "3-notice")
        number = doing.case_number(page)
        assert town.case(number)["state"] == "incomplete"

        # Days later, with the notice in hand: its number is enough.
        doing.look_up(page, number)
        page.wait_for_url(f"**/cases/{uid}/")
        doing.key(page, "i")
        page.wait_for_url(f"**/intake/{uid}/")
        if HAS_KEYS:
            doing.key(page, "f")
        else:
            doing.papers(page, "given", COSTS_PAPERS[2:])
        doing.key(page, "a")
        page.wait_for_url("**/papers/receipt/")
        shoot(page, "3-receipt")
    with town.screen("handler1") as office:
        doing.act(office, uid, "claim")
        doing.step(office, uid, "propose", outcome="approved", note="材料齐全")
    with town.screen("handler2") as office:
        doing.step(office, uid, "second", agree="yes")
        doing.act(office, uid, "prepare")
        shoot(office, "3-result")
    with town.screen("clerk1") as page:
        doing.step(page, uid, "deliver", way="window")
        doing.step(page, uid, "sign", signed_by="person", is_signed="")
        shoot(page, "3-closed")

    case = town.case(number)
    assert (case["state"], case["outcome"]) == ("closed", "approved")
    notices = town.rows(
        "SELECT n.is_finding, jsonb_array_length(n.lines) FROM cases_notice n"
        " JOIN cases_case c ON c.id = n.case_id WHERE c.number = %s",
        number,
    )
    assert notices == [(False, 2)]
    assert [who for who, _area in town.told(number, "case.notify")] == ["沈**（clerk1）"]
    clock = town.clocks(number)["promised"]
    assert (clock["stopped_on"] is not None, clock["overdue_at"]) == (True, None)


def test_son_applies_for_his_mother_at_a_bank(town: Town) -> None:
    """Without scripts at the counter; the mother sees it in elder mode, and who has looked."""
    with town.screen("bank1", scripts=False) as page:
        doing.look_up(page, at_home.MOTHER.id_number)
        uid = doing.begin(page, "living-elsewhere", agent=at_home.SON.id_number)
        doing.say(page, stay="long")
        shoot(page, "2-papers")
        doing.papers(page, "given", ("id-document", "filing-form", "living-proof", "agent-id"))
        doing.press(page, "受理")
        shoot(page, "2-receipt")
        number = doing.case_number(page)
        doing.act(page, uid, "finish_here")
        shoot(page, "2-result")
    with town.screen(mode="elder") as page:
        at_home.sign_in_as(page, at_home.MOTHER.id_number)
        page.goto(f"/mine/case/{uid}/")
        expect(page.locator("main")).to_contain_text("代办")
        shoot(page, "2-mother")
        page.goto("/mine/data/")
        expect(page.locator("main")).to_contain_text("钱**")
        shoot(page, "2-looks")

    case = town.case(number)
    assert (case["channel"], case["mode"], case["state"]) == ("bank", "proxy", "delivered")
    assert (case["person_uid"], case["agent_uid"]) == (
        str(at_home.MOTHER.uid),
        str(at_home.SON.uid),
    )
    assert [who for who, _area in town.told(number, "case.accept")] == ["钱**（bank1）"]
    assert town.clocks(number)["promised"]["overdue_at"] is None


def test_transfer_elsewhere_is_filed_in_a_hospital(town: Town) -> None:
    """In elder mode: done while one waits, and filed with the core platform exactly once."""
    before = town.platform.state.figures()
    with town.screen("hospital1", mode="elder") as page:
        doing.look_up(page, at_home.IN_HARDSHIP.id_number)
        uid = doing.begin(page, "referral-elsewhere")
        doing.say(page, referral="yes")
        doing.filed(page, **doing.REFERRAL)
        doing.papers(page, "given", ("id-document", "filing-form", "referral-proof"))
        shoot(page, "6-papers")
        doing.press(page, "受理")
        number = doing.case_number(page)
        doing.act(page, uid, "finish_here")
        shoot(page, "6-result")
    town.now(SEND)
    with town.screen("county") as page:
        page.goto("/core-platform/")
        shoot(page, "6-line")

    assert town.case(number)["channel"] == "hospital"
    assert town.case(number)["state"] == "delivered"
    assert messages(town, number) == [("2501", "done")]
    after = town.platform.state.figures()
    assert (after["standing"], after["twice"]) == (before["standing"] + 1, 0)  # type: ignore[operator]


def messages(town: Town, number: str) -> list[tuple[str, str]]:
    return town.rows(
        "SELECT m.infno, m.state FROM cases_coremessage m JOIN cases_case c ON c.id = m.case_id"
        " WHERE c.number = %s ORDER BY m.id",
        number,
    )


def test_taken_in_by_another_county(town: Town) -> None:
    """The data follow: taken in in Rugao, handled in Qidong, and the son sees who looked."""
    with town.screen("county2") as page:
        doing.look_up(page, at_home.SON.id_number, site=IN_ANOTHER_COUNTY)
        expect(page.locator(".case-person")).to_contain_text("陈")
        uid = doing.begin(page, "hospital-costs")
        doing.say(page, **COSTS)
        doing.papers(page, "given", COSTS_PAPERS)
        doing.press(page, "受理")
        shoot(page, "7-receipt")
        number = doing.case_number(page)
    with town.screen("handler1") as office:
        office.goto(f"/cases/?list=queue&number={number}")
        expect(office.locator("tbody")).to_contain_text(number)
        doing.act(office, uid, "claim")
        shoot(office, "7-office")
    with town.screen(size=PHONE, scripts=False) as page:
        at_home.sign_in_as(page, at_home.SON.id_number)
        page.goto("/mine/data/")
        expect(page.locator("main")).to_contain_text("高**")
        shoot(page, "7-looks")

    case = town.case(number)
    assert "/320682000000/" in case["area_path"]
    assert case["handler_path"].endswith("/320681000000/")
    assert case["state"] == "handling"
    looks = town.rows(
        "SELECT actor_name FROM audit_event WHERE verb = 'person.look' AND target_id = %s"
        " AND new ->> 'purpose' = 'intake'",
        str(at_home.SON.uid),
    )
    assert ("高**（county2）",) in looks
