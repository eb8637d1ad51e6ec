"""What the register is narrowed to, and what each step of a pharmacy asks."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from circle15.ledger.files import MAX_BYTES
from circle15.programme.pharmacies.lists import ShopFilter, ShopView
from circle15.programme.pharmacy_states import PharmacyState
from circle15.standards.pharmacies import pharmacy_rules
from circle15.web.bureau.ratings.forms import ALL
from circle15.web.bureau.services.entry_forms import CHOOSE, WRITE, choose, day_field
from circle15.web.shared.file_fields import SmallFileField
from circle15.web.shared.item_words import said
from circle15.web.shared.number_fields import DecimalNumberField, WholeNumberField
from circle15.web.shared.site_fields import SiteField

FILE_ERRORS: Mapping[str, Any] = {
    "required": gettext_lazy("请选择文件。"),
    "empty": gettext_lazy("文件为空，请重新选择"),
    "max_length": gettext_lazy("文件名太长，请改短后上传。"),
    "too_large": gettext_lazy("文件超过 %(most)s MB，请压缩后上传"),
}
MOST_TABLE_BYTES = 8 * 1024 * 1024
_MOMENT = WRITE | {"invalid": gettext_lazy("时间写成 2026-03-31 09:30 这样。")}


class ShopFilterForm(forms.Form):
    """The filter of the register; every field may be empty, wrong values count as empty."""

    search = forms.CharField(label=gettext_lazy("名称或编码"), required=False, max_length=60)
    state = forms.ChoiceField(label=gettext_lazy("状态"), required=False)
    area = forms.ChoiceField(label=gettext_lazy("区域"), required=False)

    def __init__(self, data: Mapping[str, Any], *, areas: Iterable[tuple[str, str]]) -> None:
        super().__init__(data)
        choose(self.fields["state"], [ALL, *PharmacyState.choices])
        choose(self.fields["area"], [ALL, *areas])

    def narrowed(self) -> ShopFilter:
        """Return the filter; a value that is not offered narrows nothing."""
        self.is_valid()
        given = self.cleaned_data
        return ShopFilter(
            search=str(given.get("search") or ""),
            state=str(given.get("state") or ""),
            area_path=str(given.get("area") or ""),
        )


class ShopForm(forms.Form):
    """A pharmacy to be entered."""

    code = forms.CharField(
        label=gettext_lazy("定点零售药店编码"), max_length=24, error_messages=WRITE
    )
    name = forms.CharField(label=gettext_lazy("药店名称"), max_length=120, error_messages=WRITE)
    town = forms.ChoiceField(label=gettext_lazy("乡镇（街道）"), error_messages=CHOOSE)
    address = forms.CharField(label=gettext_lazy("地址"), required=False, max_length=200)
    lon = DecimalNumberField(
        label=gettext_lazy("经度（WGS-84）"),
        min_value=-180,
        max_value=180,
        max_digits=9,
        decimal_places=6,
        error_messages=WRITE,
    )
    lat = DecimalNumberField(
        label=gettext_lazy("纬度（WGS-84）"),
        min_value=-90,
        max_value=90,
        max_digits=9,
        decimal_places=6,
        error_messages=WRITE,
    )
    site = SiteField(
        label=gettext_lazy("对应的网点"),
        required=False,
        help_text=gettext_lazy(
            "网点列表里已有这家药店的，在这里选；它的负责人就能自己报需求和价格。"
        ),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        towns: Iterable[tuple[str, str]],
        sites: Iterable[tuple[str, str]],
    ) -> None:
        super().__init__(data)
        choose(self.fields["town"], towns)
        choose(self.fields["site"], [("", gettext_lazy("没有")), *sites])


class ActForm(forms.Form):
    """The base of what a step asks."""

    act = ""
    label: Any = ""
    is_alarming = False

    def __init__(self, *args: Any, act: str, view: ShopView, **more: Any) -> None:
        super().__init__(*args, **{"auto_id": f"{act}-%s"} | more)
        self.act, self.view = act, view


class NoteForm(ActForm):
    """A step with words, which a first word and a refusal need."""

    note = forms.CharField(
        label=gettext_lazy("说明"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReasonForm(ActForm):
    note = forms.CharField(
        label=gettext_lazy("理由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=WRITE,
    )


class ProposeForm(ReasonForm):
    """The first word of a selection: which conditions are met."""

    conditions = forms.MultipleChoiceField(
        label=gettext_lazy("入选条件"), required=False, widget=forms.CheckboxSelectMultiple
    )
    field_order = ("conditions", "note")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        names = pharmacy_rules().conditions.items()
        choose(self.fields["conditions"], [(key, said(name)) for key, name in names])
        self.initial["conditions"] = self.view.shop.conditions


class CheckForm(ActForm):
    """A dated check of the five."""

    checked_on = day_field(gettext_lazy("检查日期"))
    met = forms.MultipleChoiceField(
        label=gettext_lazy("符合的"), required=False, widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(
        label=gettext_lazy("情况说明"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("有不符合的，要写明。"),
    )
    file = SmallFileField(
        label=gettext_lazy("照片或 PDF"),
        required=False,
        most_bytes=MAX_BYTES,
        accept="image/jpeg,image/png,image/webp,application/pdf",
        errors=FILE_ERRORS,
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        names = pharmacy_rules().unified.items()
        choose(self.fields["met"], [(key, said(name)) for key, name in names])


class DemandForm(ActForm):
    """What a quarter will need."""

    quarter = forms.ChoiceField(label=gettext_lazy("季度"), error_messages=CHOOSE)
    kinds = WholeNumberField(
        label=gettext_lazy("药品品种数"), min_value=0, max_value=100_000, error_messages=WRITE
    )
    amount = DecimalNumberField(
        label=gettext_lazy("预计金额（元）"),
        min_value=0,
        max_digits=12,
        decimal_places=2,
        error_messages=WRITE,
    )
    note = forms.CharField(label=gettext_lazy("说明"), required=False, max_length=500)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        open_ones = [one for one in self.view.standing.demands if one.report is None]
        choose(
            self.fields["quarter"],
            [(one.period.name, one.period.name) for one in reversed(open_ones)],
        )


class OrderForm(ActForm):
    """An order that was placed."""

    number = forms.CharField(label=gettext_lazy("订单号"), max_length=40, error_messages=WRITE)
    amount = DecimalNumberField(
        label=gettext_lazy("金额（元）"),
        min_value=0,
        max_digits=12,
        decimal_places=2,
        error_messages=WRITE,
    )
    placed_at = forms.DateTimeField(
        label=gettext_lazy("下单时间"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages=_MOMENT,
    )


class FollowForm(ActForm):
    """When an order was answered or delivered."""

    order = forms.ChoiceField(label=gettext_lazy("订单"), error_messages=CHOOSE)
    moment = forms.DateTimeField(
        label=gettext_lazy("时间"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages=_MOMENT,
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        done = "answered_at" if self.act == "answered" else "delivered_at"
        rows = [one for one in self.view.orders if getattr(one, done) is None]
        choose(self.fields["order"], [(str(one.pk), one.number) for one in rows])


class UploadForm(forms.Form):
    """A drug list."""

    file = SmallFileField(
        label=gettext_lazy("药品清单（Excel 或 CSV）"),
        most_bytes=MOST_TABLE_BYTES,
        accept=".xlsx,.xls,.ods,.csv",
        errors=FILE_ERRORS,
    )
