"""Read the sheets of a catalogue's workbook back into items, with every problem named."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from django.utils import translation

from circle15.core.entries import Problem, parse_bool, parse_int
from circle15.core.messages import Message
from circle15.items.columns import CHOICES, ITEMS, QUESTIONS, SHEETS, Column, Sheet
from circle15.items.wording import WORDS
from circle15.standards.reading import problem

Rows = Sequence[Sequence[object]]
Data = dict[str, object]
_MOST_ROWS = 5000
_LANGUAGES = ("zh-hans", "en")


class _Refused(Exception):
    """A cell that cannot be read; the words say why."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def read_sheets(sheets: Mapping[str, Rows]) -> tuple[dict[str, Data], list[str]]:
    """Return items in their full form by key, and what could not be read."""
    problems: list[str] = []
    read = {sheet.title: list(_lines(sheet, sheets, problems)) for sheet in SHEETS}
    items: dict[str, Data] = {}
    for place, _lead, data in read[ITEMS.title]:
        key = str(data.get("key", ""))
        if not key or key in items:
            problems.append(problem(place, Message("事项键缺少或重复")))
        items[key] = data
    _hang_choices(read[QUESTIONS.title], read.pop(CHOICES.title), problems)
    for sheet in SHEETS[1:]:
        for place, lead, data in read.get(sheet.title, ()):
            if lead[0] not in items:
                problems.append(problem(place, Message("没有事项 %(key)s", key=lead[0])))
                continue
            parts = items[lead[0]].setdefault(sheet.part, [])
            assert isinstance(parts, list)
            parts.append(data)
    return items, problems


Line = tuple[str, tuple[str, ...], Data]


def _hang_choices(questions: list[Line], choices: list[Line], problems: list[str]) -> None:
    known = {(*lead, str(data.get("key"))): data for _place, lead, data in questions}
    for place, lead, data in choices:
        question = known.get(lead)
        if question is None:
            problems.append(problem(place, Message("没有问题 %(key)s", key=lead[-1])))
            continue
        hung = question.setdefault("choices", [])
        assert isinstance(hung, list)
        hung.append(data)


def _lines(sheet: Sheet, sheets: Mapping[str, Rows], problems: list[str]) -> Iterator[Line]:
    """Give each row with its place, the keys that say whose it is, and its fields."""
    rows = sheets.get(sheet.title)
    if not rows:
        problems.append(Message("缺少工作表“%(sheet)s”", sheet=sheet.title))
        return
    heads = [_text(cell).rpartition("·")[2].strip() for cell in rows[0]]
    wanted = list(sheet.headings())
    if lacking := [key for key in wanted if key not in heads]:
        what = Message("工作表“%(sheet)s”缺少列：%(columns)s", sheet=sheet.title, columns=lacking)
        problems.append(what)
        return
    if len(rows) > _MOST_ROWS:
        problems.append(
            Message("工作表“%(sheet)s”超过 %(most)s 行", sheet=sheet.title, most=_MOST_ROWS)
        )
        return
    own = wanted[: len(wanted) - sum(len(column.cells) for column in sheet.columns)]
    for number, row in enumerate(rows[1:], start=2):
        cells = {key: _text(cell) for key, cell in zip(heads, row, strict=False) if key}
        if any(cells.values()):
            place = Message("“%(sheet)s”第 %(row)s 行", sheet=sheet.title, row=number)
            lead = tuple(cells.get(key, "") for key in own)
            yield place, lead, _fields(sheet, cells, place, problems)


def _fields(sheet: Sheet, cells: Mapping[str, str], place: str, problems: list[str]) -> Data:
    data: Data = {}
    for column in sheet.columns:
        texts = [cells.get(key, "") for key in column.cells]
        if not any(texts):
            continue
        try:
            value = _value(column, texts)
        except _Refused as why:
            problems.append(
                problem(Message("%(row)s %(column)s", row=place, column=column.path), why.words)
            )
            continue
        inside = data.setdefault(column.parent, {}) if column.parent else data
        assert isinstance(inside, dict)
        inside[column.key] = value
    return data


def _value(column: Column, texts: list[str]) -> object:
    """Read the cells of a field."""
    text = texts[0]
    match column.form:
        case "pair" | "text":
            value: object = texts if column.form == "pair" else text
        case "pairs":
            value = [list(each) for each in _paired(*(each.split("\n") for each in texts))]
        case "names":
            value = _split(text)
        case "word" | "words":
            words = [_word(column.sort, each) for each in _split(text)]
            value = words if column.form == "words" else words[0]
        case "when":
            value = dict(_condition(each) for each in _split(text))
        case "whole" | "flag":
            value = _known(parse_int(text) if column.form == "whole" else parse_bool(text))
    return value


def _paired(zh: list[str], en: list[str]) -> Iterator[tuple[str, str]]:
    if len(zh) != len(en):
        raise _Refused(
            Message("中文 %(zh)s 行，英文 %(en)s 行，应逐行对应", zh=len(zh), en=len(en))
        )
    return ((left.strip(), right.strip()) for left, right in zip(zh, en, strict=True))


def _split(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _condition(text: str) -> tuple[str, list[str]]:
    question, sign, choices = text.partition("=")
    if not sign:
        raise _Refused(Message("应写成 问题=选项，几个选项用 | 隔开：%(text)s", text=text))
    return question.strip(), [each.strip() for each in choices.split("|")]


def _known(value: object) -> object:
    if isinstance(value, Problem):
        raise _Refused(value.message)
    return value


def _word(sort: str, text: str) -> str:
    """Find a word by its name in either language, or by its key."""
    key = _vocabulary(sort).get(text)
    if key is None:
        raise _Refused(Message("不认识“%(text)s”", text=text))
    return key


@cache
def _vocabulary(sort: str) -> dict[str, str]:
    words = {str(key): str(key) for key in WORDS[sort]}
    for language in _LANGUAGES:
        with translation.override(language):
            words |= {str(name): str(key) for key, name in WORDS[sort].items()}
    return words


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell).replace("\r\n", "\n").strip()
