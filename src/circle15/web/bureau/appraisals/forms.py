"""What each step asks: a grade and words, a window or a person, a result and its uses, a text."""

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from circle15.assessments.appraisal_states import AppraisalStep, AwardStep, TypicalStep
from circle15.ledger.files import MAX_BYTES
from circle15.standards.appraisals import appraisal_rules
from circle15.web.bureau.services.entry_forms import CHOOSE, WRITE, choose
from circle15.web.shared.file_fields import SmallFileField
from circle15.web.shared.item_words import said
from circle15.web.shared.site_fields import SiteField

ALL = ("", gettext_lazy("全部"))
_OF_CLAUSE = '{} · <span lang="zh-CN">{}</span>'
_NOTES: Final[dict[str, Any]] = {
    AppraisalStep.PROPOSE: gettext_lazy("评语（根据业绩表写）"),
    AppraisalStep.CONFIRM: gettext_lazy("确认意见"),
    AppraisalStep.RETURN: gettext_lazy("为什么退回"),
    AppraisalStep.ACCEPT: gettext_lazy("备注"),
    AppraisalStep.OBJECT: gettext_lazy("异议理由"),
    AppraisalStep.DECIDE: gettext_lazy("复核意见"),
    AwardStep.APPROVE: gettext_lazy("审定意见"),
    AwardStep.REFUSE: gettext_lazy("为什么不通过"),
    AwardStep.WITHDRAW: gettext_lazy("为什么撤销"),
    TypicalStep.SUBMIT: gettext_lazy("报送说明"),
    TypicalStep.GIVE_BACK: gettext_lazy("要怎么改"),
    TypicalStep.CHOOSE: gettext_lazy("入选意见"),
    TypicalStep.PUBLISH: gettext_lazy("刊发说明"),
}
_FREE = frozenset(
    {
        AppraisalStep.CONFIRM,
        AppraisalStep.ACCEPT,
        AwardStep.APPROVE,
        TypicalStep.SUBMIT,
        TypicalStep.CHOOSE,
        TypicalStep.PUBLISH,
    }
)
_GRADED = frozenset({AppraisalStep.PROPOSE, AppraisalStep.DECIDE})


class StepForm(forms.Form):
    """The words of a step, and where it needs one a grade."""

    grade = forms.ChoiceField(
        label=gettext_lazy("等次"), widget=forms.RadioSelect, error_messages=CHOOSE
    )
    note = forms.CharField(
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=WRITE | {"max_length": gettext_lazy("不超过 500 个字。")},
    )

    def __init__(self, *args: Any, step: Any, grade: str = "", key: str = "", **more: Any) -> None:
        super().__init__(*args, **{"auto_id": f"{step}{key}-%s"} | more)
        self.step, self.label = step, step.label
        self.fields["note"].label = _NOTES[step]
        self.fields["note"].required = step not in _FREE
        if step in _GRADED:
            grades = appraisal_rules().grades.values()
            choose(self.fields["grade"], [(one.key, said(one.name)) for one in grades])
            self.fields["grade"].initial = grade
        else:
            del self.fields["grade"]


class FilterForm(forms.Form):
    """Which quarter or year, and which site."""

    period = forms.ChoiceField(label=gettext_lazy("期间"), required=False)
    site = SiteField(label=gettext_lazy("网点"), required=False)

    def __init__(
        self,
        *args: Any,
        periods: Iterable[tuple[str, Any]],
        sites: Iterable[tuple[str, str]] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(*args, **{"auto_id": "filter_%s"} | more)
        choose(self.fields["period"], periods)
        if sites is None:
            del self.fields["site"]
        else:
            choose(self.fields["site"], [ALL, *sites])

    def chosen(self, name: str) -> str:
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")


class AwardForm(forms.Form):
    """An award proposed: of which quarter, and for which window or member of staff."""

    period = forms.ChoiceField(label=gettext_lazy("季度"), error_messages=CHOOSE)
    holder = forms.ChoiceField(label=gettext_lazy("授予谁"), error_messages=CHOOSE)
    reason = forms.CharField(
        label=gettext_lazy("理由（用业绩表里的数说话）"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=WRITE,
    )

    def __init__(
        self,
        *args: Any,
        periods: Iterable[tuple[str, str]],
        holders: Iterable[tuple[str, str]],
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        choose(self.fields["period"], periods)
        choose(self.fields["holder"], [("", _("请选择")), *holders])


class ResultForm(forms.Form):
    """A site's result of a year and what it is used for."""

    site = SiteField(label=gettext_lazy("网点"), error_messages=CHOOSE)
    result = forms.ChoiceField(
        label=gettext_lazy("年度结果"), widget=forms.RadioSelect, error_messages=CHOOSE
    )
    uses = forms.MultipleChoiceField(
        label=gettext_lazy("用于"), required=False, widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(
        label=gettext_lazy("说明"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("改动已有的决定，要写明理由"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, sites: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        rules = appraisal_rules()
        choose(self.fields["site"], [("", _("请选择")), *sites])
        choose(self.fields["result"], [(key, said(name)) for key, name in rules.results.items()])
        uses = self.fields["uses"]
        assert isinstance(uses, forms.MultipleChoiceField)
        uses.choices = [
            (use.key, format_html(_OF_CLAUSE, said(use.name), use.clause))
            for use in rules.uses.values()
        ]


class TypicalForm(forms.Form):
    """A typical case: heading and text, without persons."""

    site = SiteField(label=gettext_lazy("网点"), required=False)
    title = forms.CharField(label=gettext_lazy("标题"), error_messages=WRITE)
    text = forms.CharField(
        label=gettext_lazy("正文"),
        help_text=gettext_lazy("做法、成效、体会；不写姓名、身份证号、手机号"),
        widget=forms.Textarea(attrs={"rows": 12}),
        error_messages=WRITE,
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, sites: Iterable[tuple[str, str]] | None = None, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        plan = appraisal_rules().cases
        self.fields["title"].widget.attrs["maxlength"] = plan.title_length
        self.fields["text"].widget.attrs["maxlength"] = plan.text_length
        if sites is None:
            del self.fields["site"]
        else:
            choose(self.fields["site"], [("", _("本单位")), *sites])


class FileForm(forms.Form):
    """A photo or a PDF beside the text."""

    file = SmallFileField(
        label=gettext_lazy("照片或 PDF"),
        most_bytes=MAX_BYTES,
        accept="image/jpeg,image/png,image/webp,application/pdf",
        errors={
            "required": gettext_lazy("请选择文件。"),
            "empty": gettext_lazy("文件为空，请重新选择。"),
            "max_length": gettext_lazy("文件名太长，请改短后再上传。"),
            "too_large": gettext_lazy("文件超过 %(most)s MB，请压缩后再上传。"),
        },
    )


class SearchForm(forms.Form):
    """Words and state of the library."""

    q = forms.CharField(label=gettext_lazy("字词"), required=False, max_length=40)
    state = forms.ChoiceField(label=gettext_lazy("状态"), required=False)

    def __init__(self, *args: Any, states: Iterable[tuple[str, Any]], **more: Any) -> None:
        super().__init__(*args, **{"auto_id": "filter_%s"} | more)
        choose(self.fields["state"], [ALL, *states])

    def chosen(self, name: str) -> str:
        self.is_valid()
        return str(self.cleaned_data.get(name) or "").strip()
