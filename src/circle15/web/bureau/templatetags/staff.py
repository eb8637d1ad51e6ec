"""Small pictures of states and scores used on several staff pages."""

from typing import Protocol

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from circle15.sites.states import SiteStatus
from circle15.standards.text import Text
from circle15.web.bureau.sites.tones import tone
from circle15.web.shared.templatetags.c15 import points, status

register = template.Library()

STATUS_TONES = {
    SiteStatus.OPEN: "good",
    SiteStatus.BUILDING: "info",
    SiteStatus.PLANNED: "info",
    SiteStatus.SUSPENDED: "warn",
    SiteStatus.CLOSED: "idle",
}


class HasLiveScores(Protocol):
    """A site fetched with its live scores."""

    live_scores: object


@register.simple_tag
def site_status(value: str) -> SafeString:
    """Draw a site's status with sign and word."""
    state = SiteStatus(value)
    return status(STATUS_TONES[state], state.label)


@register.simple_tag
def live_score(site: HasLiveScores, book: str) -> SafeString:
    """Draw a site's live score under a book; a dash with words where the book does not judge it."""
    scores = site.live_scores.all()  # type: ignore[attr-defined] -- a prefetched manager
    found = next((score for score in scores if score.book == book), None)
    if found is None:
        return format_html('<span class="muted">{}</span>', _("不评分"))
    share = int(found.total * 100 / found.max_total)
    words = f"{points(found.total)} / {points(found.max_total)}"
    return status(tone(share), words, "score")


@register.filter
def said(text: Text) -> str:
    """Give a text of the rule books in the language of the page."""
    return text.in_language(get_language() or "")
