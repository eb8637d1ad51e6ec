"""A complaint, opinion or suggestion by anybody, and the page on which it is followed."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from circle15.accounts.refusals import NotFound, Refused
from circle15.ratings.orders import steps
from circle15.ratings.orders.lists import OrderView, order_by_link
from circle15.ratings.orders.opening import Asker, Matter, open_from_home, secret_of
from circle15.ratings.refusals import NoPhone
from circle15.ratings.states import (
    CameFrom,
    Finding,
    OrderKind,
    OrderState,
    OrderStep,
)
from circle15.sites.public import find, open_site
from circle15.standards.ratings import rating_rules
from circle15.web.shared.access import Request, open_to_all, reads, writes
from circle15.web.shared.limits import limited
from circle15.web.shared.once import once

# A longer list is searched by name or area: nobody scrolls through all sites of a city.
MOST_SITES = 60
KINDS = [each for each in OrderKind.choices if each[0] != OrderKind.BAD_RATING]
_ENDED = {OrderState.CLOSED: "good", OrderState.PUBLISHED: "good", OrderState.REOPENED: "warn"}


class FeedbackForm(forms.Form):
    """What somebody wants to say, about which site; a number only for who wants an answer."""

    kind = forms.ChoiceField(
        label=gettext_lazy("想说的是"),
        choices=KINDS,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选择一项。")},
    )
    site = forms.ChoiceField(
        label=gettext_lazy("关于哪个网点"),
        error_messages={"required": gettext_lazy("请选择网点。")},
    )
    text = forms.CharField(
        label=gettext_lazy("内容"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("请不要写身份证号码；写了也会遮掩。"),
        error_messages={
            "required": gettext_lazy("请写明情况。"),
            "max_length": gettext_lazy("不超过 500 个字。"),
        },
    )
    phone = forms.CharField(
        label=gettext_lazy("联系电话"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("想要电话回复就留；加密保存，窗口人员看不到。"),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, asked: str = "", search: str = "", **more: Any) -> None:
        super().__init__(*args, **more)
        site = self.fields["site"]
        assert isinstance(site, forms.ChoiceField)
        found = find(search=search)
        self.search, self.count = search, len(found)
        known = {each.code: f"{each.name} · {each.town}" for each in found[:MOST_SITES]}
        # The code on a wall, or the one just sent, may be that of a site not in the list.
        named = open_site(asked) if asked and asked not in known else None
        known |= {named.code: named.name} if named else {}
        site.choices = [("", _("请选择")), *known.items()]

    @property
    def is_searched(self) -> bool:
        """Tell whether there are more sites than the list holds, or some were looked for."""
        return bool(self.search) or self.count > MOST_SITES

    @property
    def left_out(self) -> int:
        return max(self.count - MOST_SITES, 0)


@limited
@reads
@open_to_all
def ask(request: Request) -> HttpResponse:
    """Show the form; an address may name the site, or words of its name or area."""
    site, search = request.GET.get("site", "")[:40], request.GET.get("q", "").strip()[:40]
    return _form(request, FeedbackForm(initial={"site": site}, asked=site, search=search))


@limited
@writes
@open_to_all
@once
def hand_in(request: Request) -> HttpResponse:
    """Open an order and lead to the page where it is followed."""
    form = FeedbackForm(request.POST, asked=request.POST.get("site", "")[:40])
    if not form.is_valid():
        return _form(request, form)
    given = form.cleaned_data
    matter = Matter(given["kind"], given["text"], CameFrom.WEB, given["site"])
    try:
        uid = open_from_home(matter, asker=Asker(phone=given["phone"]), at=timezone.now())
    except NoPhone as refusal:
        form.add_error("phone", str(refusal))
        return _form(request, form)
    except Refused as refusal:
        form.add_error("text", str(refusal))
        return _form(request, form)
    messages.success(request, _("已收到，谢谢您。请收藏这一页，随时看进度。"))
    return HttpResponseRedirect(reverse("feedback_order", args=[uid, secret_of(uid)]))


@limited
@reads
@open_to_all
def follow(request: Request, link: UUID, secret: str) -> HttpResponse:
    """Show where a matter stands to whoever has its link."""
    return _page(request, order_by_link(link, secret))


@limited
@writes
@open_to_all
@once
def say(request: Request, link: UUID, secret: str) -> HttpResponse:
    """Take the person's own word: content, not content, an appeal, or that it came again."""
    at, note = timezone.now(), request.POST.get("note", "").strip()
    given: dict[str, Any] = {"uid": link, "secret": secret, "at": at}
    words = {
        "content": lambda: steps.confirm(is_satisfied=True, note=note, **given),
        "not_content": lambda: steps.confirm(is_satisfied=False, note=note, **given),
        "appeal": lambda: steps.appeal_by_link(reason=note, **given),
        "reopen": lambda: steps.reopen_by_link(note=note, **given),
    }
    do = words.get(request.POST.get("do", ""))
    if do is None:
        raise NotFound
    try:
        do()
    except NotFound:
        raise
    except Refused as refusal:
        return _page(request, order_by_link(link, secret), str(refusal), note=note)
    messages.success(request, _("已记下，谢谢您。"))
    return HttpResponseRedirect(reverse("feedback_order", args=[link, secret]))


def _form(request: Request, form: FeedbackForm) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    days = rating_rules().deadlines["simple"]
    return render(
        request, "public/rating/feedback.html", {"form": form, "days": days}, status=status
    )


def _page(request: Request, view: OrderView, refusal: str = "", *, note: str = "") -> HttpResponse:
    order = view.order
    is_open = order.answered_at is None and order.closed_at is None
    context = {
        "order": order,
        "kind_name": OrderKind(order.kind).label,
        "state_name": OrderState(order.state).label,
        "tone": _ENDED.get(OrderState(order.state), "info"),
        "finding_name": Finding(order.finding).label if order.finding else "",
        "due_on": order.answer_due_on if is_open else None,
        "spans": [
            {"begun_at": timezone.localtime(span.begun_at), "name": OrderStep(span.step).label}
            for span in view.spans
        ],
        "may_confirm": OrderStep.CONFIRM in view.may,
        "may_appeal": OrderStep.APPEAL in view.may,
        "may_reopen": OrderStep.REOPEN in view.may,
        "refusal": refusal,
        "note": note,
        "synthetic": order.is_synthetic,
    }
    status = HTTPStatus.CONFLICT if refusal else HTTPStatus.OK
    response = render(request, "public/rating/order.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
