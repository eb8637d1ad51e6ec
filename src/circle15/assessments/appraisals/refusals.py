"""What is refused about appraisals, awards and typical cases, in words for who asked."""

from datetime import date

from django.utils.translation import gettext as _

from circle15.accounts.refusals import Refused


class ChangedMeanwhile(Refused):
    """The step does not fit the state any more."""

    def __init__(self) -> None:
        super().__init__(_("现在不能这样办：可能别人已经办了，请看页面上的最新状态。"))


class OwnMatter(Refused):
    """Nobody decides about oneself."""

    def __init__(self) -> None:
        super().__init__(_("不能办理本人的考核或奖励，请由别人办。"))


class AnotherPerson(Refused):
    """The second word is somebody else's."""

    def __init__(self) -> None:
        super().__init__(_("提出和审定应是两个人，请由另一位工作人员办。"))


class AlreadyThere(Refused):
    """The same was proposed before."""

    def __init__(self) -> None:
        super().__init__(_("这一季已经提过，不用再提。"))


class NeedsReason(Refused):
    """A word why is missing."""

    def __init__(self) -> None:
        super().__init__(_("请写明理由，至少两个字。"))


class NotOffered(Refused):
    """A grade, award, result or use that is not offered."""

    def __init__(self) -> None:
        super().__init__(_("没有这样的选项，请从列表中选择。"))


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
