"""What a target asks when it is set or changed."""

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from circle15.programme.targets.setting import EARLIEST, LATEST, Wanted
from circle15.programme.targets_states import Force, Op
from circle15.standards.targets import TargetTemplate, target_rules
from circle15.web.bureau.services.entry_forms import CHOOSE, WRITE, choose, day_field
from circle15.web.shared.item_words import said
from circle15.web.shared.number_fields import DecimalNumberField, WholeNumberField

if TYPE_CHECKING:
    from circle15.programme.targets_models import Target

_VALUE = {
    "invalid": gettext_lazy("请填写数字。"),
    "max_digits": gettext_lazy("数字太大。"),
    "max_decimal_places": gettext_lazy("最多一位小数。"),
    "max_whole_digits": gettext_lazy("数字太大。"),
}


class _TargetFields(forms.Form):
    name = forms.CharField(label=gettext_lazy("目标名称"), max_length=80, error_messages=WRITE)
    op = forms.ChoiceField(label=gettext_lazy("要求"), choices=Op.choices, error_messages=CHOOSE)
    value = DecimalNumberField(
        label=gettext_lazy("数值"),
        required=False,
        max_digits=7,
        decimal_places=1,
        help_text=gettext_lazy("要求“全部”时不填；人口比例填百分数"),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages=_VALUE,
    )
    due_on = day_field(gettext_lazy("完成日期"))
    force = forms.ChoiceField(
        label=gettext_lazy("力度"),
        choices=Force.choices,
        error_messages=CHOOSE,
        help_text=gettext_lazy("确保是硬任务，力争是努力方向；未完成时提示不同"),
    )

    def _value(self) -> Decimal | None:
        value = self.cleaned_data["value"]
        assert value is None or isinstance(value, Decimal)
        return value


class TargetForm(_TargetFields):
    """A new target, of an own kind or as a plan sets it."""

    area = forms.ChoiceField(label=gettext_lazy("区域"), error_messages=CHOOSE)
    year = WholeNumberField(
        label=gettext_lazy("年度"),
        min_value=EARLIEST,
        max_value=LATEST,
        error_messages=WRITE | {"invalid": gettext_lazy("请填写年份，如 2026。")},
    )
    metric = forms.ChoiceField(label=gettext_lazy("指标"), error_messages=CHOOSE)
    template = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    field_order = ("area", "year", "name", "metric", "op", "value", "due_on", "force", "template")

    def __init__(self, *args: Any, areas: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        choose(self.fields["area"], areas)
        metrics = [(key, said(one.name)) for key, one in target_rules().metrics.items()]
        choose(self.fields["metric"], [("", _("请选择")), *metrics])

    def wanted(self) -> Wanted:
        given = self.cleaned_data
        return Wanted(
            name=given["name"],
            metric=given["metric"],
            op=given["op"],
            value=self._value(),
            due_on=given["due_on"],
            force=given["force"],
            area_path=given["area"],
            year=given["year"],
            template=given["template"],
        )


class ChangeForm(_TargetFields):
    """A change of a target, with the reason."""

    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=WRITE | {"max_length": gettext_lazy("不超过 500 个字。")},
    )

    def wanted(self, target: "Target") -> Wanted:
        given = self.cleaned_data
        return Wanted(
            name=given["name"],
            metric=target.metric,
            op=given["op"],
            value=self._value(),
            due_on=given["due_on"],
            force=given["force"],
        )


def from_template(one: TargetTemplate, *, year: int) -> dict[str, Any]:
    """Fill a form from a plan; the day of the plan is kept as it is printed."""
    return {
        "template": one.id,
        "name": said(one.name),
        "metric": one.metric,
        "op": one.op,
        "value": one.value,
        "due_on": one.due,
        "force": one.force,
        "year": one.due.year if one.due else year,
    }
