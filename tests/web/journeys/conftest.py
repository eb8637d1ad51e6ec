"""A demo city apart for the journeys: what they do with its time disturbs nobody else."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser
from tests.on_disk import is_readable
from tests.plugin import VAR
from tests.web.browser.city import WORKER, served
from tests.web.journeys import on_disk, room
from tests.web.journeys.town import Town

from circle15.ops.simulators import platforms


@pytest.fixture(scope="session")
def town(chromium_browser: Browser) -> Iterator[Town]:
    with ExitStack() as stack:
        city = stack.enter_context(served(VAR / f"journeys_{WORKER}"))
        platform = platforms.serve(city.home, stack).platform
        town = Town(city, chromium_browser, stack.enter_context(room.staffed(city)), platform)
        yield town
        # Once more after the last journey, whichever of them this worker played.
        assert town.exposed(on_disk.needles()) == set()
        if is_readable():
            assert on_disk.found(city, on_disk.needles(), town.begun) == set()
