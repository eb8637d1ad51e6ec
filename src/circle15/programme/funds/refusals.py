"""What is refused where money is moved, and what to do instead."""

from decimal import Decimal

from django.utils.translation import gettext as _

from circle15.accounts.refusals import Refused


class UnusableMove(Refused):
    """A movement that cannot be proposed as it was given; `part` is the field to look at."""

    def __init__(self, message: str, part: str = "") -> None:
        super().__init__(message)
        self.part = part


class NotEnough(Refused):
    """The account does not hold that much."""

    def __init__(self, left: Decimal) -> None:
        super().__init__(
            _("余额不足：现有 %(left)s 元。先核对拨付，再办。") % {"left": f"{left:,.2f}"}
        )


class AlreadyJudged(Refused):
    """Somebody was quicker."""

    def __init__(self) -> None:
        super().__init__(_("这笔已经有人处理过，请刷新页面核对。"))


class SamePerson(Refused):
    """Who proposes does not approve."""

    def __init__(self) -> None:
        super().__init__(_("提出的人不能自己审批，请由另一位工作人员审批。"))


class NeedsRole(Refused):
    """The amount asks for another role."""

    def __init__(self, roles: str) -> None:
        super().__init__(_("这个金额要由%(roles)s审批。") % {"roles": roles})


class NeedsReason(Refused):
    """A reason is asked for."""

    def __init__(self) -> None:
        super().__init__(_("请写明理由。"))


class CannotReverse(Refused):
    """Only what is booked is reversed, once."""

    def __init__(self) -> None:
        super().__init__(_("只能冲销已入账的一笔，每笔只冲销一次。"))


class RoundTaken(Refused):
    """A round of that name is there."""

    def __init__(self) -> None:
        super().__init__(_("本辖区已有同名的资金期，请换一个名称。"))


class WrongDays(Refused):
    """A round ends before it begins."""

    def __init__(self) -> None:
        super().__init__(_("结束日期要在开始日期之后。"))


class NoSuchAnomaly(Refused):
    """The rows have changed since the page was drawn."""

    def __init__(self) -> None:
        super().__init__(_("这条疑点已经变化，请刷新页面核对。"))


class RoundClosed(Refused):
    """Nothing moves in a round that is closed."""

    def __init__(self) -> None:
        super().__init__(_("这个资金期已经关闭，不能再办资金业务。请选择另一个资金期。"))


class StillWaiting(Refused):
    """Papers wait for approval."""

    def __init__(self, n: int) -> None:
        super().__init__(_("还有 %(n)s 笔待审批，请先审批或撤回，再关闭。") % {"n": n})


class RestUnsaid(Refused):
    """Money is left, and nobody says where it goes."""

    def __init__(self, rest: Decimal) -> None:
        super().__init__(
            _("还结余 %(rest)s 元。请先退回，或写明结转到哪里。") % {"rest": f"{rest:,.2f}"}
        )


class RestChanged(Refused):
    """Something moved since it was asked to close the round."""

    def __init__(self) -> None:
        super().__init__(_("提请关闭以后结余有变动，请重新提请。"))


class CannotClose(Refused):
    """There is nothing to confirm or take back."""

    def __init__(self) -> None:
        super().__init__(_("这个资金期没有待确认的关闭，请刷新页面核对。"))


class OwnUse(Refused):
    """Who proposed a movement does not dismiss what looks wrong with it."""

    def __init__(self) -> None:
        super().__init__(_("疑点涉及您提出的凭证，请由另一位工作人员判断。"))
