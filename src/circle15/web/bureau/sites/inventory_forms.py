"""Forms for what stands in a site: equipment, signs, windows, hours, trainings."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from circle15.ledger.plausible import MOST_ATTENDEES
from circle15.ledger.states import TrainingKind
from circle15.sites.actions import MOST_PIECES
from circle15.sites.states import SignKind, Weekday
from circle15.standards.facts import facts
from circle15.web.shared.number_fields import WholeNumberField

_NEEDED = {"required": _("请填写这一项。")}
_NUMBER = _NEEDED | {"invalid": _("请填写数字。")}
_DATE = _NEEDED | {"invalid": _("日期写成 2026-01-31 这样。")}
_TIME = _NEEDED | {"invalid": _("时间写成 08:30 这样。")}


def _day(label: Any, *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget, error_messages=_DATE)


def _clock(label: Any) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, widget=widget, error_messages=_TIME)


class PartForm(forms.Form):
    """A form of the inventory page; its fields are called as the action's arguments.

    `part` tells the ids of its fields from those of the page's other forms.
    """

    part: ClassVar[str]

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id=f"{self.part}-%s")


class EquipmentForm(PartForm):
    """A new piece, or lot, of equipment."""

    part = "equipment"
    key = forms.ChoiceField(label=_("名称"))
    asset_no = forms.CharField(
        label=_("资产编号"), required=False, max_length=40, help_text=_("留空则自动编号。")
    )
    quantity = WholeNumberField(
        label=_("数量"), min_value=1, max_value=MOST_PIECES, initial=1, error_messages=_NUMBER
    )
    acquired_on = _day(_("购置日期"), required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        field, language = self.fields["key"], get_language() or ""
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (name, fact.label.in_language(language))
            for name, fact in facts().items()
            if fact.group == "eq"
        ]


class SignForm(PartForm):
    """A sign at a place, and what is wrong with it."""

    part = "sign"
    kind = forms.ChoiceField(label=_("种类"), choices=SignKind.choices)
    place = forms.CharField(
        label=_("位置"), max_length=80, help_text=_("如：大门口。"), error_messages=_NEEDED
    )
    problem = forms.CharField(
        label=_("存在的问题"), required=False, max_length=200, help_text=_("没有问题就留空。")
    )


class WindowForm(PartForm):
    """A service window; one with the same number is replaced."""

    part = "window"
    number = WholeNumberField(label=_("窗口号"), min_value=1, max_value=999, error_messages=_NUMBER)
    name = forms.CharField(label=_("窗口名称"), max_length=40, error_messages=_NEEDED)
    is_comprehensive = forms.BooleanField(label=_("综合窗口"), required=False, initial=True)
    is_green_channel = forms.BooleanField(label=_("绿色通道"), required=False)


class HoursForm(PartForm):
    """Opening hours of a weekday; those that open at the same time are replaced."""

    part = "hours"
    weekday = forms.TypedChoiceField(label=_("星期"), choices=Weekday.choices, coerce=int)
    opens = _clock(_("开始时间"))
    closes = _clock(_("结束时间"))
    is_extended = forms.BooleanField(label=_("延时服务"), required=False)


class TrainingForm(PartForm):
    """A training held for the site's staff."""

    part = "training"
    held_on = _day(_("培训日期"))
    kind = forms.ChoiceField(label=_("培训形式"), choices=TrainingKind.choices)
    topic = forms.CharField(label=_("培训主题"), max_length=120, error_messages=_NEEDED)
    attendees = WholeNumberField(
        label=_("参加人数"), min_value=1, max_value=MOST_ATTENDEES, error_messages=_NUMBER
    )


PART_FORMS: tuple[type[PartForm], ...] = (
    EquipmentForm,
    SignForm,
    WindowForm,
    HoursForm,
    TrainingForm,
)
