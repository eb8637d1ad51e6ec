"""What was asked of a plan, in words: on its page, in the report, above every sheet."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from circle15.plans.documents.answers import site_names
from circle15.plans.documents.table import amount
from circle15.plans.documents.wording import OBJECTIVES, kind_name, mode_name
from circle15.plans.models import Plan
from circle15.plans.states import PlanKind

SUPPLIES = {
    "windows": gettext_lazy("登记的窗口数"),
    "staff": gettext_lazy("登记的在岗人数"),
    "by_kind": gettext_lazy("按网点类型填写的数"),
}
DECAYS = {
    "steps": gettext_lazy("分三段：近的算得多，远的算得少"),
    "flat": gettext_lazy("时限内都一样"),
    "gaussian": gettext_lazy("越远越少，平滑下降"),
}
PEOPLE = {
    "weight": gettext_lazy("全部常住人口"),
    "over_60": gettext_lazy("60 岁以上"),
}
ORDERS = {
    "people": gettext_lazy("时限内居民多的网点先排"),
    "capacity": gettext_lazy("能服务人数多的网点先排"),
}
Words = Iterator[tuple[str, str]]


def asked_words(plan: Plan) -> list[tuple[str, str]]:
    """Say in words what was asked, a label and its value a line."""
    question = plan.question
    return [*_travel(question), *_siting(question), *_people(plan), *_supply(plan)]


def asked_line(plan: Plan) -> str:
    """Say it in one line."""
    return _("；").join(
        _("%(label)s：%(value)s") % {"label": label, "value": words}
        for label, words in asked_words(plan)
    )


def _travel(question: Mapping[str, Any]) -> Words:
    if "mode" in question:
        yield _("出行方式"), mode_name(question["mode"])
        yield _("时限"), _("%(n)s 分钟") % {"n": f"{question['minutes']:g}"}
    if question.get("site_kinds") and "levels" not in question:
        yield _("计入的网点"), _("、").join(map(kind_name, question["site_kinds"]))


def _siting(question: Mapping[str, Any]) -> Words:
    if "objective" not in question:
        return
    yield _("目标"), str(OBJECTIVES[question["objective"]])
    if question.get("count"):
        yield _("新增网点"), _("%(n)s 个") % {"n": question["count"]}
    if question.get("cover"):
        yield _("要达到的覆盖率"), f"{question['cover']:.0%}"
    if question.get("new_kind"):
        yield _("新网点的类型"), kind_name(question["new_kind"])
    yield from _money(question)
    yield from by_kind(_("各类网点的时限（分钟）"), question.get("reach"))
    yield from by_kind(_("每处能服务（人）"), question.get("capacity"))
    if question.get("one_per_town"):
        yield _("乡镇（街道）"), _("每个最多新增一个")


def _money(question: Mapping[str, Any]) -> Words:
    if question.get("budget") is not None:
        yield _("预算（万元）"), amount(question["budget"])
    if question.get("cost") is not None:
        words = amount(question["cost"])
        if question.get("costs"):
            words += _("，另有 %(n)s 处单独填写") % {"n": len(question["costs"])}
        yield _("每个新网点的费用（万元）"), words
    if question.get("by_cost"):
        yield _("用最少的"), _("费用，而不是网点数")


def by_kind(label: str, amounts: Mapping[str, float] | None) -> Words:
    """Write a number for each kind of site."""
    if amounts:
        yield (
            label,
            _("、").join(f"{kind_name(kind)} {amount(value)}" for kind, value in amounts.items()),
        )


def _people(plan: Plan) -> Words:
    question = plan.question
    if question.get("site"):
        yield _("网点"), site_names(plan).get(question["site"], question["site"])
    if question.get("every"):
        yield _("网点"), _("全部%(kind)s") % {"kind": kind_name(question["every"])}
    if plan.kind == PlanKind.STAFFING and question.get("people"):
        yield _("服务居民"), _("%(n)s 人") % {"n": f"{question['people']:,}"}


def _supply(plan: Plan) -> Words:
    question = plan.question
    if "levels" in question:
        yield _("逐级"), " → ".join(map(kind_name, question["levels"]))
    if "supply" not in question:
        return
    yield _("按什么计算"), str(SUPPLIES[question["supply"]])
    if question["supply"] == "by_kind":
        is_room = plan.kind == PlanKind.CAPACITY
        yield from by_kind(_("每处能服务（人）") if is_room else _("每处"), question["by_kind"])
    elif question.get("each"):
        yield _("每个窗口（每人）能服务"), _("%(n)s 人") % {"n": amount(question["each"])}
    if question.get("people"):
        yield _("服务谁"), str(PEOPLE[question["people"]])
    if question.get("decay"):
        yield _("远近怎么算"), str(DECAYS[question["decay"]])
    if question.get("order"):
        yield _("谁先排"), str(ORDERS[question["order"]])
