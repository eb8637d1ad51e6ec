"""What a browser can prove about a page. Each check returns its faults in words; none is a pass."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request

CHECKOUT = Path(__file__).resolve().parents[3]
AXE = CHECKOUT / "node_modules" / "axe-core" / "axe.min.js"
MEASURE = Path(__file__).with_name("measure.js")

AXE_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
TITLE_OF_REFUSED_FORM = re.compile(r"(错误：|Error: )")
MOST_WALKS = 3
MOST_STOPS = 600


@dataclass(frozen=True, slots=True)
class Look:
    """A mode with what it promises in pixels."""

    mode: str
    text_px: int
    target_px: int
    enhanced_contrast: bool = False


LOOKS = {
    "normal": Look("normal", text_px=16, target_px=24),
    "clerk": Look("clerk", text_px=16, target_px=24),
    "elder": Look("elder", text_px=18, target_px=60, enhanced_contrast=True),
    "kiosk": Look("kiosk", text_px=18, target_px=60, enhanced_contrast=True),
}
SCREENS = {"phone": (375, 812), "desk": (1366, 768), "stand": (1080, 1920)}
FINGER_PX = 44


@dataclass
class Watch:
    """Listens to a page: what it asks of other origins and what it complains about."""

    origin: str
    expected_status: int = 200
    faults: list[str] = field(default_factory=list)

    def on(self, page: Page) -> "Watch":
        page.on("request", self._request)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"script failed: {error}"))
        return self

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"data", "blob"}:
            return
        own = urlsplit(self.origin)
        is_live = parts.hostname == own.hostname and parts.path.startswith("/live/")
        if f"{parts.scheme}://{parts.netloc}" != self.origin and not is_live:
            self.faults.append(f"asked another origin: {request.url}")

    def _console(self, message: ConsoleMessage) -> None:
        # Refusals by the content security policy are console errors too.
        if f"status of {self.expected_status} " in message.text:
            return
        if message.type in {"error", "warning"}:
            self.faults.append(f"console {message.type}: {message.text[:200]}")


def everything(page: Page, look: Look, *, finger: bool = False, walks: bool = True) -> list[str]:
    """Run all checks that any page must pass in a mode.

    `finger` asks for phone-sized targets, `walks` for the long walk through the page by Tab.
    """
    target_px = max(look.target_px, FINGER_PX) if finger else look.target_px
    return [
        *accessibility(page, enhanced=look.enhanced_contrast),
        *small_text(page, look.text_px),
        *small_targets(page, target_px),
        *cut_text(page),
        *sideways_scroll(page),
        *(keyboard_walk(page) if walks else ()),
    ]


def accessibility(page: Page, *, enhanced: bool = False) -> list[str]:
    """Run axe-core; `enhanced` asks for the contrast of 7 to 1, which is more than 4.5 to 1."""
    if not page.evaluate("typeof globalThis.axe === 'object'"):
        page.evaluate(AXE.read_text())
    rules = {
        "color-contrast-enhanced": {"enabled": enhanced},
        "color-contrast": {"enabled": not enhanced},
    }
    report = page.evaluate(
        """async ([values, rules]) => {
          // No rule asked for reads the style sheets, no fault is looked up by a selector.
          const spared = {preload: false, selectors: false, resultTypes: ['violations']};
          const options = {runOnly: {type: 'tag', values}, rules, ...spared};
          const {violations} = await axe.run(document, options);
          const why = (node) => (node.any[0]?.message ?? '').slice(0, 160);
          const line = (id, node) => `${id}: ${node.html.slice(0, 160)} ${why(node)}`;
          return violations.flatMap(({id, nodes}) => nodes.map((node) => line(id, node)));
        }""",
        [list(AXE_TAGS), rules],
    )
    return [f"axe {line}" for line in report]


def small_text(page: Page, at_least_px: int, *, line_at_least: float = 1.3) -> list[str]:
    return _measured(
        page, "([size, line]) => c15Measure.smallText(size, line)", [at_least_px, line_at_least]
    )


def small_targets(page: Page, at_least_px: int) -> list[str]:
    return _measured(page, "(size) => c15Measure.smallTargets(size)", at_least_px)


def cut_text(page: Page) -> list[str]:
    return _measured(page, "() => c15Measure.cutText()", None)


def _measured(page: Page, script: str, argument: object) -> list[str]:
    page.evaluate(MEASURE.read_text())
    faults = page.evaluate(script, argument)
    assert isinstance(faults, list)
    return faults


def sideways_scroll(page: Page, width: int = 320) -> list[str]:
    """Narrow the window as a zoom of 400 % does; nothing may need scrolling sideways."""
    before = page.viewport_size
    assert before is not None
    page.set_viewport_size({"width": width, "height": 640})
    _settle(page)
    wide = page.evaluate("document.scrollingElement.scrollWidth")
    page.set_viewport_size(before)
    _settle(page)
    return [f"{wide}px wide at {width}px"] if wide > width else []


def _settle(page: Page) -> None:
    """Whoever watches the size of the page has had his say after two frames."""
    frame = "() => new Promise((go) => requestAnimationFrame(go))"
    page.evaluate(frame)
    page.evaluate(frame)


def keyboard_walk(page: Page) -> list[str]:
    """Press Tab through the page: every stop is reached, ringed, uncovered, and let go.

    A page that draws a part of itself anew under the walk, as a live desk may, is walked again.
    """
    page.evaluate(MEASURE.read_text())
    for _ in range(MOST_WALKS):
        faults, stops = _walk(page)
        if not faults or page.evaluate("() => c15Measure.stopsLeft()") == stops:
            break
    return faults


def _walk(page: Page) -> tuple[list[str], int]:
    names = page.evaluate("() => c15Measure.numberStops()")
    faults: list[str] = []
    reached: set[str] = set()
    last = None
    for _ in range(min(MOST_STOPS, 2 * len(names) + 5)):
        page.keyboard.press("Tab")
        now = page.evaluate("() => c15Measure.focused()")
        if now is not None and now["stop"] is not None and now["stop"] == last:
            # Year, month, day and calendar of a date field: the browser rings the part itself.
            continue
        if now is None or now["stop"] in reached:
            break
        last = now["stop"]
        if now["stop"] is not None:
            reached.add(now["stop"])
        faults += [f"no focus ring: {now['name']}"] if not now["ring"] else []
        faults += [f"focus covered: {now['name']}"] if now["covered"] else []
    missed = [name for i, name in enumerate(names) if str(i) not in reached]
    return faults + [f"not reached by Tab: {name}" for name in missed], len(names)


def error_summary(page: Page) -> list[str]:
    """Check a refused form: marked title, focused summary, links in the fields' own words."""
    summary = page.locator("[data-error-summary]")
    if summary.count() != 1:
        return [f"{summary.count()} error summaries"]
    faults = [] if TITLE_OF_REFUSED_FORM.match(page.title()) else ["title does not say 错误："]
    if not page.evaluate("document.activeElement?.hasAttribute('data-error-summary')"):
        faults.append("summary has no focus")
    for link in summary.locator("a").all():
        faults += _error_link(page, link.get_attribute("href") or "", link.inner_text().strip())
        link.click()
        if page.evaluate("'#' + document.activeElement.id") != link.get_attribute("href"):
            faults.append(f"focus does not follow: {link.inner_text()}")
    return faults


def _error_link(page: Page, href: str, words: str) -> list[str]:
    if page.locator(href).count() != 1:
        return [f"link leads nowhere: {href}"]
    at_field = page.locator(f"{href}-error").inner_text()
    return [] if words in at_field else [f"other words at the field: {words} / {at_field}"]
