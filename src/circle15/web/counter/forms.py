"""What the desk asks before a step, and the form for a number taken for somebody."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from circle15.hall.states import LaneKind
from circle15.items.naming import ItemNames
from circle15.standards.hall import green_classes
from circle15.web.shared.item_words import grouped
from circle15.web.shared.number_fields import WholeNumberField

PAUSE_REASONS = (
    ("papers", _("整理材料")),
    ("break", _("喝水、如厕")),
    ("meal", _("用餐")),
    ("meeting", _("开会、培训")),
    ("fault", _("设备故障")),
)
_CHOOSE = {"required": _("请选择一项。"), "invalid_choice": _("请从列表中选择。")}


class TransferForm(forms.Form):
    """Where a ticket goes, and why."""

    to = forms.ChoiceField(label=_("转到哪里"), error_messages=_CHOOSE)
    reason = forms.CharField(
        label=_("为什么转"),
        max_length=120,
        required=False,
        help_text=_("例如：要有岗位权限的同事办。"),
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, places: Iterable[Any] = (), **more: Any
    ) -> None:
        super().__init__(data, **more)
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(places)
        field.widget.attrs["data-first"] = True


class PauseForm(forms.Form):
    """Why nobody is called for a while."""

    reason = forms.ChoiceField(
        label=_("为什么暂停"),
        choices=PAUSE_REASONS,
        initial=PAUSE_REASONS[0][0],
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )


class ItemForm(forms.Form):
    """One more thing the person came for."""

    item = forms.ChoiceField(
        label=_("还要办什么"),
        widget=forms.Select(attrs={"data-first": True}),
        error_messages=_CHOOSE,
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, names: ItemNames, **more: Any
    ) -> None:
        super().__init__(data, **more)
        field = self.fields["item"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = grouped(names)


class CoverForm(forms.Form):
    """The window of the colleague who is away, by its number."""

    number = WholeNumberField(
        label=_("顶几号窗口"),
        min_value=1,
        max_value=999,
        error_messages={
            "required": _("请填写窗口号。"),
            "invalid": _("窗口号是数字，例如 3。"),
        },
    )

    def __init__(self, data: Mapping[str, Any] | None = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["number"].widget.attrs |= {"data-first": True}


class TakeForm(forms.Form):
    """A number for somebody at the desk."""

    lane = forms.ChoiceField(label=_("排哪一队"), widget=forms.RadioSelect, error_messages=_CHOOSE)
    green_class = forms.ChoiceField(
        label=_("绿色通道人群"), required=False, help_text=_("只有排绿色通道时要选。")
    )
    green_reason = forms.CharField(
        label=_("看了什么证件或情况"),
        required=False,
        max_length=120,
        help_text=_("只写看了什么，例如：身份证。不写姓名和号码。"),
    )
    item = forms.ChoiceField(label=_("办什么"), required=False)
    item_2 = forms.ChoiceField(label=_("还要办什么"), required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        lanes: Iterable[Any],
        names: ItemNames,
        **more: Any,
    ) -> None:
        super().__init__(data, **more)
        self.lanes = {lane.code: lane for lane in lanes if lane.kind != LaneKind.BOOKED}
        self._offer("lane", [(code, _(lane.name)) for code, lane in self.lanes.items()])
        self._offer("green_class", [("", _("不走绿色通道")), *green_choices()])
        items = [("", _("没说，到窗口再看")), *grouped(names)]
        self._offer("item", items)
        self._offer("item_2", items)
        self.fields["lane"].initial = next(iter(self.lanes), "")

    def _offer(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        lane = self.lanes.get(given.get("lane", ""))
        if lane is None:
            return given
        if lane.kind == LaneKind.GREEN and not given.get("green_class"):
            self.add_error("green_class", _("走绿色通道，请选是哪类人群。"))
        if lane.kind != LaneKind.GREEN and given.get("green_class"):
            self.add_error("lane", _("选了绿色通道人群，请改排绿色通道，或不选人群。"))
        return given

    @property
    def items(self) -> tuple[str, ...]:
        """Return what the person came for, each once."""
        given = (self.cleaned_data["item"], self.cleaned_data["item_2"])
        return tuple(dict.fromkeys(item for item in given if item))


def green_choices() -> list[tuple[str, str | Promise]]:
    """Return the classes of the green channel with the proof each is asked for."""
    language = get_language() or ""
    return [
        (key, f"{each.name.in_language(language)} · {each.proof.in_language(language)}")
        for key, each in green_classes().items()
    ]
