"""Life events (一件事) for partners: what follows from one, all of it taken in at once."""

from typing import Annotated
from uuid import UUID

from django.utils import timezone
from ninja import Path, Query, Router

from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.api import joint_schemas as schemas
from circle15.api.callers import ApiRequest
from circle15.api.doing import doing, reading
from circle15.api.schemas import AnswerGiven, ItemKey, answers_of
from circle15.cases.joint import joint
from circle15.cases.partners.opening import channel_of, take_in_together_for
from circle15.items.joint import following, papers_once
from circle15.items.queries import catalogue_on
from circle15.standards.life_events import life_events_on

router = Router(tags=["life events"])


@router.get("/life-events", response=schemas.LifeEventsNow, summary="一件事清单")
@reading(Permission.VIEW_ITEMS)
def life_events(request: ApiRequest) -> schemas.LifeEventsNow:
    """Life events in force today: what is asked about each, and which items may follow."""
    on = timezone.localdate(request.auth.at)
    return schemas.LifeEventsNow.made(life_events_on(on), on)


@router.get("/life-events/{key}/guide", response=schemas.JointGuide, summary="一件事指南")
@reading(Permission.VIEW_ITEMS)
def life_event_guide(
    request: ApiRequest,
    key: Path[ItemKey],
    answer: Annotated[list[AnswerGiven], Query(max_length=40)] = [],  # noqa: B006 -- ninja's way
) -> schemas.JointGuide:
    """Tell what follows for one person; each `answer` to a question of the event is `key:choice`.

    An unanswered question keeps what hangs on it out. `papers` names every paper once.
    """
    on = timezone.localdate(request.auth.at)
    event = life_events_on(on).events.get(key)
    if event is None:
        raise NotFound
    found = following(event, catalogue_on(on), answers_of(answer))
    papers = papers_once((one.item, one.possible) for one in found)
    return schemas.JointGuide(
        event=key,
        items=[schemas.FollowingItem.made(one) for one in found],
        papers=[schemas.PaperOnce.made(one) for one in papers],
    )


@router.post("/life-events/{key}/intake", response=schemas.JointNow, summary="一件事联办")
@doing(Permission.TAKE_IN)
def take_in_together(
    request: ApiRequest, key: Path[ItemKey], body: schemas.JointIn
) -> schemas.JointNow:
    """Take in all items named, or none of them: each becomes a case of its own.

    What is wrong with any of them is said at once (`joint_refused`). Where papers are missing that
    case stays submitted, for a notice.
    """
    caller = request.auth
    today = timezone.localdate(caller.at)
    made = take_in_together_for(
        person=body.person.named,
        event_key=key,
        site_code=body.site_code,
        channel=channel_of(body.channel, registered=caller.channel),
        mode=body.mode,
        items=tuple(each.told(today) for each in body.items),
        by=caller.actor,
        at=caller.at,
    )
    return schemas.JointNow.made(made)


@router.get("/joint/{uid}", response=schemas.JointNow, summary="联办现状")
@reading(Permission.VIEW_CASES)
def joint_handling(request: ApiRequest, uid: UUID) -> schemas.JointNow:
    """One joint handling with all its cases as they are now."""
    return schemas.JointNow.made(joint(uid, by=request.auth.actor))
