"""Forms of a hall's appointments: whom one books for, rules, items, series, exceptions, days."""

from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from circle15.hall.appointments.hours import Series, Stretch, day_of
from circle15.hall.appointments.offered import FreeTime
from circle15.sites.states import Weekday
from circle15.standards.service_items import service_items
from circle15.web.shared.number_fields import WholeNumberField
from circle15.web.shared.person_form import PersonForm

MOST_DAYS = 92
_NEEDED = {"required": _("请填写这一项。")}
_CHOOSE = {"required": _("请选择一项。"), "invalid_choice": _("请从列表中选择。")}
_TIME = _NEEDED | {"invalid": _("时间写成 08:30 这样。")}
_DATE = _NEEDED | {"invalid": _("日期请写成 2026-11-22")}
_WORKWEEK = [day for day in Weekday.values if day <= Weekday.FRIDAY]


def _whole(label: Any, least: int, most: int, **more: Any) -> WholeNumberField:
    wrong = {
        "invalid": _("请填整数。"),
        "min_value": _("不能小于 %(limit_value)s。"),
        "max_value": _("不能大于 %(limit_value)s。"),
    }
    return WholeNumberField(
        label=label, min_value=least, max_value=most, error_messages=_NEEDED | wrong, **more
    )


def _clock(label: Any, **more: Any) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, widget=widget, error_messages=_TIME, **more)


def _day(label: Any, **more: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, error_messages=_DATE, **more)


class CounterPersonForm(PersonForm):
    """Whom a clerk books for; who has no number at hand is known by the telephone."""

    time = forms.ChoiceField(
        label=_("时间"), choices=(), error_messages={"required": _("请选择时间。")} | _CHOOSE
    )
    field_order = ("time", "name", "phone", "id_number")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["id_number"].required = False
        # What is offered is said by the page; the action looks at what there is then.
        self.fields["time"] = forms.CharField(
            label=_("时间"), max_length=4, error_messages={"required": _("请选择时间。")}
        )
        self.order_fields(self.field_order)

    def offer_times(self, times: Iterable[FreeTime]) -> None:
        """Show the times with the places left."""
        words = _("%(time)s 余 %(n)s")
        choices = [
            (each.key, words % {"time": f"{each.key[:2]}:{each.key[2:]}", "n": each.free})
            for each in times
            if each.free > 0
        ]
        self.fields["time"].widget = forms.Select(choices=[("", _("请选择")), *choices])


class PartForm(forms.Form):
    """One of the forms of the hours page; `part` tells its ids from the others'."""

    part: ClassVar[str]

    def __init__(self, data: Mapping[str, Any] | None = None, **more: Any) -> None:
        super().__init__(data, auto_id=f"{self.part}-%s", **more)


class RulesForm(PartForm):
    """How the hall takes appointments."""

    part = "rules"
    is_open = forms.BooleanField(label=_("现在接受预约"), required=False)
    days_ahead = _whole(_("可以提前几天约"), 1, 60)
    notice_min = _whole(_("网上最晚提前（分钟）"), 0, 1440)
    hold_min = _whole(_("填写时保留（分钟）"), 2, 60)
    early_min = _whole(_("提前多久可签到（分钟）"), 0, 240)
    late_min = _whole(_("迟到多久算未到（分钟）"), 0, 240)


class ItemForm(PartForm):
    """What one can book for."""

    part = "item"
    item = forms.ChoiceField(label=_("业务"), error_messages=_CHOOSE)
    minutes = _whole(_("办理时长（分钟）"), 5, 240, help_text=_("比一个时段长，就连占几个时段。"))
    bring = forms.CharField(label=_("请带的材料"), max_length=200, required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, **more: Any) -> None:
        super().__init__(data, **more)
        field = self.fields["item"]
        assert isinstance(field, forms.ChoiceField)
        language = get_language() or ""
        names = [(key, each.name.in_language(language)) for key, each in service_items().items()]
        field.choices = [("", _("请选择")), *names]


class _HoursForm(PartForm):
    opens = _clock(_("开始时间"))
    closes = _clock(_("结束时间"))
    slot_min = _whole(_("每个时段（分钟）"), 5, 240, initial=15)
    public_places = _whole(
        _("每时段网上号"), 0, 200, initial=2, help_text=_("网上和自助机可以约的。")
    )
    counter_places = _whole(
        _("每时段窗口号"), 0, 200, initial=1, help_text=_("留给窗口代约和现场的老年人。")
    )
    is_extended = forms.BooleanField(label=_("延时服务"), required=False)

    def _stretch(self) -> Stretch:
        given = self.cleaned_data
        return Stretch(
            given["opens"],
            given["closes"],
            given["slot_min"],
            given["public_places"],
            given["counter_places"],
            given["is_extended"],
        )


class SeriesForm(_HoursForm):
    """Hours that return every week."""

    part = "series"
    series_id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    weekdays = forms.MultipleChoiceField(
        label=_("星期"),
        choices=Weekday.choices,
        initial=_WORKWEEK,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选一天。"), "invalid_choice": _("请从列表中选择。")},
    )
    since = _day(_("从哪天起"))
    until = _day(_("到哪天止"), required=False, help_text=_("不填就一直有效。"))
    on_makeup_days = forms.BooleanField(label=_("调休上班日也开放"), required=False, initial=True)
    on_holidays = forms.BooleanField(label=_("法定节假日也开放"), required=False)
    field_order = ("series_id", "weekdays", "opens", "closes")

    @property
    def series(self) -> Series:
        """Return what was filled in."""
        given = self.cleaned_data
        return Series(
            hours=self._stretch(),
            weekdays="".join(sorted(given["weekdays"])),
            since=given["since"],
            until=given["until"],
            on_makeup_days=given["on_makeup_days"],
            on_holidays=given["on_holidays"],
        )


class DayForm(_HoursForm):
    """A day unlike the others."""

    part = "day"
    on = _day(_("哪一天"))
    reason = forms.CharField(
        label=_("原因"),
        max_length=60,
        help_text=_("例如：停电检修。"),
        error_messages=_NEEDED,
    )
    is_closed = forms.BooleanField(
        label=_("全天不开放"), required=False, help_text=_("勾选后下面的时间不用填。")
    )
    field_order = ("on", "reason", "is_closed")

    def __init__(self, data: Mapping[str, Any] | None = None, **more: Any) -> None:
        super().__init__(data, **more)
        if data is not None and data.get("is_closed"):
            for name in ("opens", "closes", "slot_min", "public_places", "counter_places"):
                self.fields[name].required = False

    @property
    def hours(self) -> Stretch | None:
        """Return the day's hours; None for a closed day."""
        return None if self.cleaned_data["is_closed"] else self._stretch()


class PeriodForm(forms.Form):
    """From one day to another, both included."""

    since = _day(_("从"))
    until = _day(_("到（含当日）"))

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        since, until = given.get("since"), given.get("until")
        if since and until and until < since:
            self.add_error("until", _("结束日期不能早于开始日期。"))
        elif since and until and until - since >= timedelta(days=MOST_DAYS):
            self.add_error("until", _("一次最多看 92 天，请分段查看。"))
        return given


def usual_period() -> dict[str, str]:
    """Return the four weeks around today, as a form's data."""
    today = day_of(timezone.now())
    return {"since": f"{today - timedelta(days=14)}", "until": f"{today + timedelta(days=14)}"}


def usual_series(today: date) -> dict[str, object]:
    """Return what a new series begins with."""
    return {"since": today, "opens": time(9), "closes": time(11, 30)}
