"""Why a step of a duty is not possible, and what to do instead."""

from django.utils.translation import gettext as _

from circle15.accounts.refusals import Refused


class NobodyThere(Refused):
    """A duty that is given to nobody."""

    def __init__(self) -> None:
        super().__init__(_("没有可以分给的单位，请选择责任单位，或先设立工作专班。"))


class BadDue(Refused):
    def __init__(self) -> None:
        super().__init__(_("请填截止日期，或填工作日天数；截止日期不能早于今天。"))


class StillOpen(Refused):
    """What was passed on is not confirmed yet."""

    def __init__(self, left: int) -> None:
        super().__init__(_("还有 %(n)s 个下级单位没有确认完成，不能报完成。") % {"n": left})


class NothingToPassOn(Refused):
    def __init__(self) -> None:
        super().__init__(_("这项任务已经分解到全部乡镇，或者本级不能再往下分。"))


class NothingToTell(Refused):
    def __init__(self) -> None:
        super().__init__(_("还没有分工任务，没有可以通报的内容。"))


class NotYours(Refused):
    """Somebody else's step: the page shows it, another takes it."""

    def __init__(self) -> None:
        super().__init__(_("这一步不归您的岗位办。"))
