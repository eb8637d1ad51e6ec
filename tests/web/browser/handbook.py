"""Takes the pictures of the handbooks from the demo city. Run by name, for no other run finds it:

python -m pytest tests/web/browser/handbook.py
"""

import io
from collections.abc import Callable
from typing import NamedTuple

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page
from tests.web.browser import checks
from tests.web.browser import handbook_stories as stories
from tests.web.browser.city import INSURED, City
from tests.web.browser.routes import BOOK, STRONG
from tests.web.browser.test_case_journeys import HOSPITAL, clicked, found, opened, pressed
from tests.web.browser.test_every_route import DRAWN
from tests.web.browser.visitors import EQUIPMENT

from circle15.ops.demo.centres import HALL

FOLDER = checks.CHECKOUT / "docs" / "handbook" / "img"
MOST_BYTES = 150_000
DESK, PHONE, ONLINE = (1366, 900), checks.SCREENS["phone"], (390, 1100)
LOW = (1366, 768)
SITE, WEAK = f"/sites/{STRONG}/", "/sites/320681108000C01/"


class Picture(NamedTuple):
    """What is shown, to whom, how large, after which steps."""

    name: str
    user: str | None
    path: str
    size: tuple[int, int] = DESK
    mode: str = ""
    steps: Callable[[Page], None] | None = None
    story: stories.Story | None = None


def begin_a_draft(page: Page) -> None:
    page.get_by_role("button", name="以此为底稿起草新版本").click()
    page.wait_for_url("**/edit/")


def compare_a_draft(page: Page) -> None:
    begin_a_draft(page)
    text = page.locator("#id_text")
    text.fill(text.input_value().replace("at_least: 90, points: 3", "at_least: 80, points: 3"))
    page.locator("#id_change_note").fill("面积第二档由 90 平方米改为 80 平方米（示例）")
    page.get_by_role("button", name="保存草稿").click()
    page.wait_for_load_state()
    page.goto(page.url.replace("/edit/", "/compare/"))


def check_a_table(page: Page) -> None:
    page.locator("#id_kind").select_option("equipment")
    table = {"name": "设备.csv", "mimeType": "text/csv", "buffer": EQUIPMENT.encode()}
    page.locator("#id_file").set_input_files(table)  # type: ignore[arg-type]
    page.get_by_role("button", name="上传并校验").click()
    page.wait_for_url("**/imports/*/")


def open_a_form(page: Page) -> None:
    page.get_by_text("登记设备", exact=True).click()
    page.get_by_role("button", name="登记", exact=True).first.scroll_into_view_if_needed()


def serve_somebody(page: Page) -> None:
    """Sit down, let people come, call the first and begin."""
    page.locator(".seats button").first.click()
    for number, item in enumerate(("own-record", "living-elsewhere", "hospital-costs")):
        page.goto("/counter/take/")
        if number == 1:
            page.get_by_label("绿色通道", exact=True).check()
            page.locator("#id_green_class").select_option("old")
        page.locator("#id_item").select_option(item)
        page.get_by_role("button", name="取号").click()
        page.wait_for_url("**/taken/*/")
    page.goto("/counter/")
    for step in ("call", "begin"):
        page.locator(f"#key-{step}").click()
        page.locator(f"#key-{step}:disabled").wait_for()


def take_papers(page: Page) -> None:
    """Find somebody, choose the item, answer its questions, tick two papers."""
    found(page, "320681195003051232")
    opened(page, "hospital-costs", HOSPITAL)
    page.locator('input[name="how-id-document"][value="shared"]').check()
    page.locator('select[name="source-id-document"]').select_option(index=1)
    page.locator('input[name="how-invoice"][value="given"]').check()
    page.evaluate("scrollTo(0, 0)")


def tell_once(page: Page) -> None:
    take_papers(page)
    page.locator("h1").click()
    pressed(page, "n")


def leave_somebody_to_ring(page: Page) -> None:
    """Tell somebody what is missing who has left no phone number."""
    tell_once(page)
    page.goto("/cases/calls/")


def open_the_first(page: Page) -> None:
    clicked(page, ".case-table tbody tr:first-child a")


def conclude(page: Page) -> None:
    open_the_first(page)
    page.locator("#step-propose, #step-decide").click()
    page.locator("dialog[open]").get_by_label("不予同意").check()


PICTURES = (
    Picture("case-start", "clerk2", "/intake/", LOW),
    Picture("case-papers", "clerk2", "/intake/", LOW, steps=take_papers),
    Picture("case-notice", "clerk2", "/intake/", steps=tell_once),
    Picture("case-list", "handler1", "/cases/?list=queue"),
    Picture("case-page", "handler1", "/cases/?list=open&state=conditional", steps=open_the_first),
    Picture("case-decide", "handler1", "/cases/?list=mine&state=handling", steps=conclude),
    Picture("case-calls", "clerk1", "/intake/", LOW, steps=leave_somebody_to_ring),
    Picture("case-watch", "county", "/cases/watch/"),
    Picture("home", None, "/"),
    Picture("home-elder-phone", None, "/", PHONE, "elder"),
    Picture("login", None, "/login/"),
    Picture("board", "county", "/board/"),
    Picture("desk", "clerk1", "/counter/", LOW, steps=serve_somebody),
    Picture("take", "clerk1", "/counter/take/"),
    Picture("hall", "manager1", SITE.replace("sites", "halls")),
    Picture("hall-settings", "manager1", f"{SITE.replace('sites', 'halls')}settings/"),
    Picture("appointments", "manager3", f"/halls/{HALL}/appointments/"),
    Picture("map", "county", "/map/"),
    Picture("list", "county", "/sites/"),
    Picture("list-phone", "county", "/sites/?q=便民服务中心", PHONE),
    Picture("site", "county", WEAK),
    Picture("site-elder-phone", "county", WEAK, PHONE, "elder"),
    Picture("inventory", "county", f"{WEAK}inventory/"),
    Picture("inventory-entry", "county", f"{WEAK}inventory/", steps=open_a_form),
    Picture("ledger", "county", f"{SITE}ledger/"),
    Picture("fact", "county", f"{SITE}facts/site.indoor_area_m2/"),
    Picture("scores", "county", f"{WEAK}scores/"),
    Picture("sheet", "county", f"{WEAK}scores/{BOOK}/"),
    Picture("gap", "county", f"{WEAK}gap/{BOOK}/"),
    Picture("editions", "county", "/editions/"),
    Picture("edition", "county", "/editions/1/"),
    Picture("edition-draft", "city", "/editions/3/", steps=begin_a_draft),
    Picture("edition-compare", "city", "/editions/1/", steps=compare_a_draft),
    Picture("import", "county", "/imports/"),
    Picture("import-check", "county", "/imports/", steps=check_a_table),
    Picture("accounts", "secadmin", "/accounts/"),
    Picture("matrix", "secadmin", "/accounts/matrix/"),
    Picture("audit", "auditor", "/audit/"),
    Picture("plans", "planner", "/plans/"),
    Picture("plan-map", "county", "/plans/map/", story=stories.try_a_site),
    Picture("plan-kinds", "planner", "/plans/new/", LOW),
    Picture("plan-new-siting", "planner", "/plans/new/siting/"),
    Picture("plan-new-access", "planner", "/plans/new/access/"),
    Picture("plan-coverage", "county", "/plans/", story=stories.plan(stories.BY_CAR)),
    Picture("plan-siting", "county", "/plans/", story=stories.plan("再建十处放在哪里")),
    Picture("plan-staffing", "county", "/plans/", story=stories.plan("全部乡镇大厅要几个窗口")),
    Picture("plan-compare", "county", "/plans/", story=stories.compare_two),
    Picture("items", "city", "/items/", LOW),
    Picture("item-authority", "city", "/items/authority/", LOW),
    Picture("item-draft", "city", "/items/editions/", LOW, story=stories.begin_a_catalogue),
    Picture("item-edit", "city", "/items/editions/", story=stories.change_an_item),
    Picture("item-compare", "city", "/items/editions/", LOW, story=stories.compare_catalogues),
    Picture("papers", "city", "/items/papers/", LOW),
    Picture("paper-draft", "city", "/items/papers/", story=stories.upload_a_template),
    Picture("case-filing", "clerk2", "/intake/", LOW, story=stories.ask_for_a_filing),
    Picture("core-platform", "county", "/core-platform/", LOW, story=stories.file_something),
    Picture("core-case", "county", "/core-platform/", LOW, story=stories.open_a_filing),
    Picture("services", "clerk1", "/services/?form=home_visit"),
    Picture("consultations", "clerk1", "/consultations/", LOW, story=stories.write_a_question_down),
    Picture("service-figures", "manager1", "/services/figures/", story=stories.add_up_the_days),
    Picture("boards", "county", "/boards/", LOW),
    Picture("site-board", "manager1", f"/boards/{STRONG}/"),
    Picture("disclosure", None, f"/disclosure/{STRONG}/"),
    Picture("registers", "county", "/registers/", LOW),
    Picture("register-people", "county", "/registers/people/?register=hardship", LOW),
    Picture("register-search", "county", "/registers/", LOW, story=stories.look_somebody_up),
    Picture(
        "register-person",
        "county",
        "/registers/",
        story=stories.example("insured_uid", "/registers/people/{}/"),
    ),
    Picture("follow-ups", "manager1", "/registers/follow-ups/", LOW),
    Picture("tokens", "manager1", "/tokens/", LOW, story=stories.make_a_token),
    Picture("guide-phone", None, "/guides/living-elsewhere/", ONLINE),
    Picture("online-items", None, "/apply/", ONLINE),
    Picture("online-signin", None, "/signin/", ONLINE),
    Picture("online-code", None, "/signin/", ONLINE, story=stories.take_a_code),
    Picture("online-question", INSURED, "/mine/", ONLINE, story=stories.walk_to("question")),
    Picture("online-paper", INSURED, "/mine/", ONLINE, story=stories.walk_to("paper")),
    Picture("online-check", INSURED, "/mine/", ONLINE, story=stories.walk_to("check")),
    Picture("online-done", INSURED, "/mine/", ONLINE, story=stories.walk_to("done")),
    Picture("online-mine", INSURED, "/mine/", ONLINE, story=stories.have_sent_something),
    Picture(
        "online-mine-elder", INSURED, "/mine/", ONLINE, "elder", story=stories.have_sent_something
    ),
    Picture("online-case", INSURED, "/mine/", ONLINE, story=stories.open_what_was_sent),
    Picture("online-relative", INSURED, "/mine/mandates/new/", ONLINE),
    Picture("online-data", INSURED, "/mine/data/", ONLINE),
)


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_take_picture(chromium_browser: Browser, city: City, picture: Picture) -> None:
    with city.visit(
        chromium_browser, user=picture.user, mode=picture.mode, size=picture.size
    ) as context:
        page = context.new_page()
        reply = page.goto(picture.path)
        assert reply is not None
        assert reply.status == 200
        if picture.steps:
            picture.steps(page)
        if picture.story:
            picture.story(page, city)
        page.wait_for_function(DRAWN)
        small = fewer_colors(page.screenshot())

    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{picture.name}.png").write_bytes(small)
    assert len(small) <= MOST_BYTES


def fewer_colors(shot: bytes) -> bytes:
    """Return the picture with as many colors as the size allows.

    Half of them are the most frequent ones as they are, so that surfaces keep their tint; the
    others are spread over what is rare, so that a dot on a map keeps its hue.
    """
    image = Image.open(io.BytesIO(shot)).convert("RGB")
    counted = sorted(image.getcolors(image.width * image.height) or [], reverse=True)
    for half in (48, 32, 16, 8):
        frequent = [channel for _, color in counted[:half] for channel in color]
        spread = image.quantize(half, method=Image.Quantize.MAXCOVERAGE).getpalette() or []
        palette = Image.new("P", (1, 1))
        palette.putpalette(frequent + spread)
        file = io.BytesIO()
        few = image.quantize(palette=palette, dither=Image.Dither.NONE)
        few.save(file, "PNG", optimize=True)
        if len(file.getvalue()) <= MOST_BYTES:
            break
    return file.getvalue()
