"""Targets in words: hard and soft ones miss differently, and a forecast says what it rests on."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from circle15.programme.targets.forecast import Forecast
from circle15.programme.targets.progress import Progress
from circle15.programme.targets_states import Force, Op, Standing
from circle15.standards.targets import target_rules
from circle15.web.shared.item_words import said

if TYPE_CHECKING:
    from circle15.programme.targets_models import Target

NOTHING = "—"
# (tone, words) of a hard and of a soft target.
STANDINGS = {
    Standing.MET: (("good", gettext_lazy("已达到")), ("good", gettext_lazy("已达到"))),
    Standing.MET_LATE: (
        ("warn", gettext_lazy("逾期后达到")),
        ("good", gettext_lazy("已达到，晚于力争日期")),
    ),
    Standing.MISSED: (
        ("bad", gettext_lazy("到期未完成，须说明原因")),
        ("warn", gettext_lazy("未达到力争目标")),
    ),
    Standing.ON_TRACK: (
        ("good", gettext_lazy("预计按期完成")),
        ("good", gettext_lazy("预计达到力争目标")),
    ),
    Standing.AT_RISK: (
        ("warn", gettext_lazy("有不能按期完成的风险")),
        ("info", gettext_lazy("力争目标有风险")),
    ),
    Standing.WILL_MISS: (
        ("bad", gettext_lazy("按目前进度不能按期完成")),
        ("warn", gettext_lazy("按目前进度达不到力争目标")),
    ),
    Standing.TOO_FEW: (
        ("idle", gettext_lazy("未达到，暂不预测")),
        ("idle", gettext_lazy("未达到，暂不预测")),
    ),
    Standing.NOTHING: (
        ("idle", gettext_lazy("没有可算的数据")),
        ("idle", gettext_lazy("没有可算的数据")),
    ),
}


def standing_shown(one: Progress) -> tuple[str, str]:
    """Return tone and words of a standing."""
    tone, words = STANDINGS[one.standing][0 if one.is_hard else 1]
    return tone, str(words)


def number(value: Decimal | None) -> str:
    """Write a figure without idle digits."""
    if value is None:
        return NOTHING
    return f"{value.to_integral_value():,}" if value == value.to_integral_value() else f"{value}"


def figure(one: Progress) -> str:
    """Write how far a target is: 7 / 16, 87.3% / 100%."""
    sign = one.unit_word
    now = number(one.figure)
    return f"{now}{sign if one.figure is not None else ''} / {number(one.goal)}{sign}"


def asked(target: "Target") -> str:
    """Say what a target asks for."""
    metric = target_rules().metrics[target.metric]
    if target.op == Op.ALL:
        return _("全部")
    sign = "%" if metric.is_share else ""
    return _("不少于 %(value)s") % {"value": f"{number(target.value)}{sign}"}


def expected(one: Forecast | None) -> str:
    """Write a forecast with its range; a dash for none."""
    if one is None:
        return NOTHING
    return _("%(on)s约 %(expected).1f（%(low).1f–%(high).1f）") % {
        "on": one.on.isoformat() + " ",
        "expected": one.expected,
        "low": one.low,
        "high": one.high,
    }


def span_of(one: Forecast | None) -> str:
    """Write the day and the range of a forecast."""
    return f"{one.on.isoformat()} · {one.low:.1f}–{one.high:.1f}" if one else ""


def method(one: Progress) -> str:
    """Say how a forecast was made, or why there is none."""
    rules = target_rules().forecast
    if one.forecast is not None:
        return _(
            "按 %(since)s 以来的 %(n)s 次变化（开放、停止）画直线外推；"
            "括号里是约 %(confidence)s%% 的范围，把变化当作泊松过程。"
        ) % {
            "since": one.forecast.since.isoformat(),
            "n": one.forecast.changes,
            "confidence": one.forecast.confidence,
        }
    if one.metric.is_share:
        return _("覆盖率随规划重算而变，不作外推。")
    if one.on > one.target.due_on:
        return _("已到期，不再预测。")
    return _("样本太少：近 %(days)s 天的变化不足 %(n)s 次，不作预测。") % {
        "days": rules.window_days,
        "n": rules.least_changes,
    }


def row_of(one: Progress) -> dict[str, Any]:
    """Return a target as the list shows it."""
    tone, words = standing_shown(one)
    return {
        "one": one,
        "target": one.target,
        "metric": said(one.metric.name),
        "force": Force(one.target.force).label,
        "asked": asked(one.target),
        "figure": figure(one),
        "percent": f"{100 * one.share:.0f}",
        "expected": expected(one.forecast),
        "too_few": one.standing == Standing.TOO_FEW and not one.metric.is_share,
        "tone": tone,
        "standing": words,
        "source": source_of(one.target),
        "bar": {"good": "good", "warn": "warn", "bad": "bad"}.get(tone, ""),
    }


def source_of(target: "Target") -> str:
    """Name the document and clause a target was made from."""
    found = target_rules().templates.get(target.template)
    return f"{found.document} {found.clause}" if found else ""


def change_lines(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Say what a change changed."""
    if new.get("dropped"):
        return [_("取消目标")]
    names = {
        "name": _("目标名称"),
        "op": _("要求"),
        "value": _("数值"),
        "due_on": _("完成日期"),
        "force": _("力度"),
    }
    labels = dict(Op.choices) | dict(Force.choices)

    def words(value: Any) -> str:
        return NOTHING if value is None else str(labels.get(value, value))

    return [
        f"{name}: {words(old.get(key))} → {words(new.get(key))}"
        for key, name in names.items()
        if old.get(key) != new.get(key)
    ]


def day_of(text: str, today: date) -> date:
    """Read the day asked for; today for none, a wrong one, or one to come."""
    try:
        return min(date.fromisoformat(text), today)
    except ValueError:
        return today
