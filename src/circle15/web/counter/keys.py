"""The keys of the desk: one table for the buttons, the shortcuts and the list behind "?"."""

from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Key(NamedTuple):
    """A button of the desk: its step, the key printed on it, its words and icon."""

    step: str
    key: str
    label: str | Promise
    icon: str
    # Steps that ask something first open their question; the rest act at once.
    asks: bool = False


# Keys are the initials of the Chinese words (办结 is B), so that they are learned in a morning.
FLOW: Final = (
    Key("call", "J", _("叫下一位"), "bell"),
    Key("begin", "K", _("开始办理"), "arrow-right"),
    Key("finish", "B", _("办结"), "check"),
)
BESIDE: Final = (
    Key("recall", "C", _("重呼"), "history"),
    Key("no_show", "G", _("过号"), "cross"),
    Key("hold", "M", _("暂离补材料"), "clock"),
    Key("transfer", "Z", _("转办"), "updown", asks=True),
    Key("add_item", "S", _("加事项"), "plus", asks=True),
    Key("undo", "X", _("撤销"), "arrow-left"),
)
AROUND: Final = (
    Key("pick", "L", _("名单选号"), "list", asks=True),
    Key("resume", "H", _("回来继续"), "arrow-right"),
    Key("pause", "P", _("暂停叫号"), "minus-circle", asks=True),
    Key("resume_window", "P", _("恢复叫号"), "check-circle"),
    Key("cover", "D", _("顶岗"), "users", asks=True),
    Key("emergency", "E", _("紧急呼叫"), "alert", asks=True),
    Key("end_emergency", "E", _("结束紧急呼叫"), "check"),
    Key("close_window", "Q", _("关窗"), "logout", asks=True),
)
OTHER: Final = (
    Key("take", "T", _("代取号"), "ticket"),
    Key("intake", "I", _("收件"), "edit"),
    Key("keys", "?", _("快捷键"), "help"),
)
ALL: Final = (*FLOW, *BESIDE, *AROUND, *OTHER)
BY_STEP: Final = {key.step: key for key in ALL}
# The questions that stand ready in the page.
QUESTIONS: Final = tuple(key.step for key in ALL if key.asks)
