"""The steps of a case as buttons: words, the letter that presses it, and what it asks first."""

from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from circle15.cases.states import Step

# All that an instant item needs after its intake, done at once at the window.
FINISH: Final = "finish_here"


class Key(NamedTuple):
    """A button: what it does, its letter, words and icon, and a line about what comes of it."""

    step: str
    key: str
    label: str | Promise
    icon: str
    about: str | Promise = ""
    # Steps that ask something first open their question; the rest act at once.
    asks: bool = True
    tone: str = ""


# In the order of a case's life; the first one allowed that leads on is the strong button.
KEYS: Final = (
    Key(Step.SUBMIT, "T", _("材料已补，再核对"), "check", asks=False),
    Key(
        Step.ACCEPT,
        "A",
        _("受理"),
        "check-circle",
        _("时限从明天起算，受理通知书随后打印。"),
        asks=False,
    ),
    Key(
        Step.ACCEPT_CONDITIONALLY,
        "R",
        _("容缺受理"),
        "clock",
        _("先办后补：缺的材料由申请人书面承诺在期限内补交，到期不补的失效。"),
    ),
    Key(
        Step.NOTIFY,
        "N",
        _("一次性告知"),
        "file",
        _("缺的材料一次说全，打印告知书。每个办件只告知一次。"),
        asks=False,
    ),
    Key(
        Step.NOTIFY_AGAIN,
        "N",
        _("再次告知"),
        "alert",
        _("已经告知过一次。再次告知要由负责人说明原因，并记为一次问题。"),
        tone="btn-danger",
    ),
    Key(Step.RETURN, "T", _("仍缺原来的材料"), "arrow-left", asks=False),
    Key(
        Step.NOT_ACCEPT,
        "B",
        _("不予受理"),
        "cross-circle",
        _("要写明依据，并告知申请人可以怎么办。"),
        tone="btn-danger",
    ),
    Key(
        FINISH,
        "E",
        _("当场办结"),
        "check-circle",
        _("即办件：一次做完办理、出件和送达。"),
        asks=False,
    ),
    Key(Step.CLAIM, "L", _("领办"), "user", asks=False),
    Key(Step.FULFIL, "F", _("容缺材料已补齐"), "check", asks=False),
    Key(Step.SEND_UP, "U", _("上报"), "upload", asks=False),
    Key(
        Step.DECIDE,
        "D",
        _("作出决定"),
        "scales",
        _("同意，或者写明依据和理由不予办理。"),
    ),
    Key(
        Step.PROPOSE,
        "D",
        _("拟定结论"),
        "scales",
        _("这个事项要两个人把关：结论由另一位同事复核后生效。"),
    ),
    Key(Step.SECOND, "F", _("复核"), "shield", _("与拟定的结论不一致的，退回并说明原因。")),
    Key(Step.ANSWER, "R", _("登记答复"), "edit"),
    Key(Step.RESUME, "H", _("恢复办理"), "arrow-right", asks=False),
    Key(Step.PREPARE, "P", _("结果已做好"), "file", asks=False),
    Key(Step.DELIVER, "S", _("送达"), "arrow-right"),
    Key(Step.SIGN, "Q", _("签收"), "edit"),
    Key(Step.ASK, "W", _("要求说明"), "help", _("等答复的日子不计入时限。")),
    Key(Step.EXTEND, "Y", _("延期"), "calendar", _("原因会告诉申请人。")),
    Key(Step.SUSPEND, "Z", _("中止"), "minus-circle", _("中止期间时限暂停。")),
    Key(Step.HAND_OVER, "J", _("转交"), "users", _("首问负责人不变，跟到办结。")),
    Key(Step.REROUTE, "G", _("改派"), "updown", _("交给另一级或另一处的后台。")),
    Key(
        Step.REVOKE,
        "C",
        _("撤销容缺"),
        "cross-circle",
        _("承诺没有做到时撤销，办件随之失效。"),
        tone="btn-danger",
    ),
    Key(Step.APPEAL, "M", _("申请复核"), "scales", _("申请人不服结论的，换人重新办理。")),
    Key(Step.WITHDRAW, "X", _("撤回"), "trash", _("按申请人的意思撤回，不影响重新申请。")),
)
# These lead nowhere by themselves, so none of them is ever the strong button.
ASIDE: Final = frozenset(
    {
        Step.ASK,
        Step.EXTEND,
        Step.SUSPEND,
        Step.HAND_OVER,
        Step.REROUTE,
        Step.APPEAL,
        Step.WITHDRAW,
        Step.RETURN,
    }
)
BY_STEP: Final = {key.step: key for key in KEYS}
