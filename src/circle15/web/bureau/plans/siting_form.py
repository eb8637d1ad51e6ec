"""Where the next sites go: how many or for how much money, of which kind, for how many people."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from circle15.areas.wording import worded
from circle15.core import entries
from circle15.plans.documents.wording import OBJECTIVES
from circle15.sites.states import SiteKind
from circle15.web.bureau.plans import by_kind
from circle15.web.bureau.plans.forms import NOT_LISTED, WHOLE, Titled
from circle15.web.shared.number_fields import DecimalNumberField, WholeNumberField

COVER, MOST_COVERED = "lscp", "mclp"
REACH, CAPACITY = "reach", "capacity"
MOST_MONEY = 1_000_000
MOST_PEOPLE = 2_000_000
LONGEST_MINUTES = 60
_PAIR = 2
_MONEY = {
    "min_value": _("金额不能小于 0。"),
    "max_value": _("最多 1,000,000 万元。"),
}


def _codes(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("填 12 位代码，用空格或换行分开。"),
    )


class SitingForm(Titled):
    """Where the next sites go."""

    objective = forms.ChoiceField(
        label=_("目标"),
        choices=list(OBJECTIVES.items()),
        initial=MOST_COVERED,
        widget=forms.RadioSelect,
        error_messages=NOT_LISTED,
    )
    count = WholeNumberField(
        label=_("新增几个网点"),
        min_value=1,
        max_value=200,
        required=False,
        initial=10,
        help_text=_("填了预算，这里可以清空；两样都填，就两样都不超过。"),
        error_messages=WHOLE | {"min_value": _("至少 1 个。"), "max_value": _("最多 200 个。")},
    )
    cover = WholeNumberField(
        label=_("要达到的覆盖率（%）"),
        min_value=1,
        max_value=100,
        required=False,
        help_text=_("只有“覆盖率一定”的目标需要填。"),
        error_messages=WHOLE | {"min_value": _("至少 1%。"), "max_value": _("最多 100%。")},
    )
    new_kind = forms.ChoiceField(
        label=_("新网点是哪一类"),
        choices=SiteKind.choices,
        initial=SiteKind.TOWN_CENTRE.value,
        required=False,
        help_text=_("决定用下面哪一类的时限和能服务的人数。"),
        error_messages=NOT_LISTED,
    )
    budget = DecimalNumberField(
        label=_("预算（万元）"),
        required=False,
        min_value=Decimal(0),
        max_value=Decimal(MOST_MONEY),
        help_text=_("新网点的费用合计不超过它；不填就不限。"),
        error_messages=_MONEY,
    )
    cost = DecimalNumberField(
        label=_("每个新网点的费用（万元）"),
        required=False,
        min_value=Decimal(0),
        max_value=Decimal(MOST_MONEY),
        help_text=_("有预算时必填。"),
        error_messages=_MONEY,
    )
    costs = forms.CharField(
        label=_("费用不同的村（社区）"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("每行一个：12 位代码，空格，费用（万元）。其余的按上面的费用。"),
    )
    by_cost = forms.BooleanField(
        label=_("求费用最少，而不是网点最少"),
        required=False,
        help_text=_("只用于“覆盖率一定”的目标。"),
    )
    one_per_town = forms.BooleanField(label=_("每个乡镇（街道）最多新增一个"), required=False)
    forbidden = _codes(_("不能设点的村（社区）"))
    forced = _codes(_("一定要设点的村（社区）"))

    def __init__(self, data: Mapping[str, Any] | None = None, **more: Any) -> None:
        super().__init__(data, **more)
        by_kind.add_fields(self, REACH, gettext("分钟"), LONGEST_MINUTES)
        by_kind.add_fields(self, CAPACITY, gettext("人"), MOST_PEOPLE)
        self._costs: dict[str, float] = {}

    @property
    def parts(self) -> Iterator[dict[str, object]]:
        """Give the fields that most plans leave alone, in groups that open where one is filled."""
        money = [self[name] for name in ("budget", "cost", "costs", "by_cost")]
        yield {
            "title": gettext("费用和预算"),
            "help": gettext("给出每个新网点的费用和总预算，就在预算之内选。"),
            "fields": money,
            "css": "input-medium",
            "open": any(bound.errors or bound.data for bound in money),
        }
        yield {
            "title": gettext("各类网点的时限"),
            "help": gettext(
                "不同类型可以有不同的时限，例如乡镇 15 分钟、村 10 分钟。不填就用上面的时限。"
            ),
            "fields": by_kind.drawn(self, REACH),
            "grid": True,
            "open": by_kind.is_touched(self, REACH),
        }
        yield {
            "title": gettext("每处能服务多少人"),
            "help": gettext(
                "填了就按容量计算：一处排满，多出的人要去别处。计入的各类和新网点那一类都要填。"
            ),
            "fields": by_kind.drawn(self, CAPACITY),
            "grid": True,
            "open": by_kind.is_touched(self, CAPACITY),
        }
        more = [self[name] for name in ("one_per_town", "forbidden", "forced")]
        yield {
            "title": gettext("更多条件"),
            "fields": more,
            "open": any(bound.errors or bound.data for bound in more),
        }

    def clean_costs(self) -> str:
        """Read a line for each place, and name every line that is wrong."""
        text: str = self.cleaned_data["costs"]
        problems = []
        for number, line in enumerate(text.splitlines(), start=1):
            words = line.replace("，", " ").replace("\t", " ").split(maxsplit=1)
            if not words:
                continue
            problem = self._cost_line(words)
            if problem:
                where = {"row": number, "problem": problem}
                problems.append(gettext("第 %(row)s 行：%(problem)s") % where)
        if problems:
            raise forms.ValidationError(gettext("；").join(problems))
        return text

    def _cost_line(self, words: list[str]) -> str:
        if len(words) < _PAIR:
            return gettext("要有代码和费用两项")
        found = entries.parse_decimal(words[1], at_least=Decimal(0), at_most=Decimal(MOST_MONEY))
        if isinstance(found, entries.Problem):
            return worded(found.message)
        if words[0] in self._costs:
            return gettext("“%(code)s”前面已经有了") % {"code": words[0]}
        self._costs[words[0]] = float(found)
        return ""

    def clean(self) -> dict[str, Any]:
        filled = self.cleaned_data
        by_share = filled.get("objective") == COVER
        if by_share:
            self._want("cover", gettext("请填写要达到的覆盖率。"))
            if filled.get("budget") is not None:
                self.add_error("budget", gettext("“覆盖率一定”的目标不限预算，请清空预算。"))
        elif filled.get("budget") is None and "budget" not in self.errors:
            self._want("count", gettext("请填写新增几个网点，或者填预算。"))
        if filled.get("by_cost") and not by_share:
            self.add_error("by_cost", gettext("求费用最少，只用于“覆盖率一定”的目标。"))
        if filled.get("budget") is not None or filled.get("by_cost") or self._costs:
            self._want("cost", gettext("请填写每个新网点的费用。"))
        self._check_kinds()
        return filled

    def _check_kinds(self) -> None:
        filled = self.cleaned_data
        counted = {*filled["site_kinds"], self._new_kind} if filled.get("site_kinds") else set()
        for prefix in (REACH, CAPACITY):
            by_kind.refuse_uncounted(self, prefix, counted)
        for kind, minutes in by_kind.given(self, REACH).items():
            if not minutes:
                self.add_error(f"{REACH}_{kind}", gettext("时限至少要大于 0 分钟。"))
        room = by_kind.given(self, CAPACITY)
        if not room:
            return
        for kind in sorted(counted - set(room)):
            words = gettext("还没有填“%(kind)s”每处能服务多少人。") % {"kind": SiteKind(kind).label}
            if f"{CAPACITY}_{kind}" not in self.errors:
                self.add_error(f"{CAPACITY}_{kind}", words)
        if filled.get("objective") not in {MOST_COVERED, None}:
            self.add_error("objective", gettext("按容量计算时，目标只能是让最多的人在时限内到达。"))

    @property
    def _new_kind(self) -> str:
        return str(self.cleaned_data.get("new_kind") or SiteKind.TOWN_CENTRE.value)

    def _want(self, name: str, words: str) -> None:
        if self.cleaned_data.get(name) is None and name not in self.errors:
            self.add_error(name, words)

    @property
    def question(self) -> dict[str, object]:
        """Write the question as a plan stores it; what was left empty is not in it."""
        filled = self.cleaned_data
        by_share = filled["objective"] == COVER
        asked = {
            "cover": filled["cover"] / 100 if by_share else None,
            "count": None if by_share else filled["count"],
            "budget": _number(filled["budget"]),
            "cost": _number(filled["cost"]),
            "costs": self._costs,
            "by_cost": filled["by_cost"],
            "reach": by_kind.given(self, REACH),
            "capacity": by_kind.given(self, CAPACITY),
        }
        return {
            **self.about,
            **{name: value for name, value in asked.items() if value not in (None, {}, False)},
            "objective": filled["objective"],
            "new_kind": self._new_kind,
            "one_per_town": filled["one_per_town"],
            "forbidden": _listed(filled["forbidden"]),
            "forced": _listed(filled["forced"]),
        }


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _listed(text: str) -> list[str]:
    return text.replace(",", " ").replace("，", " ").split()
