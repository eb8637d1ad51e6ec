"""Takes the handbook's pictures of a hall while its day is played. Run by name:

python -m pytest tests/web/hall_day/handbook.py
"""

import io
from datetime import date, timedelta

from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, Page
from tests.web.browser.city import City
from tests.web.browser.handbook import FOLDER, MOST_BYTES
from tests.web.hall_day import day
from tests.web.hall_day.day import staffed

from circle15.ops.demo.centres import HALL

LARGEST = (1366, 960)
OF_A_WALL = (1000, 960)  # its green has many shades
WANTED = {
    "hall-device-code",
    "hall-devices",
    "hall-display",
    "hall-figures",
    "hall-hours",
    "hall-kiosk",
    "hall-kiosk-ticket",
    "hall-phone-called",
    "hall-phone-waiting",
}


def test_take_pictures(chromium_browser: Browser, city: City) -> None:
    with staffed(city, chromium_browser, keep) as hall:
        day.morning(hall)
        day.people_come(hall)
        day.calls_begin(hall)
        day.the_phone_is_called(hall)
        hall.manager.go(f"/halls/{HALL}/figures/?since={a_week_ago()}&until={timezone.localdate()}")
        keep("hall-figures", hall.manager.page)


def a_week_ago() -> date:
    return timezone.localdate() - timedelta(days=7)


def keep(name: str, page: Page) -> None:
    """Write a picture, small enough for a document."""
    if name not in WANTED:
        return
    # No half-drawn change of colour; what the phone foretells may be ten seconds old.
    page.wait_for_timeout(11_000 if name == "hall-phone-waiting" else 500)
    image = Image.open(io.BytesIO(page.screenshot()))
    image.thumbnail(OF_A_WALL if "display" in name else LARGEST, Image.Resampling.LANCZOS)
    file = io.BytesIO()
    # Without dots for the colours in between: large even surfaces stay small and clean.
    image = image.convert("RGB").quantize(
        256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE
    )
    image.save(file, "PNG", optimize=True)
    (FOLDER / f"{name}.png").write_bytes(file.getvalue())
    assert len(file.getvalue()) <= MOST_BYTES
