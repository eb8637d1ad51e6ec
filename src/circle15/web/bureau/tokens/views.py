"""The page of one's own tokens: a token is shown once, in the answer to its making."""

from datetime import timedelta
from http import HTTPStatus
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from circle15.accounts import api_tokens
from circle15.accounts.refusals import Refused
from circle15.accounts.states import Permission, TokenChannel, TokenScope
from circle15.web.shared.access import StaffRequest, reads, requires, writes


class TokenForm(forms.Form):
    """What a token is for, and for how long."""

    name = forms.CharField(
        label=gettext_lazy("用途"),
        help_text=gettext_lazy("哪个系统或程序使用，例如 银行排队机对接"),
        max_length=40,
        error_messages={"required": gettext_lazy("请填写用途")},
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("可以做什么"),
        help_text=gettext_lazy("合作银行、医院的系统选“只限事项和办件”"),
        choices=TokenScope.choices,
        initial=TokenScope.ALL,
        required=False,
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("办件的来源"),
        help_text=gettext_lazy("APP、小程序的后台选“手机应用、小程序”，它交来的办件都记这个来源"),
        choices=TokenChannel.choices,
        required=False,
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("有效期"),
        choices=[
            (30, gettext_lazy("30 天")),
            (90, gettext_lazy("90 天")),
            (366, gettext_lazy("1 年")),
        ],
        initial=90,
        coerce=int,
    )


@reads
@requires(Permission.VIEW_HALL)
def token_list(request: StaffRequest) -> HttpResponse:
    return _page(request, TokenForm())


@writes
@requires(Permission.VIEW_HALL)
def make(request: StaffRequest) -> HttpResponse:
    form = TokenForm(request.POST)
    if form.is_valid():
        try:
            token = api_tokens.make_token(
                name=form.cleaned_data["name"],
                good_for=timedelta(days=form.cleaned_data["days"]),
                by=request.actor,
                at=timezone.now(),
                scope=TokenScope(form.cleaned_data["scope"] or TokenScope.ALL),
                channel=TokenChannel(form.cleaned_data["channel"]),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return render(request, "bureau/tokens/made.html", {"token": token})
    return _page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@writes
@requires(Permission.VIEW_HALL)
def revoke(request: StaffRequest, token_uid: UUID) -> HttpResponse:
    api_tokens.revoke_token(uid=token_uid, by=request.actor, at=timezone.now())
    messages.success(request, _("令牌已停用，使用它的程序下一次请求即被拒绝。"))
    return redirect("tokens")


def _page(request: StaffRequest, form: TokenForm, *, status: int = HTTPStatus.OK) -> HttpResponse:
    context = {
        "tokens": api_tokens.tokens_of(request.actor),
        "now": timezone.now(),
        "form": form if form.is_bound else None,
        "token_form": form,
    }
    return render(request, "bureau/tokens/list.html", context, status=status)
