"""What is asked of a plan, in words an officer uses; all that is wrong is said at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from circle15.plans.documents.wording import MODES, USUAL_MODE
from circle15.sites.states import SiteKind
from circle15.web.shared.number_fields import DecimalNumberField, WholeNumberField

LEAST_MINUTES, MOST_MINUTES, USUAL_MINUTES = 1, 60, 15
# The halls make the circle; every village point beside them would hide what a hall more brings.
HALLS = (SiteKind.COUNTY_HALL.value, SiteKind.TOWN_CENTRE.value)
EVERY_HALL = "every"
NOT_LISTED = {"invalid_choice": _("请从列表中选择。"), "required": _("请选择一项。")}
WHOLE = {"invalid": _("请填整数，例如 15。"), "required": _("请填写数字。")}


class AboutSites(forms.Form):
    """How people travel, how long they may, and to which kinds of sites."""

    mode = forms.ChoiceField(
        label=_("出行方式"), error_messages=NOT_LISTED, choices=list(MODES.items())
    )
    minutes = WholeNumberField(
        label=_("时限（分钟）"),
        min_value=LEAST_MINUTES,
        max_value=MOST_MINUTES,
        error_messages=WHOLE | {"min_value": _("至少 1 分钟。"), "max_value": _("最多 60 分钟。")},
    )
    site_kinds = forms.MultipleChoiceField(
        label=_("计入哪些网点"),
        choices=SiteKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("一项都不选，就是全部类型。"),
        error_messages={"invalid_choice": _("没有这种网点，请从列表中选择。")},
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, modes: Sequence[str], **more: Any
    ) -> None:
        usual = {"mode": USUAL_MODE, "minutes": USUAL_MINUTES, "site_kinds": list(HALLS)}
        given = usual | more.pop("initial", {})
        super().__init__(data, initial=given, **more)
        mode = self.fields["mode"]
        assert isinstance(mode, forms.ChoiceField)
        mode.choices = [(each, MODES.get(each, each)) for each in modes]

    @property
    def about(self) -> dict[str, object]:
        """Write the common part of a question."""
        given = self.cleaned_data
        return {name: given[name] for name in ("mode", "minutes", "site_kinds")}


class MapForm(AboutSites):
    """The planning map: the question, and the one site that is being placed by words."""

    site = forms.CharField(label=_("哪个网点"), required=False, max_length=40)
    place = forms.CharField(
        label=_("放到哪个村（社区）"),
        required=False,
        max_length=80,
        help_text=_("填名称或 12 位代码；也可以改填经纬度。"),
    )
    lon = DecimalNumberField(
        label=_("经度"),
        help_text=_("例如 121.655。"),
        required=False,
        min_value=-180,
        max_value=180,
    )
    lat = DecimalNumberField(
        label=_("纬度"),
        help_text=_("例如 31.811。"),
        required=False,
        min_value=-89,
        max_value=89,
    )


class Titled(AboutSites):
    """A question that is kept under a name."""

    title = forms.CharField(
        label=_("名称"),
        max_length=80,
        help_text=_("以后靠它找到这次分析，例如：2027 年新增两个网点。"),
        error_messages={"required": _("请填写名称。"), "max_length": _("名称不超过 80 个字。")},
    )
    field_order = ("title", "mode", "minutes", "site_kinds")


class CoverageForm(Titled):
    """How many people are within the minutes."""

    home_visits = forms.BooleanField(
        label=_("反方向：网点工作人员上门服务"),
        required=False,
        help_text=_("单行道等会使去和回的时间不同。"),
    )

    @property
    def question(self) -> dict[str, object]:
        """Write the question as a plan stores it."""
        return {**self.about, "home_visits": self.cleaned_data["home_visits"], "changes": []}


class StaffingForm(Titled):
    """How many windows a hall needs, hour by hour."""

    site_kinds = None  # type: ignore[assignment]  # Django's way to leave an inherited field out
    site = forms.ChoiceField(
        label=_("哪个网点"),
        required=False,
        help_text=_("选了网点、不填人数，就按离它最近、在时限以内的居民计算。"),
        error_messages=NOT_LISTED,
    )
    people = WholeNumberField(
        label=_("服务多少居民"),
        required=False,
        min_value=1,
        max_value=2_000_000,
        help_text=_("例如一个镇的常住人口。每天来多少人由此推算。"),
        error_messages=WHOLE | {"min_value": _("至少 1 人。"), "max_value": _("最多 200 万人。")},
    )
    within = WholeNumberField(
        label=_("多少分钟内轮到"),
        min_value=1,
        max_value=120,
        initial=10,
        error_messages=WHOLE | {"min_value": _("至少 1 分钟。"), "max_value": _("最多 120 分钟。")},
    )
    target = WholeNumberField(
        label=_("其中达到的比例（%）"),
        min_value=50,
        max_value=99,
        initial=90,
        error_messages=WHOLE | {"min_value": _("至少 50%。"), "max_value": _("最多 99%。")},
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        sites: Sequence[tuple[str, str]],
        **more: Any,
    ) -> None:
        super().__init__(data, **more)
        site = self.fields["site"]
        assert isinstance(site, forms.ChoiceField)
        every = _("全部%(kind)s") % {"kind": SiteKind.TOWN_CENTRE.label}
        site.choices = [("", _("不指定网点")), (EVERY_HALL, every), *sites]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        wrong = {"site", "people"} & set(self.errors)
        if not given.get("site") and given.get("people") is None and not wrong:
            self.add_error("people", _("请填写服务多少居民，或者选一个网点。"))
        if given.get("site") == EVERY_HALL and given.get("people") is not None:
            self.add_error("people", _("选了全部大厅就不填人数，各厅按自己的居民计算。"))
        return given

    @property
    def question(self) -> dict[str, object]:
        """Write the question as a plan stores it."""
        given = self.cleaned_data
        common = {"within": given["within"], "target": given["target"] / 100, "seed": 15}
        if given["site"] == EVERY_HALL:
            every = {"every": SiteKind.TOWN_CENTRE.value}
            return {**common, **every, "mode": given["mode"], "minutes": given["minutes"]}
        site = {"site": given["site"]} if given["site"] else {}
        if given["people"]:
            return {**common, **site, "people": given["people"]}
        return {**common, **site, "mode": given["mode"], "minutes": given["minutes"]}


class SaveForm(forms.Form):
    """The name under which the planning map is kept as a plan."""

    title = forms.CharField(
        label=_("方案名称"),
        max_length=80,
        error_messages={"required": _("请填写方案名称。"), "max_length": _("名称不超过 80 个字。")},
    )
