"""Why a round or an application cannot be so, and what to do instead."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from circle15.accounts.refusals import Refused


class BadRound(Refused):
    """A round that cannot be as it was asked for."""


class NotYetOpen(Refused):
    def __init__(self, on: date) -> None:
        super().__init__(_("这一轮从 %(day)s 开始申报。") % {"day": on})


class NotForThisSite(Refused):
    def __init__(self) -> None:
        super().__init__(_("这一轮不接受这类网点申报，或网点已停用。"))


class AlreadyApplied(Refused):
    def __init__(self) -> None:
        super().__init__(_("这个网点在本轮已有申报，每个网点一份。"))


class WrongStep(Refused):
    def __init__(self) -> None:
        super().__init__(_("现在不能办这一步：可能别人刚刚办过了，请核对页面上的进度。"))


class NotYours(Refused):
    def __init__(self) -> None:
        super().__init__(_("这一步不归您的岗位办。"))


class ChangedMeanwhile(Refused):
    """Somebody else saved the same part; what was typed is still on the page."""

    def __init__(self, by: str, theirs: str = "") -> None:
        words = _("%(who)s 刚刚保存过这一部分。您写的还在下面，请对照后再保存。") % {"who": by}
        super().__init__(words)
        self.theirs = theirs


class TooLong(Refused):
    def __init__(self, length: int, most: int) -> None:
        super().__init__(
            _("写了 %(length)s 个字，最多 %(most)s 个，请删去 %(over)s 个。")
            % {"length": length, "most": most, "over": length - most}
        )


class NeedsText(Refused):
    def __init__(self) -> None:
        super().__init__(_("请填写这一项。"))


class NoSuchContact(Refused):
    def __init__(self) -> None:
        super().__init__(_("请从本网点在岗人员中选择。"))


class TooManyFiles(Refused):
    def __init__(self, most: int) -> None:
        super().__init__(_("最多附 %(most)s 份材料。") % {"most": most})


class Incomplete(Refused):
    """What keeps an application from being filed, all of it at once: (task, what to do)."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        super().__init__(_("还不能报送，请先办好下面 %(n)s 项。") % {"n": len(problems)})
        self.problems = tuple(problems)


class NeedsReasons(Refused):
    def __init__(self) -> None:
        super().__init__(_("退回须至少写明一项的理由。"))


class SamePerson(Refused):
    def __init__(self) -> None:
        super().__init__(_("这一步须由另一个人办：前一步是您办的。"))


class QuotaFull(Refused):
    def __init__(self, quota: int) -> None:
        super().__init__(_("名额 %(n)s 个已满，可以列为候补，或先调整名额。") % {"n": quota})


class NotAccepted(Refused):
    """An award before construction ended and the acceptance was passed."""
