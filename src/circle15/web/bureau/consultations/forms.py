"""What is asked about a question, and the filter of the register."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy

from circle15.cases.service_states import AskedBy, Reply
from circle15.cases.services.consulting import ConsultationEntry
from circle15.cases.services.lists import ConsultationFilter
from circle15.web.bureau.services.entry_forms import (
    CHOOSE,
    WRITE,
    EntryForm,
    PeriodForm,
    choose,
    numbered,
)
from circle15.web.bureau.services.forms import ALL, topic_choices
from circle15.web.shared.site_fields import SiteField


class QuestionForm(EntryForm):
    """A question under its topic, and the answer."""

    topic = forms.ChoiceField(
        label=gettext_lazy("主题"), widget=forms.RadioSelect, error_messages=CHOOSE
    )
    asked_by = forms.ChoiceField(
        label=gettext_lazy("方式"), choices=AskedBy.choices, error_messages=CHOOSE
    )
    question = forms.CharField(
        label=gettext_lazy("问了什么"),
        max_length=300,
        help_text=gettext_lazy("不写姓名；号码会自动遮掩。"),
        widget=forms.TextInput(attrs={"data-c15-first": True, "autocomplete": "off"}),
        error_messages=WRITE,
    )
    answer = forms.CharField(
        label=gettext_lazy("怎么答复"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    reply = forms.ChoiceField(
        label=gettext_lazy("结果"), choices=Reply.choices, error_messages=CHOOSE
    )
    field_order = ("site", "topic", "question", "answer", "reply", "asked_by", "done_on")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        choose(self.fields["topic"], numbered(topic_choices()))

    def entry(self, *, person_uid: UUID | None) -> ConsultationEntry:
        given = self.cleaned_data
        return ConsultationEntry(
            site_code=given["site"],
            topic=given["topic"],
            asked_by=given["asked_by"],
            question=given["question"],
            reply=given["reply"],
            done_on=given["done_on"],
            answer=given["answer"],
            minutes=given["minutes"],
            person_uid=person_uid,
        )


class ConsultationFilterForm(PeriodForm):
    """The filter of the register."""

    topic = forms.ChoiceField(label=gettext_lazy("主题"), required=False)
    asked_by = forms.ChoiceField(
        label=gettext_lazy("方式"), required=False, choices=[ALL, *AskedBy.choices]
    )
    site = SiteField(label=gettext_lazy("网点"), required=False)
    q = forms.CharField(label=gettext_lazy("字词"), required=False, max_length=40)
    field_order = ("topic", "asked_by", "site", "since", "until", "q")

    def __init__(self, *args: Any, sites: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **{"auto_id": "filter_%s"} | more)
        choose(self.fields["topic"], [ALL, *topic_choices()])
        choose(self.fields["site"], [ALL, *sites])

    def narrowed(self) -> ConsultationFilter:
        return ConsultationFilter(
            topic=self.chosen("topic"),
            asked_by=self.chosen("asked_by"),
            site_path=self.chosen("site"),
            since=self.day("since"),
            until=self.day("until"),
            words=self.chosen("q").strip(),
        )
