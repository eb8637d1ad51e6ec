"""Which days the figures are of."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from circle15.hall.visits import Period

MOST_DAYS = 92


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("请选择日期"), "invalid": _("日期请写成 2026-11-22")},
    )


class PeriodForm(forms.Form):
    """From one day to another, both included."""

    since = _day(_("从"))
    until = _day(_("到（含当日）"))

    def clean(self) -> dict[str, date]:
        given: dict[str, date] = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if since and until and until < since:
            self.add_error("until", _("结束日期不能早于开始日期。"))
        elif since and until and until - since >= timedelta(days=MOST_DAYS):
            self.add_error("until", _("一次最多看 92 天，请分段查看。"))
        return given

    @property
    def period(self) -> Period:
        return Period(self.cleaned_data["since"], self.cleaned_data["until"])
