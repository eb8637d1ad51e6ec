"""A service item as plain data, in its full form: what is stored, compared and exported."""

from collections.abc import Iterable

from circle15.standards.catalogue import (
    CatalogueItem,
    Condition,
    Limit,
    Material,
    Question,
    Refusal,
)
from circle15.standards.text import Text

Data = dict[str, object]


def item_data(item: CatalogueItem) -> Data:
    """Return what `parse_item` reads to give this item again; what is empty is left out."""
    return _given(
        key=item.key,
        code=item.code,
        main=item.main,
        kind=item.kind.value,
        name=_pair(item.name),
        short_name=_pair(item.short_name),
        aliases=list(item.aliases),
        group=item.group,
        applicants=_values(item.applicants),
        who=_pair(item.who),
        conditions=_pairs(item.conditions),
        questions=[_question(each) for each in item.questions],
        refusals=[_refusal(each) for each in item.refusals],
        materials=[_material(each) for each in item.materials],
        limit=_limit(item.limit),
        fee=_pair(item.fee),
        steps=_pairs(item.steps),
        result=_pair(item.result),
        delivery=_values(item.delivery),
        channels=_values(item.channels),
        validity=_pair(item.validity),
        levels={place.value: word.value for place, word in item.levels.items()},
        sets=list(item.sets),
        high_frequency=item.is_high_frequency,
        four_eyes=item.is_four_eyes,
        conditional_intake=item.is_conditional_intake_allowed,
        basis=_pairs(item.basis),
        notes=_pairs(item.notes),
        source=list(item.source),
        confidence=item.confidence.value,
    )


def _given(**fields: object) -> Data:
    return {key: value for key, value in fields.items() if value not in (None, "", [], {}, False)}


def _pair(text: Text | None) -> list[str]:
    return [text.zh, text.en] if text else []


def _pairs(texts: Iterable[Text]) -> list[list[str]]:
    return [_pair(text) for text in texts]


def _values(words: Iterable[str]) -> list[str]:
    return [str(word) for word in words]


def _when(conditions: Iterable[Condition]) -> Data:
    return {each.question: list(each.choices) for each in conditions}


def _question(question: Question) -> Data:
    choices = [{"key": each.key, "text": _pair(each.text)} for each in question.choices]
    return _given(
        key=question.key,
        text=_pair(question.text),
        choices=choices,
        when=_when(question.when),
        hint=_pair(question.hint),
    )


def _refusal(refusal: Refusal) -> Data:
    return _given(when=_when(refusal.when), reason=_pair(refusal.reason), instead=refusal.instead)


def _material(material: Material) -> Data:
    return _given(
        key=material.key,
        name=_pair(material.name),
        optional=not material.is_required,
        when=_when(material.when),
        copies=material.copies,
        medium=material.medium.value,
        origin=material.origin.value,
        form=material.is_form,
        shareable=material.is_shareable,
        deferrable=material.is_deferrable,
        commitment=material.by_commitment,
        note=_pair(material.note),
    )


def _limit(limit: Limit) -> Data:
    fields = {
        "instant": limit.is_instant,
        "promised": limit.promised_days,
        "statutory": limit.statutory_days,
        "online": limit.online_days,
        "calendar": limit.is_calendar,
    }
    return {key: value for key, value in fields.items() if value is not None and value is not False}
