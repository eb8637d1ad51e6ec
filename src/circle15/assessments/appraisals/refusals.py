"""What is refused about appraisals, awards and typical cases, in words for who asked."""

from datetime import date

from django.utils.translation import gettext as _

from circle15.accounts.refusals import Refused


class OwnMatter(Refused):
    """Nobody decides about oneself."""

    def __init__(self) -> None:
        super().__init__(_("不能办理本人的考核或奖励，请由别人办。"))


class AlreadyThere(Refused):
    """The same was proposed before."""

    def __init__(self) -> None:
        super().__init__(_("这一季已经提过，不用再提。"))


class NotOver(Refused):
    """A quarter or year that is not over."""

    def __init__(self) -> None:
        super().__init__(_("这一期还没有结束，结束以后再办。"))


class TooLateToObject(Refused):
    """The days for an objection are over."""

    def __init__(self, until: date) -> None:
        super().__init__(_("提出异议的期限到 %(day)s，已经过了。") % {"day": until})


class NamesSomebody(Refused):
    """A text for others that holds a number of a person."""

    def __init__(self) -> None:
        super().__init__(_("文字里有身份证号或手机号，请删去后再报送：典型案例不写个人信息。"))


class TooManyFiles(Refused):
    """More files than a case may have."""

    def __init__(self, most: int) -> None:
        super().__init__(_("一篇最多附 %(most)s 个文件。") % {"most": most})
