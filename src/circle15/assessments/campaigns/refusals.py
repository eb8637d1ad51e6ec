"""Why a campaign, a site in it or a line of it cannot be so, and what to do instead."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotAllowed, Refused


class BadCampaign(Refused):
    """A campaign that cannot be as it was asked for."""


class NotYetFrozen(Refused):
    """The day of freezing has not come."""

    def __init__(self, on: date) -> None:
        super().__init__(_("台账冻结日是 %(day)s，到那天才能冻结。") % {"day": on})


class WrongStep(Refused):
    def __init__(self) -> None:
        super().__init__(_("现在不能办这一步：可能别人刚刚办过了，请核对页面上的进度。"))


class NotYours(NotAllowed):
    def __init__(self) -> None:
        super().__init__(_("这一步不归您的岗位办。"))


class NeedsWords(Refused):
    def __init__(self) -> None:
        super().__init__(_("请写明情况或理由。"))


class NeedsFile(Refused):
    def __init__(self) -> None:
        super().__init__(_("请附上佐证材料（照片或 PDF）。"))


class BadPoints(Refused):
    def __init__(self, most: object) -> None:
        super().__init__(_("得分应在 0 至 %(most)s 之间，最多一位小数。") % {"most": most})


class NotReviewed(Refused):
    def __init__(self, left: int) -> None:
        super().__init__(_("还有 %(n)s 条没有书面审核。") % {"n": left})


class NotSeen(Refused):
    """Lines that need both the ledger and the site, and have not been seen."""

    def __init__(self, left: Sequence[str]) -> None:
        super().__init__(
            _("还有 %(n)s 条待现场核对：%(rules)s。")
            % {"n": len(left), "rules": _("、").join(left[:8])}
        )


class NotAnswered(Refused):
    def __init__(self, left: int) -> None:
        super().__init__(_("还有 %(n)s 条没有自评。") % {"n": left})


class WindowOpen(Refused):
    """Nothing is decided while the site may still object."""

    def __init__(self, until: date) -> None:
        super().__init__(
            _("异议期到 %(day)s 为止；网点确认没有异议，或者过了这一天，才能定论。")
            % {"day": until}
        )


class WindowClosed(Refused):
    """The last day for objections is over."""

    def __init__(self, until: date) -> None:
        super().__init__(_("异议期已于 %(day)s 截止，不能再提异议。") % {"day": until})


class AlreadyAccepted(Refused):
    def __init__(self) -> None:
        super().__init__(_("已经确认没有异议，不能再提异议。"))


class StillOpen(Refused):
    """Objections, adjustments or vetoes wait for somebody's word."""

    def __init__(self, what: str) -> None:
        super().__init__(_("还有没处理完的：%(what)s。") % {"what": what})


class NotTheSame(NotAllowed):
    """What takes two people was tried by one."""

    def __init__(self) -> None:
        super().__init__(_("这一步须由另一位同事来办，不能由经手过的人自己办。"))


class ScoreFrozen(Refused):
    """A veto stands: points are no longer touched."""

    def __init__(self) -> None:
        super().__init__(_("已认定一票否决，分数冻结，不再调整。"))


class UnknownVeto(Refused):
    def __init__(self) -> None:
        super().__init__(_("请至少选一种规则里有的一票否决情形。"))


class NoSuchCheck(Refused):
    def __init__(self) -> None:
        super().__init__(
            _("没有可用的现场检查：要同一网点、同一版规则，已经汇总，且不早于台账冻结日前30天。")
        )


class HasTitle(Refused):
    def __init__(self) -> None:
        super().__init__(_("这项称号已经撤销，或者没有人提请撤销。"))
