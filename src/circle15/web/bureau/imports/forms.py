"""Upload of a table, and the confirmation after its check."""

from django import forms
from django.utils.translation import gettext_lazy as _

from circle15.imports.declared import SYSTEMS
from circle15.imports.reading import MOST_BYTES
from circle15.imports.states import Kind, Mode
from circle15.web.shared.file_fields import SmallFileField

_KINDS = [
    (Kind.WORKBOOK.value, _("整本工作簿（按表名识别）")),
    *((kind.value, kind.label) for kind in Kind if kind != Kind.WORKBOOK),
]
_SYSTEMS = [
    ("", _("没有经纬度，或已在“填写说明”表里声明")),
    *((system.value, _(label)) for label, system in SYSTEMS.items()),
]


class UploadForm(forms.Form):
    """A file, what is in it, and how its coordinates are meant."""

    kind = forms.ChoiceField(
        label=_("文件里是什么"),
        choices=_KINDS,
        error_messages={"invalid_choice": _("请从列表中选择。")},
    )
    file = SmallFileField(
        label=_("表格文件"),
        help_text=_("xlsx、xls、ods 或 csv，不超过 32 MB、20 万行。先校验，不会马上写入。"),
        most_bytes=MOST_BYTES,
        accept=".xlsx,.xls,.ods,.csv",
        errors={
            "required": _("请选择填好的表格。"),
            "empty": _("文件是空的，请选择填好的表格。"),
            "max_length": _("文件名太长，请改短后再上传。"),
            "too_large": _("文件超过 %(most)s MB，请拆分成几个文件。"),
        },
    )
    coordinates = forms.ChoiceField(
        label=_("经纬度的坐标系"),
        choices=_SYSTEMS,
        required=False,
        help_text=_("表里有经纬度时必须声明，否则位置会偏几百米。"),
        error_messages={"invalid_choice": _("请从列表中选择。")},
    )


class ApplyForm(forms.Form):
    """How to write what was checked, and that somebody looked at it."""

    mode = forms.ChoiceField(
        label=_("有错的行怎么办"),
        choices=Mode.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("请选择有错的行怎么办。"),
            "invalid_choice": _("请从列表中选择。"),
        },
    )
    sure = forms.BooleanField(
        label=_("我已核对上面的校验结果"),
        error_messages={"required": _("请先核对校验结果，再打勾确认。")},
    )
