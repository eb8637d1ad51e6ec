"""Award a site after construction and acceptance, and take an award away; each takes two people."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.steps import is_same, name_of, said
from circle15.programme.construction_models import Project
from circle15.programme.construction_states import ProjectState
from circle15.programme.rounds.life import advance, demand_step, locked
from circle15.programme.rounds.refusals import NotAccepted, SamePerson, WrongStep
from circle15.programme.rounds_models import Application, AwardProposal
from circle15.programme.rounds_states import ApplicationState, ApplicationStep


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A published acceptance as the part above tells it."""

    reference: str
    name: str
    site_code: str
    points: str
    is_passed: bool
    published_on: date


# Clauses: W-18
# Clauses: W-40
def award(
    *, uid: UUID, acceptance: Acceptance | None, built_on: date, by: Actor, at: datetime
) -> Application:
    """Propose the award of a site on file whose construction ended and acceptance was passed.

    Raises NotAccepted, WrongStep, NotYours. Another officer confirms it with `judge`.
    """
    with locked(uid, by) as one:
        demand_step(one, ApplicationStep.PROPOSE, by)
        _demand_built(one)
        _demand_passed(one, acceptance, built_on, on=timezone.localdate(at))
        assert acceptance is not None
        kept = asdict(acceptance) | {"published_on": acceptance.published_on.isoformat()}
        # The step first: an open proposal would refuse it.
        advance(one, ApplicationStep.PROPOSE, by=by, at=at, note=acceptance.name)
        _propose(one, by=by, at=at, is_award=True, acceptance=kept, built_on=built_on)
        return one


def _demand_built(one: Application) -> None:
    """Raise NotAccepted while a project of the application or its site isn't confirmed as built."""
    # A project begun on its own page names no application: its site tells.
    own = Q(application_uid=one.uid) & ~Q(state=ProjectState.FINISHED)
    if Project.objects.filter(own | Q(site=one.site, state=ProjectState.RUNNING)).exists():
        raise NotAccepted(_("建设项目还没有确认建成，建成后再提请授牌。"))


def _demand_passed(
    one: Application, acceptance: Acceptance | None, built_on: date, *, on: date
) -> None:
    if acceptance is None or acceptance.site_code != one.site.code:
        raise NotAccepted(_("这个网点还没有公布的验收结果，验收合格后才能授牌。"))
    if not acceptance.is_passed:
        raise NotAccepted(_("验收没有合格，不能授牌。"))
    if built_on > on:
        raise NotAccepted(_("建成日期晚于今天，请核对。"))
    if acceptance.published_on < built_on:
        raise NotAccepted(_("验收结果早于建成日期，请以建成后的验收为准。"))


def revoke(*, uid: UUID, reason: str, by: Actor, at: datetime) -> Application:
    """Propose to take an award away, with a reason."""
    with locked(uid, by) as one:
        words = said(reason)
        advance(one, ApplicationStep.PROPOSE_REVOKE, by=by, at=at, note=words)
        _propose(one, by=by, at=at, is_award=False, reason=words)
        return one


def judge(*, uid: UUID, agrees: bool, why: str, by: Actor, at: datetime) -> Application:
    """Agree to what another officer proposed, or not. Raises SamePerson, WrongStep."""
    with locked(uid, by) as one:
        proposal = one.proposals.select_for_update().filter(judged_at__isnull=True).first()
        if proposal is None:
            raise WrongStep
        step = _step_of(proposal, agrees=agrees)
        demand_step(one, step, by)
        if is_same(by, proposal.proposed_by_id, proposal.proposed_by):
            raise SamePerson
        proposal.why = said(why, needed=not agrees)
        proposal.is_agreed, proposal.judged_at = agrees, at
        proposal.judged_by, proposal.judged_by_id = name_of(by), by.user_id
        if agrees:
            _date(one, is_award=proposal.is_award, on=timezone.localdate(at))
        advance(one, step, by=by, at=at, note=proposal.why)
        proposal.save()
        return one


def _step_of(proposal: AwardProposal, *, agrees: bool) -> ApplicationStep:
    if not agrees:
        return ApplicationStep.KEEP
    return ApplicationStep.AWARD if proposal.is_award else ApplicationStep.REVOKE


def _date(one: Application, *, is_award: bool, on: date) -> None:
    if is_award:
        one.awarded_on = on
    else:
        one.revoked_on = on


def _propose(one: Application, *, by: Actor, at: datetime, is_award: bool, **what: object) -> None:
    assert one.state in {ApplicationState.RECORDED, ApplicationState.AWARDED}
    AwardProposal.objects.create(
        application=one,
        is_award=is_award,
        proposed_at=at,
        proposed_by=name_of(by),
        proposed_by_id=by.user_id,
        **what,
    )
