"""What an on-site check refuses, in words that say what to do."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotAllowed, Refused


class WrongStep(Refused):
    """The check is no longer where this step begins."""

    def __init__(self) -> None:
        super().__init__(_("这次检查现在不能这样办，可能别人已经处理过。请刷新页面核对。"))


class SettledOtherwise(Refused):
    """Another line asks the same fact, and another answer stands there."""

    def __init__(self) -> None:
        super().__init__(
            _("这一条和另一条用同一项事实，那一条已按另一名检查员的答案认定；请选同样的答案。")
        )


class OwnArea(NotAllowed):
    """Nobody checks the own area; the message says why."""


class TwoAtMost(Refused):
    def __init__(self) -> None:
        super().__init__(_("一个网点最多派两名检查员，同一人不重复派。"))


class HasBegun(Refused):
    """Photos or answers of the person have come in."""

    def __init__(self) -> None:
        super().__init__(_("已经收到这名检查员的照片或答案，不能撤下。"))


class NobodyAssigned(Refused):
    def __init__(self) -> None:
        super().__init__(_("请至少选一名检查员。"))


class NotJudged(Refused):
    """No edition in force judges the site under this book."""

    def __init__(self) -> None:
        super().__init__(_("这套评分规则现在不评这类网点，请另选一套。"))


class BadDay(Refused):
    def __init__(self) -> None:
        super().__init__(_("最迟日期不能早于今天。"))


class NeedsReason(Refused):
    def __init__(self) -> None:
        super().__init__(_("请写明理由。"))


class StillOpen(Refused):
    """Findings or lines wait for a word."""

    def __init__(self) -> None:
        super().__init__(_("还有没处理的疑点。请先逐条说明或确认，再办结。"))


class HandedInAlready(Refused):
    """Another submission of the same person came first."""

    def __init__(self) -> None:
        super().__init__(
            _("这次检查您已经提交过一份，内容不同。以先收到的为准；要更正请联系派发人。")
        )


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right; `rule_id` is "" where it is not about a line."""

    rule_id: str
    text: str


class Unusable(Refused):
    """What was sent can't be taken as it is: every problem at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(_("有 %(n)s 处需要核对，还没有收下。") % {"n": len(problems)})
        self.problems = tuple(problems)
