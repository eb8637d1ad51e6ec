"""Forms for a fact: which one, and its next value."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from circle15.ledger.states import Source
from circle15.standards.facts import FactDefinition, facts, groups
from circle15.web.shared.number_fields import DecimalNumberField, WholeNumberField

MAX_FILES = 6
YES_NO = [("true", _("是")), ("false", _("否"))]
BY_HAND = [choice for choice in Source.choices if choice[0] != Source.IMPORT]


class ManyFiles(forms.ClearableFileInput):
    """A control for several files at once."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files, none of them needed."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if len(given) > MAX_FILES:
            raise forms.ValidationError(
                _("一次最多上传 %(most)s 个文件。"), params={"most": MAX_FILES}
            )
        return [super(ManyFilesField, self).clean(each, initial) for each in given]


class ChooseFactForm(forms.Form):
    """Which fact to record, offered by group."""

    name = forms.ChoiceField(label=_("要记录哪一项"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        field = self.fields["name"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = _grouped()


def _grouped() -> list[tuple[str, list[tuple[str, str]]]]:
    language = get_language() or ""
    found: dict[str, list[tuple[str, str]]] = {}
    for name, fact in facts().items():
        title = groups()[fact.group].in_language(language)
        found.setdefault(title, []).append((name, fact.label.in_language(language)))
    return list(found.items())


class FactForm(forms.Form):
    """The next value of a fact, by its kind."""

    observed_on = forms.DateField(
        label=_("日期"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("请填写日期。"), "invalid": _("日期写成 2026-01-31 这样。")},
    )
    source = forms.ChoiceField(label=_("来源"), choices=BY_HAND, initial=Source.DOCUMENT)
    note = forms.CharField(label=_("说明"), required=False, max_length=300)
    attachments = ManyFilesField(
        label=_("佐证照片或 PDF"),
        required=False,
        help_text=_("JPG、PNG、WebP 照片或 PDF，每个不超过 10 MB，最多 6 个。"),
    )
    corrects = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, name: str, data: Any = None, files: Any = None, *, today: date, on_site: bool
    ) -> None:
        super().__init__(data, files, initial={"observed_on": today})
        self.today = today
        source = self.fields["source"]
        assert isinstance(source, forms.ChoiceField)
        source.choices = [each for each in BY_HAND if on_site or each[0] != Source.ON_SITE]
        self.fields["value"] = _value_field(facts()[name])
        self.order_fields(["value", "observed_on", "source", "note", "attachments"])

    def clean_value(self) -> bool | int | Decimal:
        value = self.cleaned_data["value"]
        return value == "true" if isinstance(value, str) else value

    def clean_observed_on(self) -> date:
        day = self.cleaned_data["observed_on"]
        assert isinstance(day, date)
        if day > self.today:
            raise forms.ValidationError(_("日期不能晚于今天。"))
        return day


def _value_field(fact: FactDefinition) -> forms.Field:
    language = get_language() or ""
    unit = fact.unit.in_language(language)
    label = (
        f"{fact.label.in_language(language)}{_('（')}{unit}{_('）')}"
        if unit
        else fact.label.in_language(language)
    )
    needed = {"required": _("请填写这一项。"), "invalid": _("请填写数字。")}
    if fact.kind == "number":
        return DecimalNumberField(
            label=label,
            min_value=0,
            max_digits=12,
            decimal_places=4,
            error_messages=needed,
            help_text=_usual(fact),
        )
    if fact.kind == "count":
        return WholeNumberField(
            label=label, min_value=0, error_messages=needed, help_text=_usual(fact)
        )
    return forms.ChoiceField(
        label=label, choices=YES_NO, widget=forms.RadioSelect, error_messages=needed
    )


def _usual(fact: FactDefinition) -> str:
    """Say beyond which number the ledger takes it for a slip, and why."""
    if fact.range is None:
        return ""
    language = get_language() or ""
    return gettext("一般不超过 %(most)s%(unit)s：%(why)s。") % {
        "most": fact.range.most,
        "unit": f" {fact.unit.in_language(language)}",
        "why": fact.range.why.in_language(language),
    }
