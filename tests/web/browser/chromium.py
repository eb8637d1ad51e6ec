"""Finds this machine's Chromium and starts it without any call home."""

import os
import shutil

from playwright.sync_api import Browser, Playwright

# The one without a window looks at the same pages in two thirds of the time.
SHELL = "chromium-headless-shell"
WHOLE = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class NoChromium(RuntimeError):
    """No browser to test with."""


def path() -> str:
    """Return the browser named by CHROMIUM, or the first one on the PATH."""
    return _first(os.environ.get("CHROMIUM", ""), SHELL, *WHOLE)


def whole() -> str:
    """Return a browser as people have it, which keeps a history and a profile, if there is one."""
    return _first(*WHOLE, path())


def _first(*names: str) -> str:
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        raise NoChromium(
            "browser tests need Chromium: install the package `chromium`, or name its program "
            "in the environment variable CHROMIUM"
        )
    return found


def launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=path(), args=ARGUMENTS)
