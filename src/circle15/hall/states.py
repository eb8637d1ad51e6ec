"""The life of a ticket as one table, and the kinds of lanes, doors and announcements."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class TicketState(TextChoices):
    WAITING = "waiting", _("等候中")
    CALLED = "called", _("已叫号")
    SERVING = "serving", _("办理中")
    HELD = "held", _("暂离补材料")
    TRANSFERRED = "transferred", _("已转其他大厅")
    NO_SHOW = "no_show", _("过号")
    FINISHED = "finished", _("已办结")
    LEFT = "left", _("已离开")
    CANCELLED = "cancelled", _("已作废")


class Step(TextChoices):
    """What somebody does to a ticket; taking it is the step before its first state."""

    TAKE = "take", _("取号")
    CALL = "call", _("叫号")
    PICK = "pick", _("点选叫号")
    RECALL = "recall", _("重呼")
    BEGIN = "begin", _("开始办理")
    FINISH = "finish", _("办结")
    HOLD = "hold", _("暂离")
    RESUME = "resume", _("继续办理")
    NO_SHOW = "no_show", _("过号")
    RESTORE = "restore", _("过号恢复")
    MOVE_WINDOW = "move_window", _("转窗口")
    MOVE_HALL = "move_hall", _("转大厅")
    LEAVE = "leave", _("自行离开")
    COME_BACK = "come_back", _("重新排队")
    CANCEL = "cancel", _("作废")
    CLOSE = "close", _("日终清号")
    UNDO = "undo", _("撤销")


class LaneKind(TextChoices):
    ORDINARY = "ordinary", _("普通")
    GREEN = "green", _("绿色通道")
    BOOKED = "booked", _("预约")


class Source(TextChoices):
    KIOSK = "kiosk", _("自助取号机")
    COUNTER = "counter", _("窗口代取")
    PHONE = "phone", _("手机")
    API = "api", _("接口")
    OFFLINE = "offline", _("断网补传")


class AnnouncementKind(TextChoices):
    CALL = "call", _("叫号")
    RECALL = "recall", _("重呼")
    EMERGENCY = "emergency", _("紧急呼叫")
    CLEAR = "clear", _("撤下")


_MOVES: Mapping[Step, TicketState] = {
    Step.MOVE_WINDOW: TicketState.WAITING,
    Step.MOVE_HALL: TicketState.TRANSFERRED,
}
_COMES_AGAIN: Mapping[Step, TicketState] = {
    Step.RESTORE: TicketState.WAITING,
    Step.COME_BACK: TicketState.WAITING,
}

TRANSITIONS: Mapping[TicketState, Mapping[Step, TicketState]] = MappingProxyType(
    {
        TicketState.WAITING: {
            Step.CALL: TicketState.CALLED,
            Step.PICK: TicketState.CALLED,
            **_MOVES,
            Step.LEAVE: TicketState.LEFT,
            Step.CANCEL: TicketState.CANCELLED,
            Step.CLOSE: TicketState.LEFT,
        },
        TicketState.CALLED: {
            Step.RECALL: TicketState.CALLED,
            Step.BEGIN: TicketState.SERVING,
            Step.NO_SHOW: TicketState.NO_SHOW,
            **_MOVES,
            Step.LEAVE: TicketState.LEFT,
            Step.CANCEL: TicketState.CANCELLED,
            Step.CLOSE: TicketState.LEFT,
        },
        TicketState.SERVING: {
            Step.HOLD: TicketState.HELD,
            Step.FINISH: TicketState.FINISHED,
            **_MOVES,
            Step.CLOSE: TicketState.LEFT,
        },
        TicketState.HELD: {
            Step.RESUME: TicketState.SERVING,
            Step.NO_SHOW: TicketState.NO_SHOW,
            **_MOVES,
            Step.LEAVE: TicketState.LEFT,
            Step.CANCEL: TicketState.CANCELLED,
            Step.CLOSE: TicketState.LEFT,
        },
        TicketState.NO_SHOW: _COMES_AGAIN,
        TicketState.LEFT: _COMES_AGAIN,
        TicketState.FINISHED: {},
        TicketState.TRANSFERRED: {},
        TicketState.CANCELLED: {},
    }
)

# Steps whose author may take them back within UNDO_S: the ticket returns to its state before.
UNDOABLE = frozenset(
    {
        Step.CALL,
        Step.PICK,
        Step.BEGIN,
        Step.FINISH,
        Step.HOLD,
        Step.RESUME,
        Step.NO_SHOW,
        Step.MOVE_WINDOW,
        Step.CANCEL,
    }
)
UNDO_S = 60

AT_WINDOW = (TicketState.CALLED, TicketState.SERVING)
OPEN = (TicketState.WAITING, TicketState.CALLED, TicketState.SERVING, TicketState.HELD)


class Problem(StrEnum):
    """Why one of the hand-written steps changed nothing, as its SQL says it."""

    NONE = ""
    NOT_FOUND = "not_found"
    HALL_CLOSED = "hall_closed"
    NO_SUCH_LANE = "no_such_lane"
    NEEDS_GREEN_CLASS = "needs_green_class"
    NEEDS_APPOINTMENT = "needs_appointment"
    WINDOW_NOT_OPEN = "window_not_open"
    WINDOW_PAUSED = "window_paused"
    WINDOW_BUSY = "window_busy"
    NOBODY_WAITING = "nobody_waiting"
    ALREADY_TAKEN = "already_taken"
    ALREADY_BEGUN = "already_begun"
    ALREADY_FINISHED = "already_finished"
    WRONG_STATE = "wrong_state"
