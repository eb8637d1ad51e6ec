"""A score sheet as JSON and back: what is stored, exchanged and replayed."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from circle15.scoring.sheet import (
    RESULTS,
    STATUSES,
    ClauseLine,
    IndicatorLine,
    Remedy,
    RuleLine,
    ScoreSheet,
    SectionLine,
)
from circle15.standards.facts import FactValue
from circle15.standards.text import Text, number_text

Json = Mapping[str, object]


def sheet_to_json(sheet: ScoreSheet) -> dict[str, object]:
    """Write a whole sheet with numbers as plain decimal strings; ready for `json.dumps`."""
    return _head(sheet) | {
        "clauses": [_clause(line, _rule) for line in sheet.clauses],
        "version": sheet.version,
        "edition_hash": sheet.edition_hash,
        "profile": sheet.profile,
        "unit": sheet.unit,
        "switches": dict(sheet.switches),
        "pass_mark": None if sheet.pass_mark is None else number_text(sheet.pass_mark),
        "attainable": number_text(sheet.attainable),
        "unknown_facts": list(sheet.unknown_facts),
        "indicators": [_indicator(line) for line in sheet.indicators],
        "sections": [_section(line) for line in sheet.sections],
    }


def sheet_to_short_json(sheet: ScoreSheet) -> dict[str, object]:
    """Write points, reasons and facts only: what other programs ask for; not read back."""
    return _head(sheet) | {"clauses": [_clause(line, _short_rule) for line in sheet.clauses]}


def _head(sheet: ScoreSheet) -> dict[str, object]:
    return {
        "edition": sheet.edition,
        "total": number_text(sheet.total),
        "max": number_text(sheet.max),
        "result": sheet.result,
        "vetoes": list(sheet.vetoes),
    }


def _clause(
    line: ClauseLine, written: Callable[[RuleLine], dict[str, object]]
) -> dict[str, object]:
    return {
        "id": line.clause_id,
        "points": number_text(line.points),
        "max": number_text(line.max),
        "rules": [written(each) for each in line.rules],
    }


def _short_rule(line: RuleLine) -> dict[str, object]:
    return {
        "id": line.rule_id,
        "points": number_text(line.points),
        "max": number_text(line.max),
        "reason": line.reason.zh,
        "facts": {name: _value(value) for name, value in line.facts.items()},
    }


def _rule(line: RuleLine) -> dict[str, object]:
    return _short_rule(line) | {
        "reason_en": line.reason.en,
        "attainable": number_text(line.attainable),
        "status": line.status,
        "is_binding": line.is_binding,
        "unknown": list(line.unknown),
        "remedies": [_remedy(remedy) for remedy in line.remedies],
    }


def _remedy(remedy: Remedy) -> dict[str, object]:
    return {
        "fact": remedy.fact,
        "needed": _value(remedy.needed),
        "gain": number_text(remedy.gain),
    }


def _indicator(line: IndicatorLine) -> dict[str, object]:
    return {
        "id": line.indicator_id,
        "points": number_text(line.points),
        "max": number_text(line.max),
        "status": line.status,
    }


def _section(line: SectionLine) -> dict[str, object]:
    return {
        "id": line.section_id,
        "points": number_text(line.points),
        "max": number_text(line.max),
    }


def _value(value: FactValue) -> bool | str:
    return value if isinstance(value, bool) else number_text(Decimal(value))


# --- and back; what was written by `sheet_to_json` is read without loss


def sheet_from_json(data: Json) -> ScoreSheet:
    """Read a sheet written by `sheet_to_json`; raises KeyError or TypeError for other data."""
    mark = data["pass_mark"]
    return ScoreSheet(
        edition=_text(data, "edition"),
        version=int(_number(data, "version")),
        edition_hash=_text(data, "edition_hash"),
        profile=_text(data, "profile"),
        unit=_text(data, "unit"),
        switches={key: str(value) for key, value in _object(data["switches"]).items()},
        total=_number(data, "total"),
        max=_number(data, "max"),
        attainable=_number(data, "attainable"),
        pass_mark=None if mark is None else Decimal(str(mark)),
        result=RESULTS[_text(data, "result")],
        vetoes=_names(data, "vetoes"),
        clauses=tuple(_read_clause(each) for each in _objects(data, "clauses")),
        indicators=tuple(_read_indicator(each) for each in _objects(data, "indicators")),
        sections=tuple(_read_section(each) for each in _objects(data, "sections")),
    )


def _read_clause(data: Json) -> ClauseLine:
    rules = tuple(_read_rule(each) for each in _objects(data, "rules"))
    return ClauseLine(_text(data, "id"), _number(data, "points"), _number(data, "max"), rules)


def _read_rule(data: Json) -> RuleLine:
    facts = _object(data["facts"])
    return RuleLine(
        rule_id=_text(data, "id"),
        points=_number(data, "points"),
        max=_number(data, "max"),
        attainable=_number(data, "attainable"),
        status=STATUSES[_text(data, "status")],
        is_binding=data["is_binding"] is True,
        reason=Text(_text(data, "reason"), _text(data, "reason_en")),
        facts={name: _read_value(value) for name, value in facts.items()},
        unknown=_names(data, "unknown"),
        remedies=tuple(_read_remedy(each) for each in _objects(data, "remedies")),
    )


def _read_remedy(data: Json) -> Remedy:
    return Remedy(_text(data, "fact"), _read_value(data["needed"]), _number(data, "gain"))


def _read_indicator(data: Json) -> IndicatorLine:
    status = STATUSES[_text(data, "status")]
    return IndicatorLine(_text(data, "id"), _number(data, "points"), _number(data, "max"), status)


def _read_section(data: Json) -> SectionLine:
    return SectionLine(_text(data, "id"), _number(data, "points"), _number(data, "max"))


def _read_value(value: object) -> FactValue:
    return value if isinstance(value, bool) else Decimal(str(value))


def _text(data: Json, key: str) -> str:
    return str(data[key])


def _number(data: Json, key: str) -> Decimal:
    return Decimal(str(data[key]))


def _names(data: Json, key: str) -> tuple[str, ...]:
    return tuple(str(each) for each in _list(data[key]))


def _objects(data: Json, key: str) -> tuple[Json, ...]:
    return tuple(_object(each) for each in _list(data[key]))


def _object(value: object) -> Json:
    if not isinstance(value, dict):
        raise TypeError(f"不是评分表：{value}")
    return value


def _list(value: object) -> Sequence[object]:
    if not isinstance(value, list):
        raise TypeError(f"不是评分表：{value}")
    return value
