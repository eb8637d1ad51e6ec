"""Number fields that read what a Chinese keyboard types: １２８, 1,280, 3。5."""

from decimal import Decimal
from typing import Any

from django import forms

from circle15.areas.wording import worded
from circle15.core import entries


def _plain(typed: Any) -> Any:
    """Return the number in plain digits; raises with what to do about one that can't be read."""
    if not isinstance(typed, str) or not typed.strip():
        return typed
    found = entries.parse_decimal(typed)
    if isinstance(found, entries.Problem):
        raise forms.ValidationError(worded(found.message), code="invalid")
    return f"{found:f}"


class WholeNumberField(forms.IntegerField):
    """A whole number as typed by hand; `3.0` is one."""

    def to_python(self, value: Any) -> int | None:
        return super().to_python(_plain(value))


class DecimalNumberField(forms.DecimalField):
    """A decimal number as typed by hand."""

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # as Django's own does
        return super().to_python(_plain(value))
