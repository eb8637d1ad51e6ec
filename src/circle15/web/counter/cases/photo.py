"""A photo of the identity card at the window: read here, confirmed by the clerk, then looked up."""

from http import HTTPStatus
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from circle15.accounts.states import Permission
from circle15.cases.reading import asking
from circle15.core.reading.fields import Field
from circle15.ledger.files import UnsafeFile
from circle15.ledger.people.looking import find_by_id_number
from circle15.web.counter.cases.finding import PURPOSE, about, person_or_register, start_page
from circle15.web.counter.cases.forms import CardForm
from circle15.web.counter.cases.place import place_of
from circle15.web.counter.desk import no_store
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.photo_reading import (
    FIELDS,
    ConfirmForm,
    Target,
    context_of,
    picture,
    still_open,
)

UNUSABLE = HTTPStatus.UNPROCESSABLE_ENTITY
NUMBER, NAME = "number", "name"
NEEDS_NUMBER = _("按身份证号码查找，请核对号码并勾上。")


@writes
@requires(Permission.TAKE_IN)
def ask(request: StaffRequest) -> HttpResponse:
    """Take a photo of a card; it is kept only until it has been read and looked at."""
    form = CardForm(request.POST, request.FILES)
    if form.is_valid():
        content = form.cleaned_data["card"].read()
        try:
            uid = asking.ask_picture(content=content, by=request.actor, at=timezone.now())
        except (asking.TooManyReadings, UnsafeFile) as fault:
            form.add_error("card", str(fault))
        else:
            return HttpResponseRedirect(_here(request, uid))
    return start_page(request, card=form, status=UNUSABLE)


@reads
@requires(Permission.TAKE_IN)
def show(request: StaffRequest, reading_uid: UUID) -> HttpResponse:
    """Show the photo and what was read from it."""
    line = asking.reading(reading_uid, by=request.actor, at=timezone.now())
    return still_open(request, line) or _page(request, line, _confirm(line))


@writes
@requires(Permission.TAKE_IN)
def use(request: StaffRequest, reading_uid: UUID) -> HttpResponse:
    """Look up whom the clerk has confirmed, and throw photo and reading away."""
    by, at = request.actor, timezone.now()
    line = asking.reading(reading_uid, by=by, at=at)
    if request.POST.get("then") == "forget":
        asking.forget(uid=reading_uid, by=by, at=at)
        return HttpResponseRedirect(reverse("intake"))
    form = _confirm(line, request)
    if form.is_valid() and NUMBER not in form.confirmed:
        form.add_error(None, NEEDS_NUMBER)
    if not form.is_valid():
        return _page(request, line, form, UNUSABLE)
    person = find_by_id_number(form.confirmed[NUMBER], by=by, at=at, purpose=PURPOSE)
    asking.forget(uid=reading_uid, by=by, at=at)
    return person_or_register(request, person, form.confirmed)


@reads
@requires(Permission.TAKE_IN)
def photo(request: StaffRequest, reading_uid: UUID) -> HttpResponse:
    """Give the photo back to whoever had it read."""
    return picture(reading_uid, by=request.actor, at=timezone.now())


def _confirm(line: asking.ReadingLine, request: StaffRequest | None = None) -> ConfirmForm:
    targets = (
        Target(NUMBER, str(FIELDS[Field.ID_NUMBER]), Field.ID_NUMBER),
        Target(NAME, str(FIELDS[Field.NAME]), Field.NAME, 60),
    )
    return ConfirmForm(line.paper.found, targets, request.POST if request else None)


def _here(request: StaffRequest, uid: UUID) -> str:
    """Return the page of a photo, at the site and with the ticket the clerk has chosen."""
    kept = request.GET.copy()
    for name in ("site", "ticket"):
        if request.POST.get(name):
            kept[name] = request.POST[name]
    query = kept.urlencode()
    return reverse("intake_photo", args=[uid]) + (f"?{query}" if query else "")


def _page(
    request: StaffRequest,
    line: asking.ReadingLine,
    form: ConfirmForm,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    place = place_of(request, request.actor, at=timezone.now())
    context = about(place) | context_of(line, form)
    context |= {
        "here": _here(request, line.uid),
        "picture_url": reverse("intake_photo_picture", args=[line.uid]),
    }
    return no_store(render(request, "counter/cases/photo.html", context, status=status))
