"""A wording in the two languages of the house."""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Text:
    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """Return the English wording for `en…`, the Chinese one for any other language code."""
        return self.en if language.startswith("en") else self.zh


@lru_cache(maxsize=4096)
def number_text(number: Decimal) -> str:
    """Write a number plainly: no exponent, no trailing zeros, so 98.0 is `98` and 1E+2 is `100`."""
    plain = format(number, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
