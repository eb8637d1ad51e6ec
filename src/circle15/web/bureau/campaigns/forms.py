"""What making a campaign, and each act on a site or a line of it, asks."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from circle15.assessments.campaign_states import LineAct, TitleKind
from circle15.assessments.campaigns.making import NO_TITLE, Chosen, Wanted
from circle15.assessments.states import Purpose
from circle15.ledger.files import MAX_BYTES
from circle15.sites.states import SiteKind
from circle15.web.bureau.services.entry_forms import CHOOSE, WRITE, choose, day_field
from circle15.web.shared.file_fields import SmallFileField
from circle15.web.shared.number_fields import DecimalNumberField, WholeNumberField

FILE_ERRORS: Final[Mapping[str, Any]] = {
    "required": gettext_lazy("请附上佐证材料（照片或 PDF）。"),
    "empty": gettext_lazy("文件为空，请重新选择"),
    "invalid": gettext_lazy("文件没有传上来，请重新选择"),
    "max_length": gettext_lazy("文件名太长，请改短后上传"),
    "too_large": gettext_lazy("文件超过%(most)sMB，请压缩后上传"),
}
_POINTS = {"invalid": gettext_lazy("得分写成数字，最多一位小数。")}


def note_field(label: Any, *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=WRITE | {"max_length": gettext_lazy("不超过 500 个字。")},
    )


def points_field(label: Any, *, required: bool = True) -> DecimalNumberField:
    return DecimalNumberField(
        label=label,
        required=required,
        max_digits=6,
        decimal_places=1,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages=WRITE
        | _POINTS
        | dict.fromkeys(("max_digits", "max_decimal_places"), _POINTS["invalid"]),
    )


def file_field() -> SmallFileField:
    return SmallFileField(
        label=gettext_lazy("佐证材料"),
        most_bytes=MAX_BYTES,
        accept="image/jpeg,image/png,image/webp,application/pdf",
        errors=FILE_ERRORS,
        help_text=gettext_lazy("照片或 PDF，不超过 10MB"),
    )


class ActForm(forms.Form):
    """An act that asks nothing more."""

    act: str
    label: str | Promise

    def __init__(self, *args: Any, act: str, label: str | Promise, **more: Any) -> None:
        super().__init__(*args, **{"auto_id": f"{act}-%s"} | more)
        self.act, self.label = act, label

    @property
    def has_file(self) -> bool:
        return "file" in self.fields


class NoteForm(ActForm):
    note = note_field(gettext_lazy("说明"), required=False)


class WordsForm(ActForm):
    note = note_field(gettext_lazy("情况和理由"))


class SelfForm(ActForm):
    points = points_field(gettext_lazy("自评得分"))
    note = note_field(gettext_lazy("说明"), required=False)


class ObjectForm(ActForm):
    note = note_field(gettext_lazy("异议内容"))
    file = file_field()


class UpholdForm(ActForm):
    points = points_field(gettext_lazy("应得分"))
    note = note_field(gettext_lazy("采纳的理由"))


class ProposeForm(ActForm):
    points = points_field(gettext_lazy("调整为"))
    note = note_field(gettext_lazy("调整的理由"))
    file = file_field()


class VetoForm(ActForm):
    vetoes = forms.MultipleChoiceField(
        label=gettext_lazy("一票否决情形"),
        widget=forms.CheckboxSelectMultiple,
        error_messages=CHOOSE,
    )
    note = note_field(gettext_lazy("认定的事实"))
    file = file_field()

    def __init__(self, *args: Any, vetoes: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["vetoes"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(vetoes)


class CheckForm(ActForm):
    check = forms.ChoiceField(label=gettext_lazy("现场检查"), error_messages=CHOOSE)

    def __init__(self, *args: Any, checks: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        choose(self.fields["check"], checks)


class MarkForm(ActForm):
    pass_mark = points_field(gettext_lazy("合格线"), required=False)


LINE_FORMS: Final[Mapping[LineAct, type[ActForm]]] = {
    LineAct.SELF: SelfForm,
    LineAct.CONFIRM: NoteForm,
    LineAct.QUESTION: WordsForm,
    LineAct.ANSWER: WordsForm,
    LineAct.AGREES: NoteForm,
    LineAct.DIFFERS: WordsForm,
    LineAct.OBJECT: ObjectForm,
    LineAct.UPHOLD: UpholdForm,
    LineAct.DISMISS: WordsForm,
    LineAct.PROPOSE: ProposeForm,
    LineAct.APPROVE: NoteForm,
    LineAct.REFUSE: WordsForm,
}


class CampaignForm(forms.Form):
    """A new campaign: by which book, on which days, which sites."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=80, error_messages=WRITE)
    kind = forms.ChoiceField(
        label=gettext_lazy("种类"), choices=Purpose.choices, error_messages=CHOOSE
    )
    book = forms.ChoiceField(label=gettext_lazy("评分规则"), error_messages=CHOOSE)
    freeze_on = day_field(
        gettext_lazy("台账冻结日"), hint=gettext_lazy("按这一天的台账评，用这一天施行的版本")
    )
    objection_days = WholeNumberField(
        label=gettext_lazy("异议期（工作日）"), min_value=0, max_value=60, initial=5
    )
    pass_mark = points_field(gettext_lazy("合格线"), required=False)
    title = forms.ChoiceField(label=gettext_lazy("达到合格线的授予"), required=False)
    needs_both = forms.BooleanField(
        label=gettext_lazy("规则同时写明台账和现场的，两样都符合才得分"),
        required=False,
        initial=True,
    )
    area = forms.ChoiceField(label=gettext_lazy("范围"), required=False)
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("网点种类"),
        choices=SiteKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("不选就是这套规则评的全部种类"),
    )
    held = forms.ChoiceField(label=gettext_lazy("称号"), required=False)

    def __init__(
        self,
        *args: Any,
        books: Iterable[tuple[str, str]],
        areas: Iterable[tuple[str, str]],
        today: date,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.fields["freeze_on"].initial = today
        self.fields["pass_mark"].help_text = _("文件没有规定；不填就是“未设合格线”，只给分数")
        choose(self.fields["book"], books)
        choose(self.fields["area"], [("", _("本辖区全部")), *areas])
        choose(self.fields["title"], [("", _("不授予称号")), *TitleKind.choices])
        held = [("", _("不限")), *TitleKind.choices, (NO_TITLE, _("没有称号的"))]
        choose(self.fields["held"], held)

    def chosen(self) -> Chosen:
        given = self.cleaned_data
        return Chosen(given["area"], tuple(given["kinds"]), given["held"])

    def wanted(self) -> Wanted:
        given = self.cleaned_data
        mark = given["pass_mark"]
        assert mark is None or isinstance(mark, Decimal)
        return Wanted(
            name=given["name"],
            kind=given["kind"],
            book=given["book"],
            freeze_on=given["freeze_on"],
            objection_days=given["objection_days"],
            pass_mark=mark,
            needs_both=given["needs_both"],
            title=given["title"],
        )
