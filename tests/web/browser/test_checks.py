"""The checks themselves: each is silent on a good page and speaks on a bad one."""

import pytest
from playwright.sync_api import BrowserContext, Page
from tests.web.browser import checks

pytestmark = [pytest.mark.browser, pytest.mark.slow]

GOOD = """<!doctype html><html lang="zh-CN"><head><title>预约</title>
<meta name="viewport" content="width=device-width"><style>
body{font:20px/1.6 sans-serif;color:#111;margin:16px}
a,button,input{font:inherit;min-height:60px;min-width:60px;max-width:100%;display:inline-block;
box-sizing:border-box}
:focus{outline:4px solid #b45309}</style></head><body><main><h1>预约办理</h1>
<p>请带身份证原件到窗口取号，叫到号后再到窗口办理，一般等候不超过十五分钟，老年人可以走绿色通道，也可以由家人代办。</p>
<form><label for="n">姓名</label> <input id="n" autocomplete="name"> <button>下一步</button></form>
</main></body></html>"""

BAD = """<!doctype html><html><head><title>x</title><style>
body{font:12px/1.1 serif}.wide{width:900px}a{outline:none!important}
.cut{height:14px;overflow:hidden;width:80px}.pale{color:#bbb}
.over{position:fixed;inset:0;background:#fff}
</style></head><body><div class="wide">很宽</div>
<p class="pale">请带身份证原件到窗口取号，叫到号后再到窗口办理，
一般等候不超过十五分钟，老年人可以走绿色通道，也可以由家人代办。</p>
<div class="cut">这一行文字会被裁掉一部分看不见</div>
<a href="#x">去</a><input tabindex="3"><div class="over"></div></body></html>"""


def _show(context: BrowserContext, html: str) -> Page:
    page = context.new_page()
    page.set_viewport_size({"width": 1280, "height": 800})
    page.set_content(html)
    return page


def test_good_page_has_no_fault(browser_context: BrowserContext) -> None:
    page = _show(browser_context, GOOD)

    assert checks.everything(page, checks.LOOKS["elder"]) == []


@pytest.mark.parametrize(
    ("check", "words"),
    [
        (checks.accessibility, "axe html-has-lang"),
        (lambda page: checks.small_text(page, 16), "text of 12px"),
        (lambda page: checks.small_text(page, 12), "lines at 1.1"),
        (lambda page: checks.small_targets(page, 44), "target of"),
        (checks.sideways_scroll, "px wide at 320px"),
        (checks.cut_text, "text cut off in div.cut"),
        (checks.keyboard_walk, "no focus ring"),
        (checks.keyboard_walk, "focus covered"),
        (checks.error_summary, "0 error summaries"),
    ],
)
def test_bad_page_is_found_out(browser_context: BrowserContext, check: object, words: str) -> None:
    page = _show(browser_context, BAD)

    faults = check(page)  # type: ignore[operator]

    assert any(words in fault for fault in faults)


def test_watch_hears_other_origins_and_broken_scripts(browser_context: BrowserContext) -> None:
    page = browser_context.new_page()
    watch = checks.Watch("http://127.0.0.1:1").on(page)

    page.set_content("<img src='http://127.0.0.1:9/x.png'><script>nonsense()</script>")
    page.wait_for_timeout(200)

    heard = sorted({fault.split(":")[0] for fault in watch.faults})
    assert heard == ["asked another origin", "console error", "script failed"]
