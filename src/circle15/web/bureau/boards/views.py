"""Which boards are whole, what one of them lacks, and its texts in the words of the place."""

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

from circle15.accounts.states import Permission
from circle15.cases.disclosure.board import Completeness, board_site, completeness_of
from circle15.cases.disclosure.overview import board_states
from circle15.cases.disclosure.posting import NothingToPost
from circle15.cases.disclosure.posting import post as post_board
from circle15.cases.disclosure.texts import REGISTERED, UnusableText, parts_of, set_text
from circle15.standards.services import board_parts
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.item_words import said


class TextForm(forms.Form):
    """Which part, for whom, in which words."""

    key = forms.ChoiceField()
    text = forms.CharField(
        label=gettext_lazy("内容"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    everywhere = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["key"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, said(part.name)) for key, part in board_parts().items()]


@reads
@requires(Permission.VIEW_CASES)
def listed(request: StaffRequest) -> HttpResponse:
    """Show every site with how whole its wall is."""
    page = board_states(request.actor, on=timezone.localdate(), page=request.GET.get("page", "1"))
    context = {
        "page": page,
        "may_write_all": request.actor.can(Permission.SUPERVISE_CASES),
        "synthetic": any(one.is_synthetic for one in page.object_list),
    }
    return render(request, "bureau/boards/list.html", context)


@reads
@requires(Permission.VIEW_CASES)
def show(request: StaffRequest, code: str) -> HttpResponse:
    """Show what a board lacks, and its texts."""
    return _page(request, code)


@writes
@requires(Permission.TAKE_IN)
def post(request: StaffRequest, code: str) -> HttpResponse:
    """Say that the board of today hangs on the wall."""
    try:
        post_board(site_code=code, by=request.actor, at=timezone.now())
    except NothingToPost as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已记录：今天的公示已张贴。"))
    return HttpResponseRedirect(reverse("site_board", args=[code]))


@writes
@requires(Permission.SUPERVISE_CASES)
def write(request: StaffRequest, code: str) -> HttpResponse:
    """Put a part into the words of the site, or of all the actor's sites."""
    site, form = board_site(code, request.actor), TextForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("内容没有保存：最多写 1000 个字。"))
        return _page(request, code, HTTPStatus.UNPROCESSABLE_ENTITY)
    given = form.cleaned_data
    path = request.actor.area_path if given["everywhere"] else site.area_path
    try:
        set_text(
            area_path=path,
            key=given["key"],
            text=given["text"],
            by=request.actor,
            at=timezone.now(),
        )
    except UnusableText as refusal:
        messages.error(request, str(refusal))
        return _page(request, code, HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, _("已保存，网页和大屏即时更新；墙上的请重新打印张贴。"))
    return HttpResponseRedirect(reverse("site_board", args=[code]))


def _page(request: StaffRequest, code: str, status: int = HTTPStatus.OK) -> HttpResponse:
    site = board_site(code, request.actor)
    whole = completeness_of(code, request.actor, on=timezone.localdate())
    parts = parts_of(site.area_path, phone=site.phone)
    context = {
        "site": site,
        "whole": whole,
        "lacks": _lacks(whole) if whole else [],
        "parts": [
            {
                "key": one.part.key,
                "name": said(one.part.name),
                "text": one.text,
                "is_own": one.set_by_path == site.area_path,
                "is_given": bool(one.set_by_path),
                "is_registered": one.set_by_path == REGISTERED,
            }
            for one in parts
        ],
        "may_post": request.actor.can(Permission.TAKE_IN),
        "may_write": request.actor.can(Permission.SUPERVISE_CASES),
        "is_wider": request.actor.area_path != site.area_path,
        "synthetic": site.is_synthetic,
    }
    return render(request, "bureau/boards/board.html", context, status=status)


def _lacks(whole: Completeness) -> list[tuple[str, list[str]]]:
    """Return what is not on the wall as it is in force, by why."""
    found = [
        (_("没有张贴的事项"), [said(item.name) for item in whole.missing]),
        (_("内容已更新的事项"), [said(item.name) for item in whole.stale]),
        (_("已取消、应撤下的事项"), list(whole.gone)),
        (_("没有张贴或已更新的内容"), [said(one.part.name) for one in whole.parts]),
    ]
    return [(title, names) for title, names in found if names]
