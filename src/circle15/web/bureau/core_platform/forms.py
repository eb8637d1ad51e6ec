"""What is typed about a message or a difference."""

from collections.abc import Mapping
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from circle15.areas.wording import worded
from circle15.cases.core_platform.overview import TroubledLine
from circle15.standards.core_platform import coded, filing_of
from circle15.standards.item_forms import FieldKind, FormField
from circle15.web.shared.item_fields import form_field

PREFIX = "value-"


class NoteForm(forms.Form):
    """Why, in a few words."""

    note = forms.CharField(
        label=_("处理说明"),
        max_length=200,
        error_messages={"required": _("请写明怎样处理的")},
    )

    def __init__(self, about: UUID, data: Mapping[str, str] | None = None) -> None:
        # One page has many of them.
        super().__init__(data, auto_id=f"note-{about}-%s")


class ValuesForm(forms.Form):
    """What a filing lacks, asked as the window asks it where it does."""

    def __init__(self, data: Mapping[str, str] | None, about: TroubledLine) -> None:
        super().__init__(data, auto_id=f"value-{about.uid}-%s")
        filing = filing_of(about.item_key)
        self.asked: dict[str, FormField | None] = {}
        for name, label in about.missing:
            asked = filing.field(name) if filing else None
            self.asked[name] = asked
            plain = forms.CharField(label=worded(label), max_length=200)
            self.fields[PREFIX + name] = form_field(asked) if asked else plain

    def values(self) -> dict[str, str]:
        told: dict[str, str] = {}
        for name, asked in self.asked.items():
            value = str(self.cleaned_data[PREFIX + name])
            is_coded = asked is not None and asked.kind is FieldKind.CODE
            told |= coded(asked, value) if asked and is_coded else {name: value}
        return told


class FindForm(forms.Form):
    """A case by its number."""

    number = forms.CharField(
        label=_("办件编号"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class TakeBackForm(forms.Form):
    """Why something filed is taken back."""

    reason = forms.CharField(
        label=_("为什么撤销"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("会报给平台，也写进审计记录。不要写个人信息。"),
        error_messages={"required": _("请写明为什么撤销。")},
    )


class SecondForm(forms.Form):
    """What the second person says to a wish to take back."""

    note = forms.CharField(label=_("复核意见"), max_length=200, required=False)
    do = forms.ChoiceField(choices=[("agree", ""), ("keep", "")])
