"""Words for what a service item is made of, on pages, on paper and on machines."""

from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from circle15.items.naming import ItemNames
from circle15.items.wording import WORDS
from circle15.standards.catalogue import (
    CatalogueItem,
    Condition,
    ItemKind,
    Limit,
    Material,
    Origin,
)
from circle15.standards.text import Text


def said(text: Text) -> str:
    """Give a text in the language of the page."""
    return text.in_language(get_language() or settings.LANGUAGE_CODE)


def grouped(names: ItemNames) -> list[tuple[str, list[tuple[str, str]]]]:
    """Give what is offered in its groups, in the language of the page, for a select."""
    return [
        (said(group.name), [(key, said(name)) for key, name in items])
        for group, items in names.in_groups()
    ]


def listed(words: Iterable[object]) -> str:
    """Join words as a list is read."""
    return _("、").join(map(str, words))


def named(sort: str, keys: Iterable[str]) -> str:
    """Name keys of a sort, as a list is read."""
    return listed(WORDS[sort][key] for key in keys)


def limit_words(limit: Limit) -> str:
    """Say how long it takes."""
    if limit.is_instant:
        return _("当场办结")
    if limit.promised_days is None:
        return _("没有固定时限")
    return _days(limit.promised_days, is_calendar=limit.is_calendar)


def time_words(item: CatalogueItem) -> str:
    """Say how long an item takes; what is no case is answered, passed on or agreed upon."""
    match item.kind:
        case ItemKind.ADVICE:
            return _("当场答复")
        case ItemKind.FORWARDED:
            return _("当场登记，转办后回复")
        case ItemKind.VISIT:
            return _("按约定的时间")
        case _:
            return limit_words(item.limit)


def days_words(limit: Limit, days: int | None) -> str:
    """Say a number of days in the unit of a limit; "" for none."""
    return "" if days is None else _days(days, is_calendar=limit.is_calendar)


def _days(days: int, *, is_calendar: bool) -> str:
    if is_calendar:
        return ngettext("%(n)s 天内", "%(n)s 天内", days) % {"n": days}
    return ngettext("%(n)s 个工作日内", "%(n)s 个工作日内", days) % {"n": days}


def paper_words(material: Material) -> str:
    """Say what to bring of a paper: original or copy, how many, from where."""
    medium = str(WORDS["medium"][material.medium])
    copies = ngettext("%(n)s 份", "%(n)s 份", material.copies) % {"n": material.copies}
    parts = [f"{medium} {copies}"]
    if material.origin != Origin.OWN:
        parts.append(_("来源：%s") % WORDS["origin"][material.origin])
    return " · ".join(parts)


def when_words(item: CatalogueItem, conditions: Iterable[Condition]) -> str:
    """Say for whom something holds, in the words of the questions: 人员身份为灵活就业人员."""
    return _("，并且").join(_condition(item, each) for each in conditions)


def _condition(item: CatalogueItem, condition: Condition) -> str:
    question = item.question(condition.question)
    if question is None:
        return condition.question
    chosen = [question.choice(key) for key in condition.choices]
    answers = _("或").join(f"“{said(each.text)}”" for each in chosen if each)
    return _("“%(question)s”答%(answers)s") % {"question": said(question.text), "answers": answers}
