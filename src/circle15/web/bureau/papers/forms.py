"""What is asked for a template, and for a step with one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from circle15.cases.paper_states import PaperKind
from circle15.core.papers.docx.package import MAX_BYTES
from circle15.web.shared.file_fields import SmallFileField

_CHOOSE = {"required": _("请选择一项。"), "invalid_choice": _("请从列表中选择。")}


class TemplateForm(forms.Form):
    """A Word file, for which paper of which item, and why."""

    kind = forms.ChoiceField(label=_("文书"), choices=PaperKind.choices, error_messages=_CHOOSE)
    item = forms.ChoiceField(label=_("事项"), required=False, error_messages=_CHOOSE)
    file = SmallFileField(
        label=_("改好的 Word 模板"),
        help_text=_(".docx，不超过 2 MB；先下载底稿，在 Word 里改好再传。"),
        most_bytes=MAX_BYTES,
        accept=".docx",
        errors={
            "required": _("请选择改好的模板。"),
            "empty": _("文件是空的，请选择改好的模板。"),
            "max_length": _("文件名太长，请改短后再上传。"),
            "too_large": _("文件超过 %(most)s MB，请删去大图后再上传。"),
        },
    )
    note = forms.CharField(
        label=_("修改说明"),
        help_text=_("改了什么、为什么；发布人和审计都能看到。"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("请写明改了什么、为什么。")},
    )

    def __init__(self, data: Any = None, files: Any = None, *, items: Any = ()) -> None:
        super().__init__(data, files)
        field = self.fields["item"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("所有事项")), *items]


class InForceForm(forms.Form):
    """From which day a template counts."""

    in_force_from = forms.DateField(
        label=_("施行日期"),
        help_text=_("今天或以后的一天；之前出的文书不变。"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("请填写施行日期。"), "invalid": _("请填写正确的日期。")},
    )


class OutForm(forms.Form):
    """Why a template is taken out."""

    reason = forms.CharField(
        label=_("理由"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("请写明理由。")},
    )
