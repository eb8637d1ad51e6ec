"""The line's worker: what the process beside the web server does, round after round."""

import logging
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings

from circle15.cases.partners.addresses import is_allowed
from circle15.ratings.hotline.client import HttpCityLine
from circle15.ratings.hotline.outbox import GuardedLine, Outbox

logger = logging.getLogger(__name__)


def drain(*, at: datetime) -> int:
    """Tell what waits and take what came back; nothing where no line is set up."""
    outbox = _outbox(settings.HOTLINE_URL, settings.HOTLINE_KEY)
    return outbox.drain(at=at) if outbox else 0


@lru_cache(maxsize=2)
def _outbox(url: str, key: bytes) -> Outbox | None:
    """Return the outbox of a line; an address that cannot be used is told once and left aside."""
    if not url:
        return None
    if not is_allowed(url, [urlsplit(url).netloc]):
        logger.error("CIRCLE15_HOTLINE_URL: want https, or http on this machine")
        return None
    return Outbox(GuardedLine(HttpCityLine(url, key)))
