"""Sends partners what waits for them; tries again for a day, then says so and stops."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from time import monotonic

from django.db.models import Q

from circle15.accounts.api_tokens import is_good
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.areas.turns import alone
from circle15.audit.actions import record
from circle15.audit.states import SYSTEM
from circle15.cases.core_platform.port import PlatformAway
from circle15.cases.core_platform.posting import post
from circle15.cases.exchange_models import Webhook, WebhookCall
from circle15.cases.exchange_states import CallState
from circle15.cases.partners.addresses import AddressNotAllowed, demand_allowed
from circle15.cases.partners.signing import headers
from circle15.cases.partners.webhooks import secret_of

AT_ONCE = 20
TIMEOUT_S = 3.0
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=10), timedelta(hours=1)
GIVE_UP_AFTER = timedelta(hours=24)
_LONGEST_ROUND_S = 10.0
_LOCK = 1_532_023


@dataclass(frozen=True, slots=True)
class _Result:
    status: int | None
    problem: str = ""

    @property
    def is_done(self) -> bool:
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004 -- HTTP


def send_due(*, at: datetime) -> int:
    """Send what is due; return how many messages partners took.

    One that answers badly keeps nobody else waiting: its other messages rest for this round.
    """
    begun, done = monotonic(), 0
    with alone(_LOCK) as is_mine:
        away: set[int] = set()
        for call in _due(at) if is_mine else ():
            now = at + timedelta(seconds=monotonic() - begun)
            if now - at > timedelta(seconds=_LONGEST_ROUND_S):
                break
            if call.webhook_id in away:
                continue
            result = _send(call, at=now)
            _keep(call, result, at=now)
            done += result.is_done
            if not result.is_done:
                away.add(call.webhook_id)
    return done


def _due(at: datetime) -> list[WebhookCall]:
    with area_scope(EVERYWHERE):
        # None is put off longer than that: the clock was set back.
        now = Q(next_try_at__lte=at) | Q(next_try_at__gt=at + 2 * LONGEST_PAUSE)
        rows = WebhookCall.objects.select_related("webhook").filter(now, state=CallState.WAITING)
        return list(rows.order_by("next_try_at", "id")[:AT_ONCE])


def _send(call: WebhookCall, *, at: datetime) -> _Result:
    hook, body = call.webhook, call.body.encode()
    if hook.ended_at is not None or not is_good(hook.token_uid, at=at):
        return _Result(None, "ended")
    try:
        demand_allowed(hook.url)  # the list may be shorter than it was
    except AddressNotAllowed:
        return _Result(None, "address")
    told = headers(
        body,
        secret=secret_of(hook),
        algorithm=hook.algorithm,
        event=call.event,
        delivery=str(call.uid),
        at=at,
    )
    try:
        return _Result(post(hook.url, body, told, timeout_s=TIMEOUT_S).status)
    except PlatformAway as away:
        return _Result(None, f"{type(away).__name__} {away}"[:40])


def _keep(call: WebhookCall, result: _Result, *, at: datetime) -> None:
    is_over = result.problem == "ended" or result.status == HTTPStatus.GONE
    too_late = at - call.made_at >= GIVE_UP_AFTER
    call.status, call.problem = result.status, result.problem
    call.attempts += 1
    with area_scope(EVERYWHERE):
        if result.is_done or is_over or too_late:
            call.state = CallState.DONE if result.is_done else CallState.GIVEN_UP
            call.ended_at = at
        else:
            call.next_try_at = at + min(
                FIRST_PAUSE * 2 ** min(call.attempts - 1, 10), LONGEST_PAUSE
            )
        call.save()
        if is_over:
            _end(call.webhook, at)
        if call.state == CallState.GIVEN_UP:
            _record(call, at)


def _end(hook: Webhook, at: datetime) -> None:
    """End a subscription whose token is no longer good or whose address is gone."""
    standing = Webhook.objects.filter(pk=hook.pk, ended_at__isnull=True, made_at__lte=at)
    standing.update(ended_at=at)
    waiting = WebhookCall.objects.filter(webhook=hook, state=CallState.WAITING)
    waiting.update(state=CallState.GIVEN_UP, ended_at=at)


def _record(call: WebhookCall, at: datetime) -> None:
    record(
        who=SYSTEM,
        verb="webhook.give_up",
        target_kind="webhook",
        target_id=str(call.webhook.uid),
        area_path=call.area_path,
        at=at,
        new={"event": call.event, "attempts": call.attempts, "problem": call.problem},
    )
