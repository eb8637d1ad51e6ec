"""What is refused about pharmacies, in words for who asked."""

from datetime import date

from django.utils.translation import gettext as _

from circle15.accounts.refusals import Refused


class CodeTaken(Refused):
    """A pharmacy is registered once."""

    def __init__(self) -> None:
        super().__init__(_("这个编码已经登记过，或者对应的网点已属于另一家药店。"))


class ConditionsMissing(Refused):
    """A pharmacy that does not meet every condition."""

    def __init__(self, missing: str) -> None:
        super().__init__(_("还不符合入选条件：%(missing)s。") % {"missing": missing})


class Barred(Refused):
    """A pharmacy that was removed not long enough ago."""

    def __init__(self, until: date) -> None:
        super().__init__(_("移出后两年内不再受理，%(day)s 起才能重新列为候选。") % {"day": until})


class NotSelected(Refused):
    """What only convenience pharmacies do."""

    def __init__(self) -> None:
        super().__init__(_("这家药店现在不是便民药店，不用办这一项。"))


class AlreadyTold(Refused):
    """A quarter's demand or an order's number that is there."""

    def __init__(self) -> None:
        super().__init__(_("这一期或这个单号已经登记过，不用再报。"))


class NoOtherQuarter(Refused):
    """A demand for a quarter that is not due."""

    def __init__(self) -> None:
        super().__init__(_("只能报下一季度的需求，或补报已经过期的。"))


class UnusableSheet(Refused):
    """A table that cannot be read as a drug list."""


class ListNotClean(Refused):
    """A list with wrong rows is not written."""

    def __init__(self) -> None:
        super().__init__(_("清单里还有错误的行，没有写入任何一行。请改正后重新上传。"))
