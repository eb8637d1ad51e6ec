"""A session: its code to show, signing in, who came, results, and the steps of its holder."""

from collections.abc import Iterator
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING, Any
from uuid import UUID

import segno
from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.ledger.files import UnsafeFile, check_evidence
from circle15.programme.training import sessions as steps
from circle15.programme.training.queries import (
    Presence,
    material_by_id,
    presence,
    session_by_uid,
)
from circle15.programme.training.quizzing import compared, means, papers_of, phase_now, places_in
from circle15.programme.training.signing import (
    add_by_hand,
    changes_in_s,
    code_of,
    is_open,
    sign_in,
)
from circle15.programme.training_states import SessionState
from circle15.web.bureau.campaigns.forms import ActForm
from circle15.web.bureau.training.forms import (
    MaterialForm,
    PresentForm,
    ReasonForm,
    SignForm,
)
from circle15.web.bureau.training.words import counts, session_row
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.item_words import said
from circle15.web.shared.once import once

if TYPE_CHECKING:
    from datetime import datetime

    from circle15.programme.training_models import TrainingSession

ACTS = ("sign", "present", "material", "close", "cancel")


@reads
@requires(Permission.VIEW_TRAINING)
def page(request: StaffRequest, session_uid: UUID) -> HttpResponse:
    """Show a session as it concerns the reader."""
    return _page(request, session_uid)


@reads
@requires(Permission.MANAGE_TRAINING)
def code_part(request: StaffRequest, session_uid: UUID) -> HttpResponse:
    """Show the code of this minute; the page asks for it again and again."""
    session = session_by_uid(request.actor, session_uid)
    if not request.actor.covers(session.area_path):
        raise NotFound
    return render(request, "bureau/training/_code.html", _shown_code(request, session))


@writes
@requires(Permission.VIEW_TRAINING)
@once
def act(request: StaffRequest, session_uid: UUID, act: str) -> HttpResponse:
    """Sign in, or take a step of the holder."""
    if act not in ACTS:
        raise Http404
    session = session_by_uid(request.actor, session_uid)
    if act != "sign" and not request.actor.can(Permission.MANAGE_TRAINING):
        # To who only attends there is no such step.
        raise NotFound
    form = _form(act, request, session)
    if form.is_valid():
        try:
            _do(act, form, request, session)
        except (NotAllowed, NotFound):
            raise
        except (UnsafeFile, Refused) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已办：%s。") % form.label)
            return HttpResponseRedirect(reverse("training_session", args=[session_uid]))
    return _page(request, session_uid, form)


@reads
@requires(Permission.VIEW_TRAINING)
def material(request: StaffRequest, material_id: int) -> HttpResponse:
    """Hand out a file of a session."""
    kept = material_by_id(request.actor, material_id)
    with default_storage.open(kept.storage_name) as file:
        reply = HttpResponse(file.read(), content_type=kept.media_type)
    reply["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=kept.name
    )
    reply["Cache-Control"] = "private, no-store"
    return reply


def _do(act: str, form: ActForm, request: StaffRequest, session: "TrainingSession") -> None:
    given = form.cleaned_data
    common: dict[str, Any] = {"by": request.actor, "at": timezone.now()}
    match act:
        case "sign":
            sign_in(uid=session.uid, code=given["code"], **common)
        case "present":
            add_by_hand(
                uid=session.uid,
                user_id=given["user_id"],
                reason=given["note"],
                is_late=given["is_late"],
                **common,
            )
        case "material":
            file = given["file"]
            checked = check_evidence(file.read(), name=file.name)
            steps.add_material(uid=session.uid, checked=checked, **common)
        case "close":
            steps.close(uid=session.uid, **common)
        case "cancel":
            steps.cancel(uid=session.uid, reason=given["note"], **common)


def _form(act: str, request: StaffRequest, session: "TrainingSession") -> ActForm:
    data = request.POST if request.method == "POST" else None
    match act:
        case "sign":
            first = {"code": request.GET.get("code", "")[:12]}
            return SignForm(data, act=act, label=_("签到"), initial=first)
        case "present":
            people = _absent(presence(session, request.actor))
            return PresentForm(data, act=act, label=_("补记到场"), people=people)
        case "material":
            return MaterialForm(data, request.FILES or None, act=act, label=_("上传材料"))
        case "cancel":
            return ReasonForm(data, act=act, label=_("取消培训"))
    return ActForm(data, act=act, label=_("办结：已举办"))


def _absent(people: list[Presence]) -> list[tuple[str, str]]:
    return [(str(one.user_id), f"{one.site_name} {one.name}") for one in people if one.row is None]


def _allowed(
    session: "TrainingSession", people: list[Presence], *, holds: bool, at: "datetime"
) -> Iterator[str]:
    if not holds or session.state == SessionState.CANCELLED:
        return
    yield "material"
    if at >= session.starts_at and any(one.row is None for one in people):
        yield "present"
    if session.state == SessionState.PLANNED:
        if at >= session.starts_at:
            yield "close"
        yield "cancel"


def _page(request: StaffRequest, uid: UUID, given: ActForm | None = None) -> HttpResponse:
    by, at = request.actor, timezone.now()
    session = session_by_uid(by, uid)
    people = presence(session, by)
    holds = by.can(Permission.MANAGE_TRAINING) and by.covers(session.area_path)
    sees_all = by.can(Permission.MANAGE_TRAINING)
    own = next((one.row for one in people if one.user_id == by.user_id), None)
    papers = [one for one in papers_of(session) if sees_all or one.user_id == by.user_id]
    acts = list(_allowed(session, people, holds=holds, at=at))
    context = {
        **session_row(session),
        "people": people if sees_all else [one for one in people if one.user_id == by.user_id],
        **counts(people),
        "holds": holds,
        "own": own,
        "sign": _sign(given, request, session, at) if _is_expected(people, by) else None,
        "phase": phase_now(session, at=at) if _is_expected(people, by) else None,
        "means": means(papers) if sees_all else [],
        "compared": compared(papers),
        "ranking": [
            {"one": one, "award": said(one.award.name) if one.award else ""}
            for one in places_in(session, papers)
        ],
        "materials": session.materials.order_by("id"),
        "forms": [
            given if given and given.act == each else _blank(each, request, session)
            for each in acts
        ],
        "refused": given,
        "synthetic": session.is_synthetic,
    }
    if holds and is_open(session, at=at):
        context |= _shown_code(request, session)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if given else HTTPStatus.OK
    return render(request, "bureau/training/session.html", context, status=status)


def _is_expected(people: list[Presence], by: Actor) -> bool:
    return any(one.user_id == by.user_id for one in people)


def _sign(
    given: ActForm | None, request: StaffRequest, session: "TrainingSession", at: "datetime"
) -> ActForm | None:
    if not is_open(session, at=at):
        return None
    return given if given and given.act == "sign" else _blank("sign", request, session)


def _blank(act: str, request: StaffRequest, session: "TrainingSession") -> ActForm:
    form = _form(act, request, session)
    # After a refused step the other forms are as nobody has touched them.
    form.is_bound = False
    return form


def _shown_code(request: StaffRequest, session: "TrainingSession") -> dict[str, Any]:
    at = timezone.now()
    code = code_of(session, at=at)
    address = reverse("training_session", args=[session.uid])
    return {
        "session": session,
        "code": code,
        "changes_in": changes_in_s(at),
        "qr": _qr(request.build_absolute_uri(f"{address}?code={code}")),
        "signed": session.attendances.count(),
    }


def _qr(words: str) -> SafeString:
    """Draw the code into the page itself, as it is gone in a minute."""
    drawing = BytesIO()
    segno.make(words, error="m", micro=False).save(
        drawing, kind="svg", border=4, light="#fff", xmldecl=False, svgns=True, omitsize=True
    )
    return mark_safe(drawing.getvalue().decode())  # noqa: S308 -- drawn here, from digits and lines
