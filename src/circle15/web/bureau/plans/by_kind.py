"""A number for every kind of site: minutes, people, windows."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from circle15.sites.states import SiteKind
from circle15.web.shared.number_fields import DecimalNumberField


def add_fields(form: forms.Form, prefix: str, unit: str | Promise, most: int) -> None:
    """Give a form a number field for each kind of site; none has to be filled in."""
    for kind, name in SiteKind.choices:
        form.fields[f"{prefix}_{kind}"] = DecimalNumberField(
            label=_("%(kind)s（%(unit)s）") % {"kind": name, "unit": unit},
            required=False,
            min_value=Decimal(0),
            max_value=Decimal(most),
            error_messages={
                "min_value": _("“%(kind)s”的%(unit)s数不能小于 0。") % {"kind": name, "unit": unit},
                "max_value": _("“%(kind)s”的%(unit)s数最多 %(most)s。")
                % {"kind": name, "unit": unit, "most": f"{most:,}"},
            },
        )


def drawn(form: forms.Form, prefix: str) -> list[BoundField]:
    """Give the fields in the order of the kinds."""
    return [form[f"{prefix}_{kind}"] for kind in SiteKind.values]


def is_touched(form: forms.Form, prefix: str) -> bool:
    """Tell whether anything was typed or is wrong there, so that it must be seen."""
    return any(bound.errors or bound.data for bound in drawn(form, prefix))


def given(form: forms.Form, prefix: str) -> dict[str, float]:
    """Give the numbers that were filled in."""
    return {kind: float(value) for kind, value in _filled(form.cleaned_data, prefix)}


def _filled(cleaned: Mapping[str, Decimal | None], prefix: str) -> Iterator[tuple[str, Decimal]]:
    for kind in SiteKind.values:
        value = cleaned.get(f"{prefix}_{kind}")
        if value is not None:
            yield kind, value


def refuse_uncounted(form: forms.Form, prefix: str, counted: set[str]) -> None:
    """Name the kinds that have a number but do not count; an empty set counts them all."""
    for kind, _value in _filled(form.cleaned_data, prefix):
        if counted and kind not in counted:
            words = _("“%(kind)s”没有勾选计入，请清空这里，或在“计入哪些网点”里勾上它。")
            form.add_error(f"{prefix}_{kind}", words % {"kind": SiteKind(kind).label})
