"""Webhooks: where a partner's program is told what happens to cases and sites."""

from uuid import UUID

from ninja import Router

from circle15.api import case_schemas as schemas
from circle15.api.callers import ApiRequest
from circle15.api.doing import doing, reading
from circle15.cases.partners.webhooks import SUBSCRIBERS, hooks_of, subscribe, unsubscribe

router = Router(tags=["webhooks"])


@router.get("/webhooks", response=schemas.Webhooks, summary="我的回调订阅")
@reading(*SUBSCRIBERS)
def webhooks(request: ApiRequest) -> schemas.Webhooks:
    """Subscriptions made with this token."""
    caller = request.auth
    found = hooks_of(caller.actor, caller.token)
    return schemas.Webhooks(webhooks=[schemas.WebhookNow.made(one) for one in found])


@router.post("/webhooks", response=schemas.WebhookNow, summary="订阅回调")
@doing(*SUBSCRIBERS)
def subscribe_webhook(request: ApiRequest, body: schemas.WebhookIn) -> schemas.WebhookNow:
    """Be told of events in the caller's area at an allowed address, as long as the token lives.

    The secret of the signatures is the partner's own and is given back by no answer.
    """
    caller = request.auth
    made = subscribe(
        url=body.url,
        events=body.events,
        algorithm=body.algorithm,
        secret=body.secret,
        token_uid=caller.token,
        by=caller.actor,
        at=caller.at,
    )
    return schemas.WebhookNow.made(made)


@router.post("/webhooks/{uid}/end", response=schemas.WebhookNow, summary="停用回调")
@doing(*SUBSCRIBERS)
def end_webhook(request: ApiRequest, uid: UUID) -> schemas.WebhookNow:
    """End a subscription; what waits is not sent any more."""
    caller = request.auth
    ended = unsubscribe(uid=uid, token_uid=caller.token, by=caller.actor, at=caller.at)
    return schemas.WebhookNow.made(ended)
