"""Forms for the rules of a hall: the queue, its lanes, hours of the old, windows, cover."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from circle15.hall.states import LaneKind
from circle15.items.naming import ItemNames
from circle15.sites.states import Weekday
from circle15.web.shared.item_words import grouped
from circle15.web.shared.number_fields import WholeNumberField

_NEEDED = {"required": _("请填写这一项。")}
_CHOOSE = {"required": _("请选择一项。"), "invalid_choice": _("请从列表中选择。")}
_TIME = _NEEDED | {"invalid": _("时间写成 08:30 这样。")}
WORKDAYS = tuple(day for day in Weekday.choices if day[0] <= Weekday.FRIDAY)


def _whole(label: Any, least: int, most: int, **more: Any) -> WholeNumberField:
    wrong = {
        "invalid": _("请填整数。"),
        "min_value": _("不能小于 %(limit_value)s。"),
        "max_value": _("不能大于 %(limit_value)s。"),
    }
    return WholeNumberField(
        label=label, min_value=least, max_value=most, error_messages=_NEEDED | wrong, **more
    )


def _clock(label: Any) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, widget=widget, error_messages=_TIME)


class HallForm(forms.Form):
    """One of the forms of the settings page; `part` tells its ids from the others'."""

    part: ClassVar[str]

    def __init__(self, data: Mapping[str, Any] | None = None, **more: Any) -> None:
        super().__init__(data, auto_id=f"{self.part}-%s", **more)


class RulesForm(HallForm):
    """How people are called."""

    part = "rules"
    call_limit = _whole(
        _("叫几次算过号"), 1, 9, help_text=_("叫到这么多次没人来，自动记过号；过号可以恢复。")
    )
    green_ratio = _whole(
        _("绿色通道最多连叫几位"),
        1,
        9,
        help_text=_("有普通号在等时，连叫这么多位绿色通道后，一定叫一位普通号。"),
    )
    longest_wait_min = _whole(
        _("最长等候（分钟）"),
        1,
        240,
        help_text=_("等得比这更久的人，不论排哪一队，最先叫。"),
    )
    takes_tickets = forms.BooleanField(
        label=_("现在可以取号"),
        required=False,
        help_text=_("取消后，自助机、手机和窗口都不再出号。"),
    )
    keeps_overnight = forms.BooleanField(
        label=_("没叫到的号留到第二天"),
        required=False,
        help_text=_("一般不选：当天没叫到的号作废。"),
    )


class LaneForm(HallForm):
    """A lane, new or renamed."""

    part = "lane"
    code = forms.RegexField(
        regex=r"^[A-Za-z]{1,2}$",
        label=_("号码开头的字母"),
        help_text=_("一到两个字母，例如 A。已有的字母就是改那一队。"),
        error_messages=_NEEDED | {"invalid": _("请填一到两个英文字母，例如 A。")},
    )
    name = forms.CharField(label=_("名称"), max_length=40, error_messages=_NEEDED)
    kind = forms.ChoiceField(label=_("性质"), choices=LaneKind.choices, error_messages=_CHOOSE)

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).upper()


class PeakForm(HallForm):
    """Hours in which old people come first."""

    part = "peak"
    weekdays = forms.TypedMultipleChoiceField(
        label=_("星期"),
        choices=Weekday.choices,
        coerce=int,
        initial=[day for day, _label in WORKDAYS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选一天。"), "invalid_choice": _("请从列表中选择。")},
    )
    opens = _clock(_("开始时间"))
    closes = _clock(_("结束时间"))

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if "opens" in given and "closes" in given and given["closes"] <= given["opens"]:
            self.add_error("closes", _("结束时间要晚于开始时间。"))
        return given


class CoverForm(HallForm):
    """Who stands in for whom."""

    part = "cover"
    absent = forms.TypedChoiceField(label=_("谁不在"), coerce=int, error_messages=_CHOOSE)
    by = forms.TypedChoiceField(label=_("由谁顶岗"), coerce=int, error_messages=_CHOOSE)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, windows: Iterable[tuple[int, str]]
    ) -> None:
        super().__init__(data)
        choices = list(windows)
        for name in ("absent", "by"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("请选择窗口")), *choices]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("absent") is not None and given.get("absent") == given.get("by"):
            self.add_error("by", _("不能自己顶自己的岗。"))
        return given


class SkillsForm(HallForm):
    """What a window takes; nothing ticked means everything (综合窗口)."""

    part = "skills"
    lanes = forms.MultipleChoiceField(
        label=_("只叫这些队"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("都不选，就是哪一队都叫。"),
        error_messages=_CHOOSE,
    )
    items = forms.MultipleChoiceField(
        label=_("只办这些事项"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("都不选，就是什么都办，这是综合窗口的常态。"),
        error_messages=_CHOOSE,
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        lanes: Iterable[tuple[str, str]],
        names: ItemNames,
        **more: Any,
    ) -> None:
        super().__init__(data, **more)
        items = [choice for _group, choices in grouped(names) for choice in choices]
        for name, choices in (("lanes", list(lanes)), ("items", items)):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = choices
