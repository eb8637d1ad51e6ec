"""Make a campaign: the form, how many sites it would hold, and the campaign itself."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.states import Permission
from circle15.areas.queries import choices_under
from circle15.assessments.campaigns.making import Preview, make_campaign, preview
from circle15.assessments.editions import in_force
from circle15.sites.states import SiteKind
from circle15.web.bureau.campaigns.forms import CampaignForm
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.item_words import said
from circle15.web.shared.once import once


@reads
@requires(Permission.RUN_ASSESSMENTS)
def ask(request: StaffRequest) -> HttpResponse:
    """Ask what a campaign is made of."""
    return _page(request, _form(request))


@writes
@requires(Permission.RUN_ASSESSMENTS)
@once
def make(request: StaffRequest) -> HttpResponse:
    """Make a campaign, or say first how many sites it would hold."""
    form = _form(request, request.POST)
    if not form.is_valid():
        return _page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    wanted, chosen = form.wanted(), form.chosen()
    try:
        if "preview" in request.POST:
            found = preview(book=wanted.book, on=wanted.freeze_on, chosen=chosen, by=request.actor)
            return _page(request, form, found=found)
        made = make_campaign(wanted=wanted, chosen=chosen, by=request.actor, at=timezone.now())
    except NotFound:
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, form, status=HTTPStatus.CONFLICT)
    messages.success(request, _("已建立，网点已选定。"))
    return HttpResponseRedirect(reverse("campaign", args=[made.uid]))


def _form(request: StaffRequest, data: Any = None) -> CampaignForm:
    on = timezone.localdate()
    books = [(edition.id, said(edition.title)) for edition in in_force(on)]
    areas = [(each.path, each.name) for each in choices_under(request.actor.area_path)]
    return CampaignForm(data, books=books, areas=areas, today=on)


def _page(
    request: StaffRequest,
    form: CampaignForm,
    *,
    found: Preview | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    kinds = (
        [] if found is None else [(SiteKind(kind).label, n) for kind, n in found.by_kind.items()]
    )
    context = {"form": form, "found": found, "kinds": kinds}
    return render(request, "bureau/campaigns/new.html", context, status=status)
