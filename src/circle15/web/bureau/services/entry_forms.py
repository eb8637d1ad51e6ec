"""What the short forms of both registers ask: where, when, whom, and how long it took."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.cases.services.entries import UnusableEntry
from circle15.ledger.people.looking import find_by_id_number
from circle15.sites.queries import visible_to
from circle15.sites.states import SiteStatus
from circle15.web.shared.number_fields import WholeNumberField
from circle15.web.shared.site_fields import SiteField

# A city of towns and villages has some thousands.
MOST_SITES = 20_000
CHOOSE = {
    "required": gettext_lazy("请选择一项。"),
    "invalid_choice": gettext_lazy("请从列表中选择。"),
}
WRITE = {"required": gettext_lazy("请填写这一项。")}
_DATE = WRITE | {"invalid": gettext_lazy("日期写成 2026-03-31 这样。")}


class OnceShown(forms.TextInput):
    """A number of a person is typed and never sent back into a page."""

    def format_value(self, value: Any) -> str | None:  # noqa: ARG002 -- given and not used on purpose
        return None


class NotRegistered(Refused):
    """Nobody has the number."""

    def __init__(self) -> None:
        super().__init__(_("没有登记过这个号码，请核对；不需要记到个人的可以不填。"))


def day_field(label: Any, *, required: bool = True, hint: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(
        label=label, widget=widget, required=required, help_text=hint, error_messages=_DATE
    )


class EntryForm(forms.Form):
    """The part both registers share; fields are ordered by those that add to it."""

    site = SiteField(label=gettext_lazy("网点"), error_messages=CHOOSE)
    done_on = day_field(gettext_lazy("日期"))
    minutes = WholeNumberField(label=gettext_lazy("时长（分钟）"), required=False)
    number = forms.CharField(
        label=gettext_lazy("服务对象身份证号"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("已登记的人填号码，只留下遮掩后的姓名；查询会记入审计日志。"),
        widget=OnceShown(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, sites: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        known = list(sites)
        choose(self.fields["site"], known)
        if len(known) == 1:
            # Nothing to choose: it goes along unseen.
            self.fields["site"].widget = forms.HiddenInput()
            self.initial = {**self.initial, "site": known[0][0]}
        self.fields["done_on"].widget.attrs["max"] = timezone.localdate().isoformat()

    def blame(self, refusal: UnusableEntry) -> None:
        """Put what is wrong to the fields it is about."""
        for name, words in refusal.problems:
            self.add_error(name if name in self.fields else None, words)

    def person(self, *, by: Actor, at: datetime, purpose: str) -> UUID | None:
        """Return who has the number that was typed. Raises NotRegistered and what a look raises."""
        number = self.cleaned_data.get("number", "")
        if not number:
            return None
        found = find_by_id_number(number, by=by, at=at, purpose=purpose)
        if found is None:
            raise NotRegistered
        return found.uid


def choose(field: forms.Field, choices: Iterable[tuple[str, Any]]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


def numbered(choices: Iterable[tuple[str, Any]]) -> list[tuple[str, str]]:
    """Put before each choice the digit that picks it."""
    return [(key, f"{number} {words}") for number, (key, words) in enumerate(choices, 1)]


def sites_of(actor: Actor) -> list[tuple[str, str]]:
    """Return the open sites of an actor by code and name, the own one first."""
    rows = visible_to(actor).filter(status=SiteStatus.OPEN).order_by("sort_key", "id")
    found = list(rows.values_list("code", "name", "area_path")[:MOST_SITES])
    found.sort(key=lambda one: one[2] != actor.area_path)
    return [(code, name) for code, name, _path in found]


def paths_of(actor: Actor) -> list[tuple[str, str]]:
    """Return the open sites by path and name, for a filter."""
    rows = visible_to(actor).filter(status=SiteStatus.OPEN).order_by("sort_key", "id")
    return list(rows.values_list("area_path", "name")[:MOST_SITES])


def told(form: EntryForm, refusal: Refused) -> None:
    """Show an expected refusal in the form; others become pages of their own."""
    if isinstance(refusal, NotAllowed | NotFound):
        raise refusal
    if isinstance(refusal, UnusableEntry):
        form.blame(refusal)
    else:
        form.add_error("number" if "number" in form.fields else None, str(refusal))


class PeriodForm(forms.Form):
    """Days from one to another; wrong ones count as empty."""

    since = day_field(gettext_lazy("从"), required=False)
    until = day_field(gettext_lazy("到"), required=False)

    def day(self, name: str) -> date | None:
        self.is_valid()
        found = self.cleaned_data.get(name)
        return found if isinstance(found, date) else None

    def chosen(self, name: str) -> str:
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")
