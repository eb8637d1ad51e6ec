"""What the security admin types about accounts and posts."""

from django import forms
from django.utils.translation import gettext_lazy as _

from circle15.accounts.queries import Choice
from circle15.accounts.states import Role


class DayField(forms.DateField):
    """A date chosen from the browser's own calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {"invalid": _("请按 2026-03-01 的格式填写日期")}  # noqa: RUF012 -- Django's attribute


class PostForm(forms.Form):
    """A role over an area."""

    role = forms.ChoiceField(
        label=_("岗位"),
        choices=[("", _("请选择")), *Role.choices],
        error_messages={"required": _("请选择岗位")},
    )
    organisation = forms.ChoiceField(
        label=_("所在单位"), error_messages={"required": _("请选择所在单位")}
    )
    division = forms.ChoiceField(
        label=_("管辖区划"),
        help_text=_("此人只能看到和办理这个区划以内的网点和人员"),
        error_messages={"required": _("请选择管辖区划")},
    )
    site_code = forms.CharField(
        label=_("只管一个网点"),
        help_text=_("网点负责人、综合柜员填网点代码，例如 320681110000C01；其他岗位不填"),
        max_length=24,
        required=False,
    )
    since = DayField(label=_("到岗日期"), error_messages={"required": _("请填写到岗日期")})
    covers = forms.CharField(
        label=_("替谁的岗（B岗）"),
        help_text=_("A、B岗互补时填主岗人员的用户名；不是B岗就不填"),
        max_length=40,
        required=False,
    )

    def offer(self, *, organisations: tuple[Choice, ...], divisions: tuple[Choice, ...]) -> None:
        """Fill the drop-downs with what lies in the actor's area."""
        self._choose("organisation", organisations)
        self._choose("division", divisions)

    def _choose(self, name: str, choices: tuple[Choice, ...]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("请选择")), *((one.value, one.label) for one in choices)]


class AccountForm(PostForm):
    """A new person with an account and the first post."""

    field_order = ("username", "name", "phone", "password")

    username = forms.CharField(
        label=_("用户名"),
        help_text=_("小写字母开头，3 至 40 个小写字母、数字、点、横线"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
        error_messages={"required": _("请填写用户名")},
    )
    name = forms.CharField(
        label=_("姓名"), max_length=60, error_messages={"required": _("请填写姓名")}
    )
    phone = forms.CharField(label=_("手机号"), max_length=20, required=False)
    password = forms.CharField(
        label=_("初始密码"),
        help_text=_("至少 12 个字符，含小写字母、大写字母、数字、符号中的三种；首次登录必须更改"),
        max_length=200,
        strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
        error_messages={"required": _("请填写初始密码")},
    )


class NewPasswordForm(forms.Form):
    password = forms.CharField(
        label=_("新的初始密码"),
        help_text=_("至少 12 个字符，含小写字母、大写字母、数字、符号中的三种；登录后必须更改"),
        max_length=200,
        strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
        error_messages={"required": _("请填写新的初始密码")},
    )


class EndPostForm(forms.Form):
    on = DayField(label=_("最后在岗日期"), error_messages={"required": _("请填写最后在岗日期")})
