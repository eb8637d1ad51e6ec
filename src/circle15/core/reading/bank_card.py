"""The number of a bank card, borne out by its last digit (Luhn, ISO/IEC 7812), and the bank."""

import re
from collections.abc import Iterator, Sequence

from circle15.core.reading.fields import Field, Found
from circle15.core.reading.lines import Row

_SHORTEST, _LONGEST = 16, 19
_RUN = re.compile(r"[0-9]{16,}")
_BANK = re.compile(r"[\u3400-\u9fff]{2,16}(?:银行|信用社|信用合作社)")


def is_card_number(number: str) -> bool:
    """Tell whether it is 16 to 19 digits of which the last fits the others."""
    if not _SHORTEST <= len(number) <= _LONGEST or not (number.isascii() and number.isdigit()):
        return False
    digits = [int(digit) for digit in reversed(number)]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return number.strip("0") != "" and (sum(digits[::2]) + sum(doubled)) % 10 == 0


def card(rows: Sequence[Row]) -> tuple[Found, ...]:
    """Return bank and number; a number whose last digit does not fit is marked doubtful."""
    numbers = [
        Found(Field.CARD_NUMBER, value, row.confidence, is_proved=is_good, is_doubtful=not is_good)
        for row in rows
        for value, is_good in _numbers(row.text)
    ]
    number = max(numbers, key=lambda each: (each.is_proved, each.confidence), default=None)
    if number is None:
        return ()
    banks = [
        Found(Field.BANK, match[0], row.confidence)
        for row in rows
        if (match := _BANK.search(row.text))
    ]
    return (*banks[:1], number)


def _numbers(text: str) -> Iterator[tuple[str, bool]]:
    for run in _RUN.findall(text):
        if len(run) <= _LONGEST:
            yield run, is_card_number(run)
