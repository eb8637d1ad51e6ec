"""As time goes: a promise not kept, papers handed up too late, somebody away, a platform down."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.web.journeys import at_home, doing
from tests.web.journeys.people import EVERYBODY
from tests.web.journeys.room import MEASURE, SEND, SWEEP
from tests.web.journeys.test_at_windows import COSTS, COSTS_PAPERS, messages
from tests.web.journeys.town import PHONE, Town, shoot

pytestmark = [pytest.mark.browser, pytest.mark.slow]
VILLAGE = "320681110001V01"
LATE_PROXIES = "agency.any_case_over_3_working_days"
A_DAY = timedelta(days=1)


def test_conditional_intake_lapses(town: Town) -> None:
    """Without scripts: two papers promised, none came; the next time there is no such word."""
    with town.screen("clerk2", scripts=False) as page:
        doing.register(page, EVERYBODY[1])
        uid = doing.begin(page, "hospital-costs")
        doing.say(page, **COSTS)
        doing.papers(page, "given", COSTS_PAPERS[:2])
        doing.papers(page, "deferred", COSTS_PAPERS[2:])
        doing.press(page, "容缺受理")
        shoot(page, "4-promise")
        page.locator("label").filter(has_text="申请人同意补交").click()
        page.locator(".dialog-foot button").last.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("容缺受理通知书")
        shoot(page, "4-receipt")
        number = doing.case_number(page)
        due_on = date.fromisoformat(town.case(number)["promise_due_on"])

        town.later(SWEEP, due_on)
        assert town.case(number)["state"] == "conditional"
        town.later(SWEEP, due_on + A_DAY)
        doing.go(page, uid)
        expect(page.locator("main")).to_contain_text("容缺材料逾期未补")
        shoot(page, "4-lapsed")
        doing.look_up(page, EVERYBODY[1].id_number)
        expect(page.locator(".case-person")).to_contain_text("暂不适用容缺受理")

    assert town.case(number)["state"] == "lapsed"
    assert town.told(number, "case.lapse")[0][0] == "cases"
    assert len(town.told(number, "case.remind")) == 1
    promised = town.rows(
        "SELECT p.state FROM cases_promise p JOIN cases_case c ON c.id = p.case_id"
        " WHERE c.number = %s",
        number,
    )
    assert promised == [("broken",)]
    assert {clock["is_void"] for clock in town.clocks(number).values()} == {True}


def test_village_point_hands_up_in_time_and_too_late(town: Town) -> None:
    """On the helper's phone: one goes up the same day, one after the three working days."""
    with town.screen("village1", size=PHONE) as page:
        numbers = [collected(page, serial) for serial in (4, 5)]
        [in_time, late] = [str(town.case(number)["uid"]) for number in numbers]
        doing.act(page, in_time, "send_up")
        shoot(page, "5-sent-up")
        town.age(numbers[1], 7)
        town.now(SWEEP)
        doing.go(page, late)
        expect(page.locator("main")).to_contain_text("已超期")
        shoot(page, "5-late")
        doing.act(page, late, "send_up")

    for number, is_late in zip(numbers, (False, True), strict=True):
        clock = town.clocks(number)["proxy"]
        assert (clock["stopped_on"] is not None, clock["overdue_at"] is not None) == (True, is_late)
        assert [who for who, _area in town.told(number, "case.send_up")] == ["田**（village1）"]
        assert town.case(number)["handler_path"]
    assert len(town.told(numbers[1], "case.overdue")) == 1
    town.later(MEASURE, timezone.localdate() + A_DAY)
    assert town.fact(VILLAGE, LATE_PROXIES) is True


def collected(page: Page, serial: int) -> str:
    """Collect at the village what a transfer takes, with all its papers."""
    doing.register(page, EVERYBODY[serial])
    doing.begin(page, "insurance-transfer")
    doing.say(page, enrolled_here="yes")
    doing.papers(page, "given", ("id-document", "transfer-form"))
    shoot(page, "5-papers")
    doing.press(page, "收下")
    expect(page.locator("main h2")).to_have_text("收件回执")
    shoot(page, "5-collected")
    return doing.case_number(page)


def test_first_owner_is_away_and_covered(town: Town) -> None:
    """Taken in by one, looked after by the other, given back: the first contact stays."""
    with town.screen("clerk1") as page:
        doing.register(page, EVERYBODY[2])
    with town.screen(size=PHONE, mode="elder") as page:
        at_home.sign_in_as(page, EVERYBODY[2].id_number)
        number = at_home.apply(page, "insurance-transfer", enrolled_here="yes")
    uid = str(town.case(number)["uid"])
    with town.screen("handler1", scripts=False) as office:
        doing.act(office, uid, "accept")
        doing.act(office, uid, "claim")
    with away(town, "秦**（handler1）"):
        town.now(SWEEP)
        case = town.case(number)
        assert (case["owner_name"], case["covered_name"], case["first_owner_name"]) == (
            "严**（handler2）",
            "秦**（handler1）",
            "秦**（handler1）",
        )
        with town.screen("handler2") as office:
            office.goto("/cases/")
            expect(office.locator("main")).to_contain_text(number)
            doing.go(office, uid)
            expect(office.locator("main")).to_contain_text("替 秦**（handler1）（B岗）")
            shoot(office, "8-covered")
    town.now(SWEEP)

    case = town.case(number)
    assert (case["owner_name"], case["covered_name"]) == ("秦**（handler1）", "")
    assert [who for who, _area in town.told(number, "case.cover")] == ["cases", "cases"]
    assert town.steps(number)[-2:] == ["cover", "cover"]


@contextmanager
def away(town: Town, name: str) -> Iterator[None]:
    """Note that somebody is away, and back afterwards, as the officer in charge does."""
    with town.screen("county", scripts=False) as page:
        page.goto("/cases/absences/")
        words = page.locator("#id_user option").filter(has_text=name).inner_text()
        page.locator("#id_user").select_option(label=words)
        page.locator("#id_reason").fill("休假")
        page.get_by_role("button", name="登记", exact=True).click()
        expect(page.locator("tbody")).to_contain_text("严**（handler2）")
        shoot(page, "8-absences")
        yield
        page.get_by_role("button", name=f"{name}销假").click()
        expect(page.locator("main")).to_contain_text("没有人登记不在岗")


def test_core_platform_is_down_for_an_hour(town: Town) -> None:
    """The person goes home with the result; what is to be filed waits, and goes once."""
    before = town.platform.state.figures()
    town.platform.switch({"mode": "down"})
    with town.screen("hospital1", size=PHONE, scripts=False) as page:
        doing.look_up(page, at_home.SON.id_number)
        uid = doing.begin(page, "referral-elsewhere")
        doing.say(page, referral="yes")
        doing.filed(page, **doing.REFERRAL)
        doing.papers(page, "given", ("id-document", "filing-form", "referral-proof"))
        doing.press(page, "受理")
        number = doing.case_number(page)
        doing.act(page, uid, "finish_here")
        shoot(page, "9-result")
    assert town.case(number)["state"] == "delivered"
    begun = timezone.now()
    for minutes in range(0, 61, 10):
        town.room.do(SEND, begun + timedelta(minutes=minutes))
    assert {state for _infno, state in messages(town, number)} <= {"waiting", "refused"}
    assert town.platform.state.figures()["filed"] == before["filed"]

    town.platform.switch({"mode": "up"})
    back = begun + timedelta(minutes=62)
    send(town, back)
    assert messages(town, number) == [("2501", "done")]
    after = town.platform.state.figures()
    assert (after["standing"], after["twice"]) == (before["standing"] + 1, 0)  # type: ignore[operator]


def send(town: Town, at: datetime) -> None:
    """Let two rounds go: the first may only find that the line is back."""
    for seconds in (0, 40):
        town.room.do(SEND, at + timedelta(seconds=seconds))
