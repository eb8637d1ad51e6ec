"""What is wrong with a question about sites: everything at once, with names and reasons."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from circle15.planning.arrays import F64, I64
from circle15.planning.siting.prepared import Prepared, prepare
from circle15.planning.siting.question import Objective, Question
from circle15.planning.travel.model import Reach
from circle15.standards.text import Text

NAMED = 5
EVERYONE = 1.0 - 1e-12


def problems(reach: Reach, weight: F64, question: Question) -> list[Text]:
    """Name all that keeps the question from being answered; an empty list if nothing does."""
    found = [*_weights(weight, question), *_amounts(question), *_rows(reach, question)]
    if found:
        return found
    prepared = prepare(reach, weight, question)
    return [*_choice(prepared, question), *_towns(prepared, question), *_cover(prepared, question)]


def warnings(prepared: Prepared, question: Question) -> tuple[Text, ...]:
    """Name what does not stand in the way but should be known."""
    found = []
    idle = prepared.free[prepared.sites.lengths()[prepared.free] == 0]
    if len(idle):
        names = _names(question.site_name(row) for row in idle[:NAMED])
        zh = f"{len(idle)} 个候选点在限定范围内覆盖不到任何需求点：{names}"
        found.append(Text(zh, f"{len(idle)} candidates reach no demand within the limit: {names}"))
    empty = np.flatnonzero(prepared.weight == 0.0)
    if len(empty):
        names = _names(question.demand_name(column) for column in empty[:NAMED])
        zh = f"{len(empty)} 个需求点人数为 0，不计入：{names}"
        found.append(Text(zh, f"{len(empty)} demand points have no people, left out: {names}"))
    return tuple(found)


def _weights(weight: F64, question: Question) -> Iterator[Text]:
    wrong = np.flatnonzero(~(weight >= 0.0) | ~np.isfinite(weight))
    if len(wrong):
        names = _names(question.demand_name(column) for column in wrong[:NAMED])
        zh = f"{len(wrong)} 个需求点的人数为负或不是数：{names}"
        yield Text(
            zh, f"{len(wrong)} demand points have a negative or no number of people: {names}"
        )
    elif not np.any(weight > 0.0):
        yield Text("没有人口：所有需求点的人数都是 0", "nobody to serve: all weights are 0")


def _amounts(question: Question) -> Iterator[Text]:
    is_cover = question.objective is Objective.LSCP
    if is_cover and question.cover is None:
        yield Text("lscp 要给出 cover（覆盖比例）", "lscp needs `cover`, the share to be reached")
    if not is_cover and question.cover is not None:
        yield Text("cover 只用于 lscp", "`cover` is for lscp only")
    if not is_cover and question.sites is None and question.budget is None:
        yield Text("要给出个数 sites 或预算 budget", "give a number of sites or a budget")
    if question.sites is not None and question.sites < 1:
        yield Text(f"个数至少为 1：{question.sites}", f"at least 1 site: {question.sites}")
    if question.cover is not None and not 0.0 < question.cover <= 1.0:
        yield Text(
            f"覆盖比例应大于 0、至多 1：{question.cover:g}",
            f"cover must be in (0, 1]: {question.cover:g}",
        )
    if question.budget is not None and not 0.0 <= question.budget < np.inf:
        yield Text(
            f"预算不能为负：{question.budget:g}",
            f"the budget can't be negative: {question.budget:g}",
        )
    if question.budget is not None and question.cost is None:
        yield Text("给了预算，就要有各候选点的费用", "a budget needs the cost of every candidate")
    if question.capacity is not None and question.objective is not Objective.MCLP:
        yield Text("容量目前只用于 mclp", "capacity is for mclp only")
    for name, zh, amounts in (
        ("cost", "费用", question.cost),
        ("capacity", "容量", question.capacity),
    ):
        yield from _negative(name, zh, amounts, question)


def _negative(name: str, zh: str, amounts: F64 | None, question: Question) -> Iterator[Text]:
    if amounts is None:
        return
    wrong = np.flatnonzero(~(amounts >= 0.0) | ~np.isfinite(amounts))
    if len(wrong):
        names = _names(question.site_name(row) for row in wrong[:NAMED])
        yield Text(f"{zh}为负或不是数：{names}", f"{name} is negative or no number: {names}")


def _rows(reach: Reach, question: Question) -> Iterator[Text]:
    both = sorted({*question.existing, *question.forced} & set(question.forbidden))
    if both:
        names = _names(question.site_name(row) for row in both[:NAMED])
        yield Text(f"既要保留又被禁止：{names}", f"both kept and forbidden: {names}")
    if reach.site_count == 0:
        yield Text("没有候选点", "there are no candidates")


def _choice(prepared: Prepared, question: Question) -> Iterator[Text]:
    new = len(set(question.forced) - set(question.existing))
    available = len(prepared.free) + new
    if question.sites is not None and question.sites > available:
        zh = f"要选 {question.sites} 个，可选的候选点只有 {available} 个"
        yield Text(
            zh, f"{question.sites} sites asked for, only {available} candidates to choose from"
        )
    if question.sites is not None and new > question.sites:
        zh = f"必选的有 {new} 个，多于个数 {question.sites}"
        yield Text(zh, f"{new} sites are forced, more than the {question.sites} asked for")
    if question.budget is not None and question.cost is not None:
        forced = float(question.cost[sorted(set(question.forced) - set(question.existing))].sum())
        if forced > question.budget:
            zh = f"必选的要花 {forced:g}，超过预算 {question.budget:g}"
            yield Text(zh, f"the forced sites cost {forced:g}, over the budget {question.budget:g}")


def _towns(prepared: Prepared, question: Question) -> Iterator[Text]:
    if question.town is None:
        return
    rules = prepared.rules
    names = sorted(set(question.town))
    have = np.bincount(rules.town, minlength=len(names))
    for number in np.flatnonzero(have < rules.at_least):
        zh = f"{names[number]} 的候选点不够每镇至少 {question.at_least_per_town} 个"
        en = f"{names[number]} lacks candidates for at least {question.at_least_per_town} a town"
        yield Text(zh, en)
    if (
        question.at_most_per_town is not None
        and question.at_most_per_town < question.at_least_per_town
    ):
        yield Text("每镇至少多于每镇至多", "at least per town is more than at most per town")
    yield from _crowded(prepared, question, names)
    if int(rules.at_least.sum()) > rules.count:
        each, more = question.at_least_per_town, int(rules.at_least.sum())
        zh = f"每镇至少 {each} 个，还要 {more} 个，超过个数"
        yield Text(zh, f"at least {each} a town takes {more} more, over the number of sites")
    elif _cheapest(prepared) > rules.budget:
        zh = f"每镇至少 {question.at_least_per_town} 个，最少还要 {_cheapest(prepared):g}，超过预算"
        en = f"at least {question.at_least_per_town} a town costs {_cheapest(prepared):g} more"
        yield Text(zh, f"{en}, over the budget")


def _crowded(prepared: Prepared, question: Question, names: Sequence[str]) -> Iterator[Text]:
    """Find towns where forced sites alone break the cap; existing ones alone may."""
    most, town = question.at_most_per_town, question.town
    if most is None or town is None:
        return
    forced = {town[row] for row in set(question.forced) - set(question.existing)}
    for name in names:
        here = sum(town[row] == name for row in prepared.kept)
        if name in forced and here > most:
            zh = f"{name} 已有和必选的共 {here} 个，多于每镇至多 {most} 个"
            yield Text(zh, f"{name} has {here} existing and forced sites, over {most} a town")


def _cheapest(prepared: Prepared) -> float:
    rules = prepared.rules
    total = 0.0
    for town in np.flatnonzero(rules.at_least > 0):
        cost = np.sort(rules.cost[rules.town == town])
        total += float(cost[: rules.at_least[town]].sum())
    return total


def _cover(prepared: Prepared, question: Question) -> Iterator[Text]:
    """Find demand that can't be reached though it must be, and say why."""
    must = question.objective in {Objective.P_MEDIAN, Objective.P_CENTER}
    if not must and question.cover is None:
        return
    can = prepared.reached(np.concatenate((prepared.kept, prepared.free)))
    counted = prepared.weight > 0.0
    total = float(prepared.weight.sum())
    most = float(prepared.weight[can].sum()) / total
    if question.cover is not None and question.cover < EVERYONE:
        if most >= question.cover - 1e-12:
            return
    elif not np.any(counted & ~can):
        return
    lost = np.flatnonzero(counted & ~can)
    by_forbidden = prepared.reached(np.arange(prepared.sites.size))
    yield Text(
        f"无法覆盖：全部候选点一起也只能覆盖 {most:.2%} 的人，够不到 {len(lost)} 个需求点",
        f"infeasible: all candidates together reach {most:.2%} of the people; "
        f"{len(lost)} demand points can't be reached",
    )
    yield from _why(
        lost[~by_forbidden[lost]],
        question,
        "限定范围内没有任何候选点",
        "no candidate within the limit",
    )
    yield from _why(
        lost[by_forbidden[lost]],
        question,
        "只有被禁止的候选点够得到",
        "only forbidden candidates are near",
    )


def _why(columns: I64, question: Question, zh: str, en: str) -> Iterator[Text]:
    if len(columns):
        names = _names(question.demand_name(column) for column in columns[:NAMED])
        more = len(columns) - NAMED
        tail = (f" 等 {len(columns)} 个", f" and {more} more") if more > 0 else ("", "")
        yield Text(f"{zh}：{names}{tail[0]}", f"{en}: {names}{tail[1]}")


def _names(names: Iterable[str]) -> str:
    return ", ".join(names)
