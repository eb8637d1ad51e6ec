"""Who is away: cases of theirs go to whoever has the B-post (B岗), and come back afterwards."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.cases.absences import absences, people
from circle15.cases.actions import cover
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.once import once

_CHOOSE = {"required": _("请选择一项。"), "invalid_choice": _("请从列表中选择。")}
_DAY = {"invalid": _("日期写成 2026-01-31 这样。")}


def _day(label: Any, **more: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **more)


class AbsenceForm(forms.Form):
    """Who, from when until when, and why."""

    user = forms.ChoiceField(label=_("谁不在岗"), error_messages=_CHOOSE)
    since = _day(_("从哪天起"), error_messages={"required": _("请填写从哪天起。"), **_DAY})
    until = _day(
        _("到哪天为止"), required=False, error_messages=_DAY, help_text=_("还不知道的，先不填。")
    )
    reason = forms.CharField(
        label=_("事由"),
        max_length=120,
        required=False,
        help_text=_("例如休假、培训、外出；不要写病情。"),
    )

    def __init__(self, data: Any = None, *, choices: Any = (), **more: Any) -> None:
        super().__init__(data, **more)
        field = self.fields["user"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("请选择")), *choices]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        since, until = given.get("since"), given.get("until")
        if since and until and until < since:
            self.add_error("until", _("最后一天不能早于第一天。"))
        return given


@reads
@requires(Permission.VIEW_CASES)
def overview(request: StaffRequest) -> HttpResponse:
    """Show who is away and who stands in."""
    return _page(request)


def _page(
    request: StaffRequest, form: AbsenceForm | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    on = timezone.localdate()
    choices = people(by=request.actor, on=on)
    initial = {"since": on, "user": choices[0][0] if len(choices) == 1 else ""}
    context = {
        "lines": absences(by=request.actor, on=on),
        "form": form or AbsenceForm(choices=choices, initial=initial),
        "may_note": bool(choices),
    }
    return render(request, "bureau/cases/absences.html", context, status=status)


@writes
@requires(Permission.VIEW_CASES)
@once
def note(request: StaffRequest) -> HttpResponse:
    """Note an absence; the cases pass on at once."""
    at = timezone.now()
    form = AbsenceForm(request.POST, choices=people(by=request.actor, on=timezone.localdate()))
    if not form.is_valid():
        return _page(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    given = form.cleaned_data
    try:
        cover.set_absent(
            user_id=int(given["user"]),
            since=given["since"],
            until=given["until"],
            reason=given["reason"],
            by=request.actor,
            at=at,
        )
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, _now("已登记。有B岗的，经办的办件随后转给B岗。"))
    return HttpResponseRedirect(reverse("case_absences"))


@writes
@requires(Permission.VIEW_CASES)
@once
def end(request: StaffRequest, absence_id: int) -> HttpResponse:
    """Note that somebody is back; their cases come back too."""
    try:
        cover.cancel_absence(absence_id=absence_id, by=request.actor, at=timezone.now())
    except NotAllowed:  # a colleague's is not on one's page
        raise NotFound from None
    messages.success(request, _now("已销假。顶岗的办件随后转回。"))
    return HttpResponseRedirect(reverse("case_absences"))
