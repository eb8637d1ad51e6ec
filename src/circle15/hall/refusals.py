"""Why a hall says no, and what to do instead."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotFound, Refused
from circle15.hall.states import Problem


class HallClosed(Refused):
    def __init__(self) -> None:
        super().__init__(_("本大厅现在不取号，请咨询导办台或稍后再来。"))


class RunsItself(Refused):
    def __init__(self) -> None:
        super().__init__(_("本大厅使用本地服务器取号叫号，请在大厅内的系统上操作。"))


class NoSuchLane(Refused):
    def __init__(self) -> None:
        super().__init__(_("本大厅没有这个队列，请重新选择。"))


class NeedsGreenClass(Refused):
    def __init__(self) -> None:
        super().__init__(_("绿色通道须选择人群类别，其他队列不选；请重新选择。"))


class NeedsAppointment(Refused):
    def __init__(self) -> None:
        super().__init__(_("预约队列只能凭预约签到取号；没有预约请选择其他队列。"))


class NeedsReason(Refused):
    def __init__(self) -> None:
        super().__init__(_("请填写原因。"))


class WindowNotOpen(Refused):
    def __init__(self) -> None:
        super().__init__(_("您没有在这个窗口上岗，请先开窗。"))


class WindowPaused(Refused):
    def __init__(self) -> None:
        super().__init__(_("窗口已暂停，请先恢复服务。"))


class WindowBusy(Refused):
    def __init__(self) -> None:
        super().__init__(_("窗口上还有一个号，请先办结、暂离或过号。"))


class WindowOccupied(Refused):
    def __init__(self) -> None:
        super().__init__(_("这个窗口已有人上岗，请换一个窗口或请对方先关窗。"))


class SeatedElsewhere(Refused):
    def __init__(self) -> None:
        super().__init__(_("您已在另一个窗口上岗，请先关闭那个窗口。"))


class NobodyWaiting(Refused):
    def __init__(self) -> None:
        super().__init__(_("现在没有您可以叫的号，有人取号后再叫。"))


class NobodyAtWindow(Refused):
    def __init__(self) -> None:
        super().__init__(_("窗口上没有已叫的号，请先叫号。"))


class AlreadyTaken(Refused):
    def __init__(self) -> None:
        super().__init__(_("这个号已被其他窗口叫走或已离开，请另选一个。"))


class AlreadyBegun(Refused):
    def __init__(self) -> None:
        super().__init__(_("这个号已开始办理，不用重复操作。"))


class AlreadyFinished(Refused):
    def __init__(self) -> None:
        super().__init__(_("这个号已办结，不用重复操作。"))


class WrongState(Refused):
    def __init__(self, message: str = "") -> None:
        super().__init__(message or _("这个号的状态已变，请刷新后再操作。"))


class TooLateToUndo(Refused):
    def __init__(self) -> None:
        super().__init__(_("只能在一分钟内撤销自己的上一步；请改用其他操作。"))


class CannotCover(Refused):
    def __init__(self) -> None:
        super().__init__(_("顶岗窗口须已上岗，且不能是缺岗窗口自己或也由别的窗口顶岗。"))


class CannotMove(Refused):
    def __init__(self) -> None:
        super().__init__(_("请选择同一大厅的另一个窗口，或另一个正在取号的大厅。"))


class UnusableSetting(Refused):
    """A rule of the hall that cannot be kept as it was given; the message says which."""


REFUSALS: dict[str, Callable[[], Refused]] = {
    Problem.NOT_FOUND: NotFound,
    Problem.HALL_CLOSED: HallClosed,
    Problem.NO_SUCH_LANE: NoSuchLane,
    Problem.NEEDS_GREEN_CLASS: NeedsGreenClass,
    Problem.NEEDS_APPOINTMENT: NeedsAppointment,
    Problem.WINDOW_NOT_OPEN: WindowNotOpen,
    Problem.WINDOW_PAUSED: WindowPaused,
    Problem.WINDOW_BUSY: WindowBusy,
    Problem.NOBODY_WAITING: NobodyWaiting,
    Problem.ALREADY_TAKEN: AlreadyTaken,
    Problem.ALREADY_BEGUN: AlreadyBegun,
    Problem.ALREADY_FINISHED: AlreadyFinished,
    Problem.WRONG_STATE: WrongState,
}
