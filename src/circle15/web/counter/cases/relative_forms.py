"""What the window asks of a signed letter for a relative: who acts, as what, until when."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from circle15.areas.wording import worded
from circle15.core.identifiers import canonical_resident_id, check_resident_id
from circle15.core.messages import joined
from circle15.ledger.people.mandate_states import RELATIVES
from circle15.ledger.people.mandates import LONGEST, BadPeriod, demand_period

_OFF = {"autocomplete": "off", "spellcheck": "false"}


class RelativeForm(forms.Form):
    """Who may act for the person found; all that is wrong is said at once."""

    number = forms.CharField(
        label=_("被授权家人身份证号码"),
        max_length=30,
        help_text=_("刷他的身份证。"),
        widget=forms.TextInput(attrs=_OFF),
        error_messages={"required": _("请刷被授权家人的身份证，或者输入他的身份证号码。")},
    )
    name = forms.CharField(
        label=_("被授权家人姓名"),
        required=False,
        max_length=60,
        help_text=_("第一次来的才要填。"),
        widget=forms.TextInput(attrs=_OFF),
    )
    relation = forms.ChoiceField(
        label=_("两人的关系"),
        choices=[(each.value, each.label) for each in RELATIVES],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("请选择两人的关系。"),
            "invalid_choice": _("请从列表中选择。"),
        },
    )
    until = forms.DateField(
        label=_("授权到哪天"),
        help_text=_("照授权书填写，最长一年。"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": _("请填写授权到哪天。"),
            "invalid": _("授权到哪天请填日期，例如 2026-12-31。"),
        },
    )
    seen = forms.BooleanField(
        label=_("已当面核对身份证，看过本人签字的授权书，授权书留存"),
        error_messages={"required": _("请先看本人签字的授权书，再打勾。")},
    )

    def clean_number(self) -> str:
        number = canonical_resident_id(self.cleaned_data["number"])
        if problems := check_resident_id(number):
            raise forms.ValidationError(worded(joined(problems)))
        return number

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        try:
            demand_period(until, on=timezone.localdate())
        except BadPeriod as refusal:
            raise forms.ValidationError(str(refusal)) from None
        return until


def relative_form(data: Any = None, *, on: date) -> RelativeForm:
    """Return the form beside the one that opens a case; the longest period is filled in."""
    return RelativeForm(data, prefix="relative", initial={"until": on + LONGEST})
