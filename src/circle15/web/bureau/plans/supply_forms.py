"""Questions about supply: what everyone can reach, whom the sites can serve, where cases go on."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from circle15.plans.documents.asked import DECAYS, ORDERS, PEOPLE, SUPPLIES
from circle15.plans.wishes import BY_KIND
from circle15.sites.states import SiteKind
from circle15.web.bureau.plans import by_kind
from circle15.web.bureau.plans.forms import NOT_LISTED, Titled
from circle15.web.shared.number_fields import DecimalNumberField

MOST_PEOPLE = 2_000_000
MOST_SERVING = 1000
EACH = "each_kind"
LEVELS = ("level_1", "level_2", "level_3")


class _Supplied(Titled):
    """What sites have to give: from the register, or a number for each kind."""

    unit: Any = _("个")
    most = MOST_SERVING
    supply = forms.ChoiceField(
        label=_("按什么计算"),
        choices=list(SUPPLIES.items()),
        initial="windows",
        widget=forms.RadioSelect,
        error_messages=NOT_LISTED,
    )

    def __init__(self, data: Mapping[str, Any] | None = None, **more: Any) -> None:
        super().__init__(data, **more)
        by_kind.add_fields(self, EACH, self.unit, self.most)

    @property
    def numbers(self) -> list[BoundField]:
        """Give the number fields, one for each kind of site."""
        return by_kind.drawn(self, EACH)

    @property
    def shows_numbers(self) -> bool:
        """Tell whether the numbers must be seen."""
        return by_kind.is_touched(self, EACH) or self["supply"].value() == BY_KIND

    def clean(self) -> dict[str, Any]:
        filled = self.cleaned_data
        by_kind.refuse_uncounted(self, EACH, set(filled.get("site_kinds") or ()))
        numbers = by_kind.given(self, EACH)
        first = self.numbers[1].name
        if filled.get("supply") == BY_KIND:
            if not any(numbers.values()) and not any(bound.errors for bound in self.numbers):
                self.add_error(first, gettext("请至少给一类网点填数，要大于 0。"))
        elif numbers and "supply" in filled:
            words = gettext("按类型填了数：请改选“按网点类型填写的数”，或清空这些数。")
            self.add_error("supply", words)
        return filled

    @property
    def about_supply(self) -> dict[str, object]:
        """Write the common part of the question."""
        supply = self.cleaned_data["supply"]
        numbers = {"by_kind": by_kind.given(self, EACH)} if supply == BY_KIND else {}
        return {**self.about, "supply": supply, **numbers}


class AccessForm(_Supplied):
    """How much of the supply everyone can reach."""

    people = forms.ChoiceField(
        label=_("服务谁"), choices=list(PEOPLE.items()), error_messages=NOT_LISTED
    )
    decay = forms.ChoiceField(
        label=_("远近怎么算"),
        choices=list(DECAYS.items()),
        initial="steps",
        widget=forms.RadioSelect,
        error_messages=NOT_LISTED,
    )

    @property
    def question(self) -> dict[str, object]:
        """Write the question as a plan stores it."""
        filled = self.cleaned_data
        return {**self.about_supply, "people": filled["people"], "decay": filled["decay"]}


class CapacityForm(_Supplied):
    """Whom the sites can serve, filled one after the other."""

    unit = _("人")
    most = MOST_PEOPLE
    each = DecimalNumberField(
        label=_("每个窗口（每名人员）能服务多少居民"),
        required=False,
        min_value=Decimal(1),
        max_value=Decimal(MOST_PEOPLE),
        help_text=_("按登记的窗口数或人数计算时必填，例如 5000。"),
        error_messages={"min_value": _("至少 1 人。"), "max_value": _("最多 200 万人。")},
    )
    order = forms.ChoiceField(
        label=_("谁先排"),
        choices=list(ORDERS.items()),
        initial="people",
        widget=forms.RadioSelect,
        error_messages=NOT_LISTED,
    )

    def clean(self) -> dict[str, Any]:
        filled = super().clean()
        by_register = filled.get("supply") not in {BY_KIND, None}
        if by_register and filled.get("each") is None and "each" not in self.errors:
            self.add_error("each", gettext("请填写每个窗口（每名人员）能服务多少居民。"))
        if filled.get("supply") == BY_KIND and filled.get("each") is not None:
            self.add_error("each", gettext("按类型填了每处的人数，这里请清空。"))
        return filled

    @property
    def question(self) -> dict[str, object]:
        """Write the question as a plan stores it."""
        filled = self.cleaned_data
        each = {} if filled["each"] is None else {"each": float(filled["each"])}
        return {**self.about_supply, **each, "order": filled["order"]}


class ReferralForm(Titled):
    """Where a case goes that the nearest site can't finish."""

    site_kinds = None  # type: ignore[assignment]  # Django's way to leave an inherited field out
    level_1 = forms.ChoiceField(
        label=_("先到哪一类网点"),
        choices=SiteKind.choices,
        initial=SiteKind.VILLAGE_POINT.value,
        error_messages=NOT_LISTED,
    )
    level_2 = forms.ChoiceField(
        label=_("办不了，再到哪一类"),
        choices=SiteKind.choices,
        initial=SiteKind.TOWN_CENTRE.value,
        error_messages=NOT_LISTED,
    )
    level_3 = forms.ChoiceField(
        label=_("还办不了，最后到哪一类"),
        choices=[("", _("没有第三级")), *SiteKind.choices],
        initial=SiteKind.COUNTY_HALL.value,
        required=False,
        error_messages=NOT_LISTED,
    )

    def clean(self) -> dict[str, Any]:
        filled, seen = self.cleaned_data, set()
        for name in LEVELS:
            kind = str(filled.get(name) or "")
            if kind in seen:
                words = gettext("“%(kind)s”前面已经有了，各级要不同。")
                self.add_error(name, words % {"kind": SiteKind(kind).label})
            elif kind:
                seen.add(kind)
        return filled

    @property
    def question(self) -> dict[str, object]:
        """Write the question as a plan stores it."""
        filled = self.cleaned_data
        levels = [filled[name] for name in LEVELS if filled[name]]
        travel = {"mode": filled["mode"], "minutes": filled["minutes"]}
        return {**travel, "levels": levels, "site_kinds": levels}
