"""Fill in a form from a photo of a card: read here, confirmed by the person, then kept."""

from http import HTTPStatus
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from circle15.accounts.refusals import NotFound
from circle15.cases.actions import intake
from circle15.cases.reading import asking
from circle15.ledger.files import UnsafeFile
from circle15.web.public.apply.forms import CardForm
from circle15.web.public.apply.reading import Application, application, led_on, page
from circle15.web.public.apply.steps import form_with, give
from circle15.web.public.apply.way import is_filled
from circle15.web.shared.access import reads, writes
from circle15.web.shared.insured import InsuredRequest, for_insured
from circle15.web.shared.item_fields import form_field
from circle15.web.shared.item_words import said
from circle15.web.shared.photo_reading import (
    ConfirmForm,
    Target,
    context_of,
    picture,
    still_open,
)


@writes
@for_insured
def ask(request: InsuredRequest, case_uid: UUID, key: str) -> HttpResponse:
    """Take a photo for a form; it is kept only until it has been read and looked at."""
    found = application(request, case_uid)
    if (away := led_on(found)) is not None:
        return away
    if key not in {form for form, _field in found.filled_by_photo}:
        raise NotFound
    form = CardForm(request.POST, request.FILES)
    if form.is_valid():
        content = form.cleaned_data["card"].read()
        by, at = request.insured.applicant, timezone.now()
        try:
            uid = asking.ask_picture(content=content, case_uid=case_uid, by=by, at=at)
        except (asking.TooManyReadings, UnsafeFile) as fault:
            form.add_error("card", str(fault))
        else:
            return redirect("apply_reading", case_uid, uid)
    return form_with(request, found, key, form)


@writes
@for_insured
def ask_page(request: InsuredRequest, case_uid: UUID, file_uid: UUID) -> HttpResponse:
    """Have a page read that is there already."""
    found = application(request, case_uid)
    if (away := led_on(found)) is not None:
        return away
    by, at = request.insured.applicant, timezone.now()
    uid = asking.ask_page(case_uid=case_uid, file_uid=file_uid, by=by, at=at)
    return redirect("apply_reading", case_uid, uid)


@reads
@for_insured
def show(request: InsuredRequest, case_uid: UUID, reading_uid: UUID) -> HttpResponse:
    """Show the photo and what was read from it."""
    found, line = _line(request, case_uid, reading_uid)
    return still_open(request, line) or _page(request, found, line, _confirm(found, line))


@writes
@for_insured
def use(request: InsuredRequest, case_uid: UUID, reading_uid: UUID) -> HttpResponse:
    """Keep the fields the person has confirmed, and throw photo and reading away."""
    found, line = _line(request, case_uid, reading_uid)
    by, at = request.insured.applicant, timezone.now()
    if request.POST.get("then") == "forget":
        asking.forget(uid=reading_uid, by=by, at=at)
        return redirect(_back(found, line))
    form = _confirm(found, line, request)
    if not form.is_valid():
        return _page(request, found, line, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    intake.fill(case_uid=case_uid, form={**found.form, **form.confirmed}, by=by, at=at)
    asking.forget(uid=reading_uid, by=by, at=at)
    touched = [key for key, field in found.filled_by_photo if field.key in form.confirmed]
    after = application(request, case_uid)
    for key in touched:
        if is_filled(after.way.fields(key), after.form):
            give(request, after, key)
    return redirect("apply_form", case_uid, touched[0])


@reads
@for_insured
def photo(request: InsuredRequest, case_uid: UUID, reading_uid: UUID) -> HttpResponse:
    """Give the photo back to whoever had it read."""
    _found, line = _line(request, case_uid, reading_uid)
    return picture(line.uid, by=request.insured.applicant, at=timezone.now())


def _line(
    request: InsuredRequest, case_uid: UUID, reading_uid: UUID
) -> tuple[Application, asking.ReadingLine]:
    found = application(request, case_uid)
    by, at = request.insured.applicant, timezone.now()
    line = asking.reading(reading_uid, by=by, at=at)
    if line.case_uid != case_uid or not found.is_draft:
        raise NotFound
    return found, line


def _confirm(
    found: Application, line: asking.ReadingLine, request: InsuredRequest | None = None
) -> ConfirmForm:
    targets = {
        field.key: Target(
            field.key, said(field.name), field.read, field.most, check=form_field(field)
        )
        for _key, field in found.filled_by_photo
        if field.read is not None
    }
    data = request.POST if request else None
    return ConfirmForm(line.paper.found, tuple(targets.values()), data)


def _back(found: Application, line: asking.ReadingLine) -> str:
    """Return where the photo came from: a page of a paper, or a form."""
    for file in found.view.files:
        if file.uid == line.file_uid:
            return reverse("apply_paper", args=[found.uid, file.material_key])
    first = next((key for key, _field in found.filled_by_photo), None)
    if first is None:
        return reverse("apply_case", args=[found.uid])
    return reverse("apply_form", args=[found.uid, first])


def _page(
    request: InsuredRequest,
    found: Application,
    line: asking.ReadingLine,
    form: ConfirmForm,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    context = context_of(line, form) | {
        "here": reverse("apply_reading", args=[found.uid, line.uid]),
        "picture_url": reverse("apply_reading_picture", args=[found.uid, line.uid]),
    }
    return page(request, "reading", found, status, **context)
