"""What has to happen before a page of the handbooks has something to show."""

import subprocess
import sys
from collections.abc import Callable
from io import BytesIO

from django.utils import timezone
from PIL import Image, ImageDraw
from playwright.sync_api import Page
from tests.web.browser import insured
from tests.web.browser.city import City
from tests.web.browser.routes import EXAMPLES
from tests.web.browser.test_case_journeys import clicked, found, opened, pressed
from tests.web.browser.test_planning_map import answered, spot

from circle15.ops.demo.served import known_people

Story = Callable[[Page, City], None]
BY_CAR, BY_EBIKE = "乡镇大厅：驾车15分钟", "乡镇大厅：电动自行车15分钟"


def plan(title: str) -> Story:
    """Open a plan the demo has asked for, computed."""

    def story(page: Page, city: City) -> None:
        city.work_off()
        page.goto("/plans/")
        page.get_by_role("link", name=title).click()
        page.wait_for_load_state()

    return story


def compare_two(page: Page, city: City) -> None:
    plan(BY_CAR)(page, city)
    page.locator("#id_first").select_option(
        next(one for one in page.locator("#id_first option").all_inner_texts() if BY_EBIKE in one)
    )
    clicked(page, "form.filters button")


def try_a_site(page: Page, _city: City) -> None:
    """Put one site more on the planning map."""
    page.wait_for_selector("[data-c15-plan-map][data-c15-ready='1']")
    page.mouse.click(*spot(page, 0.3, 0.35))
    answered(page, 1)


def example(name: str, address: str) -> Story:
    """Go where an example of the routes leads."""

    def story(page: Page, city: City) -> None:
        page.goto(address.format(city.one(EXAMPLES[name])))

    return story


def begin_a_catalogue(page: Page, _city: City) -> None:
    """Publish the edition that waits for it, and draft the next; or go on with the draft."""
    clicked(page, ".table tbody tr:first-child a")
    publish = page.get_by_role("button", name="确认发布")
    if publish.count():
        page.locator("#id_in_force_from").fill(f"{timezone.localdate()}")
        publish.click()
        page.wait_for_load_state()
    begin = page.get_by_role("button", name="以此为底稿起草新版")
    if begin.count():
        begin.click()
        page.wait_for_load_state()


def change_an_item(page: Page, city: City) -> None:
    begin_a_catalogue(page, city)
    page.get_by_role("link", name="异地长期居住备案").click()
    page.wait_for_load_state()


def compare_catalogues(page: Page, _city: City) -> None:
    page.get_by_role("link", name="第 2 版").click()
    page.get_by_role("link", name="与其他版本比较").click()
    page.wait_for_load_state()


def upload_a_template(page: Page, _city: City) -> None:
    """Bring in the sample as it is, and look at what becomes of it."""
    with page.expect_download() as download:
        page.locator("a[download], .table a", has_text="Word").first.click()
    page.locator("#id_kind").select_option(index=0)
    page.locator("#id_file").set_input_files(
        {
            "name": "结果通知书.docx",
            "mimeType": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "buffer": download.value.path().read_bytes(),
        }
    )
    page.locator("#id_note").fill("用市局统一的抬头（示例）")
    page.get_by_role("button", name="检查并存为草稿").click()
    page.wait_for_load_state()


def ask_for_a_filing(page: Page, _city: City) -> None:
    """Take in an accident: what is filed is asked above the papers."""
    found(page, "320681195003051232")
    opened(page, "referral-elsewhere", {"referral": "yes"})
    page.evaluate("scrollTo(0, 0)")


def file_something(page: Page, city: City) -> None:
    """Finish a referral at once: what is filed with the platform waits for the line."""
    ask_for_a_filing(page, city)
    page.get_by_label("转到哪里就医").fill("上海市")
    page.get_by_label("转到哪家医院").fill("示例医院")
    page.get_by_label("什么病").fill("高血压")
    page.locator("h1").click()
    page.keyboard.press("f")
    pressed(page, "a")
    page.get_by_role("link", name="看这件事").click()
    clicked(page, "#step-finish_here")
    page.goto("/core-platform/")


def open_a_filing(page: Page, city: City) -> None:
    file_something(page, city)
    page.goto("/cases/?list=all&item=referral-elsewhere")
    clicked(page, ".case-table tbody tr:first-child a")
    page.get_by_role("link", name="备案报送").click()
    page.wait_for_load_state()


def write_a_question_down(page: Page, _city: City) -> None:
    page.locator("h1").click()
    page.keyboard.press("6")
    page.locator("#id_question").fill("跟儿子住在上海，看病怎么报销")
    page.locator("#id_answer").fill("先办异地长期居住备案，手机上就能办，说了步骤")


def add_up_the_days(page: Page, city: City) -> None:
    """Have the finished days written up, as is done every night."""
    with city.environment():
        subprocess.run([sys.executable, "-m", "circle15", "sweep"], check=True)
    page.reload()


def make_a_token(page: Page, _city: City) -> None:
    page.locator("#id_name").fill("银行排队机对接")
    page.locator("#id_scope").select_option("cases")
    page.get_by_role("button", name="生成令牌").click()
    page.wait_for_load_state()
    page.goto("/tokens/")


def look_somebody_up(page: Page, _city: City) -> None:
    page.locator("input[name=number]").first.fill(known_people()[3].id_number)
    page.get_by_role("button", name="查询").click()
    page.wait_for_load_state()


def take_a_code(page: Page, _city: City) -> None:
    """Sign in as somebody else than the other pictures do: a number gets one code a minute."""
    page.locator(".online-demo a").nth(2).click()
    clicked(page, "main form.form button.btn-primary")


def give_up_drafts(page: Page) -> None:
    """Throw away what another picture has left half done."""
    page.goto("/mine/")
    while page.locator("section[aria-labelledby=drafts] a.door").count():
        clicked(page, "section[aria-labelledby=drafts] a.door >> nth=0")
        page.get_by_role("button", name="不办了，删掉这份申请").click()
        page.wait_for_load_state()
        page.goto("/mine/")


def fill_in_as_asked(page: Page) -> None:
    for label, value in (
        ("到哪里就医", "上海市"),
        ("从哪天起", f"{timezone.localdate()}"),
        ("就医的医院", "示例医院"),
        ("什么病", "高血压"),
        ("原因", "跟子女长住"),
    ):
        page.get_by_label(label).first.fill(value)
    clicked(page, "main form.form button.btn-primary")


def photograph_a_lease(page: Page) -> None:
    """Upload what looks like a written page on a table."""
    photo = Image.new("RGB", (1500, 2000), "tan")
    draw = ImageDraw.Draw(photo)
    draw.rectangle((120, 120, 1380, 1880), fill="white")
    draw.rectangle((480, 240, 1020, 300), fill="dimgray")
    for top in range(420, 1700, 90):
        draw.rectangle((240, top, 1260 - (top * 7) % 300, top + 28), fill="gray")
    out = BytesIO()
    photo.save(out, "JPEG")
    file = {"name": "IMG.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    page.locator("form[enctype] button").click()
    page.wait_for_selector(".online-pages")
    page.wait_for_function(
        "() => [...document.images].every((one) => one.complete && one.naturalWidth)"
    )


def walk_to(step: str) -> Story:
    """Apply from home as far as a step: answer, paper, check, done."""

    def story(page: Page, _city: City) -> None:
        give_up_drafts(page)
        insured.begin(page)
        if step == "question":
            return
        insured.answer(page)
        fill_in_as_asked(page)
        photograph_a_lease(page)
        if step == "paper":
            return
        page.locator("main a.btn-primary").click()
        insured.answer(page, 1)
        page.wait_for_url("**/check/")
        if step == "done":
            insured.submit(page)

    return story


def have_sent_something(page: Page, city: City) -> None:
    """See to it that something is under way, on the list of one's own matters."""
    if not page.get_by_role("heading", name="正在办的").count():
        walk_to("done")(page, city)
        page.goto("/mine/")


def open_what_was_sent(page: Page, city: City) -> None:
    have_sent_something(page, city)
    page.locator("section[aria-labelledby=under-way] a.door").first.click()
    page.wait_for_load_state()
