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
