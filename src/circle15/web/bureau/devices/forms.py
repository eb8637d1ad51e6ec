"""What is typed about a machine."""

from django import forms
from django.utils.translation import gettext_lazy as _

from circle15.accounts.states import DeviceKind


class InviteForm(forms.Form):
    """A new machine of a site."""

    kind = forms.ChoiceField(
        label=_("设备种类"), choices=DeviceKind.choices, initial=DeviceKind.KIOSK
    )
    site_code = forms.CharField(
        label=_("网点代码"),
        help_text=_("设备所在的网点，例如 320681110000C01"),
        max_length=24,
        error_messages={"required": _("请填写网点代码")},
    )
    name = forms.CharField(
        label=_("设备名称"),
        help_text=_("放在哪里、第几台，例如 大厅入口 1 号机"),
        max_length=40,
        error_messages={"required": _("请填写设备名称")},
    )


class CodeForm(forms.Form):
    """The one-time code, typed at the machine."""

    code = forms.CharField(
        label=_("登记码"),
        help_text=_("8 位字母和数字，15 分钟内有效，只能用一次"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={"required": _("请输入登记码")},
    )
