"""Why a step of a warning or a supervision order cannot be so, and what to do instead."""

from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotAllowed, Refused


class WrongState(Refused):
    def __init__(self) -> None:
        super().__init__(_("它的状态已变，现在不能这样操作，请刷新后再试。"))


class NotYours(NotAllowed):
    def __init__(self) -> None:
        super().__init__(_("这一步由其他人员办理。"))


class NotTheSame(NotAllowed):
    """Who answered an order does not check the answer."""

    def __init__(self) -> None:
        super().__init__(_("核查人不能是反馈整改的人，请由另一位同事核查。"))


class NeedsWords(Refused):
    def __init__(self) -> None:
        super().__init__(_("请写几个字说明情况。"))


class BadDay(Refused):
    def __init__(self, last: object) -> None:
        super().__init__(_("日期应在明天至 %(last)s 之间。") % {"last": last})


class AlreadyOrdered(Refused):
    def __init__(self) -> None:
        super().__init__(_("这条预警已有一件督办在办，请在那件督办中处理。"))


class StillThere(Refused):
    """An order is closed when the cause of its warning is gone."""

    def __init__(self) -> None:
        super().__init__(_("预警的原因还在，消除后会自动销号；确实不用再督办的，请退回或撤回。"))
