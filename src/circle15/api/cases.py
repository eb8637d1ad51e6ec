"""Cases for partners: open, give papers, submit, take in, follow."""

from typing import Annotated, Literal, TypedDict
from uuid import UUID

from django.utils import timezone
from ninja import Router
from pydantic import Field

from circle15.accounts.states import Permission
from circle15.api import case_schemas as schemas
from circle15.api.callers import ApiRequest
from circle15.api.doing import doing, reading
from circle15.api.problems import BadFile
from circle15.cases import queries, work
from circle15.cases.actions import delivery, intake, papers
from circle15.cases.actions.agents import Named
from circle15.cases.actions.window import Intake
from circle15.cases.looked_up import LookedUp
from circle15.cases.partners.opening import (
    NamedOrganisation,
    channel_of,
    open_for,
    take_in_for,
)
from circle15.cases.work import WorkFilter, WorkKind
from circle15.ledger.files import UnsafeFile

router = Router(tags=["cases"])

Kind = Literal["open", "hand_out", "overdue", "ended", "all"]
After = Annotated[str, Field(max_length=40, pattern=r"^[0-9.-]*$")]
Size = Annotated[int, Field(ge=1, le=100)]


@router.get("/cases", response=schemas.Cases, summary="办件列表")
@reading(Permission.VIEW_CASES)
def cases(
    request: ApiRequest, kind: Kind = "open", after: After = "", size: Size = 50
) -> schemas.Cases:
    """Cases of the caller's area in pages: the most urgent first, ended ones the newest first."""
    caller = request.auth
    page = work.work_list(
        by=caller.actor,
        what=WorkFilter(kind=WorkKind(kind)),
        on=timezone.localdate(caller.at),
        after=after,
        size=size,
    )
    return schemas.Cases.made(page.lines, page.after)


@router.post("/cases", response=schemas.CaseNow, summary="开始申请")
@doing(Permission.TAKE_IN)
def open_case(request: ApiRequest, body: schemas.CaseIn) -> schemas.CaseNow:
    """Open a case at a site with a part in the item, for any insured person of the city.

    With `organisation` it is the organisation's case, and `person` is who comes for it.
    """
    caller = request.auth
    opened = open_for(
        **_parties(body),
        item_key=body.item,
        site_code=body.site_code,
        channel=channel_of(body.channel, registered=caller.channel),
        mode=body.mode,
        answers=body.answers,
        form=body.form,
        by=caller.actor,
        at=caller.at,
    )
    return schemas.CaseNow.made(opened)


@router.post("/cases/intake", response=schemas.CaseNow, summary="一次受理")
@doing(Permission.TAKE_IN)
def take_in(request: ApiRequest, body: schemas.IntakeIn) -> schemas.CaseNow:
    """Open, tick the papers, hand in and take in by one call, as a window does.

    Where papers are missing the case stays submitted, for a notice.
    """
    caller = request.auth
    what = Intake(
        item_key=body.item,
        site_code=body.site_code,
        channel=channel_of(body.channel, registered=caller.channel),
        mode=body.mode,
        answers=body.answers,
        form=body.form,
        given=tuple(body.given),
        shared=body.looked_up(timezone.localdate(caller.at)),
        committed=tuple(body.committed),
        deferred=tuple(body.deferred),
        deferred_until=body.deferred_until,
    )
    taken = take_in_for(what, **_parties(body), by=caller.actor, at=caller.at)
    return schemas.CaseNow.made(taken)


class _Parties(TypedDict):
    person: Named
    organisation: NamedOrganisation | None


def _parties(body: schemas.CaseIn) -> _Parties:
    given = body.organisation
    return {
        "person": body.person.named,
        "organisation": NamedOrganisation(
            given.credit_code.upper(), given.name, given.division_code
        )
        if given
        else None,
    }


@router.get("/cases/{uid}", response=schemas.CaseWhole, summary="办件现状")
@reading(Permission.VIEW_CASES)
def case(request: ApiRequest, uid: UUID) -> schemas.CaseWhole:
    """One case with its papers, and what the caller may do with it now."""
    caller = request.auth
    found = queries.case(uid, by=caller.actor, on=timezone.localdate(caller.at))
    return schemas.CaseWhole.made(found)


@router.post("/cases/{uid}/materials", response=schemas.MaterialNow, summary="提供材料")
@doing(Permission.TAKE_IN)
def give_material(request: ApiRequest, uid: UUID, body: schemas.MaterialIn) -> schemas.MaterialNow:
    """Give a paper, with a photo or PDF up to 700 KB; several calls give several pages."""
    caller = request.auth
    try:
        line = papers.give_material(
            case_uid=uid,
            key=body.key,
            how=body.how,
            note=body.note,
            looked_up=LookedUp(body.source, body.looked_up_on or timezone.localdate(caller.at)),
            content=body.file,
            by=caller.actor,
            at=caller.at,
        )
    except UnsafeFile as unsafe:
        raise BadFile(str(unsafe)) from unsafe
    return schemas.MaterialNow.made(line)


@router.post("/cases/{uid}/submit", response=schemas.CaseNow, summary="提交")
@doing(Permission.TAKE_IN)
def submit_case(request: ApiRequest, uid: UUID) -> schemas.CaseNow:
    """Hand the case in; it gets its number."""
    caller = request.auth
    return schemas.CaseNow.made(intake.submit(case_uid=uid, by=caller.actor, at=caller.at))


@router.post("/cases/{uid}/accept", response=schemas.CaseNow, summary="受理")
@doing(Permission.TAKE_IN)
def accept_case(request: ApiRequest, uid: UUID) -> schemas.CaseNow:
    """Take the case in; its limits begin to run."""
    caller = request.auth
    return schemas.CaseNow.made(intake.accept(case_uid=uid, by=caller.actor, at=caller.at))


@router.post("/cases/{uid}/withdraw", response=schemas.CaseNow, summary="撤回")
@doing(Permission.TAKE_IN)
def withdraw_case(request: ApiRequest, uid: UUID, body: schemas.WhyIn) -> schemas.CaseNow:
    """Take the application back before it is decided, as the person wishes."""
    caller = request.auth
    line = delivery.withdraw(case_uid=uid, reason=body.reason, by=caller.actor, at=caller.at)
    return schemas.CaseNow.made(line)
