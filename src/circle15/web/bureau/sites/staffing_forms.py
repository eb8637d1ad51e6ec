"""Forms of tried items and of the span a report of staff is about."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from circle15.sites.readiness import Tried, UnusableTry
from circle15.sites.turnover import Span, span_of
from circle15.standards.catalogue import CatalogueItem
from circle15.web.bureau.services.entry_forms import CHOOSE, day_field
from circle15.web.shared.item_words import said

_YES, _NO = "yes", "no"
_RESULTS = (
    ("", gettext_lazy("没有试")),
    (_YES, gettext_lazy("能办")),
    (_NO, gettext_lazy("不能办")),
)
_YEARS_BACK = 5


class TriesForm(forms.Form):
    """A day, and of each item of the site whether it could be handled and what lacked."""

    tried_on = day_field(gettext_lazy("检查日期"))

    def __init__(self, *args: Any, items: Iterable[CatalogueItem], **more: Any) -> None:
        super().__init__(*args, **{"initial": {"tried_on": timezone.localdate()}} | more)
        self.fields["tried_on"].widget.attrs["max"] = timezone.localdate().isoformat()
        self.items = tuple(items)
        for one in self.items:
            name = said(one.name)
            self.fields[f"result-{one.key}"] = forms.ChoiceField(
                label=name,
                choices=_RESULTS,
                required=False,
                error_messages=CHOOSE,
            )
            self.fields[f"lacking-{one.key}"] = forms.CharField(
                label=_("“%(item)s”缺什么") % {"item": name}, required=False, max_length=200
            )

    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return the two fields of each item."""
        return [(self[f"result-{one.key}"], self[f"lacking-{one.key}"]) for one in self.items]

    def tries(self) -> list[Tried]:
        """Return what was answered; an item that was not tried is left out."""
        given = self.cleaned_data
        return [
            Tried(one.key, given[f"result-{one.key}"] == _YES, given[f"lacking-{one.key}"])
            for one in self.items
            if given[f"result-{one.key}"]
        ]

    def blame(self, refusal: UnusableTry) -> None:
        """Show each problem at its field."""
        for name, words in refusal.problems:
            field = name if name in self.fields else f"lacking-{name}" if name else None
            self.add_error(field, words)


class SpanForm(forms.Form):
    """A year, and a quarter of it or all of it; what cannot be read is this year."""

    year = forms.TypedChoiceField(label=gettext_lazy("年度"), coerce=int, required=False)
    quarter = forms.TypedChoiceField(
        label=gettext_lazy("季度"),
        choices=[("", gettext_lazy("全年")), *((str(n), str(n)) for n in range(1, 5))],
        coerce=int,
        empty_value=None,
        required=False,
    )

    def __init__(self, data: Any, *, today: date) -> None:
        years = [str(today.year - back) for back in range(_YEARS_BACK)]
        super().__init__(data or {"year": years[0]}, auto_id="span_%s")
        field = self.fields["year"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(year, year) for year in years]
        self._today = today

    @property
    def span(self) -> Span:
        """Return the days asked for."""
        given = self.cleaned_data if self.is_valid() else {}
        return span_of(given.get("year") or self._today.year, given.get("quarter"))
