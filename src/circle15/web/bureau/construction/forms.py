"""What is asked to begin a project, and for each step of it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from circle15.ledger.photos import MOST_BYTES
from circle15.programme.construction.queries import Found
from circle15.programme.construction_states import GuaranteeState, Phase
from circle15.standards.construction import build_rules
from circle15.web.bureau.services.entry_forms import CHOOSE, WRITE, choose, day_field
from circle15.web.shared.file_fields import SmallFileField
from circle15.web.shared.site_fields import SiteField

_FILE = {
    "required": gettext_lazy("请选择一个文件。"),
    "empty": gettext_lazy("文件为空，请重新选择"),
    "max_length": gettext_lazy("文件名太长，请改短后上传。"),
    "too_large": gettext_lazy("文件超过%(most)sMB，请压缩后上传"),
}
LISTS = (
    ("running", gettext_lazy("建设中")),
    ("late", gettext_lazy("有逾期的")),
    ("finished", gettext_lazy("已建成")),
    ("all", gettext_lazy("全部")),
)


def file_field(*, required: bool) -> SmallFileField:
    """Return a field for a photo, made smaller before it is kept, or a PDF."""
    return SmallFileField(
        label=gettext_lazy("照片或文件"),
        required=required,
        most_bytes=MOST_BYTES,
        accept="image/jpeg,image/png,image/webp,application/pdf",
        errors=_FILE,
        help_text=gettext_lazy("照片（会自动压缩）或 PDF"),
    )


class ListForm(forms.Form):
    """Which projects a list shows."""

    which = forms.ChoiceField(label=gettext_lazy("进度"), choices=LISTS, required=False)
    search = forms.CharField(label=gettext_lazy("网点名称"), required=False, max_length=40)

    def found(self) -> Found:
        if not self.is_valid():
            return Found()
        return Found(self.cleaned_data["which"] or "running", self.cleaned_data["search"])


class StartForm(forms.Form):
    """Which site is built, by which template, from which day on."""

    site = SiteField(label=gettext_lazy("网点"), error_messages=CHOOSE)
    template = forms.ChoiceField(label=gettext_lazy("节点安排"), required=False)
    start_on = day_field(
        gettext_lazy("开工日期"), hint=gettext_lazy("按方案日期的，取这一年的月和日")
    )
    report = forms.ChoiceField(label=gettext_lazy("进展多久报一次"), required=False)

    def __init__(self, *args: Any, sites: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        rules, language = build_rules(), get_language() or ""
        templates = [
            (key, each.name.in_language(language)) for key, each in rules.templates.items()
        ]
        reports = [(key, each.name.in_language(language)) for key, each in rules.reports.items()]
        choose(self.fields["site"], sites)
        choose(self.fields["template"], [*templates, ("", _("自定节点"))])
        choose(self.fields["report"], reports)


class MilestoneForm(forms.Form):
    """What every step of a milestone goes along with: which one."""

    milestone = forms.UUIDField(widget=forms.HiddenInput)


class DoneForm(MilestoneForm):
    on = day_field(gettext_lazy("日期"))


class ReopenForm(MilestoneForm):
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=300, error_messages=WRITE)


class MoveForm(MilestoneForm):
    from_on = day_field(gettext_lazy("开始"))
    to_on = day_field(gettext_lazy("计划完成"))
    reason = forms.CharField(label=gettext_lazy("改期的理由"), max_length=300, error_messages=WRITE)


class FileForm(MilestoneForm):
    phase = forms.ChoiceField(
        label=gettext_lazy("种类"), choices=Phase.choices, error_messages=CHOOSE
    )
    taken_on = day_field(gettext_lazy("拍摄或形成日期"))
    file = file_field(required=True)


class AddForm(forms.Form):
    """A milestone of a bureau's own."""

    name = forms.CharField(label=gettext_lazy("建设节点"), max_length=80, error_messages=WRITE)
    owner = forms.CharField(
        label=gettext_lazy("责任单位"),
        max_length=80,
        error_messages=WRITE,
        help_text=gettext_lazy("写单位或岗位，不写人名"),
    )
    from_on = day_field(gettext_lazy("开始"))
    to_on = day_field(gettext_lazy("计划完成"))
    needs = forms.ChoiceField(label=gettext_lazy("完成前要有"), required=False)
    after = forms.ChoiceField(label=gettext_lazy("在哪个节点之后"), required=False)

    def __init__(self, *args: Any, milestones: Iterable[tuple[str, str]] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        choose(self.fields["needs"], [("", _("不要求")), *Phase.choices])
        choose(self.fields["after"], [("", _("不限")), *milestones])


class GuaranteeForm(forms.Form):
    key = forms.CharField(max_length=20, widget=forms.HiddenInput)
    state = forms.ChoiceField(
        label=gettext_lazy("落实情况"), choices=GuaranteeState.choices, error_messages=CHOOSE
    )
    note = forms.CharField(label=gettext_lazy("说明"), required=False, max_length=300)
    file = file_field(required=False)


class ReportForm(forms.Form):
    period = forms.CharField(max_length=12, widget=forms.HiddenInput)
    words = forms.CharField(
        label=gettext_lazy("进展、问题和下一步"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=WRITE,
    )
    file = file_field(required=False)


class WordsForm(forms.Form):
    """A step of the whole project with its reason."""

    reason = forms.CharField(label=gettext_lazy("理由"), max_length=300, required=False)
