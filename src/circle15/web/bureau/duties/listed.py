"""The duties of an area with their counts, giving them, the task force, and the notices."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.areas.queries import choices_under
from circle15.programme.duties import actions, notices
from circle15.programme.duties.parties import depth, standpoint_of
from circle15.programme.duties.queries import (
    Found,
    assignments,
    figures,
    force_of,
    name_of,
    organisations_in,
    owner_of,
    standing_of,
)
from circle15.programme.duties_models import Assignment, TaskForce
from circle15.programme.duties_states import Standing
from circle15.web.bureau.duties.forms import (
    ForceForm,
    GiveForm,
    ListForm,
    MemberForm,
    TemplateForm,
)
from circle15.web.bureau.scores.exports import TYPES
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.once import once

_A_PAGE, _NOTICES = 50, 12
_UNUSABLE = HTTPStatus.UNPROCESSABLE_ENTITY
TONES = {
    Standing.OVERDUE: "bad",
    Standing.SOON: "warn",
    Standing.RETURNED: "warn",
    Standing.GIVEN: "info",
    Standing.REPORTED: "brand",
    Standing.CONFIRMED: "good",
    Standing.WITHDRAWN: "idle",
}


@reads
@requires(Permission.VIEW_PROGRAMME)
def duty_list(request: StaffRequest) -> HttpResponse:
    """Show the duties of the area."""
    return _list(request, {})


@writes
@requires(Permission.RUN_PROGRAMME)
@once
def manage(request: StaffRequest) -> HttpResponse:
    """Set up the task force, link an agency, give duties, or issue a notice."""
    do = request.POST.get("do", "")
    form = _form(do, request, request.actor)
    if form.is_valid():
        try:
            said = _done(do, form, request.actor)
        except (NotAllowed, NotFound):
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, said)
            return HttpResponseRedirect(reverse("duties"))
    return _list(request, {do: form}, status=_UNUSABLE)


@reads
@requires(Permission.VIEW_PROGRAMME)
def notice_file(request: StaffRequest, notice_uid: UUID, media: str) -> HttpResponse:
    """Hand out a notice as a Word document or a PDF, from what was kept."""
    if media not in notices.WRITERS:
        raise Http404
    notice, paper = notices.notice_paper(request.actor, notice_uid)
    reply = HttpResponse(notices.WRITERS[media](paper), content_type=TYPES[media])
    name = f"{notice.number} {notice.title}.{media}"
    reply["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    reply["Cache-Control"] = "private, no-store"
    return reply


def _done(do: str, form: forms.Form, by: Actor) -> str:
    """Call the one action that was asked for, and say what was done."""
    given, at = form.cleaned_data, timezone.now()
    match do:
        case "force":
            actions.set_up_force(since=given["since"], by=by, at=at)
        case "member":
            organisation = given["organisation"]
            actions.link_member(key=given["key"], organisation_id=organisation, by=by, at=at)
        case "template":
            n = actions.give_template(template=given["template"], year=given["year"], by=by, at=at)
            return ngettext("已分解 %(n)s 项。", "已分解 %(n)s 项。", n) % {"n": n}
        case "give":
            assert isinstance(form, GiveForm)
            actions.give(wanted=form.wanted(), by=by, at=at)
        case _:
            notice = notices.issue(by=by, at=at)
            return _("已出具，编号 %s。") % notice.number
    return _("已保存。")


def _form(do: str, request: StaffRequest | None, by: Actor) -> forms.Form:
    """Return the form of a button, bound where it was sent."""
    data, today = request.POST if request else None, timezone.localdate()
    match do:
        case "force":
            return ForceForm(data, initial={"since": today}, auto_id="force_%s")
        case "member":
            return MemberForm(data, organisations=organisations_in(by), auto_id="member_%s")
        case "template":
            return TemplateForm(data, initial={"year": today.year}, auto_id="template_%s")
        case "give":
            members = _targets(force_of(by))
            is_city = depth(by.area_path) == 1
            return GiveForm(data, members=members, is_city=is_city, auto_id="give_%s")
        case "notice":
            return forms.Form(data)
    raise Http404


def _targets(force: TaskForce | None) -> list[tuple[str, str]]:
    members = force.members.all() if force else ()
    return [(f"{actions.AGENCY}{each.key}", each.name) for each in members]


def _list(
    request: StaffRequest, bound: dict[str, forms.Form], *, status: int = HTTPStatus.OK
) -> HttpResponse:
    by, today = request.actor, timezone.localdate()
    areas = [(each.path, each.name) for each in choices_under(by.area_path)]
    narrowed = ListForm(request.GET, areas=areas)
    given = narrowed.cleaned_data if narrowed.is_valid() else {}
    found = Found(given.get("which") or "open", given.get("area", ""))
    here = standpoint_of(by, on=today)
    page = Paginator(assignments(here, found, on=today), _A_PAGE).get_page(
        request.GET.get("page", "1")
    )
    numbers = figures(by, on=today)
    context = {
        "filter": narrowed,
        "page": page,
        "rows": [row_of(one, by) for one in page.object_list],
        "figures": numbers,
        "due": _due_soon(request),
        "notices": Paginator(notices.notices(by), _NOTICES).get_page(request.GET.get("notices")),
        "refused": next(iter(bound.values()), None),
        "synthetic": numbers.is_synthetic,
        **_managing(by, bound),
    }
    return render(request, "bureau/duties/list.html", context, status=status)


def row_of(one: Assignment, by: Actor) -> dict[str, Any]:
    """Return an assignment as a list shows it."""
    standing = standing_of(one, timezone.localdate())
    return {
        "one": one,
        "name": name_of(one.duty),
        "owner": owner_of(one),
        "standing": standing.label,
        "tone": TONES[standing],
        "is_ours": one.area_path == by.area_path,
    }


def _due_soon(request: StaffRequest) -> list[dict[str, Any]]:
    """Return what the actor's own place must do next: overdue and due soon, by day."""
    by, today = request.actor, timezone.localdate()
    mine = assignments(standpoint_of(by, on=today), Found("mine"), on=today)
    rows = [row_of(one, by) for one in mine[:_A_PAGE]]
    urgent = {TONES[Standing.OVERDUE], TONES[Standing.SOON]}
    return [row for row in rows if row["tone"] in urgent]


def _managing(by: Actor, bound: dict[str, forms.Form]) -> dict[str, Any]:
    """Return the forms of who runs the programme."""
    force = force_of(by)
    if not by.can(Permission.RUN_PROGRAMME):
        return {"force": force}
    organisations = organisations_in(by)
    members = [
        (
            each,
            MemberForm(
                organisations=organisations,
                initial={"key": each.key, "organisation": each.organisation_id},
                auto_id=f"member{each.pk}_%s",
            ),
        )
        for each in (force.members.all() if force else ())
    ]
    names = ("template", "give") if force else ("force",)
    return {
        "force": force,
        "members": members,
        "makers": {name: bound.get(name) or _form(name, None, by) for name in names},
    }
