"""The register with its short form above; entering a line leads back to an empty form."""

from http import HTTPStatus
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.refusals import Refused
from circle15.accounts.states import Permission
from circle15.cases.service_states import AskedBy, Reply
from circle15.cases.services.consulting import record_consultation, strike_consultation
from circle15.cases.services.entries import may_strike
from circle15.cases.services.exporting import export_consultations
from circle15.cases.services.lists import by_topic, consultations, page_of
from circle15.standards.services import topics
from circle15.web.bureau.consultations.forms import ConsultationFilterForm, QuestionForm
from circle15.web.bureau.services.entry_forms import paths_of, sites_of, told
from circle15.web.bureau.services.views import workbook
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.item_words import said
from circle15.web.shared.once import once


@reads
@requires(Permission.VIEW_CASES)
def listed(request: StaffRequest) -> HttpResponse:
    """Show the register, fifty lines a page, and the form for one more."""
    return _page(request, None)


@writes
@requires(Permission.TAKE_IN)
@once
def record(request: StaffRequest) -> HttpResponse:
    """Write a line; way and site stay as they were for the next one."""
    at = timezone.now()
    form = QuestionForm(request.POST, sites=sites_of(request.actor))
    if not form.is_valid():
        return _page(request, form)
    try:
        person = form.person(by=request.actor, at=at, purpose="handling")
        record_consultation(entry=form.entry(person_uid=person), by=request.actor, at=at)
    except Refused as refusal:
        told(form, refusal)
        return _page(request, form)
    messages.success(request, _("已登记，可以接着记下一条。"))
    again = {name: form.cleaned_data[name] for name in ("asked_by", "site")}
    return HttpResponseRedirect(f"{reverse('consultations')}?{urlencode({'next': 1, **again})}")


@writes
@requires(Permission.VIEW_CASES)
def export(request: StaffRequest) -> HttpResponse:
    """Hand out the narrowed register as a workbook; it stands on the trail."""
    at = timezone.now()
    what = ConsultationFilterForm(request.GET, sites=paths_of(request.actor)).narrowed()
    content = export_consultations(what=what, by=request.actor, at=at)
    return workbook(content, f"circle15-consultations-{timezone.localtime(at):%Y%m%d-%H%M}.xlsx")


@writes
@requires(Permission.TAKE_IN)
@once
def strike(request: StaffRequest, consultation_uid: UUID) -> HttpResponse:
    """Strike a line out, with a reason."""
    why = request.POST.get("reason", "")
    strike_consultation(uid=consultation_uid, why=why, by=request.actor, at=timezone.now())
    messages.success(request, _("已作废，记录仍可查看。"))
    return HttpResponseRedirect(reverse("consultations"))


def _page(request: StaffRequest, form: QuestionForm | None) -> HttpResponse:
    actor, on = request.actor, timezone.localdate()
    # After an entry the address carries what the next form begins with, not a filter.
    is_next = "next" in request.GET
    asked = {} if is_next else request.GET
    narrowed = ConsultationFilterForm(asked, sites=paths_of(actor))
    rows = consultations(actor, narrowed.narrowed())
    page = page_of(rows, request.GET.get("page", "1"))
    may_enter = actor.can(Permission.TAKE_IN)
    sites = sites_of(actor)
    if form is None and may_enter:
        first = {"asked_by": AskedBy.WINDOW, "site": "", "reply": Reply.ANSWERED, "done_on": on}
        kept = {name: request.GET.get(name, "") for name in ("asked_by", "site")} if is_next else {}
        form = QuestionForm(sites=sites, initial=first | kept)
    counted = by_topic(rows)
    context = {
        "form": form,
        "filter": narrowed,
        "narrowed": any(narrowed.chosen(name) for name in narrowed.fields),
        "page": page,
        "rows": [
            {
                "row": row,
                "topic": said(topics()[row.topic].name) if row.topic in topics() else row.topic,
                "asked_by": AskedBy(row.asked_by).label,
                "reply": Reply(row.reply).label,
                "is_open": row.reply == Reply.CALL_BACK,
                "may_strike": may_enter and may_strike(row, actor, on=on),
            }
            for row in page.object_list
        ],
        "counted": [(said(one.name), counted.get(key, 0)) for key, one in topics().items()],
        "may_enter": may_enter and bool(sites),
        "synthetic": any(row.is_synthetic for row in page.object_list),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form and form.errors else HTTPStatus.OK
    return render(request, "bureau/consultations/list.html", context, status=status)
