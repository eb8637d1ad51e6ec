"""The kinds of refusal every action may answer with; messages are for the user, in Chinese."""

from django.utils.translation import gettext as _


class Refused(Exception):
    """The request is understood and not granted; the message says what to do."""


class NotAllowed(Refused):
    """The actor's role or area does not permit this."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or _("您的岗位没有这项权限，请联系本单位的安全管理员。"))


class NotFound(Refused):
    """No such thing, or not in the actor's area: the answer is the same."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or _("没有找到，可能已删除或不在您的管辖范围内。"))


class NeedsReason(Refused):
    """A word why is missing."""

    def __init__(self) -> None:
        super().__init__(_("请写明理由，至少两个字。"))


class ChangedMeanwhile(Refused):
    """The step does not fit the state any more."""

    def __init__(self) -> None:
        super().__init__(_("现在不能这样办：可能别人已经办了，请看页面上的最新状态。"))


class AnotherPerson(Refused):
    """The second word is somebody else's."""

    def __init__(self) -> None:
        super().__init__(_("提出和审定应是两个人，请由另一位工作人员办。"))


class NotYet(Refused):
    """A day or time that has not come."""

    def __init__(self) -> None:
        super().__init__(_("日期或时间晚于现在，请核对。"))


class NotOffered(Refused):
    """A choice that is not on the list."""

    def __init__(self) -> None:
        super().__init__(_("没有这样的选项，请从列表中选择。"))
