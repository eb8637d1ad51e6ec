"""Why a step of a construction project is not possible, and what to do instead."""

from django.utils.translation import gettext as _

from circle15.accounts.refusals import Refused


class AlreadyBuilding(Refused):
    def __init__(self) -> None:
        super().__init__(_("这个网点已有在建项目，请打开它，或先确认建成。"))


class BadDays(Refused):
    """Days that do not follow each other."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or _("完成日期不能早于开始日期，也不能晚于最迟日期。"))


class WaitsFor(Refused):
    """A milestone comes after another that is not finished."""

    def __init__(self, name: str) -> None:
        super().__init__(_("要先完成“%(name)s”。") % {"name": name})


class NeedsFile(Refused):
    """A milestone is finished with a file that shows it."""

    def __init__(self, what: str) -> None:
        super().__init__(_("完成前请先上传“%(what)s”。") % {"what": what})


class NotOwed(Refused):
    def __init__(self) -> None:
        super().__init__(_("这一期不用报，或者已经报过，请刷新页面核对。"))


class NotReady(Refused):
    """A project is confirmed as built when everything of it is."""

    def __init__(self, milestones: int, guarantees: int) -> None:
        super().__init__(
            _("还不能确认建成：%(m)s 个节点没有完成，%(g)s 项保障没有到位。")
            % {"m": milestones, "g": guarantees}
        )


class NeedsProof(Refused):
    def __init__(self) -> None:
        super().__init__(_("到位的保障请写明情况或附上材料。"))


class NotYours(Refused):
    """Somebody else's step: the page shows it, another takes it."""

    def __init__(self) -> None:
        super().__init__(_("这一步不归您的岗位办。"))
