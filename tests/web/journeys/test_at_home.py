"""From home: somebody enrols; somebody is refused, reads why, and is heard again."""

import pytest
from playwright.sync_api import expect
from tests.web.journeys import at_home, doing
from tests.web.journeys.town import PHONE, Town, shoot

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def uid_of(town: Town, number: str) -> str:
    return str(town.case(number)["uid"])


def test_resident_enrols_online(town: Town) -> None:
    """On a phone: applied, granted, received, and insured from then on."""
    with town.screen(size=PHONE) as page:
        at_home.sign_in_as(page, at_home.NEWLY_HERE.id_number)
        shoot(page, "1-home")
        number = at_home.apply(page, "resident-enrolment", other_cover="no", insured="local")
        shoot(page, "1-done")
        link = page.locator("main p.muted a").last.get_attribute("href") or ""
        uid = uid_of(town, number)
        with town.screen("handler1") as office:
            office.goto("/cases/?list=to_take_in")
            expect(office.locator("main")).to_contain_text(number)
            doing.act(office, uid, "accept")
            doing.act(office, uid, "claim")
            doing.step(office, uid, "decide", outcome="approved")
            doing.act(office, uid, "prepare")
            doing.step(office, uid, "deliver", way="online")
            shoot(office, "1-office")
        page.goto(f"/mine/case/{uid}/")
        shoot(page, "1-result")
        page.get_by_role("button", name="已收到结果").click()
        expect(page.locator("main")).to_contain_text("已办结")
        page.goto(link)
        expect(page.locator("main")).to_contain_text("已办结")
        shoot(page, "1-link")

    case = town.case(number)
    assert (case["state"], case["outcome"], case["channel"]) == ("closed", "approved", "web")
    assert town.steps(number)[:2] == ["open", "submit"]
    assert town.steps(number)[-1] == "sign"
    assert town.clocks(number)["promised"]["overdue_at"] is None
    assert [who for who, _area in town.told(number, "case.decide")] == ["秦**（handler1）"]
    insured = "SELECT insurance FROM ledger_person WHERE uid = %s"
    assert town.rows(insured, at_home.NEWLY_HERE.uid) == [("resident",)]


def test_refused_with_reason_and_appealed(town: Town) -> None:
    """In elder mode, without scripts: another person decides anew, and a third confirms."""
    with town.screen(size=PHONE, mode="elder", scripts=False) as page:
        at_home.sign_in_as(page, at_home.IN_HARDSHIP.id_number)
        number = at_home.apply(page, "living-elsewhere", stay="long")
        uid = uid_of(town, number)
        basis = "《基本医疗保险跨省异地就医直接结算经办规程》第九条"
        why = "居住证明上的地址不在外地"
        with town.screen("handler1", scripts=False) as office:
            doing.act(office, uid, "accept")
            doing.act(office, uid, "claim")
            doing.step(office, uid, "decide", outcome="refused", basis=basis, note=why)
            doing.act(office, uid, "prepare")
            doing.step(office, uid, "deliver", way="online")
        page.goto(f"/mine/case/{uid}/")
        expect(page.locator("main")).to_contain_text(basis)
        expect(page.locator("main")).to_contain_text(why)
        shoot(page, "10-refused")
        page.get_by_role("link", name="不同意，提出申诉").click()
        shoot(page, "10-appeal")
        page.locator("main textarea").fill("证明第二页写有上海的地址")
        page.get_by_role("button", name="提出申诉").click()
        expect(page.locator("main")).to_contain_text("证明第二页写有上海的地址")

        with town.screen("handler1", refused=409) as office:
            doing.act(office, uid, "claim")
            expect(office.get_by_role("alert")).to_be_visible()
            shoot(office, "10-same-eyes")
        with town.screen("handler2") as office:
            doing.act(office, uid, "claim")
            doing.step(office, uid, "propose", outcome="approved", note="地址已核对")
        with town.screen("county") as office:
            doing.step(office, uid, "second", agree="yes")
            doing.act(office, uid, "prepare")
            doing.step(office, uid, "deliver", way="online")
            shoot(office, "10-case")
        page.goto(f"/mine/case/{uid}/")
        expect(page.locator("main")).to_contain_text("同意")
        shoot(page, "10-granted")

    case = town.case(number)
    assert (case["state"], case["outcome"], case["appeals"]) == ("delivered", "approved", 1)
    assert town.clocks(number)["promised"]["round"] == 2
    assert len(town.told(number, "case.appeal")) == 1
    deciders = [town.told(number, f"case.{verb}")[-1][0] for verb in ("decide", "second")]
    assert deciders == ["秦**（handler1）", "施**（county）"]
