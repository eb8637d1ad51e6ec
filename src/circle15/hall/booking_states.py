"""The life of an appointment as one table, where it was made, and whose places it uses."""

from collections.abc import Mapping
from types import MappingProxyType

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AppointmentState(TextChoices):
    HELD = "held", _("填写中")
    BOOKED = "booked", _("已预约")
    ARRIVED = "arrived", _("已到厅")
    NO_SHOW = "no_show", _("未到")
    CANCELLED = "cancelled", _("已取消")
    LAPSED = "lapsed", _("已过期")


class BookingStep(TextChoices):
    CONFIRM = "confirm", _("确认预约")
    CHANGE = "change", _("改期")
    CANCEL = "cancel", _("取消")
    LAPSE = "lapse", _("保留到期")
    CHECK_IN = "check_in", _("到厅签到")
    MISS = "miss", _("记为未到")


BOOKING_TRANSITIONS: Mapping[str, Mapping[BookingStep, AppointmentState]] = MappingProxyType(
    {
        AppointmentState.HELD: {
            BookingStep.CONFIRM: AppointmentState.BOOKED,
            BookingStep.CANCEL: AppointmentState.LAPSED,
            BookingStep.LAPSE: AppointmentState.LAPSED,
        },
        AppointmentState.BOOKED: {
            BookingStep.CHANGE: AppointmentState.BOOKED,
            BookingStep.CANCEL: AppointmentState.CANCELLED,
            BookingStep.CHECK_IN: AppointmentState.ARRIVED,
            BookingStep.MISS: AppointmentState.NO_SHOW,
        },
        AppointmentState.ARRIVED: {},
        AppointmentState.NO_SHOW: {},
        AppointmentState.CANCELLED: {},
        AppointmentState.LAPSED: {},
    }
)

# The states whose places are taken: a place is freed by leaving these, and by nothing else.
HOLDS_PLACES = (
    AppointmentState.HELD,
    AppointmentState.BOOKED,
    AppointmentState.ARRIVED,
    AppointmentState.NO_SHOW,
)
# What a person has asked for and not given back.
COUNTED = (AppointmentState.BOOKED, AppointmentState.ARRIVED, AppointmentState.NO_SHOW)


class Pool(TextChoices):
    """Whose places a slot's are."""

    PUBLIC = "public", _("公众")
    COUNTER = "counter", _("窗口")


class Door(TextChoices):
    """Where an appointment was made."""

    PUBLIC = "public", _("网上")
    KIOSK = "kiosk", _("自助机")
    COUNTER = "counter", _("窗口代约")


class NoticeKind(TextChoices):
    BOOKED = "booked", _("预约成功")
    CHANGED = "changed", _("已改期")
    CANCELLED = "cancelled", _("已取消")
    REMINDER = "reminder", _("到期提醒")
