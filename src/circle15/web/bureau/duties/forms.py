"""What is asked to give duties, and for each step of one."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy

from circle15.programme.duties.actions import COUNTIES, NewDuty
from circle15.programme.duties_states import TRANSITIONS, AssignmentStep
from circle15.standards.duties import TOWNS, duty_rules
from circle15.web.bureau.construction.forms import file_field
from circle15.web.bureau.services.entry_forms import CHOOSE, WRITE, choose, day_field
from circle15.web.shared.number_fields import WholeNumberField

LISTS = (
    ("open", gettext_lazy("未完成的")),
    ("mine", gettext_lazy("本单位要办的")),
    ("overdue", gettext_lazy("已逾期")),
    ("soon", gettext_lazy("即将到期")),
    ("reported", gettext_lazy("待确认")),
    ("done", gettext_lazy("已确认完成")),
    ("all", gettext_lazy("全部")),
)


class ListForm(forms.Form):
    """Which duties a list shows."""

    which = forms.ChoiceField(label=gettext_lazy("清单"), choices=LISTS, required=False)
    area = forms.ChoiceField(label=gettext_lazy("范围"), required=False)

    def __init__(self, *args: Any, areas: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        choose(self.fields["area"], [("", gettext_lazy("本辖区全部")), *areas])


class ForceForm(forms.Form):
    since = day_field(gettext_lazy("设立日期"))


class MemberForm(forms.Form):
    """Which organisation an agency is."""

    key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    organisation = forms.TypedChoiceField(
        label=gettext_lazy("对应机构"), coerce=int, empty_value=None, required=False
    )

    def __init__(self, *args: Any, organisations: Iterable[tuple[int, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        known = [(str(pk), name) for pk, name in organisations]
        choose(self.fields["organisation"], [("", gettext_lazy("没有账号，由医保局代填")), *known])


class TemplateForm(forms.Form):
    """A plan's duties for a year."""

    template = forms.ChoiceField(label=gettext_lazy("方案"), error_messages=CHOOSE)
    year = WholeNumberField(label=gettext_lazy("年份"), min_value=2020, max_value=2099)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        language = get_language() or ""
        known = duty_rules().templates.items()
        choose(
            self.fields["template"],
            [(key, each.name.in_language(language)) for key, each in known],
        )


class GiveForm(forms.Form):
    """A duty of a bureau's own, to one or many at once."""

    name = forms.CharField(label=gettext_lazy("任务"), max_length=80, error_messages=WRITE)
    words = forms.CharField(
        label=gettext_lazy("要求"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    basis = forms.CharField(label=gettext_lazy("依据"), max_length=80, required=False)
    to = forms.MultipleChoiceField(
        label=gettext_lazy("责任单位"), widget=forms.CheckboxSelectMultiple, error_messages=CHOOSE
    )
    due_on = day_field(gettext_lazy("截止日期"), required=False)
    working_days = WholeNumberField(
        label=gettext_lazy("或者几个工作日内"), required=False, min_value=1, max_value=250
    )

    def __init__(
        self, *args: Any, members: Iterable[tuple[str, str]], is_city: bool, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        areas = [(TOWNS, gettext_lazy("全部乡镇（街道）"))]
        if is_city:
            areas.insert(0, (COUNTIES, gettext_lazy("全部县（市、区）")))
        choose(self.fields["to"], [*areas, *members])

    def wanted(self) -> NewDuty:
        given = self.cleaned_data
        due_on = given["due_on"]
        assert due_on is None or isinstance(due_on, date)
        return NewDuty(
            name=given["name"],
            to=tuple(given["to"]),
            words=given["words"],
            basis=given["basis"],
            due_on=due_on,
            working_days=given["working_days"],
        )


class StepForm(forms.Form):
    """The words of a step; optional where the table asks for none."""

    words = forms.CharField(
        label=gettext_lazy("说明"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=WRITE,
    )

    def __init__(self, *args: Any, step: AssignmentStep, **more: Any) -> None:
        super().__init__(*args, **{"auto_id": f"{step}_%s"} | more)
        self.step, self.label = step, step.label
        self.fields["words"].required = any(
            moves[step].asks_words for moves in TRANSITIONS.values() if step in moves
        )


class FileStepForm(StepForm):
    file = file_field(required=False)


class ProlongForm(StepForm):
    due_on = day_field(gettext_lazy("新的截止日期"))


class PassOnForm(StepForm):
    due_on = day_field(
        gettext_lazy("乡镇的截止日期"),
        required=False,
        hint=gettext_lazy("不填就与本任务相同，不能更晚"),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        del self.fields["words"]


def form_of(step: AssignmentStep) -> type[StepForm]:
    """Return the form of a step."""
    match step:
        case AssignmentStep.PROGRESS | AssignmentStep.REPORT:
            return FileStepForm
        case AssignmentStep.PROLONG:
            return ProlongForm
        case AssignmentStep.PASS_ON:
            return PassOnForm
    return StepForm
