"""Small pictures of states and scores used on several staff pages."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from circle15.areas.wording import worded
from circle15.assessments.editions import parsed
from circle15.assessments.wording import value_text
from circle15.sites.states import SiteStatus
from circle15.standards.facts import FactValue, facts
from circle15.standards.text import Text
from circle15.web.bureau.sites.tones import tone
from circle15.web.shared.templatetags.c15 import points, status

register = template.Library()

CHINESE = re.compile(r"[\u3400-\u9fff]")

STATUS_TONES = {
    SiteStatus.OPEN: "good",
    SiteStatus.BUILDING: "info",
    SiteStatus.PLANNED: "info",
    SiteStatus.SUSPENDED: "warn",
    SiteStatus.CLOSED: "idle",
}


@register.simple_tag
def site_status(value: str) -> SafeString:
    """Draw a site's status with sign and word."""
    state = SiteStatus(value)
    return status(STATUS_TONES[state], state.label)


@register.simple_tag
def live_score(site: Any, book: str) -> SafeString:
    """Draw a site's live score under a book; a dash with words where the book does not judge it."""
    scores = site.live_scores.all()
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


@register.filter
def in_words(text: str) -> SafeString:
    """Say a message in the language of the page; on an English one its Chinese data is marked."""
    said = worded(text, words=escape, data=_marked)
    return mark_safe(said)  # noqa: S308 -- worded puts together what is escaped part by part


@register.filter
def marked(data: str) -> str:
    """Mark what somebody wrote in Chinese on an English page, for voices and fonts."""
    return _marked(data)


def _marked(data: str) -> str:
    foreign = CHINESE.search(data) and (get_language() or "").startswith("en")
    return format_html('<span lang="zh-CN">{}</span>', data) if foreign else escape(data)


@register.filter
def edition_title(stored: Any) -> str:
    """Give a stored edition's title in the language of the page; the column holds the Chinese."""
    language = get_language() or ""
    if not language.startswith("en"):
        return str(stored.title)
    return parsed(stored.text).title.in_language(language)


@register.filter(name="is")
def is_(value: object, other: object) -> bool:
    """Compare, for `{% with %}`: templates have no expression there."""
    return value == other


@register.filter
def lookup(mapping: Mapping[str, object], key: str) -> object:
    """Give the entry of a mapping under a key the template knows at run time only."""
    return mapping.get(key, "")


@register.filter
def shown(value: object) -> str:
    """Write a fact's value for people: yes and no for truth, numbers without needless zeros."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    try:
        return points(Decimal(str(value)))
    except InvalidOperation:
        return str(value)


@register.simple_tag
def fact_label(name: str) -> str:
    """Give a fact's name in the language of the page."""
    found = facts().get(name)
    return said(found.label) if found else name


@register.filter
def own_words(words: str, name: str) -> str:
    """Give what somebody wrote beside a fact's name, unless it only repeats the name."""
    found = facts().get(name)
    return "" if found and words in {found.label.zh, found.label.en} else words


@register.simple_tag
def fact_value(name: str, value: FactValue) -> str:
    """Write a fact's value with its unit in the language of the page."""
    return said(value_text(name, value))


PART_TONES = {
    "working": "good",
    "present": "good",
    "faulty": "bad",
    "noncompliant": "warn",
    "missing": "bad",
    "retired": "idle",
}


@register.simple_tag
def part_state(value: str, words: str) -> SafeString:
    """Draw the state of a zone or a piece of equipment."""
    return status(PART_TONES[value], words)


register.filter("tone", tone)
