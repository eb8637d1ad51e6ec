"""What is typed to sign in; all that is wrong is said at once."""

from django import forms
from django.utils.translation import gettext_lazy as _

from circle15.areas.wording import worded
from circle15.core.identifiers.resident_id import canonical_resident_id, check_resident_id
from circle15.core.text import tidy


class IdNumberField(forms.CharField):
    """A resident identity number, in the form in which it is looked for."""

    def __init__(self, **more: object) -> None:
        super().__init__(
            **{  # type: ignore[arg-type]  # what a CharField takes
                "label": _("身份证号码"),
                "max_length": 30,
                "help_text": _("18 位，末位可能是 X。"),
                "widget": forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
                "error_messages": {
                    "required": _("请填写身份证号码。"),
                    "max_length": _("身份证号码应为 18 位。"),
                },
                **more,
            }
        )

    def clean(self, value: object) -> str:
        number = canonical_resident_id(super().clean(value))
        problems = check_resident_id(number) if number else ()
        if problems:
            raise forms.ValidationError([worded(each) for each in problems])
        return number


class SignInForm(forms.Form):
    id_number = IdNumberField()
    next = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("验证码"),
        help_text=_("短信里的 6 位数字，5 分钟内有效。"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
        ),
        error_messages={
            "required": _("请填写短信里的 6 位验证码。"),
            "max_length": _("验证码是 6 位数字。"),
        },
    )

    def clean_code(self) -> str:
        code = tidy(self.cleaned_data["code"]).text.replace(" ", "")
        if not (code.isdigit() and code.isascii()) or len(code) != 6:  # noqa: PLR2004 -- digits
            raise forms.ValidationError(_("验证码是 6 位数字。"))
        return code
