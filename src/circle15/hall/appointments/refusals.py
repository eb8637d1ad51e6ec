"""Why an appointment or a change of hours is refused, and what to do instead."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from circle15.accounts.refusals import NotFound, Refused
from circle15.hall.appointments.hours import SHANGHAI


class BookingClosed(Refused):
    def __init__(self) -> None:
        super().__init__(_("这个大厅现在不接受预约，请换一个大厅，或直接到厅取号。"))


class NoSuchItem(Refused):
    def __init__(self) -> None:
        super().__init__(_("这个大厅不能预约这项业务，请重新选择。"))


class SlotFull(Refused):
    """Knows, where somebody looked, the times nearby that are still free."""

    def __init__(self, offered: tuple[datetime, ...] = ()) -> None:
        self.offered = offered
        super().__init__(_("这个时段刚刚约满，请选择其他时间。"))


class TooLateToBook(Refused):
    def __init__(self) -> None:
        super().__init__(_("这个时段已开始或即将开始，不能再约，请选择其他时间。"))


class TooManyHolds(Refused):
    def __init__(self) -> None:
        super().__init__(_("您还有没填完的预约，请先填完或放弃；也可以过十分钟再试。"))


class HoldLapsed(Refused):
    def __init__(self) -> None:
        super().__init__(_("为您保留的时间已到，这个时段已放回，请重新选择时间。"))


class NotFilledIn(Refused):
    def __init__(self) -> None:
        super().__init__(_("请先填写姓名、手机号和身份证号码。"))


class AlreadyBookedItem(Refused):
    def __init__(self) -> None:
        super().__init__(_("您已预约过这项业务，请先办理、改期或取消原来的预约。"))


class TooManyThatDay(Refused):
    def __init__(self, most: int) -> None:
        super().__init__(
            ngettext(
                "每人每天最多预约 %(n)s 次，请选择另一天。",
                "每人每天最多预约 %(n)s 次，请选择另一天。",
                most,
            )
            % {"n": most}
        )


class WrongAppointmentState(Refused):
    def __init__(self, state: str) -> None:
        super().__init__(_("这个预约现在是“%(state)s”，不能这样操作。") % {"state": state})


class TooLateToChange(Refused):
    def __init__(self) -> None:
        super().__init__(_("预约的时间已到，不能再改期或取消。"))


class TooManyChanges(Refused):
    def __init__(self) -> None:
        super().__init__(_("这个预约已改过多次，请取消后重新预约，或请窗口代为改期。"))


class SameTime(Refused):
    def __init__(self) -> None:
        super().__init__(_("这就是现在的时间，请选择另一个时间。"))


class NotYetTime(Refused):
    def __init__(self, begins_at: datetime) -> None:
        words = _("还没到签到时间，%(when)s 起可以签到。")
        super().__init__(words % {"when": f"{begins_at.astimezone(SHANGHAI):%m-%d %H:%M}"})


class TooLateToCheckIn(Refused):
    def __init__(self) -> None:
        super().__init__(_("已过预约时间，请现场取号。"))


class UnknownCode(NotFound):
    def __init__(self) -> None:
        super().__init__(_("今天没有这个预约码，请核对后再输入，或直接现场取号。"))


class NoBookedLane(Refused):
    def __init__(self) -> None:
        super().__init__(_("本大厅没有预约队列，请联系大厅负责人设置。"))


class CheckInAtTheHall(Refused):
    def __init__(self) -> None:
        super().__init__(_("请到大厅的取号机上输入 6 位预约码取号。"))


class UnusableHours(Refused):
    """Hours that cannot be kept as they were given; the message says which."""


class SeriesOverlap(UnusableHours):
    def __init__(self, other: str) -> None:
        words = _("与已有的时段“%(other)s”重叠，请改时间、日期或星期（包括调休上班日）。")
        super().__init__(words % {"other": other})
