"""Words of service items in templates."""

from collections.abc import Iterable

from django import template

from circle15.items import wording
from circle15.items.wording import WORDS
from circle15.standards.catalogue import CatalogueItem, Condition, Limit, Material
from circle15.standards.text import Text
from circle15.web.shared import item_words

register = template.Library()


@register.filter
def said(text: Text | None) -> str:
    """Give a text in the language of the page."""
    return item_words.said(text) if text else ""


@register.filter
def named(key: str, sort: str) -> str:
    """Name a key of a sort: {{ item.kind|named:"kind" }}."""
    return str(WORDS[sort][key])


@register.filter
def all_named(keys: Iterable[str], sort: str) -> str:
    """Name keys of a sort, as a list is read."""
    return item_words.named(sort, keys)


@register.filter
def limit_words(limit: Limit) -> str:
    """Say how long it takes."""
    return item_words.limit_words(limit)


@register.filter
def time_words(item: CatalogueItem) -> str:
    """Say how long an item takes."""
    return item_words.time_words(item)


@register.filter
def days_words(limit: Limit, days: int | None) -> str:
    """Say a number of days in the unit of a limit."""
    return item_words.days_words(limit, days)


@register.filter
def paper_words(material: Material) -> str:
    """Say what to bring of a paper."""
    return item_words.paper_words(material)


@register.filter
def when_words(conditions: Iterable[Condition], item: CatalogueItem) -> str:
    """Say for whom something holds."""
    return item_words.when_words(item, conditions)


@register.filter
def field_name(path: str) -> str:
    """Name a field of an item by its path."""
    return wording.field_name(path)


@register.filter
def placed(problem: str) -> str:
    """Name the field of a problem: `limit.promised：…` becomes 办理时限 · 承诺时限（天）：…."""
    return wording.readable(problem)
