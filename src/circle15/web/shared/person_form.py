"""Who books: name, mobile number, identity number; all that is wrong is said at once."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from circle15.areas.wording import worded
from circle15.core.identifiers.mobile import canonical_mobile, is_mobile
from circle15.core.identifiers.resident_id import canonical_resident_id, check_resident_id
from circle15.core.text import tidy
from circle15.hall.appointments.booking import PersonDetails

NO_MOBILE = _("手机号应为 11 位数字，以 1 开头，请核对。")
_LEAST_NAME = 2


class PersonForm(forms.Form):
    """The details of whoever comes; the number may be left as it was filled in before."""

    name = forms.CharField(
        label=_("姓名"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("请填写姓名。"), "max_length": _("姓名不超过 40 个字。")},
    )
    phone = forms.CharField(
        label=_("手机号"),
        max_length=20,
        help_text=_("预约结果和提醒会发到这个手机。"),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        error_messages={"required": _("请填写手机号。"), "max_length": _("手机号应为 11 位数字。")},
    )
    id_number = forms.CharField(
        label=_("身份证号码"),
        max_length=30,
        help_text=_("18 位，末位可能是 X。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": _("请填写身份证号码。"),
            "max_length": _("身份证号码应为 18 位。"),
        },
    )

    def __init__(self, *args: Any, number_shown: str = "", **more: Any) -> None:
        super().__init__(*args, **more)
        if number_shown:
            field = self.fields["id_number"]
            field.required = False
            field.help_text = _("已填 %(number)s，不改就不用再填。") % {"number": number_shown}

    def clean_name(self) -> str:
        name = tidy(self.cleaned_data["name"]).text
        if len(name) < _LEAST_NAME:
            raise forms.ValidationError(_("请填写完整的姓名。"))
        return name

    def clean_phone(self) -> str:
        number = canonical_mobile(self.cleaned_data["phone"])
        if not is_mobile(number):
            raise forms.ValidationError(NO_MOBILE)
        return number

    def clean_id_number(self) -> str:
        typed = self.cleaned_data["id_number"]
        if not typed.strip():
            return ""
        number = canonical_resident_id(typed)
        problems = check_resident_id(number)
        if problems:
            raise forms.ValidationError([worded(each) for each in problems])
        return number

    @property
    def person(self) -> PersonDetails:
        """Return what was filled in."""
        given = self.cleaned_data
        return PersonDetails(given["name"], given["phone"], given["id_number"])
