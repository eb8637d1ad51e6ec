"""Posts of a partner's people, given by who gives posts: at the agreement's outlets, no wider."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.programme.partners import users
from circle15.web.bureau.partners.forms import PostsForm
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.once import once


@reads
@requires(Permission.MANAGE_ACCOUNTS)
def overview(request: StaffRequest) -> HttpResponse:
    """Show the agreements in force with the accounts that have posts at their outlets."""
    return _page(request)


@writes
@requires(Permission.MANAGE_ACCOUNTS)
@once
def give(request: StaffRequest, agreement_uid: UUID) -> HttpResponse:
    """Give an account of the partner a post at each outlet of the agreement."""
    by, on = request.actor, timezone.localdate()
    names = next(
        (one.accounts for one in users.posts_to_give(by, on=on) if one.row.uid == agreement_uid),
        None,
    )
    if names is None:
        raise NotFound
    form = PostsForm(request.POST, names=names, auto_id=f"{agreement_uid}-%s")
    if form.is_valid():
        given = form.cleaned_data
        try:
            n = users.give_posts(uid=agreement_uid, by=by, at=timezone.now(), **given)
        except (NotFound, NotAllowed):
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已按协议给岗：%s 个网点。") % n)
            return HttpResponseRedirect(reverse("partner_users"))
    return _page(request, (agreement_uid, form), HTTPStatus.UNPROCESSABLE_ENTITY)


def _page(
    request: StaffRequest,
    failed: tuple[UUID, PostsForm] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    rows: list[dict[str, Any]] = []
    for one in users.posts_to_give(request.actor, on=timezone.localdate()):
        form = PostsForm(names=one.accounts, auto_id=f"{one.row.uid}-%s")
        if failed is not None and failed[0] == one.row.uid:
            form = failed[1]
        rows.append({"one": one, "form": form})
    context = {"rows": rows, "refused": failed[1] if failed else None}
    return render(request, "bureau/partners/users.html", context, status=status)
