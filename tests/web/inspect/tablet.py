"""An inspector's tablet: Chromium with a profile that stays, killed as a battery kills it."""

import contextlib
import os
import signal
import time
from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import BrowserContext, BrowserType, Page
from tests.web.browser import chromium
from tests.web.inspect.line import Line

PIN = "桥0407星"
SIZE = (820, 1180)
PATIENCE_MS = 60_000  # a server begun a moment ago on a busy machine
PLACE = {"latitude": 31.8111, "longitude": 121.6551, "accuracy": 12}
# Decides every open line of the check on the screen, as fast as it can be touched.
DECIDE = """async ([verdict, most, remark]) => {
    const next = document.querySelector('[data-slot="next-open"]');
    let done = 0;
    for (; done < most && !next.disabled; done += 1) {
        const chosen = () => document.querySelector(`.inspect-verdicts input[value="${verdict}"]`);
        if (document.querySelector('.inspect-verdicts input:checked')) next.click();
        chosen().click();
        if (remark) {
            const field = document.querySelector('#remark');
            field.value = remark;
            field.dispatchEvent(new Event('input', {bubbles: true}));
        }
        await new Promise((go) => { setTimeout(go, 0); });
    }
    return done;
}"""


class Tablet:
    """One profile on disk, and the browser that has it open."""

    def __init__(self, kind: BrowserType, profile: Path, line: Line) -> None:
        self.kind, self.profile, self.line, self.url = kind, profile, line, line.url
        self.context: BrowserContext | None = None

    def cut(self) -> None:
        """Cut the line, and let the browser know, as a tablet out of reach does."""
        self.line.cut()
        assert self.context is not None
        self.context.set_offline(True)

    def mend(self) -> None:
        self.line.mend()
        assert self.context is not None
        self.context.set_offline(False)

    def start(self, cookie: str = "", *, at: datetime | None = None) -> Page:
        """Open the tablet's page in a browser begun anew."""
        self.context = self.kind.launch_persistent_context(
            self.profile,
            executable_path=chromium.whole(),
            args=chromium.ARGUMENTS,
            base_url=self.url,
            locale="zh-CN",
            viewport={"width": SIZE[0], "height": SIZE[1]},
            reduced_motion="reduce",
            geolocation=PLACE,
            permissions=["geolocation"],
        )
        if cookie:
            self.signed_in(cookie)
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.set_offline(not self.line.is_whole)
        page = self.context.pages[0] if self.context.pages else self.context.new_page()
        if at is not None:
            page.clock.install(time=at)
        page.goto("/inspect/app/")
        page.locator("body[data-inspect-ready]").wait_for()
        return page

    def signed_in(self, cookie: str) -> None:
        """Give the browser a session, which it forgets whenever it is closed."""
        assert self.context is not None
        self.context.add_cookies([{"name": "circle15", "value": cookie, "url": self.url}])

    def kill(self) -> None:
        """End every process of this profile at once, and nothing else."""
        own = self._processes()
        assert own
        for process in own:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        while self._processes():
            time.sleep(0.02)
        self._closed()
        for lock in self.profile.glob("Singleton*"):
            lock.unlink()

    def stop(self) -> None:
        if self.context is not None:
            self._closed()

    def _closed(self) -> None:
        assert self.context is not None
        with contextlib.suppress(Exception):  # the killed one does not answer
            self.context.close()
        self.context = None

    def _processes(self) -> list[int]:
        wanted = f"--user-data-dir={self.profile}".encode()
        found = []
        for place in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if wanted in (place / "cmdline").read_bytes() and not _is_dead(place):
                    found.append(int(place.name))
        return found


def _is_dead(place: Path) -> bool:
    return (place / "stat").read_text().rpartition(")")[2].split()[0] == "Z"


def set_pin(page: Page) -> None:
    page.locator("#pin-new").fill(PIN)
    page.locator("#pin-again").fill(PIN)
    page.locator("#pin-again").press("Enter")


def unlock(page: Page, pin: str = PIN) -> None:
    page.locator("#pin").fill(pin)
    page.locator("#pin").press("Enter")


def kept_offline(page: Page) -> None:
    """Wait until the page opens without a line."""
    page.evaluate("navigator.serviceWorker.ready.then((found) => found.active.state)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")


def decide(
    page: Page, verdict: str = "not_applicable", *, most: int = 1000, remark: str = ""
) -> int:
    """Decide so many of the lines still open; returns when they are told to be kept."""
    done = page.evaluate(DECIDE, [verdict, most, remark])
    page.get_by_text("已存到本机").wait_for()
    assert isinstance(done, int)
    return done


def picture(shade: int = 90, size: tuple[int, int] = (2400, 1800)) -> bytes:
    """Return a photo as a camera writes it, place and all."""
    out = BytesIO()
    Image.new("RGB", size, (shade % 256, 120, 80)).save(
        out, "JPEG", exif=b"Exif\x00\x00secret-place"
    )
    return out.getvalue()


def add_photos(page: Page, *contents: bytes) -> None:
    """Add photos to the line on the screen; returns when they are kept."""
    before = page.locator(".inspect-photos > li").count()
    files = [
        {"name": f"IMG_{number}.jpg", "mimeType": "image/jpeg", "buffer": content}
        for number, content in enumerate(contents)
    ]
    page.locator("input[data-album]").set_input_files(files)  # type: ignore[arg-type]
    page.locator(".inspect-photos > li").nth(before + len(contents) - 1).wait_for()


def sign_and_close(page: Page, name: str) -> None:
    page.locator('[data-slot="finish"]').click()
    page.locator('[data-sign="inspector"] [data-pad-name]').fill(name)
    page.locator('[data-sign="inspector"] [data-pad-type]').click()
    page.locator('[data-sign="inspector"] .is-signed').wait_for()
    page.locator('[data-slot="submit"]').click()
    page.locator('[data-slot="checks"]').wait_for(state="attached")


def readable(profile: Path, words: Iterable[str]) -> set[tuple[str, str]]:
    """Return which words stand in which files of a profile, as bytes of either encoding."""
    needles = {word.encode(code): word for word in words for code in ("utf-8", "utf-16-le")}
    return {
        (str(path.relative_to(profile)), word)
        for path in profile.rglob("*")
        if path.is_file() and not path.is_symlink()
        for content in [path.read_bytes()]
        for needle, word in needles.items()
        if needle in content
    }
