"""What somebody may sensibly do now with a site's entry and with one of its lines."""

from collections.abc import Iterator
from datetime import date

from circle15.accounts.actors import Actor
from circle15.accounts.steps import is_same
from circle15.assessments.campaign_states import AT_WORK, LineAct, Review
from circle15.assessments.campaigns.life import may_act
from circle15.assessments.campaigns.points import Standing
from circle15.assessments.campaigns.queries import EntryView
from circle15.assessments.states import Purpose, VetoStanding
from circle15.assessments.vetoes import may_speak, veto_standing

_SELF_ONLY = frozenset({LineAct.SELF})


def turns(view: EntryView, one: Standing, by: Actor, *, on: date) -> tuple[LineAct, ...]:
    """Return what somebody may do to a line on a day, in the order of its way."""
    line = one.line
    line.entry = view.entry
    allowed = {act for act in LineAct if may_act(line, act, by)}
    if view.entry.campaign.kind == Purpose.SELF:
        return tuple(act for act in LineAct if act in allowed & _SELF_ONLY)
    return tuple(
        act for act in LineAct if act in allowed - frozenset(_senseless(view, one, by, on))
    )


def _senseless(view: EntryView, one: Standing, by: Actor, on: date) -> Iterator[LineAct]:
    line, entry = one.line, view.entry
    if line.review == Review.CONFIRMED:
        yield LineAct.CONFIRM
    if line.review != Review.QUESTIONED:
        yield LineAct.ANSWER
    reviewed = line.reviewed_at is not None and is_same(by, line.reviewed_by_id, line.reviewed_by)
    # What a check saw takes two to be changed; without one, the visit is another's than the desk's.
    if line.inspection_id is not None or reviewed:
        yield from (LineAct.AGREES, LineAct.DIFFERS)
    objection = next(
        (each for each in view.objections if each.line_id == line.pk and not each.decided_at), None
    )
    is_late = entry.due_on is not None and on > entry.due_on
    if objection is not None or is_late or entry.accepted_at is not None:
        yield LineAct.OBJECT
    seen = line.seen_at is not None and is_same(by, line.seen_by_id, line.seen_by)
    if objection is None or reviewed or seen:
        yield from (LineAct.UPHOLD, LineAct.DISMISS)
    waiting = next((each for each in line.adjustments.all() if each.judged_at is None), None)
    if waiting is not None or is_frozen(view):
        yield LineAct.PROPOSE
    if waiting is None or is_same(by, waiting.proposed_by_id, waiting.proposed_by):
        yield from (LineAct.APPROVE, LineAct.REFUSE)


def is_frozen(view: EntryView) -> bool:
    """Tell whether a veto was found and not declined: then points are no longer touched."""
    return standing_of_veto(view) in {VetoStanding.OPEN, VetoStanding.CONFIRMED}


def standing_of_veto(view: EntryView) -> VetoStanding:
    """Say where the vetoes found at a site stand."""
    found = view.entry.vetoed
    return VetoStanding.NONE if found is None else veto_standing(found)


def may_find_veto(view: EntryView) -> bool:
    """Tell whether an officer may bring in a veto."""
    is_free = standing_of_veto(view) in {VetoStanding.NONE, VetoStanding.DECLINED}
    is_self = view.entry.campaign.kind == Purpose.SELF
    return view.is_officer and is_free and not is_self and view.entry.state in AT_WORK


def may_judge_veto(view: EntryView, by: Actor) -> bool:
    """Tell whether somebody is the second officer the vetoes wait for."""
    found = view.entry.vetoed
    return found is not None and view.entry.state in AT_WORK and may_speak(found, by)
