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
