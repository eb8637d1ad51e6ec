"""The field for a site: chosen from few, typed by name or number where a list would be too long."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

# More than this nobody looks through; a city of villages has thousands.
MOST_OFFERED = 200
MOST_NAMED = 5


class SiteField(forms.ChoiceField):
    """One of the sites in `choices`, pairs of a key (number or path) and a name.

    Of more than `MOST_OFFERED` the name, a part of it nobody else has, or the number is typed; the
    cleaned value is the key in either case. Raises ValidationError naming those that come near.
    """

    @property
    def choices(self) -> Any:
        return self._choices

    @choices.setter
    def choices(self, value: Any) -> None:
        self._choices = list(value)
        self.widget.choices = self._choices
        if self.is_typed and not self.widget.is_hidden:
            hint = {"autocomplete": "off", "placeholder": _("名称或编码")}
            self.widget = forms.TextInput(attrs=hint)
            self.widget.is_required = self.required

    @property
    def is_typed(self) -> bool:
        return len(self._choices) > MOST_OFFERED

    def prepare_value(self, value: Any) -> Any:
        """Show the name of what is set, and what was typed as it was typed."""
        return self._names().get(str(value), value) if self.is_typed and value else value

    def to_python(self, value: Any) -> str:
        typed = str(super().to_python(value)).strip()
        names = self._names()
        if not (typed and self.is_typed) or typed in names:
            return typed
        found = [key for key in names if _number(key) == typed]
        found = found or [key for key, name in names.items() if name == typed]
        found = found or [key for key, name in names.items() if typed in name]
        if len(found) == 1:
            return found[0]
        raise forms.ValidationError(_several(found, names) if found else _none(typed))

    def _names(self) -> dict[str, str]:
        return {str(key): str(name) for key, name in self._choices if key}


def _number(key: str) -> str:
    """Return the number of a site, which ends its path too."""
    return key.rstrip("/").rpartition("/")[-1]


def _several(found: list[str], names: dict[str, str]) -> str:
    shown = _("、").join(f"{names[key]}（{_number(key)}）" for key in found[:MOST_NAMED])
    return _("有 %(count)s 个网点符合，请写全名或编码：%(names)s") % {
        "count": len(found),
        "names": shown,
    }


def _none(typed: str) -> str:
    return _("没有找到网点“%(typed)s”，请写名称中的几个字或编码。") % {"typed": typed}
