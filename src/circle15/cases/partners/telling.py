"""What happens is enqueued for the partners of its area, in the same transaction."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import uuid4

from circle15.areas.scope import EVERYWHERE, area_scope, paths_to
from circle15.cases.exchange_models import Webhook, WebhookCall
from circle15.cases.exchange_states import HookEvent
from circle15.cases.models import Case

Subject = Mapping[str, Mapping[str, str]]


def tell(case: Case, event: HookEvent, *, at: datetime) -> int:
    """Enqueue an event for every subscription whose area sees the case; return how many.

    Call it in the transaction of the step. Numbers and states only: who may know more asks.
    """
    places = {*paths_to(case.area_path), *(paths_to(case.handler_path or case.area_path))}
    what = {"uid": str(case.uid), "number": case.number, "item": case.item_key}
    return _enqueue(places, event, {"case": what}, at)


def tell_area(
    area_path: str, event: HookEvent, what: Mapping[str, str], *, kind: str, at: datetime
) -> int:
    """Enqueue an event of a place for every subscription whose area sees it; return how many.

    Apps above this one tell by it of what they own: `kind` is what it is called, `what` says
    which one it is, in numbers and states only. Call it in the transaction of the step.
    """
    return _enqueue(paths_to(area_path), event, {kind: what}, at)


def _enqueue(places: Iterable[str], event: HookEvent, what: Subject, at: datetime) -> int:
    with area_scope(EVERYWHERE):
        hooks = Webhook.objects.filter(area_path__in=places, ended_at__isnull=True).order_by("id")
        calls = [_call(hook, event, what, at) for hook in hooks if event.value in hook.events]
        WebhookCall.objects.bulk_create(calls)
    return len(calls)


def _call(hook: Webhook, event: HookEvent, what: Subject, at: datetime) -> WebhookCall:
    uid = uuid4()
    told = {
        "id": str(uid),
        "event": event.value,
        "at": at.isoformat(timespec="seconds"),
        **what,
    }
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return WebhookCall(
        uid=uid,
        webhook=hook,
        area_path=hook.area_path,
        event=event,
        body=body,
        made_at=at,
        next_try_at=at,
    )
