"""What happens to a case is enqueued for the partners of its area, in the same transaction."""

import json
from datetime import datetime
from uuid import uuid4

from circle15.areas.scope import EVERYWHERE, area_scope, paths_to
from circle15.cases.exchange_models import Webhook, WebhookCall
from circle15.cases.exchange_states import HookEvent
from circle15.cases.models import Case


def tell(case: Case, event: HookEvent, *, at: datetime) -> int:
    """Enqueue an event for every subscription whose area sees the case; return how many.

    Call it in the transaction of the step. Numbers and states only: who may know more asks.
    """
    places = {*paths_to(case.area_path), *(paths_to(case.handler_path or case.area_path))}
    with area_scope(EVERYWHERE):
        hooks = Webhook.objects.filter(area_path__in=places, ended_at__isnull=True).order_by("id")
        calls = [_call(hook, case, event, at) for hook in hooks if event.value in hook.events]
        WebhookCall.objects.bulk_create(calls)
    return len(calls)


def _call(hook: Webhook, case: Case, event: HookEvent, at: datetime) -> WebhookCall:
    uid = uuid4()
    told = {
        "id": str(uid),
        "event": event.value,
        "at": at.isoformat(timespec="seconds"),
        "case": {"uid": str(case.uid), "number": case.number, "item": case.item_key},
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
