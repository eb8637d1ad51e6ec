"""Fields of the resident identity card (GB 11643, second generation), front and back."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from circle15.core.identifiers.resident_id import birth_date, is_resident_id, sex
from circle15.core.reading.fields import Field, Found
from circle15.core.reading.lines import Row

# What the engine takes for digits in numbers; the check digit says whether it was one.
_LOOKALIKES: Final = str.maketrans("OoDQIl|iZzSsBbxX×", "00001111225588XXX")
_RUN = re.compile(r"[0-9OoDQIl|iZzSsBbxX×]{18,}")
_LENGTH = 18
# The label may be cut off or half lost in the pattern of the card.
_NAME = re.compile(r"^(?:姓?名|姓)[:：]?(?P<value>[\u3400-\u9fff·]{2,20})$")
_SEX = re.compile(r"(?:性?别|^性)[:：]?(?P<value>[男女])")
_NATION = re.compile(r"^.*(?:族|民)[:：]?(?P<value>[\u3400-\u9fff]{1,6}?)族?$")
_BIRTH = re.compile(r"(?P<year>[12][0-9]{3})年(?P<month>[0-9]{1,2})月(?P<day>[0-9]{1,2})日?")
_ADDRESS_LABEL = re.compile(r"^住?[址扯]?[:：]?(?=.)")
_NUMBER_LABEL = re.compile(r"公民|身份号|份号码")
_AUTHORITY = re.compile(r"(?:签?发?机关)[:：]?(?P<value>[\u3400-\u9fff]{2,}局.*)$")
_DAY = r"([12][0-9]{3})[.,·。-]?([01][0-9])[.,·。-]?([0-3][0-9])"
_VALID = re.compile(rf"{_DAY}[-—一~至]+(?:{_DAY}|(?P<ever>长期))")
ALWAYS = "长期"


def front(rows: Sequence[Row]) -> tuple[Found, ...]:
    """Return what the side with the portrait says, in the order of the card."""
    number = id_number(rows)
    parts = [_name(rows), _labelled(rows, _SEX, Field.SEX), _nation(rows), _birth(rows)]
    parts += [_address(rows), number]
    return tuple(_borne_out(each, number) for each in parts if each is not None)


def back(rows: Sequence[Row]) -> tuple[Found, ...]:
    """Return what the side with the emblem says."""
    authority = _labelled(rows, _AUTHORITY, Field.AUTHORITY)
    return (*([authority] if authority else []), *_validity(rows))


def id_number(rows: Sequence[Row]) -> Found | None:
    """Find the number: one whose check digit fits, else the likeliest, marked doubtful."""
    found = [
        Found(Field.ID_NUMBER, value, row.confidence, is_proved=is_good, is_doubtful=not is_good)
        for row in rows
        for value, is_good in _numbers(row.text)
    ]
    return max(found, key=lambda each: (each.is_proved, each.confidence), default=None)


def _numbers(text: str) -> Iterator[tuple[str, bool]]:
    """Yield every 18 characters that may be the number, and whether the check digit fits."""
    for run in _RUN.findall(text):
        digits = run.translate(_LOOKALIKES)
        for start in range(len(digits) - _LENGTH + 1):
            number = digits[start : start + _LENGTH]
            yield number, is_resident_id(number)


def _borne_out(found: Found, number: Found | None) -> Found:
    """Compare birth and sex with the number, which says both."""
    if number is None or not number.is_proved:
        return found
    told = {
        Field.BIRTH: birth_date(number.value).isoformat(),
        Field.SEX: str(sex(number.value)),
    }.get(found.field)
    if told is None:
        return found
    same = told == found.value
    return Found(found.field, found.value, found.confidence, is_proved=same, is_doubtful=not same)


def _labelled(rows: Sequence[Row], shape: re.Pattern[str], field: Field) -> Found | None:
    for row in rows:
        if match := shape.search(row.text):
            return Found(field, match["value"], row.confidence)
    return None


def _name(rows: Sequence[Row]) -> Found | None:
    """Find the name behind its label, else in the row above sex and nation."""
    if found := _labelled(rows, _NAME, Field.NAME):
        return found
    at = next((n for n, row in enumerate(rows) if _SEX.search(row.text)), 0)
    above = rows[at - 1] if at else None
    if above is None or not re.fullmatch(r"[\u3400-\u9fff·]{2,20}", above.text):
        return None
    return Found(Field.NAME, above.text, above.confidence / 2)


def _nation(rows: Sequence[Row]) -> Found | None:
    return _labelled([row for row in rows if _SEX.search(row.text)], _NATION, Field.NATION)


def _birth(rows: Sequence[Row]) -> Found | None:
    for row in rows:
        if (match := _BIRTH.search(row.text)) and (day := _day(*match.groups())):
            return Found(Field.BIRTH, day, row.confidence)
    return None


def _address(rows: Sequence[Row]) -> Found | None:
    """Join the rows between birth and number."""
    births = [n for n, row in enumerate(rows) if _BIRTH.search(row.text)]
    ends = [n for n, row in enumerate(rows) if _NUMBER_LABEL.search(row.text) or _has_run(row)]
    if not births or not ends:
        return None
    part = rows[births[0] + 1 : ends[0]]
    text = _ADDRESS_LABEL.sub("", "".join(row.text for row in part))
    if not text:
        return None
    return Found(Field.ADDRESS, text, min(row.confidence for row in part))


def _has_run(row: Row) -> bool:
    return _RUN.search(row.text) is not None


def _validity(rows: Sequence[Row]) -> tuple[Found, ...]:
    for row in rows:
        match = _VALID.search(row.text)
        since = _day(*match.groups()[:3]) if match else ""
        if not match or not since:
            continue
        until = ALWAYS if match["ever"] else _day(*match.groups()[3:6])
        is_good = until == ALWAYS or _is_term(since, until)
        found = Found(Field.VALID_FROM, since, row.confidence, is_proved=is_good)
        end = Found(
            Field.VALID_UNTIL, until, row.confidence, is_proved=is_good, is_doubtful=not is_good
        )
        return (found, end) if until else (found,)
    return ()


def _is_term(since: str, until: str) -> bool:
    """Tell whether a card may be valid for that long: 5, 10 or 20 years to the day."""
    years = int(until[:4] or 0) - int(since[:4])
    return since[4:] == until[4:] and years in {5, 10, 20}


def _day(year: str, month: str, day: str) -> str:
    """Return a date as ISO, "" for one that does not exist."""
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""
