"""The editor of a draft."""

from django import forms
from django.utils.translation import gettext_lazy as _


class DraftForm(forms.Form):
    """A draft's text and why it was changed."""

    change_note = forms.CharField(
        label=_("改了什么、为什么改"),
        help_text=_("提交审核时必填，审核人和审计都能看到。"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    text = forms.CharField(
        label=_("规则文件（YAML）"),
        help_text=_("先点“检查”，系统会一次列出全部问题和所在行，不会丢失已输入的内容。"),
        strip=False,
        max_length=200_000,
        widget=forms.Textarea(
            attrs={"rows": 28, "class": "mono", "spellcheck": "false", "wrap": "off"}
        ),
        error_messages={"required": _("规则文件不能为空。")},
    )
