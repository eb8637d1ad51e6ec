"""The list of sessions with what is owed, announcing one, a person's record, the workbook."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.programme.training.bank import pools
from circle15.programme.training.exporting import export_sessions
from circle15.programme.training.queries import (
    notice_duties,
    plan_duties,
    record_of,
    sessions,
)
from circle15.programme.training.refusals import UnusableTraining
from circle15.programme.training.sessions import announce
from circle15.programme.training_states import DutyStanding
from circle15.web.bureau.services.entry_forms import sites_of
from circle15.web.bureau.services.views import workbook
from circle15.web.bureau.training.forms import SessionForm, first_times
from circle15.web.bureau.training.words import duty_row, session_row
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.once import once

_A_PAGE = 30
_OWED = {DutyStanding.OVERDUE, DutyStanding.OPEN, DutyStanding.UNSET}


@reads
@requires(Permission.VIEW_TRAINING)
def session_list(request: StaffRequest) -> HttpResponse:
    """Show the sessions of the area, and above them what is owed."""
    by, on = request.actor, timezone.localdate()
    plan = [one for one in plan_duties(by, year=on.year, on=on) if one.standing in _OWED]
    notices = [one for one in notice_duties(by, on=on) if one.standing in _OWED]
    page = Paginator(sessions(by), _A_PAGE).get_page(request.GET.get("page", "1"))
    context = {
        "page": page,
        "rows": [session_row(one) for one in page.object_list],
        "plan": [duty_row(one) for one in plan[:10]],
        "notices": [duty_row(one) for one in notices[:10]],
        "overdue": sum(
            standing == DutyStanding.OVERDUE
            for standing in [one.standing for one in plan] + [one.standing for one in notices]
        ),
        "manages": by.can(Permission.MANAGE_TRAINING),
        "year": on.year,
        "synthetic": any(one.is_synthetic for one in page.object_list),
    }
    return render(request, "bureau/training/list.html", context)


@reads
@requires(Permission.MANAGE_TRAINING)
def ask(request: StaffRequest) -> HttpResponse:
    """Show the form for a session."""
    now = timezone.localtime()
    first: dict[str, Any] = {**first_times(now), "kind": "central"}
    first |= {name: request.GET.get(name, "") for name in ("line", "notice")}
    if first["notice"]:
        first["kind"] = "special"
    return _form(request, SessionForm(offered=_offered(request.actor, now), initial=first))


@writes
@requires(Permission.MANAGE_TRAINING)
@once
def announce_session(request: StaffRequest) -> HttpResponse:
    """Announce a session."""
    at = timezone.now()
    form = SessionForm(request.POST, offered=_offered(request.actor, timezone.localtime(at)))
    if form.is_valid():
        try:
            session = announce(new=form.new(), by=request.actor, at=at)
        except (NotAllowed, NotFound):
            raise
        except UnusableTraining as refusal:
            form.add_error(refusal.part or None, str(refusal))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已发布，参加的人在培训页面签到。"))
            return HttpResponseRedirect(reverse("training_session", args=[session.uid]))
    return _form(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)


def _form(request: StaffRequest, form: SessionForm, status: int = HTTPStatus.OK) -> HttpResponse:
    return render(request, "bureau/training/new.html", {"form": form}, status=status)


def _offered(by: Actor, now: datetime) -> dict[str, list[tuple[str, Any]]]:
    on = now.date()
    # What an area below set for itself is held there.
    lines = {
        one.line.uid: one.line.topic
        for one in plan_duties(by, year=on.year, on=on)
        if by.area_path.startswith(one.line.area_path)
    }
    notices = {
        one.notice.uid: one.notice.title
        for one in notice_duties(by, on=on)
        if by.area_path.startswith(one.notice.area_path)
    }
    sites = sites_of(by)
    whole = [] if len(sites) == 1 else [("", _("%(area)s 的全部网点") % {"area": by.area_name})]
    none = ("", _("不针对"))
    return {
        "site": whole + list(sites),
        "line": [none, *((str(uid), name) for uid, name in lines.items())],
        "notice": [none, *((str(uid), name) for uid, name in notices.items())],
        "pool": [("", _("不测验")), *((name, f"{name} · {n}") for name, n in pools(by.area_path))],
    }


@writes
@requires(Permission.VIEW_TRAINING)
def export(request: StaffRequest) -> HttpResponse:
    """Hand out who attended what this year as a workbook."""
    at = timezone.now()
    year = timezone.localdate(at).year
    content = export_sessions(year=year, by=request.actor, at=at)
    return workbook(content, f"circle15-training-{year}.xlsx")


@reads
@requires(Permission.VIEW_TRAINING)
def person(request: StaffRequest, user_id: int) -> HttpResponse:
    """Show what a person attended and wrote: the own record, or one of the manager's area."""
    record = record_of(user_id, request.actor, at=timezone.now())
    context = {
        "record": record,
        "is_own": user_id == request.actor.user_id,
        "synthetic": any(one.is_synthetic for one in record.attended),
    }
    return render(request, "bureau/training/record.html", context)
