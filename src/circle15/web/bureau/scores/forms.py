"""The form that keeps a sheet: which book, what for, of which day, which vetoes; and days."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.dateparse import parse_date
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from circle15.assessments.editions import EARLIEST, Applicable
from circle15.assessments.states import Purpose
from circle15.ledger.files import MAX_BYTES
from circle15.web.bureau.campaigns.forms import FILE_ERRORS
from circle15.web.shared.access import StaffRequest
from circle15.web.shared.file_fields import SmallFileField


class StoreForm(forms.Form):
    """Keep a sheet for good; a veto needs a second word."""

    book = forms.ChoiceField(label=_("评分规则"))
    purpose = forms.ChoiceField(label=_("用途"), choices=Purpose.choices)
    on = forms.DateField(
        label=_("按哪一天的台账"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("请填写日期。"), "invalid": _("日期写成 2026-01-31 这样。")},
    )
    vetoes = forms.MultipleChoiceField(
        label=_("一票否决情形"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("没有就不选。选了任何一项，结果就是不合格，分数照记。"),
    )
    file = SmallFileField(
        label=_("佐证材料"),
        required=False,
        most_bytes=MAX_BYTES,
        accept="image/jpeg,image/png,image/webp,application/pdf",
        errors=FILE_ERRORS,
        help_text=_("照片或 PDF，不超过 10MB"),
    )
    confirmed = forms.BooleanField(label=_("已核实所选的否决情形，并有佐证材料"), required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
        *,
        judged: Sequence[Applicable],
        today: date,
    ) -> None:
        super().__init__(data, files, initial={"on": today})
        self.today = today
        language = get_language() or ""
        book, vetoes = self.fields["book"], self.fields["vetoes"]
        assert isinstance(book, forms.ChoiceField)
        assert isinstance(vetoes, forms.MultipleChoiceField)
        editions = [each.edition for each in judged]
        book.choices = [(each.id, each.title.in_language(language)) for each in editions]
        self.vetoes_of = {each.id: {veto.id for veto in each.vetoes} for each in editions}
        vetoes.choices = [
            (veto.id, f"{veto.number} {veto.title.in_language(language)}")
            for each in editions
            for veto in each.vetoes
        ]
        if not vetoes.choices:
            del self.fields["vetoes"], self.fields["confirmed"], self.fields["file"]

    def clean_on(self) -> date:
        day = self.cleaned_data["on"]
        assert isinstance(day, date)
        if day > self.today:
            raise forms.ValidationError(_("日期不能晚于今天。"))
        return day

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        vetoes = given.get("vetoes", [])
        if vetoes and not set(vetoes) <= set(self.vetoes_of.get(given.get("book", ""), ())):
            self.add_error("vetoes", _("所选评分规则没有这些一票否决情形。"))
        elif vetoes and not given.get("confirmed"):
            self.add_error("confirmed", _("请先核实所选的否决情形，再勾选确认。"))
        elif vetoes and not given.get("file") and "file" not in self.errors:
            self.add_error("file", _("请附上佐证材料（照片或 PDF）。"))
        return given


class WordForm(forms.Form):
    """A second officer's word on the vetoes of a sheet."""

    reason = forms.CharField(label=_("不确认的理由"), required=False, max_length=300)


def day_of(request: StaffRequest) -> date | None:
    """Read `?on=2026-03-31`; anything else is no day."""
    return day_from(request.GET.get("on", ""))


def day_from(raw: str) -> date | None:
    """Read a day; anything else, and one before any ledger, is no day."""
    try:
        day = parse_date(raw)
    except ValueError:
        return None
    return day if day is not None and day >= EARLIEST else None
