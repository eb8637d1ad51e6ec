"""The form of an item, of a step with an edition, and of a workbook."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from circle15.imports.reading import MOST_BYTES
from circle15.items.wording import WORDS
from circle15.standards.catalogue import (
    Applicant,
    Authority,
    Channel,
    Confidence,
    Handover,
    ItemKind,
    Medium,
    Origin,
    Place,
)
from circle15.standards.catalogue_library import item_sets, mains
from circle15.standards.service_items import item_groups
from circle15.web.shared.file_fields import SmallFileField
from circle15.web.shared.item_words import said

_BOTH = _("每行一条：中文 | 英文")
_NOT_A_NUMBER = {"invalid": _("请填数字。"), "min_value": _("不能小于 0。")}


def _choices(sort: str, keys: Any) -> list[tuple[str, Any]]:
    return [(each.value, WORDS[sort][each]) for each in keys]


def _line(label: Any, hint: Any = "", most: int = 500) -> forms.CharField:
    return forms.CharField(label=label, help_text=hint, required=False, max_length=most)


def _text(label: Any, hint: Any = "", rows: int = 3) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(
        label=label, help_text=hint, required=False, max_length=20_000, widget=widget
    )


def _number(label: Any, hint: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label, help_text=hint, required=False, min_value=0, error_messages=_NOT_A_NUMBER
    )


def _flag(label: Any, hint: Any = "") -> forms.BooleanField:
    return forms.BooleanField(label=label, help_text=hint, required=False)


def _one(label: Any, sort: str, keys: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=_choices(sort, keys), required=False)


def _many(label: Any, sort: str, keys: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=_choices(sort, keys),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class ItemForm(forms.Form):
    """An item without its papers. What is missing or contradicts itself the action says, at once.

    Wordings are in two fields or, in lists, on one line with a bar between the languages.
    """

    key = _line(_("键"), _("小写字母、数字和连字符，发布后不要改"), 40)
    code = _line(_("基本编码"), _("12 位；没有的留空"), 12)
    name_zh = _line(_("事项名称"))
    name_en = _line(_("事项名称（英文）"))
    short_zh = _line(_("简称"), _("大厅屏幕、取号机和手机上用"))
    short_en = _line(_("简称（英文）"))
    aliases = _text(_("别名"), _("每行一个，只用来查找"))
    main = forms.TypedChoiceField(label=_("主项"), coerce=int, required=False)
    group = forms.ChoiceField(label=_("类别"), required=False)
    kind = _one(_("办件类型"), "kind", ItemKind)
    applicants = _many(_("服务对象"), "applicant", Applicant)
    who_zh = _text(_("谁可以办"), rows=2)
    who_en = _text(_("谁可以办（英文）"), rows=2)
    conditions = _text(_("受理条件"), _BOTH)
    instant = _flag(_("当场办结"))
    promised = _number(_("承诺时限（天）"), _("当场办结的填 0"))
    statutory = _number(_("法定时限（天）"))
    online = _number(_("网上时限（天）"), _("与窗口不同时填"))
    calendar = _flag(_("按自然日计算"), _("不勾选即按工作日"))
    fee_zh = _line(_("收费"))
    fee_en = _line(_("收费（英文）"))
    steps = _text(_("办理流程"), _BOTH, 5)
    result_zh = _line(_("办理结果"))
    result_en = _line(_("办理结果（英文）"))
    delivery = _many(_("送达方式"), "handover", Handover)
    channels = _many(_("办理渠道"), "channel", Channel)
    validity_zh = _line(_("有效期"), _("没有的留空"))
    validity_en = _line(_("有效期（英文）"))
    sets = forms.MultipleChoiceField(
        label=_("所属清单"), required=False, widget=forms.CheckboxSelectMultiple
    )
    high_frequency = _flag(_("高频事项"), _("全部目录应恰好 13 项"))
    four_eyes = _flag(_("需要复核"), _("决定由第二人复核"))
    conditional_intake = _flag(_("可以容缺受理"), _("应与可容缺的材料一致"))
    basis = _text(_("设定依据"), _BOTH)
    notes = _text(_("温馨提示"), _BOTH)
    source = _text(_("来源"), _("每行一个来源的键"), 2)
    confidence = _one(_("可信度"), "confidence", Confidence)
    questions = _text(
        _("问题（YAML）"),
        _("按顺序问；when 写前面问题的答案，满足时才问。例：{key: age, text: [几岁？, Age?], …}"),
        8,
    )
    refusals = _text(
        _("不予办理的情形（YAML）"),
        _("when 写答案，reason 写理由，instead 写改办哪个事项的键。"),
        4,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["main"].choices = [(each.number, said(each.name)) for each in mains().values()]
        fields["group"].choices = [(each.key, said(each.name)) for each in item_groups()]
        fields["sets"].choices = [(each.key, said(each.name)) for each in item_sets().values()]
        for place in Place:
            fields[f"level_{place.value}"] = _one(WORDS["place"][place], "authority", Authority)
        for name in ("questions", "refusals"):
            fields[name].widget.attrs |= {"class": "mono", "spellcheck": "false", "wrap": "off"}

    @property
    def levels(self) -> list[forms.BoundField]:
        return [self[f"level_{place.value}"] for place in Place]


class PaperForm(forms.Form):
    """A paper of an item; one without a key is none."""

    key = _line(_("键"), "", 40)
    name_zh = _line(_("材料名称"))
    name_en = _line(_("材料名称（英文）"))
    copies = _number(_("份数"))
    medium = _one(_("原件或复印件"), "medium", Medium)
    origin = _one(_("材料来源"), "origin", Origin)
    when = _line(_("什么时候要"), _("问题键=选项键,选项键；多个条件用分号隔开；总是要的留空"))
    note_zh = _line(_("说明"))
    note_en = _line(_("说明（英文）"))
    optional = _flag(_("可不提供"))
    form = _flag(_("是表格"))
    shareable = _flag(_("数据共享免提交"))
    deferrable = _flag(_("可容缺"))
    commitment = _flag(_("可承诺代替"))


PaperForms = forms.formset_factory(PaperForm, extra=1, can_delete=True, max_num=30)


class MoveForm(forms.Form):
    """Why an edition goes where it goes."""

    note = forms.CharField(
        label=_("说明"),
        help_text=_("改了什么、为什么；审核人和审计都能看到。"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class PublishForm(forms.Form):
    """From which day an edition counts."""

    in_force_from = forms.DateField(
        label=_("施行日期"),
        help_text=_("今天或以后的一天；之前受理的件仍按原来的一版办。"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("请填写施行日期。"), "invalid": _("请填写正确的日期。")},
    )


class UploadForm(forms.Form):
    """A workbook with all items."""

    file = SmallFileField(
        label=_("改好的工作簿"),
        help_text=_("先下载这一版，在表里改好再传；表里没有的事项会从草稿里去掉。"),
        most_bytes=MOST_BYTES,
        accept=".xlsx,.ods",
        errors={
            "required": _("请选择改好的工作簿。"),
            "empty": _("文件是空的，请选择改好的工作簿。"),
            "max_length": _("文件名太长，请改短后再上传。"),
            "too_large": _("文件超过 %(most)s MB，请拆分成几个文件。"),
        },
    )
