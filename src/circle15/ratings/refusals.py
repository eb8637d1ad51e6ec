"""Why a rating or a step of an order cannot be so, and what to do instead."""

from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotAllowed, Refused


class NothingToRate(Refused):
    def __init__(self) -> None:
        super().__init__(_("这次服务还没有办完，办完后再来评价。"))


class AlreadyRated(Refused):
    def __init__(self) -> None:
        super().__init__(_("这次服务已经评价过了，谢谢您。每次服务评价一次。"))


class TooLateToRate(Refused):
    def __init__(self, days: int) -> None:
        super().__init__(
            _("服务结束已超过 %(days)s 个工作日，不能再评价；有意见可以直接提。") % {"days": days}
        )


class NeedsWhy(Refused):
    def __init__(self) -> None:
        super().__init__(_("请点一下哪里不满意，或者写几个字，好让我们改进。"))


class UnusableRating(Refused):
    def __init__(self) -> None:
        super().__init__(_("评价的等级或标签不对，请刷新页面后重新选择。"))


class NoPhone(Refused):
    def __init__(self) -> None:
        super().__init__(_("联系电话请写 11 位手机号，或带区号的固定电话；不想留可以空着。"))


class NotByTheRated(NotAllowed):
    """Nobody writes down a rating of the own service."""

    def __init__(self) -> None:
        super().__init__(_("评价的是您自己的服务，请由其他人员代为登记。"))


class WrongState(Refused):
    def __init__(self) -> None:
        super().__init__(_("这件工单的状态已变，现在不能这样操作，请刷新后再试。"))


class NotYours(NotAllowed):
    def __init__(self) -> None:
        super().__init__(_("这一步由其他人员办理。"))


class NotTheSame(NotAllowed):
    """A second pair of eyes is asked for."""

    def __init__(self) -> None:
        super().__init__(_("这一步要由没有经手的人来做，请交给另一位负责人。"))


class NeedsWords(Refused):
    def __init__(self) -> None:
        super().__init__(_("请写明情况（至少 2 个字）。"))


class NeedsFinding(Refused):
    def __init__(self) -> None:
        super().__init__(_("请选择核实的结论。"))


class OnlyExplain(Refused):
    def __init__(self) -> None:
        super().__init__(_("核实为不属实或没有依据的，请选“解释说明”。"))


class BadDate(Refused):
    def __init__(self) -> None:
        super().__init__(_("整改期限要在今天之后，并且不晚于本工单的答复期限。"))


class NotRectified(Refused):
    def __init__(self) -> None:
        super().__init__(_("还没有整改完成，请先记下整改结果，再答复。"))


class NotRevisited(Refused):
    def __init__(self) -> None:
        super().__init__(_("本人还没有确认，也没有回访过，不能办结。"))


class NotSatisfied(Refused):
    def __init__(self) -> None:
        super().__init__(_("本人不满意，请重新办理。"))


class StillAnotherTry(Refused):
    def __init__(self) -> None:
        super().__init__(_("重新办理过两次以后，本人仍不满意的，才能说明后办结。"))


class Unreachable(Refused):
    """Nobody left a way to be reached."""

    def __init__(self) -> None:
        super().__init__(_("没有留下联系方式，不能回访；答复后可以直接办结。"))


class NothingToAppeal(Refused):
    def __init__(self) -> None:
        super().__init__(_("核实结论没有什么可以申诉的：请看结论。"))


class AlreadyKnown(Refused):
    """An order of another house that came before."""

    def __init__(self) -> None:
        super().__init__(_("这个外部工单号已经收到过，内容不同。"))
