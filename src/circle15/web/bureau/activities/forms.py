"""The form of each register, made of what its kind asks; the filter; reporting an incident."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy

from circle15.programme.activities.lists import ActivityFilter
from circle15.programme.activities.records import topic_choices
from circle15.programme.activities.surveys import MOST
from circle15.standards import activities as data
from circle15.standards.activities import ActivityField, ActivityKind, activity_rules
from circle15.web.bureau.campaigns.forms import note_field
from circle15.web.bureau.services.entry_forms import (
    CHOOSE,
    WRITE,
    PeriodForm,
    choose,
    day_field,
)
from circle15.web.bureau.training.forms import ACCEPT, time_field
from circle15.web.shared.number_fields import WholeNumberField
from circle15.web.shared.site_fields import SiteField

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

ALL: Final = ("", gettext_lazy("全部"))


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; what they are is looked at when they are kept."""

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[bytes]]":
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if not given:
            super().clean(None, initial)
        return [super(FilesField, self).clean(one, initial) for one in given]


class RecordForm(forms.Form):
    """A record of a register: site, day, what the kind asks, files."""

    site = SiteField(label=gettext_lazy("网点"), error_messages=CHOOSE)
    done_on = day_field(gettext_lazy("日期"))

    def __init__(
        self, *args: Any, kind: ActivityKind, sites: Iterable[tuple[str, str]], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        known = list(sites)
        choose(self.fields["site"], known)
        if len(known) == 1:
            # Nothing to choose: it goes along unseen.
            self.fields["site"].widget = forms.HiddenInput()
            self.initial = {**self.initial, "site": known[0][0]}
        self.fields["done_on"].widget.attrs["max"] = timezone.localdate().isoformat()
        for one in kind.fields:
            self.fields[one.key] = _field(one)
        self.fields["files"] = FilesField(
            label=gettext_lazy("照片或文件"),
            required=kind.needs_file,
            widget=FilesInput(attrs={"accept": ACCEPT, "multiple": True}),
            help_text=gettext_lazy("照片或 PDF，每个不超过 10MB"),
            error_messages={"required": gettext_lazy("请上传文件。")},
        )


def _field(one: ActivityField) -> forms.Field:
    language = get_language() or ""
    label = one.name.in_language(language)
    options = [(key, words.in_language(language)) for key, words in one.options.items()]
    match one.type:
        case data.CHOICE:
            first = [] if one.is_asked else [("", gettext_lazy("不填"))]
            return forms.ChoiceField(
                label=label,
                choices=[*first, *options],
                required=one.is_asked,
                widget=forms.RadioSelect,
                error_messages=CHOOSE,
            )
        case data.MANY | data.TOPICS:
            return forms.MultipleChoiceField(
                label=label,
                choices=options or topic_choices(language),
                required=one.is_asked,
                widget=forms.CheckboxSelectMultiple,
                error_messages=CHOOSE,
            )
        case data.LONG:
            return note_field(label, required=one.is_asked)
    attrs = {"inputmode": "decimal"} if one.type == data.NUMBER else {}
    return forms.CharField(
        label=label,
        max_length=120,
        required=one.is_asked,
        error_messages=WRITE,
        widget=forms.TextInput(attrs={**attrs, "autocomplete": "off"}),
    )


class ActivityFilterForm(PeriodForm):
    """Which records the list shows."""

    kind = forms.ChoiceField(label=gettext_lazy("登记簿"), required=False)
    site = SiteField(label=gettext_lazy("网点"), required=False)
    field_order = ("kind", "site", "since", "until")

    def __init__(self, *args: Any, sites: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **{"auto_id": "filter_%s"} | more)
        language = get_language() or ""
        kinds = activity_rules().kinds.items()
        choose(
            self.fields["kind"],
            [ALL, *((key, one.name.in_language(language)) for key, one in kinds)],
        )
        choose(self.fields["site"], [ALL, *sites])

    def narrowed(self) -> ActivityFilter:
        return ActivityFilter(
            kind=self.chosen("kind"),
            site_path=self.chosen("site"),
            since=self.day("since"),
            until=self.day("until"),
        )


class IncidentForm(forms.Form):
    """What happened: five short answers, filled in on a phone in a minute."""

    site = SiteField(label=gettext_lazy("网点"), error_messages=CHOOSE)
    kind = forms.ChoiceField(
        label=gettext_lazy("类别"), widget=forms.RadioSelect, error_messages=CHOOSE
    )
    level = forms.ChoiceField(
        label=gettext_lazy("等级"), widget=forms.RadioSelect, error_messages=CHOOSE
    )
    happened_at = time_field(gettext_lazy("什么时候发生"))
    words = note_field(gettext_lazy("发生了什么，现在怎样"))

    def __init__(self, *args: Any, sites: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        known = list(sites)
        choose(self.fields["site"], known)
        if len(known) == 1:
            self.fields["site"].widget = forms.HiddenInput()
            self.initial = {**self.initial, "site": known[0][0]}
        rules, language = activity_rules(), get_language() or ""
        choose(self.fields["kind"], _named(rules.incident_kinds, language))
        choose(self.fields["level"], _named(rules.levels, language))


def _named(rows: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
    return [(key, one.name.in_language(language)) for key, one in rows.items()]


def _count(label: Any) -> WholeNumberField:
    wrong = {"invalid": gettext_lazy("写成整数，例如 120。")}
    attrs = {"inputmode": "numeric", "autocomplete": "off"}
    return WholeNumberField(
        label=label,
        min_value=0,
        max_value=MOST,
        widget=forms.TextInput(attrs=attrs),
        error_messages=WRITE | wrong,
    )


class SurveyForm(forms.Form):
    """What a survey of awareness found."""

    site = SiteField(label=gettext_lazy("范围"), required=False, error_messages=CHOOSE)
    subject = forms.ChoiceField(label=gettext_lazy("调查内容"), error_messages=CHOOSE)
    way = forms.ChoiceField(label=gettext_lazy("调查方式"), error_messages=CHOOSE)
    done_on = day_field(gettext_lazy("日期"))
    asked = _count(gettext_lazy("调查人数"))
    knowing = _count(gettext_lazy("其中知道的"))
    used = _count(gettext_lazy("其中用过的"))
    source = forms.CharField(
        label=gettext_lazy("来源"),
        max_length=120,
        error_messages=WRITE,
        help_text=gettext_lazy(
            "谁做的、记录在哪里，例如“大厅问卷 2026 年 5 月”；不写被调查人的姓名。"
        ),
    )

    def __init__(self, *args: Any, sites: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        rules, language = activity_rules(), get_language() or ""
        choose(self.fields["site"], [("", gettext_lazy("本辖区或本网点")), *sites])
        for name, known in (("subject", rules.survey_subjects), ("way", rules.survey_ways)):
            words = [(key, text.in_language(language)) for key, text in known.items()]
            choose(self.fields[name], words)
        self.fields["done_on"].widget.attrs["max"] = timezone.localdate().isoformat()


class NoteForm(forms.Form):
    """How things stand, or how it ended."""

    note = note_field(gettext_lazy("情况"))
