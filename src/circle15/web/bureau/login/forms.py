"""What a person types to log in or to change the password."""

from django import forms
from django.utils.translation import gettext_lazy as _


class LoginForm(forms.Form):
    username = forms.CharField(
        label=_("用户名"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
        error_messages={"required": _("请输入用户名")},
    )
    password = forms.CharField(
        label=_("密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("请输入密码")},
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)

    def show_password(self, *, shown: bool) -> None:
        """Send the initial password to the page: only the printed one of the demo."""
        self.fields["password"].widget = forms.PasswordInput(
            attrs={"autocomplete": "current-password"}, render_value=shown
        )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("验证码"),
        help_text=_("身份验证器应用上显示的 6 位数字，每 30 秒更换一次"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": _("请输入 6 位验证码")},
    )


class PasswordForm(forms.Form):
    old = forms.CharField(
        label=_("原密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("请输入原密码")},
    )
    new = forms.CharField(
        label=_("新密码"),
        help_text=_("至少 12 个字符，含小写字母、大写字母、数字、符号中的三种"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("请输入新密码")},
    )
