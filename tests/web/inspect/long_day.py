"""A day of checks on one tablet without a line: 300 answers, 100 photos, killed twice.

Run by `make prove` (bench/prove_inspect.py); CIRCLE15_LONG_DAY_RESULT names where to write.
"""

import json
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page
from tests import factories
from tests.assessments.inspecting import a_complete_site, planned, third_party
from tests.web.inspect import tablet
from tests.web.inspect.line import line_to

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.inspection_models import InspectionPhoto, InspectionSubmission

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PLACES = ("汇龙镇甲站", "汇龙镇乙站", "汇龙镇丙站", "汇龙镇丁站", "汇龙镇戊站", "汇龙镇己站")
PHOTOS = 100
NAME = "钱示例"
REMARK = "现场问了王示例，电话13800000000，证号320681199001010016"
WORDS = (*PLACES, NAME, "王示例", "13800000000", "320681199001010016", "现场问了", "secret-place")
WAIT_MS = 180_000


def open_check(page, name: str) -> None:
    page.locator("[data-check]", has_text=name).locator("button").click()
    page.locator('[data-slot="line"] .card').wait_for()


def back(page) -> None:
    page.locator('[data-slot="back"]').click()
    page.locator(".inspect-list").wait_for()


def unlock(page) -> None:
    tablet.unlock(page)
    page.locator(".inspect-list, .inspect-check").first.wait_for()


def photograph(page, shades: range) -> None:
    for first in range(shades.start, shades.stop, 5):
        some = range(first, min(first + 5, shades.stop))
        tablet.add_photos(page, *(tablet.picture(shade, (1800, 1350)) for shade in some))


def cupboard(page) -> dict[str, int]:
    """Look into what the browser keeps for the page: only ciphertext and what names nobody."""
    found = page.evaluate(
        """async () => {
            const open = indexedDB.open('circle15-inspect');
            const base = await new Promise((go) => { open.onsuccess = () => go(open.result); });
            const store = base.transaction('sealed').objectStore('sealed');
            const all = store.getAll();
            const rows = await new Promise((go) => { all.onsuccess = () => go(all.result); });
            const isSealed = ({data, iv}) => data instanceof ArrayBuffer && iv.length === 12;
            const plain = rows.filter((row) => !isSealed(row));
            const pages = [];
            for (const name of await caches.keys()) {
                const cache = await caches.open(name);
                for (const request of await cache.keys()) {
                    const text = await (await cache.match(request)).text();
                    pages.push([new URL(request.url).pathname, text]);
                }
            }
            base.close();
            return {rows: rows.length, plain: plain.length, pages};
        }"""
    )
    assert not [path for path, text in found["pages"] for word in WORDS if word in text]
    paths = {path for path, _text in found["pages"]}
    assert all(path == "/inspect/app/" or path.startswith("/static/") for path in paths)
    assert found["plain"] == 0
    return {"records": found["rows"], "cached": len(paths)}


def can_be_found(kind, folder: Path, line) -> bool:
    """Tell whether the search would find a word, had a page put it on the disk."""
    other = tablet.Tablet(kind, folder, line)
    page = other.start()
    page.evaluate("word => localStorage.setItem('word', word)", REMARK)
    page.wait_for_timeout(500)
    other.stop()
    return bool(tablet.readable(folder, [NAME, "王示例"]))


def morning(own, cookie: str, at: datetime) -> Page:
    """Take the pack, set a PIN, and drive out of reach."""
    page = own.start(cookie, at=at)
    tablet.set_pin(page)
    page.locator("[data-check] button").nth(len(PLACES) - 1).wait_for()
    tablet.kept_offline(page)
    own.cut()
    return page


def walk(own, cookie: str, began: datetime) -> tuple[Page, int]:
    """Decide and photograph everything over eight hours, with two kills in the midst."""
    page = morning(own, cookie, began)
    answers = 0
    for name in PLACES[:2]:
        open_check(page, name)
        answers += tablet.decide(page, "yes", remark=REMARK)
        photograph(page, range(20))
        back(page)
    open_check(page, PLACES[2])
    answers += tablet.decide(page, "no", most=20, remark=REMARK)
    own.kill()

    page = own.start(at=began + timedelta(hours=3))
    unlock(page)
    open_check(page, PLACES[2])
    assert page.locator('[data-slot="progress"]').inner_text().startswith("已判 20 /")
    answers += tablet.decide(page, "partly", remark=REMARK)
    photograph(page, range(20, 40))
    own.kill()

    page = own.start(at=began + timedelta(hours=5))
    unlock(page)
    for name in PLACES[3:]:
        open_check(page, name)
        answers += tablet.decide(page, "yes", remark=REMARK)
        photograph(page, range(40, 53 + (name == PLACES[5])))
        back(page)
    page.clock.fast_forward("03:00:00")  # nobody there: the tablet has locked itself
    page.locator("#pin").wait_for()
    unlock(page)
    for name in PLACES:
        open_check(page, name)
        tablet.sign_and_close(page, NAME)
    return page, answers


def bring_home(own, page, cookie: str) -> None:
    """Send everything, after logging in again, with the line cut once more in the middle."""
    own.mend()
    page.get_by_role("link", name="去登录").wait_for(timeout=WAIT_MS)
    own.signed_in(cookie)
    page.get_by_role("button", name="现在上传").click()
    page.locator("[data-receipt]").first.wait_for(timeout=WAIT_MS)
    own.cut()
    page.get_by_text("没有网络，检查已存在本机").wait_for(timeout=WAIT_MS)
    own.mend()
    page.locator("[data-receipt]").nth(len(PLACES) - 1).wait_for(timeout=WAIT_MS)


def arrived() -> dict[str, int]:
    with area_scope(EVERYWHERE):
        sent = list(InspectionSubmission.objects.all())
        photos = InspectionPhoto.objects.count()
    answers = sum(len(each.answers) for each in sent)
    return {"checks_arrived": len(sent), "answers_arrived": answers, "photos_arrived": photos}


def test_a_long_day_arrives_once(chromium_browser, live_server, tmp_path):
    kind, now, began = chromium_browser.browser_type, timezone.now(), time.monotonic()
    a_complete_site()
    user, officer = third_party(), factories.actor_for(factories.city_officer(), at=now)
    for number, name in enumerate(PLACES, start=1):
        code = f"QD-03{number:02}"
        factories.SiteFactory(code=code, name=name)
        planned(officer, user, at=now, site_code=code)
    cookie = factories.logged_in(user).cookies["circle15"].value
    with line_to(live_server.url) as line:
        own = tablet.Tablet(kind, tmp_path / "profile", line)
        page, answers = walk(own, cookie, now - timedelta(hours=8))
        kept, home = cupboard(page), time.monotonic()
        bring_home(own, page, cookie)
        upload_s, left = time.monotonic() - home, cupboard(page)
        own.kill()
        found = tablet.readable(own.profile, WORDS)
        is_able = can_be_found(kind, tmp_path / "other", line)

    result = {
        "measured_on": f"{datetime.now(UTC):%Y-%m-%d}",
        "checks": len(PLACES),
        "answers": answers,
        "photos": PHOTOS,
        "kills": 2,
        "hours_without_line": 8,
        "cuts_while_sending": 1,
        **arrived(),
        "records_sealed_on_device": kept["records"],
        "records_left_after_receipts": left["records"],
        "plain_names_on_disk": len(found),
        "a_planted_name_is_found": is_able,
        "upload_s": round(upload_s, 1),
        "whole_s": round(time.monotonic() - began, 1),
    }
    if place := os.environ.get("CIRCLE15_LONG_DAY_RESULT"):
        Path(place).write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    expected = {"checks_arrived": 6, "answers_arrived": answers, "photos_arrived": PHOTOS}
    assert arrived() == expected
    assert answers >= 300
    assert (found, is_able) == (set(), True)
    assert left["records"] == len(PLACES) + 1  # the receipts, and whose tablet it is
