"""From an item to the fields of its form, and from the fields to the data of an item."""

from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from circle15.standards import strict_yaml
from circle15.standards.catalogue import CatalogueItem, Material, Place
from circle15.standards.catalogue_data import item_data
from circle15.standards.text import Text

Fields = dict[str, Any]
_WORDS = ("key", "code", "main", "group", "kind", "confidence")
_CHOSEN = ("applicants", "delivery", "channels", "sets")
_FLAGS = ("high_frequency", "four_eyes", "conditional_intake")
_PAIRS = {"name": "name", "short_name": "short", "who": "who", "fee": "fee", "result": "result"}
_LISTS = ("conditions", "steps", "basis", "notes")
_PARTS = ("questions", "refusals")
_LIMITS = ("promised", "statutory", "online")
_PAPER_FLAGS = ("optional", "form", "shareable", "deferrable", "commitment")


def fields_of(item: CatalogueItem) -> Fields:
    """Return the first values of an item's form."""
    data: Mapping[str, Any] = item_data(item)
    fields: Fields = {name: data.get(name, "") for name in _WORDS}
    fields |= {name: data.get(name, []) for name in _CHOSEN}
    fields |= {name: data.get(name, False) for name in _FLAGS}
    for name, short in (*_PAIRS.items(), ("validity", "validity")):
        fields[f"{short}_zh"], fields[f"{short}_en"] = data.get(name) or ("", "")
    fields |= {name: _lines(data.get(name, [])) for name in _LISTS}
    fields |= {name: _as_yaml(data.get(name, [])) for name in _PARTS}
    fields |= {name: "\n".join(data.get(name, [])) for name in ("aliases", "source")}
    limit = data.get("limit", {})
    fields |= {name: limit.get(name) for name in (*_LIMITS, "instant", "calendar")}
    return fields | {f"level_{place}": item.authority(place).value for place in Place}


def papers_of(item: CatalogueItem) -> list[Fields]:
    """Return the first values of the forms of its papers."""
    return [_paper_fields(each) for each in item.materials]


def _paper_fields(material: Material) -> Fields:
    note = material.note or Text("", "")
    return {
        "key": material.key,
        "name_zh": material.name.zh,
        "name_en": material.name.en,
        "copies": material.copies,
        "medium": material.medium.value,
        "origin": material.origin.value,
        "when": "; ".join(f"{each.question}={','.join(each.choices)}" for each in material.when),
        "note_zh": note.zh,
        "note_en": note.en,
        "optional": not material.is_required,
        "form": material.is_form,
        "shareable": material.is_shareable,
        "deferrable": material.is_deferrable,
        "commitment": material.by_commitment,
    }


def data_of(fields: Fields, papers: Iterable[Fields], parts: Fields) -> dict[str, Any]:
    """Return an item's data from a form that was filled in; `parts` are those read from YAML."""
    data: dict[str, Any] = {name: fields[name] for name in (*_WORDS, *_CHOSEN, *_FLAGS)}
    for name, short in (*_PAIRS.items(), ("validity", "validity")):
        data[name] = _pair(fields[f"{short}_zh"], fields[f"{short}_en"])
    data |= {name: _texts(fields[name]) for name in _LISTS}
    data |= {name: _words(fields[name]) for name in ("aliases", "source")}
    data["limit"] = _limit(fields)
    data["levels"] = {place.value: fields[f"level_{place.value}"] or "none" for place in Place}
    data["materials"] = [_paper(each) for each in papers if each.get("key")]
    return _given(data | parts)


def in_order(data: dict[str, Any], former: Mapping[str, Any]) -> dict[str, Any]:
    """Give words that were chosen before the order they had: boxes have none."""
    kept = dict(data)
    for name in set(_CHOSEN) & data.keys():
        before = list(former.get(name, []))
        known = [word for word in before if word in data[name]]
        kept[name] = known + [word for word in data[name] if word not in before]
    return kept


def part_of(text: str) -> list[Any]:
    """Read a list written in YAML; raises ValueError saying what is wrong."""
    found = strict_yaml.load(text) if text.strip() else []
    if not isinstance(found, list):
        raise ValueError("")  # noqa: TRY004 -- a slip of who typed, not of a caller
    return found


def _limit(fields: Fields) -> dict[str, Any]:
    limit = {name: fields[name] for name in _LIMITS if fields[name] not in (None, "")}
    return limit | {name: True for name in ("instant", "calendar") if fields[name]}


def _paper(fields: Fields) -> dict[str, Any]:
    paper = {
        "key": fields["key"],
        "name": _pair(fields["name_zh"], fields["name_en"]),
        "when": _when(fields["when"]),
        "copies": fields["copies"],
        "medium": fields["medium"],
        "origin": fields["origin"],
        "note": _pair(fields["note_zh"], fields["note_en"]),
    }
    return _given(paper | {name: fields[name] for name in _PAPER_FLAGS})


def _when(written: str) -> dict[str, list[str]]:
    """Read `age=old,young; who=self`."""
    half = written.replace("；", ";").replace("，", ",").replace("＝", "=")
    pairs = (part.partition("=") for part in half.split(";") if part.strip())
    return {
        question.strip(): [each.strip() for each in choices.split(",") if each.strip()]
        for question, _sign, choices in pairs
    }


def _pair(zh: str, en: str) -> list[str]:
    return [zh.strip(), en.strip()] if zh.strip() or en.strip() else []


def _texts(written: str) -> list[list[str]]:
    """Read lines of `中文 | English`."""
    lines = (
        line.replace("｜", "|").partition("|") for line in written.splitlines() if line.strip()
    )
    return [[zh.strip(), en.strip()] for zh, _bar, en in lines]


def _words(written: str) -> list[str]:
    return [line.strip() for line in written.splitlines() if line.strip()]


def _lines(pairs: Iterable[Iterable[str]]) -> str:
    return "\n".join(" | ".join(pair) for pair in pairs)


def _as_yaml(data: list[Any]) -> str:
    if not data:
        return ""
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110)


def _given(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value not in (None, "", [], {}, False)}
