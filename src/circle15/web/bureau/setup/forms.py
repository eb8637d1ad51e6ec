"""What confirming a step asks."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ConfirmForm(forms.Form):
    """Where backups lie and when one was last brought back."""

    note = forms.CharField(
        label=_("备份存在哪里，何时试过恢复"),
        max_length=200,
        help_text=_("例如：每日备份到同城机房，3 月 2 日试过恢复"),
        error_messages={"required": _("请写明备份存在哪里、何时试过恢复。")},
    )
