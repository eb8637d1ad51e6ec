"""The short form of each kind of help: only what that kind asks."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from circle15.cases.service_states import ServiceKind
from circle15.cases.services.lists import ServiceFilter
from circle15.cases.services.recording import ServiceEntry
from circle15.items.naming import item_names
from circle15.standards.services import ServiceForm, endings, topics
from circle15.web.bureau.services.entry_forms import (
    CHOOSE,
    EntryForm,
    PeriodForm,
    choose,
    day_field,
    numbered,
)
from circle15.web.shared.item_words import grouped, said
from circle15.web.shared.number_fields import WholeNumberField
from circle15.web.shared.site_fields import SiteField

ALL = ("", gettext_lazy("全部"))
# Fields of the form and what `asks` calls them.
_ASKED = {
    "item": "item",
    "topic": "topic",
    "people": "people",
    "minutes": "minutes",
    "number": "person",
    "complete_on": "complete_on",
    "handed_on": "handed_on",
    "ending": "ending",
}


class RecordForm(EntryForm):
    """A record of one kind; fields it does not ask are not there."""

    way = forms.ChoiceField(
        label=gettext_lazy("做了什么"), widget=forms.RadioSelect, error_messages=CHOOSE
    )
    ending = forms.ChoiceField(
        label=gettext_lazy("结果"), widget=forms.RadioSelect, initial="done", error_messages=CHOOSE
    )
    topic = forms.ChoiceField(label=gettext_lazy("宣传的主题"), required=False)
    item = forms.ChoiceField(label=gettext_lazy("什么事"), required=False)
    complete_on = day_field(gettext_lazy("材料齐备日"), required=False)
    handed_on = day_field(gettext_lazy("上报日"), required=False)
    people = WholeNumberField(label=gettext_lazy("服务人数"), initial=1, required=False)
    note = forms.CharField(
        label=gettext_lazy("说明"),
        widget=forms.TextInput(attrs={"data-c15-first": True, "autocomplete": "off"}),
        max_length=300,
        required=False,
        help_text=gettext_lazy("不写姓名和号码。"),
    )

    field_order = ("site", "way", "ending", "topic", "item", "number", "complete_on", "handed_on")

    def __init__(self, *args: Any, kind: ServiceForm, is_task: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        self.kind = kind
        choose(self.fields["way"], numbered((w.key, said(w.name)) for w in kind.ways.values()))
        choose(self.fields["ending"], ((key, said(name)) for key, name in endings().items()))
        choose(self.fields["topic"], [("", "—"), *topic_choices()])
        choose(self.fields["item"], [("", "—"), *grouped(item_names(timezone.localdate()))])
        for name, asked in _ASKED.items():
            if asked not in kind.asks or (is_task and name == "number"):
                del self.fields[name]

    def entry(self, *, person_uid: UUID | None, task: UUID | None) -> ServiceEntry:
        given = self.cleaned_data
        people = given.get("people")
        return ServiceEntry(
            site_code=given["site"],
            kind=self.kind.key,
            way=given["way"],
            done_on=given["done_on"],
            item_key=given.get("item", ""),
            topic=given.get("topic", ""),
            person_uid=person_uid,
            follow_up_uid=task,
            people=1 if people is None else people,
            minutes=given.get("minutes"),
            complete_on=given.get("complete_on"),
            handed_on=given.get("handed_on"),
            ending=given.get("ending", ""),
            note=given["note"],
        )


class ServiceFilterForm(PeriodForm):
    """The filter of the list."""

    kind = forms.ChoiceField(label=gettext_lazy("种类"), required=False)
    site = SiteField(label=gettext_lazy("网点"), required=False)
    field_order = ("kind", "site", "since", "until")

    def __init__(self, *args: Any, sites: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **{"auto_id": "filter_%s"} | more)
        choose(self.fields["kind"], [ALL, *ServiceKind.choices])
        choose(self.fields["site"], [ALL, *sites])

    def narrowed(self) -> ServiceFilter:
        return ServiceFilter(
            kind=self.chosen("kind"),
            site_path=self.chosen("site"),
            since=self.day("since"),
            until=self.day("until"),
        )


def topic_choices() -> list[tuple[str, str]]:
    return [(key, said(one.name)) for key, one in topics().items()]
