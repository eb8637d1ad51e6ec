"""The editor of a draft, and the day it comes into force."""

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


class PublishForm(forms.Form):
    """From which day an edition counts."""

    in_force_from = forms.DateField(
        label=_("施行日期"),
        help_text=_(
            "从这一天起的日子按这一版评分，之前的日子仍按原版本。可以填以后的日子；"
            "已有存档评分的日子不能改变。"
        ),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("请填写施行日期。"),
            "invalid": _("日期写成 2026-01-31 这样。"),
        },
    )
