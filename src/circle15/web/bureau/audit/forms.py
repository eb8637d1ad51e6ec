"""What the trail can be searched for."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from circle15.accounts.actors import Actor
from circle15.accounts.queries import account_id
from circle15.audit.queries import EventSearch
from circle15.web.bureau.audit.words import KINDS, VERBS

ALL = ("", _("全部"))


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("日期写成 2026-01-31 这样。")},
    )


class TrailForm(forms.Form):
    """Every field may be empty."""

    since = _day(_("从"))
    until = _day(_("到（含当日）"))
    who = forms.CharField(
        label=_("操作人（完整用户名）"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    verb = forms.ChoiceField(label=_("操作"), required=False, choices=[ALL, *VERBS.items()])
    kind = forms.ChoiceField(label=_("对象"), required=False, choices=[ALL, *KINDS.items()])
    target = forms.CharField(label=_("对象编号"), required=False, max_length=120)
    request = forms.CharField(label=_("请求编号"), required=False, max_length=64)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if since and until and until < since:
            self.add_error("until", _("结束日期不能早于开始日期。"))
        if "\0" in "".join(value for value in given.values() if isinstance(value, str)):
            raise forms.ValidationError(_("含有不能识别的字符，请重新填写。"))
        return given

    def search(self, actor: Actor) -> EventSearch:
        """Return what to look for, inside the actor's area; call it when the form is valid."""
        given = self.cleaned_data
        who = given["who"].strip()
        user_id = account_id(username=who, actor=actor) if who else None
        until = given["until"]
        return EventSearch(
            area_path=actor.area_path,
            actor_id=user_id,
            actor_name="" if user_id else who,
            verb=given["verb"],
            target_kind=given["kind"],
            target_id=given["target"].strip(),
            request_id=given["request"].strip(),
            since=_start(given["since"]),
            until=_start(until + timedelta(days=1)) if until and until < date.max else None,
        )


def _start(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None
