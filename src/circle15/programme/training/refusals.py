"""What trainings refuse, in words that say what to do."""

from django.utils.translation import gettext as _

from circle15.accounts.refusals import Refused


class UnusableTraining(Refused):
    """Something given does not fit; `part` is the field to look at."""

    def __init__(self, message: str, part: str = "") -> None:
        super().__init__(message)
        self.part = part


class SignInShut(Refused):
    def __init__(self) -> None:
        super().__init__(_("签到没有开放：还没开始，或者培训已经结束。请找组织者补记。"))


class WrongCode(Refused):
    def __init__(self) -> None:
        super().__init__(_("签到码不对，或者已经换了。请看组织者屏幕上最新的号码。"))


class TooManyTries(Refused):
    def __init__(self, minutes: int) -> None:
        super().__init__(
            _("输错的次数太多，请 %(minutes)s 分钟后再试，或者请组织者补记。")
            % {"minutes": minutes}
        )


class AlreadySigned(Refused):
    def __init__(self) -> None:
        super().__init__(_("已经签到过了，不用再签。"))


class NotInvited(Refused):
    def __init__(self) -> None:
        super().__init__(_("这场培训不是面向您所在网点的，签不了到。"))


class AlreadyOver(Refused):
    def __init__(self) -> None:
        super().__init__(_("这场培训已经办结或取消，请刷新页面。"))


class NotBegun(Refused):
    def __init__(self) -> None:
        super().__init__(_("培训还没有开始，不能办结。"))


class NoQuiz(Refused):
    def __init__(self) -> None:
        super().__init__(_("现在没有可以答的题：没有设测验，或者不在答题的时间。"))


class AlreadyAnswered(Refused):
    def __init__(self) -> None:
        super().__init__(_("这份卷子已经交了，成绩看下面。"))


class BegunElsewhere(Refused):
    def __init__(self) -> None:
        super().__init__(_("这份卷子您已在另一个岗位上开始，请换到那个岗位再答。"))
