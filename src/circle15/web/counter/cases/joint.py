"""One thing in somebody's life, all its items taken in at one window (一件事联办)."""

from dataclasses import replace
from http import HTTPStatus
from io import BytesIO
from uuid import UUID

import segno
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.cases.actions.joint import take_in_together
from circle15.cases.documents.files import docx_of, pdf_of
from circle15.cases.documents.joint import joint_letter, joint_strip, title
from circle15.cases.joint import JointView, joint, joint_secret
from circle15.cases.states import BEFORE_INTAKE
from circle15.hall.printing.drawing import drawn
from circle15.hall.printing.encoding import PaperWidth
from circle15.hall.where import by_line, where
from circle15.items.queries import catalogue_on
from circle15.items.wording import WORDS
from circle15.ledger.people.cards import PersonCard
from circle15.ledger.people.looking import card
from circle15.standards.catalogue import Authority
from circle15.standards.life_events import LifeEvent, life_events_on
from circle15.web.bureau.cases.papers import WORD
from circle15.web.bureau.cases.shown import row_of
from circle15.web.bureau.cases.words import said
from circle15.web.counter.cases.finding import (
    PURPOSE,
    UNUSABLE,
    UnknownAgent,
    about,
    agent_of,
    person_page,
    uid_of,
)
from circle15.web.counter.cases.joint_forms import JointForm, OfferedItem
from circle15.web.counter.cases.place import Place, place_of
from circle15.web.counter.desk import no_store
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.once import once

_SHOWN = "shown"


@writes
@requires(Permission.TAKE_IN)
def ask(request: StaffRequest) -> HttpResponse:
    """Show what is to be answered, chosen and shown for an event; nothing is kept yet."""
    person, place = _person(request), _place(request)
    event = _event(request)
    if event is None or place.site is None:
        return person_page(request, person, status=UNUSABLE)
    is_first = _SHOWN not in request.POST
    return _page(request, person, place, _form(request, event, place, is_first=is_first))


@writes
@requires(Permission.TAKE_IN)
@once
def take(request: StaffRequest) -> HttpResponse:
    """Take in all that was chosen, or nothing of it."""
    person, place, event = _person(request), _place(request), _event(request)
    if event is None or place.site is None:
        return person_page(request, person, status=UNUSABLE)
    form = _form(request, event, place, takes=True)
    if not form.is_valid():
        return _page(request, person, place, form, status=UNUSABLE)
    try:
        agent = agent_of(request, form.cleaned_data["agent"])
        what = form.together(
            person_uid=person.uid,
            agent_uid=agent.uid if agent else None,
            ticket_uid=place.ticket.uid if place.ticket else None,
        )
        made = take_in_together(what, by=request.actor, at=timezone.now())
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        form.add_error("agent" if isinstance(refusal, UnknownAgent) else None, str(refusal))
        return _page(request, person, place, form, status=HTTPStatus.CONFLICT)
    messages.success(request, _("已一次收下 %(n)s 件。") % {"n": len(made.cases)})
    return HttpResponseRedirect(reverse("joint_handling", args=[made.uid]))


def _person(request: StaffRequest) -> PersonCard:
    uid = uid_of(request, "person")
    return card(uid, by=request.actor, at=timezone.now(), purpose=PURPOSE)


def _place(request: StaffRequest) -> Place:
    return place_of(request, request.actor, at=timezone.now())


def _event(request: StaffRequest) -> LifeEvent | None:
    """Return the event asked for; None where none was chosen."""
    events = life_events_on(timezone.localdate()).events
    return events.get(request.POST.get("event", ""))


def _form(
    request: StaffRequest,
    event: LifeEvent,
    place: Place,
    *,
    is_first: bool = False,
    takes: bool = False,
) -> JointForm:
    assert place.site is not None
    catalogue = catalogue_on(timezone.localdate())
    if is_first:
        return JointForm(event, catalogue, place.site)
    typed, files = request.POST, request.FILES
    return JointForm(event, catalogue, place.site, typed, files, takes=takes)


def _page(
    request: StaffRequest,
    person: PersonCard,
    place: Place,
    form: JointForm,
    *,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    elsewhere = [replace(each, elsewhere=_elsewhere(each, place)) for each in form.offered]
    context = about(place) | {
        "person": person,
        "event": form.event,
        "event_name": said(form.event.name),
        "event_about": said(form.event.about),
        "form": form,
        "event_fields": [form[f"e-{one.key}"] for one in form.event.questions],
        "item_fields": [form[f"q-{key}"] for key in form.questions],
        "offered": [each for each in elsewhere if each.is_here],
        "elsewhere": [each for each in elsewhere if not each.is_here],
        "rows": form.paper_rows,
        "has_papers": form.is_answered and not form.is_open and bool(form.chosen),
        "filings": form.filings,
    }
    return no_store(render(request, "counter/cases/joint.html", context, status=status))


def _elsewhere(each: OfferedItem, place: Place) -> str:
    """Say where to go with an item this site has no part in: the kinds, and the nearest of them."""
    if each.is_here:
        return ""
    item, site = each.following.item, place.site
    kinds = [
        str(WORDS["place"][kind])
        for kind, authority in item.levels.items()
        if authority != Authority.NONE
    ]
    words = _("可以到：%s") % _("、").join(kinds)
    if site is None or site.lon is None or site.lat is None:
        return words
    point = (site.lon, site.lat)
    near = where(item, point, at=timezone.now(), ways=by_line("drive"), limit=1)
    return (
        _("%(words)s；最近的是%(site)s") % {"words": words, "site": near[0].site.name}
        if near
        else words
    )


@reads
@requires(Permission.VIEW_CASES)
def show(request: StaffRequest, joint_uid: UUID) -> HttpResponse:
    """Show a joint handling: its cases, what is left to do for each, and the receipt."""
    view = joint(joint_uid, by=request.actor)
    on, link = timezone.localdate(), _link(request, view)
    rows = [row_of(line, on=on) for line in view.cases]
    context = {
        "joint": view,
        "event_name": said(view.event_name),
        "rows": rows,
        "to_finish": [row for row in rows if row.line.state in BEFORE_INTAKE],
        "may_take_in": request.actor.can(Permission.TAKE_IN),
        "title": title(),
        "letter": joint_letter(view, link=link),
        "is_at_desk": _place(request).is_at_desk,
        "synthetic": view.is_synthetic,
    }
    return no_store(render(request, "counter/cases/joint_done.html", context))


def _link(request: StaffRequest, view: JointView) -> str:
    """Return the address of the joint handling's page for a phone."""
    path = reverse("joint_phone", args=[view.uid, joint_secret(view.uid)])
    return request.build_absolute_uri(path)


@reads
@requires(Permission.VIEW_CASES)
def file(request: StaffRequest, joint_uid: UUID, media: str) -> HttpResponse:
    """Hand out the receipt as PDF, Word, or the picture a roll printer draws."""
    view = joint(joint_uid, by=request.actor)
    link = _link(request, view)
    if media == "png":
        out = BytesIO()
        drawn(joint_strip(view, link=link), PaperWidth.MM80.dots).save(out, "PNG")
        content, kind = out.getvalue(), "image/png"
    elif media == "pdf":
        content, kind = pdf_of(joint_letter(view, link=link)), "application/pdf"
    elif media == "docx":
        content, kind = docx_of(joint_letter(view, link=link)), WORD
    else:
        raise Http404
    reply = HttpResponse(content, content_type=kind)
    way = "attachment" if media == "docx" else "inline"
    reply["Content-Disposition"] = f'{way}; filename="{joint_uid}.{media}"'
    return no_store(reply)


@reads
@requires(Permission.VIEW_CASES)
def qr_code(request: StaffRequest, joint_uid: UUID) -> HttpResponse:
    """Draw the link of the joint handling's page for a phone."""
    view = joint(joint_uid, by=request.actor)
    image = BytesIO()
    segno.make(_link(request, view), error="m").save(image, kind="svg", scale=4, border=2)
    return no_store(HttpResponse(image.getvalue(), content_type="image/svg+xml"))
