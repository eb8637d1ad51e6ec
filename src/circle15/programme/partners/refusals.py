"""What is refused about agreements and outlets, in words for who asked."""

from django.utils.translation import gettext as _

from circle15.accounts.refusals import Refused


class WrongOrganisation(Refused):
    """An organisation of another kind."""

    def __init__(self) -> None:
        super().__init__(_("所选单位的种类和协议不一致，请重新选择。"))


class WrongSite(Refused):
    """A site of another kind, or one of another agreement."""

    def __init__(self) -> None:
        super().__init__(_("这个网点的种类不对，或已属于另一份协议。"))


class NumberTaken(Refused):
    """The same agreement twice."""

    def __init__(self) -> None:
        super().__init__(_("这个单位已有同一编号的协议。"))


class EndsBeforeItBegins(Refused):
    """Days the wrong way round."""

    def __init__(self) -> None:
        super().__init__(_("结束日期早于开始日期，请核对。"))


class NotInForce(Refused):
    """An agreement that is over."""

    def __init__(self) -> None:
        super().__init__(_("这份协议已经到期或终止，不能再加网点。"))


class NoSuchAccount(Refused):
    """An account that is not there, or of another organisation."""

    def __init__(self) -> None:
        super().__init__(_("没有这个账号，或账号的人员不属于合作单位。"))
