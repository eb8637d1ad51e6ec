"""The quarterly analysis (季度分析报告) of a county or city, in words and tables."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.states import Permission
from circle15.assessments.editions import in_force
from circle15.assessments.report_states import ReportKind
from circle15.assessments.reports.drafts import (
    MARK,
    NOTHING,
    Draft,
    NothingToReport,
    bureau_of,
    count_words,
    day_words,
    number_words,
    percent,
    rate_sentence,
    rate_words,
    span_words,
)
from circle15.assessments.reports.quarter import Numbers, Quarter, quarter_of
from circle15.core.papers.official import Block, Heading, Official, Paragraph, Table
from circle15.core.shares import Share
from circle15.ratings.measuring.figures import Rate, cover, rates_of
from circle15.standards.information import period_of
from circle15.standards.model import Edition
from circle15.standards.ratings import rating_rules
from circle15.standards.text import number_text

_TOPICS, _WEAKEST = 10, 10
_ORDINALS = "一二三四"
_TOLD = ("given", "good", "bad", "replied", "named_revisited")


def quarterly(*, by: Actor, day: date, today: date) -> Draft:
    """Draft the analysis of the quarter a day lies in. Raises NotAllowed, NothingToReport."""
    demand(by, Permission.SUPERVISE_SITES)
    edition = next((each for each in in_force(today) if each.unit == "points"), None)
    if edition is None or period_of("quarter", day).first >= today:
        raise NothingToReport(_("还没有可以分析的数据：请选已经开始的季度。"))
    found = quarter_of(by, day=day, today=today, book=edition.id)
    issuer, name = bureau_of(by.area_name), _name(found)
    paper = Official(
        title=f"{by.area_name}15分钟医保服务圈{name}运行分析",
        blocks=tuple(_blocks(found, edition, by.area_name)),
        issuer=issuer,
        issuer_mark=issuer,
        day=day_words(today),
        mark=MARK if found.is_synthetic else "",
    )
    return Draft(
        kind=ReportKind.QUARTERLY,
        paper=paper,
        area_path=by.area_path,
        subject=found.period.name,
        since=found.period.first,
        until=found.until,
        is_synthetic=found.is_synthetic,
    )


def _name(found: Quarter) -> str:
    number = _ORDINALS[(found.period.first.month - 1) // 3]
    return f"{found.period.first.year}年第{number}季度"


def _blocks(found: Quarter, edition: Edition, area: str) -> Iterator[Block]:
    yield Paragraph(
        f"本报告统计{span_words(found.period.first, found.until)}"
        f"{'' if found.is_whole else '（季度未结束）'}，与"
        f"{span_words(found.former.first, found.former.last)}比较。数字取自业务记录，"
        "与系统页面同一口径；比率附分子、分母和95%区间，数量太少的不列，分母为零的写“—”。"
    )
    yield Heading("总体情况")
    yield Paragraph(_overall(found, area))
    yield _comparison(found)
    yield Heading("分地区情况")
    yield _by_part(found)
    yield Heading("群众评价")
    rates = {rate.key: rate for rate in rates_of(found.now.ratings)}
    yield Paragraph("；".join(rate_sentence(rates[key]) for key in _TOLD) + "。")
    yield _topics(found)
    yield Heading("评分情况")
    yield from _scores(found, edition)
    yield Heading("下一步工作建议")
    for words in _advice(found, edition):
        yield Paragraph(words)


def _overall(found: Quarter, area: str) -> str:
    cases, ratings = found.now.cases, found.now.ratings
    return (
        f"{area}共有网点{found.scores.sites}个。本季度受理办件{cases.accepted}件，作出决定"
        f"{cases.decided}件，按时办结率{percent(cases.on_time_share)}；上门服务{cases.visits}次，"
        f"接受咨询{cases.consultations}次。应评价{ratings.due}件，主动评价"
        f"{count_words(ratings.given)}件；未办结的差评、投诉、意见、建议{ratings.open_orders}件，"
        f"其中超期{ratings.overdue}件。现有未消除的预警{found.warnings}个，在办督办"
        f"{found.supervised}件。"
    )


def _comparison(found: Quarter) -> Table:
    rows: list[tuple[str, ...]] = []
    for name, value in _COUNTS.items():
        now, before = value(found.now), value(found.before)
        rows.append((name, str(now), str(before), f"{now - before:+d}"))
    on_time = [Share(each.cases.in_time, each.cases.judged) for each in (found.now, found.before)]
    rows.append(("按时办结率", *map(percent, on_time), _moved(*on_time)))
    pairs = zip(rates_of(found.now.ratings), rates_of(found.before.ratings), strict=True)
    rows += [
        (one.name, rate_words(one), rate_words(former), _rate_moved(one, former))
        for one, former in pairs
    ]
    heads = ("指标", "本季度", "上季度", "变化")
    return Table("表1 主要指标与上季度比较", heads, tuple(rows), (5, 3, 3, 5), (1, 2, 3))


_COUNTS: Mapping[str, Callable[[Numbers], int]] = {
    "受理办件（件）": lambda one: one.cases.accepted,
    "作出决定（件）": lambda one: one.cases.decided,
    "代办超时（件）": lambda one: one.cases.proxies_late,
    "再次告知（份）": lambda one: one.cases.second_notices,
    "上门服务（次）": lambda one: one.cases.visits,
    "应评价（件）": lambda one: one.ratings.due,
    "差评工单（件）": lambda one: one.ratings.orders,
}


def _moved(now: Share, before: Share) -> str:
    if now.value is None or before.value is None:
        return NOTHING
    return f"{100 * (now.value - before.value):+.1f}个百分点"


def _rate_moved(now: Rate, before: Rate) -> str:
    """Say how a rate moved, and where the two intervals overlap that it may be chance."""
    if now.is_hidden or before.is_hidden or not (now.interval and before.interval):
        return NOTHING
    is_apart = now.interval[0] > before.interval[1] or now.interval[1] < before.interval[0]
    return _moved(now.share, before.share) + ("" if is_apart else "，区间重叠")


def _by_part(found: Quarter) -> Table:
    few = cover([one.numbers.ratings.given for one in found.parts]).cells
    rows = tuple(
        (
            one.name,
            str(one.sites),
            *_part_cells(one.numbers, is_few=is_few),
            str(one.warnings),
        )
        for one, is_few in zip(found.parts, few, strict=True)
    )
    heads = (
        "地区",
        "网点",
        "受理",
        "按时办结率",
        "主动评价",
        "好评率",
        "未结工单",
        "超期工单",
        "预警",
    )
    numbers = tuple(range(1, len(heads)))
    return Table("表2 分地区情况", heads, rows, (6, 2, 2, 3, 2, 3, 2, 2, 2), numbers)


def _part_cells(one: Numbers, *, is_few: bool) -> tuple[str, ...]:
    rates = {rate.key: rate for rate in rates_of(one.ratings)}
    return (
        str(one.cases.accepted),
        percent(one.cases.on_time_share),
        count_words(one.ratings.given, is_few=is_few),
        rate_words(rates["good"], is_few=is_few),
        str(one.ratings.open_orders),
        str(one.ratings.overdue),
    )


def _topics(found: Quarter) -> Table:
    names = rating_rules().topics
    rows = tuple(
        (names[one.key].name.zh, count_words(one.good), count_words(one.bad))
        for one in found.ratings.topics[:_TOPICS]
        if one.key in names
    )
    rows = rows or (("还没有", NOTHING, NOTHING),)
    return Table("表3 评价说的是什么", ("主题", "好评", "差评"), rows, (4, 1, 1), (1, 2))


def _scores(found: Quarter, edition: Edition) -> Iterator[Block]:
    scores = found.scores
    yield Paragraph(
        f"按“{edition.title.zh}”（第{edition.version}版）实时计分的网点{scores.scored}个，"
        f"满分{number_words(scores.maximum)}分，平均{number_words(scores.mean)}分，"
        f"中位数{number_words(scores.median)}分；还有事实没有记录齐全的{scores.incomplete}个。"
        "实时得分供日常改进用，不代替考核结果。"
    )
    rows = tuple(
        (row.name, str(row.sites), str(row.scored), number_words(row.mean), _least(row.lowest))
        for row in scores.towns
    )
    heads = ("地区", "网点", "计分", "平均分", "最低分")
    if rows:
        yield Table("表4 分地区评分", heads, rows, (4, 1, 1, 1, 1), (1, 2, 3, 4))
    clauses = {clause.id: clause for clause in edition.clauses}
    weak = tuple(
        (
            f"{clauses[one.clause_id].number} {clauses[one.clause_id].title.zh}",
            str(one.sites),
            number_text(one.points),
        )
        for one in scores.weakest[:_WEAKEST]
        if one.clause_id in clauses
    )
    if weak:
        yield Table("表5 失分最多的条款", ("条款", "失分网点", "合计失分"), weak, (5, 1, 1), (1, 2))


def _least(value: Decimal | None) -> str:
    return number_words(value)


def _advice(found: Quarter, edition: Edition) -> Iterator[str]:
    """Say what the numbers ask for; nothing is praised that nobody counted."""
    ratings, cases = found.now.ratings, found.now.cases
    if ratings.overdue:
        yield f"督促办结超期工单{ratings.overdue}件，逐件核实、整改、答复、回访。"
    for rate in rates_of(ratings):
        if rate.must_be_whole:
            left = rate.share.whole - rate.share.part
            yield f"{rate.name}应为100%，还差{left}件，请责任单位限期补上。"
    if found.warnings:
        yield f"逐个处理未消除的预警{found.warnings}个，需要的下发督办，到期核实。"
    if cases.late or cases.overdue_open:
        yield f"梳理超期办件：已超期办结{cases.late}件，在办超期{cases.overdue_open}件。"
    if cases.proxies_late:
        yield f"代办件超过3个工作日未上报{cases.proxies_late}件，按条款扣分，请逐件说明原因。"
    clauses = {clause.id: clause for clause in edition.clauses}
    weak = [
        clauses[one.clause_id].title.zh for one in found.scores.weakest if one.clause_id in clauses
    ]
    if weak:
        yield f"重点补齐{'、'.join(dict.fromkeys(weak[:5]))}等失分最多的条款，先做不用采购的。"
    if found.scores.incomplete:
        yield f"{found.scores.incomplete}个网点的台账还不齐，请先查实、补记，再谈得分高低。"
    yield "保持好评差评“件件有回复”，下季度比较本报告各项指标的变化。"
