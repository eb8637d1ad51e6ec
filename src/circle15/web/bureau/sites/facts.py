"""One fact of a site: its history, a new value, a correction, its evidence."""

from typing import TYPE_CHECKING, Any

from django.core.files.storage import default_storage
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.states import Permission
from circle15.assessments.actions import record_fact
from circle15.assessments.collect import is_measured
from circle15.ledger.actions import UnusableFact, keep_evidence
from circle15.ledger.files import CheckedFile, UnsafeFile, check_evidence
from circle15.ledger.queries import evidence_by_id, history_of
from circle15.sites.queries import site_by_code
from circle15.standards.facts import facts
from circle15.web.bureau.sites.fact_forms import ChooseFactForm, FactForm
from circle15.web.shared.access import StaffRequest, reads, requires, writes

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

UNUSABLE = 422


@reads
@requires(Permission.RECORD_FACTS)
def choose(request: StaffRequest, code: str) -> HttpResponse:
    """Let the user say which fact to record."""
    site = site_by_code(request.actor, code)
    form = ChooseFactForm(request.GET or None)
    if form.is_bound and form.is_valid():
        return HttpResponseRedirect(reverse("fact", args=[code, form.cleaned_data["name"]]))
    context = {"site": site, "tab": "ledger", "form": form, "synthetic": site.is_synthetic}
    return render(request, "bureau/sites/fact_choose.html", context)


@reads
@requires(Permission.VIEW_FACTS)
def history(request: StaffRequest, code: str, name: str) -> HttpResponse:
    """Show every value a fact ever had, and a form for the next."""
    if name not in facts():
        raise NotFound
    return _page(request, code, name, _form(request, name))


def _form(request: StaffRequest, name: str, data: Any = None, files: Any = None) -> FactForm:
    on_site = request.actor.can(Permission.CHECK_ON_SITE)
    return FactForm(name, data, files, today=timezone.localdate(), on_site=on_site)


def _page(
    request: StaffRequest, code: str, name: str, form: FactForm, status: int = 200
) -> HttpResponse:
    site = site_by_code(request.actor, code)
    if name not in facts():
        raise NotFound
    context = {
        "site": site,
        "tab": "ledger",
        "fact": facts()[name],
        "rows": list(history_of(site, name)),
        "is_measured": is_measured(site, name, on=timezone.localdate()),
        "form": form,
        "synthetic": site.is_synthetic,
    }
    return render(request, "bureau/sites/fact.html", context, status=status)


@writes
@requires(Permission.RECORD_FACTS)
def add(request: StaffRequest, code: str, name: str) -> HttpResponse:
    """Record a value, or a correction of a former row, with its photos and PDFs."""
    if name not in facts():
        raise NotFound
    at = timezone.now()
    form = _form(request, name, request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, code, name, form, UNUSABLE)
    given = form.cleaned_data
    try:
        files = [_checked(file) for file in given["attachments"]]  # all, before any is kept
        evidence = [
            keep_evidence(code=code, checked=file, by=request.actor, at=at).id for file in files
        ]
        record_fact(
            code=code,
            name=name,
            value=given["value"],
            source=given["source"],
            observed_on=given["observed_on"],
            note=given["note"],
            corrects_id=given["corrects"],
            evidence_ids=evidence,
            by=request.actor,
            at=at,
        )
    except UnsafeFile as refusal:
        form.add_error("attachments", str(refusal))
        return _page(request, code, name, form, UNUSABLE)
    except UnusableFact as refusal:
        form.add_error(refusal.part or None, str(refusal))
        return _page(request, code, name, form, UNUSABLE)
    except NotFound:
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, code, name, form, UNUSABLE)
    return HttpResponseRedirect(f"{reverse('fact', args=[code, name])}?saved=1")


def _checked(file: "UploadedFile[bytes]") -> CheckedFile:
    return check_evidence(file.read(), name=file.name or _("未命名"))


@reads
@requires(Permission.VIEW_FACTS)
def evidence(request: StaffRequest, evidence_id: int) -> HttpResponse:
    """Hand out a kept photo or PDF as it was checked, never run by the browser."""
    kept = evidence_by_id(request.actor, evidence_id)
    with default_storage.open(kept.storage_name) as file:
        reply = HttpResponse(file.read(), content_type=kept.media_type)
    is_pdf = kept.media_type == "application/pdf"
    reply["Content-Disposition"] = content_disposition_header(is_pdf, kept.name) or "inline"
    reply["Cache-Control"] = "private, no-store"
    return reply
