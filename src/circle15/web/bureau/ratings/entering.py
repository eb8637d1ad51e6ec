"""Write down what was said by phone or on paper: a rating, or a matter of its own."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.ratings import handlings
from circle15.ratings.handlings import Handling
from circle15.ratings.orders.opening import Asker, Matter, open_for_somebody
from circle15.ratings.rating import Given, rate
from circle15.ratings.refusals import NoPhone
from circle15.ratings.states import CameFrom, RatedBy
from circle15.web.bureau.ratings.forms import EnterForm, MatterForm
from circle15.web.bureau.services.entry_forms import sites_of
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.once import once

_TITLES: Final[Mapping[type[Form], tuple[Promise, Promise]]] = {
    EnterForm: (
        gettext_lazy("代记评价"),
        gettext_lazy("热线来电和纸质评价表，由没有经办的人登记"),
    ),
    MatterForm: (
        gettext_lazy("登记投诉建议"),
        gettext_lazy("窗口、电话、来信、12345 转来的，登记一件，跟到办结"),
    ),
}


@reads
@requires(Permission.ENTER_RATINGS)
def ask(request: StaffRequest) -> HttpResponse:
    form = EnterForm(sites=sites_of(request.actor), initial={"day": timezone.localdate()})
    return _form(request, form)


@writes
@requires(Permission.ENTER_RATINGS)
@once
def enter(request: StaffRequest) -> HttpResponse:
    """Keep a rating of a call or a sheet; never of one's own service."""
    form = EnterForm(request.POST, sites=sites_of(request.actor))
    if form.is_valid():
        try:
            _rate(form, request)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        except NotFound:
            form.add_error("label", _("没有找到这次服务，请核对网点、日期和号码。"))
        except NoPhone as refusal:
            form.add_error("phone", str(refusal))
        except Refused as refusal:
            form.add_error("grade", str(refusal))
        else:
            messages.success(request, _("已登记，谢谢。"))
            return HttpResponseRedirect(reverse("rating_enter"))
    return _form(request, form)


def _rate(form: EnterForm, request: StaffRequest) -> None:
    said = form.cleaned_data
    given = Given(
        item_grade=int(said["grade"]),
        person_grade=int(said["person_grade"]) if said["person_grade"] else None,
        labels=said["labels"],
        text=said["text"],
        asker=Asker(phone=said["phone"]),
    )
    channel = RatedBy(said["channel"])
    at = timezone.now()
    rate(_handling(form, request), given, channel=channel, at=at, by=request.actor)


def _handling(form: EnterForm, request: StaffRequest) -> Handling:
    said, by = form.cleaned_data, request.actor
    if said["label"]:
        return handlings.of_label(said["label"], site_code=said["site"], day=said["day"], by=by)
    return handlings.of_number(said["number"], by=by)


@reads
@requires(Permission.ENTER_RATINGS)
def ask_matter(request: StaffRequest) -> HttpResponse:
    form = MatterForm(sites=sites_of(request.actor), initial={"came_from": CameFrom.WINDOW})
    return _form(request, form)


@writes
@requires(Permission.ENTER_RATINGS)
@once
def open_matter(request: StaffRequest) -> HttpResponse:
    """Open an order; whoever may not see it is told its number."""
    form = MatterForm(request.POST, sites=sites_of(request.actor))
    if form.is_valid():
        said = form.cleaned_data
        matter = Matter(
            kind=said["kind"],
            text=said["text"],
            came_from=said["came_from"],
            site_code=said["site"],
            external_number=said["external_number"].strip(),
            is_complex=said["is_complex"],
        )
        asker = Asker(name=said["name"], phone=said["phone"])
        try:
            order = open_for_somebody(matter, asker=asker, by=request.actor, at=timezone.now())
        except NotAllowed:
            raise
        except NoPhone as refusal:
            form.add_error("phone", str(refusal))
        except Refused as refusal:
            form.add_error("text", str(refusal))
        else:
            messages.success(request, _("已登记为工单 %s。") % order.number)
            return HttpResponseRedirect(reverse("orders"))
    return _form(request, form)


def _form(request: StaffRequest, form: EnterForm | MatterForm) -> HttpResponse:
    """Show a form with what is wrong in it, if anything is."""
    title, lead = _TITLES[type(form)]
    context = {"form": form, "title": title, "lead": lead}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "bureau/ratings/write_down.html", context, status=status)
