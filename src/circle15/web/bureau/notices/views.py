"""Put notices on the displays of a hall and take them down."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.hall.actions import notices
from circle15.hall.board import notices_of
from circle15.hall.queries import hall_of
from circle15.hall.refusals import UnusableSetting
from circle15.sites.queries import site_by_code
from circle15.web.bureau.halls.now import doors_of
from circle15.web.shared.access import StaffRequest, reads, requires, writes

_NEEDED = {"required": gettext_lazy("请填写这一项。")}
_DATE = _NEEDED | {"invalid": gettext_lazy("日期写成 2026-03-31 这样。")}


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, error_messages=_DATE)


class NoticeForm(forms.Form):
    """A text and the days it is shown on."""

    text = forms.CharField(
        label=gettext_lazy("通知内容"), max_length=notices.LONGEST, error_messages=_NEEDED
    )
    shown_from = _day(gettext_lazy("开始日期"))
    shown_until = _day(gettext_lazy("结束日期"))


@reads
@requires(Permission.MANAGE_HALL)
def show(request: StaffRequest, code: str) -> HttpResponse:
    """Show the notices and the form for one more."""
    today = timezone.localdate()
    return _page(request, code, NoticeForm(initial={"shown_from": today, "shown_until": today}))


@writes
@requires(Permission.MANAGE_HALL)
def put_up(request: StaffRequest, code: str) -> HttpResponse:
    """Put a notice up."""
    form = NoticeForm(request.POST)
    if form.is_valid():
        try:
            notices.put_up(site_code=code, by=request.actor, at=timezone.now(), **form.cleaned_data)
        except UnusableSetting as refusal:
            form.add_error("shown_until", str(refusal))
        else:
            messages.success(request, _("已发到大屏，一分钟内显示。"))
            return HttpResponseRedirect(reverse("hall_notices", args=[code]))
    return _page(request, code, form)


@writes
@requires(Permission.MANAGE_HALL)
def take_down(request: StaffRequest, code: str) -> HttpResponse:
    """Take a notice down."""
    number = request.POST.get("notice", "")
    if not (number.isascii() and number.isdecimal() and len(number) < 19):  # noqa: PLR2004 -- bigint
        raise NotFound
    notices.take_down(site_code=code, notice_id=int(number), by=request.actor, at=timezone.now())
    messages.success(request, _("已撤下，一分钟内不再显示。"))
    return HttpResponseRedirect(reverse("hall_notices", args=[code]))


def _page(request: StaffRequest, code: str, form: NoticeForm) -> HttpResponse:
    hall = hall_of(request.actor, code)
    context = {
        "site": site_by_code(request.actor, code),
        "hall": hall,
        "notices": notices_of(request.actor, code, on=timezone.localdate()),
        "form": form,
        "doors": doors_of(code),
        "synthetic": hall.is_synthetic,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "bureau/notices/notices.html", context, status=status)
