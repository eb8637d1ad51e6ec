"""What lists are narrowed to, and what each step asks."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy

from circle15.assessments.monitoring.lists import WarningFilter
from circle15.assessments.monitoring_states import SupervisionStep, WarningState
from circle15.ledger.files import MAX_BYTES
from circle15.standards.early_warnings import warning_kinds
from circle15.web.bureau.ratings.forms import ALL
from circle15.web.bureau.services.entry_forms import WRITE, choose, day_field
from circle15.web.shared.file_fields import SmallFileField
from circle15.web.shared.item_words import said

STANDING = ("", gettext_lazy("未消除"))
_FILE_ERRORS: Mapping[str, Any] = {
    "empty": gettext_lazy("文件为空，请重新选择"),
    "max_length": gettext_lazy("文件名太长，请改短后上传。"),
    "too_large": gettext_lazy("文件超过 %(most)s MB，请压缩后上传"),
}
NOTES: Final[Mapping[SupervisionStep, Any]] = {
    SupervisionStep.ANSWER: gettext_lazy("做了什么"),
    SupervisionStep.ACCEPT: gettext_lazy("核查意见"),
    SupervisionStep.SEND_BACK: gettext_lazy("退回的理由"),
    SupervisionStep.CLOSE: gettext_lazy("销号意见"),
    SupervisionStep.WITHDRAW: gettext_lazy("撤回的理由"),
}


class WarningFilterForm(forms.Form):
    """The filter of the list; every field may be empty, wrong values count as empty."""

    area = forms.ChoiceField(label=gettext_lazy("区域"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("预警"), required=False)
    book = forms.ChoiceField(label=gettext_lazy("涉及的评分规则"), required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("状态"), required=False, choices=[STANDING, *WarningState.choices]
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        areas: Iterable[tuple[str, str]],
        books: Iterable[tuple[str, str]],
    ) -> None:
        super().__init__(data)
        choose(self.fields["area"], [ALL, *areas])
        kinds = [(key, said(kind.label)) for key, kind in warning_kinds().items()]
        choose(self.fields["kind"], [ALL, *kinds])
        choose(self.fields["book"], [ALL, *books])

    def chosen(self, name: str) -> str:
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")

    def narrowed(self) -> WarningFilter:
        """Return the filter; a value that is not offered narrows nothing."""
        return WarningFilter(
            area_path=self.chosen("area"),
            kind=self.chosen("kind"),
            book=self.chosen("book"),
            state=self.chosen("state"),
        )


def words_field(label: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=WRITE | {"max_length": gettext_lazy("不超过 500 个字。")},
    )


class PlanForm(forms.Form):
    """What will be done about a warning, and by when."""

    words = words_field(gettext_lazy("打算怎么改"))
    until = day_field(gettext_lazy("哪天改好"))


class OrderForm(forms.Form):
    """What an officer asks of a site."""

    words = words_field(gettext_lazy("要求做什么"))
    until = day_field(gettext_lazy("哪天以前反馈"))
    owner = forms.ChoiceField(label=gettext_lazy("由谁反馈"), required=False)

    def __init__(self, *args: Any, people: Iterable[tuple[int, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        known = [(str(pk), name) for pk, name in people]
        choose(self.fields["owner"], [("", gettext_lazy("网点负责人均可")), *known])


class StepForm(forms.Form):
    """The words every step of an order asks for."""

    words = words_field()

    def __init__(self, *args: Any, step: SupervisionStep, **more: Any) -> None:
        super().__init__(*args, **{"auto_id": f"{step}-%s"} | more)
        self.step, self.label = step, step.label
        self.fields["words"].label = NOTES[step]


class AnswerForm(StepForm):
    file = SmallFileField(
        label=gettext_lazy("照片或 PDF"),
        required=False,
        most_bytes=MAX_BYTES,
        accept="image/jpeg,image/png,image/webp,application/pdf",
        errors=_FILE_ERRORS,
    )


class BackForm(StepForm):
    until = day_field(gettext_lazy("哪天以前再反馈"))


FORMS: Final[Mapping[SupervisionStep, type[StepForm]]] = {
    SupervisionStep.ANSWER: AnswerForm,
    SupervisionStep.ACCEPT: StepForm,
    SupervisionStep.SEND_BACK: BackForm,
    SupervisionStep.CLOSE: StepForm,
    SupervisionStep.WITHDRAW: StepForm,
}
