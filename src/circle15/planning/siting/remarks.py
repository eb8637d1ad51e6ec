"""What would surprise in an answer: fewer sites than asked for, people beyond the capacities."""

import numpy as np

from circle15.planning.arrays import I64
from circle15.planning.siting.prepared import Prepared
from circle15.planning.siting.question import Question
from circle15.standards.text import Text

CAPACITY = Text(
    "目标值只算网点容量之内能服务的人；覆盖人数和各处新增人数按路程算，不受容量限制",
    "the value counts the people the sites have room for; people covered and people gained by a"
    " site go by the way alone, whether there is room or not",
)
NONE_LEFT = Text("没有别的候选点了", "there are no other candidates")
TOO_DEAR = Text("余下的预算不够再建一处", "what is left of the budget pays for no other site")
FULL = Text(
    "其余候选点所在乡镇都已到每镇至多的个数", "every other candidate is in a town that is full"
)
TOO_DEAR_OR_FULL = Text(
    "其余候选点不是超出余下的预算，就是所在乡镇已到每镇至多的个数",
    "every other candidate is either too dear for the budget left or in a town that is full",
)
NO_BETTER_IN_BUDGET = Text(
    "余下的预算还建得起的，再建也不能更好", "what the budget left pays for would not make it better"
)
NO_BETTER = Text("再多也不能更好", "more would not make it better")


def remarks(prepared: Prepared, question: Question, rows: I64) -> tuple[Text, ...]:
    """Say what would surprise in the choice of some new `rows`, forced ones among them."""
    found = []
    if question.sites is not None and len(rows) < question.sites:
        why = _why_fewer(prepared, rows)
        zh = f"只用了 {len(rows)} 处（可用 {question.sites} 处）：{why.zh}"
        found.append(Text(zh, f"{len(rows)} of {question.sites} sites used: {why.en}"))
    if question.capacity is not None:
        found.append(CAPACITY)
    return tuple(found)


def _why_fewer(prepared: Prepared, rows: I64) -> Text:
    """Tell what stopped the choice: money, the towns, or that nothing more is to be had."""
    rules, is_chosen = prepared.rules, np.isin(prepared.free, rows)
    in_town = np.bincount(rules.town[is_chosen], minlength=len(rules.at_most))
    spent = rules.cost[is_chosen].sum()
    is_dear = spent + rules.cost[~is_chosen] > rules.budget
    is_full = (in_town >= rules.at_most)[rules.town[~is_chosen]]
    if is_chosen.all():
        return NONE_LEFT
    if is_dear.all():
        return TOO_DEAR
    if is_full.all():
        return FULL
    if (is_dear | is_full).all():
        return TOO_DEAR_OR_FULL
    return NO_BETTER_IN_BUDGET if is_dear.any() else NO_BETTER
