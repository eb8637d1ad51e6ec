"""Subscriptions: who is told of which events at which address, and the secret that signs it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.sealing import seal, unseal
from circle15.accounts.states import Permission
from circle15.areas.scope import within
from circle15.audit.actions import record
from circle15.cases.exchange_models import Webhook
from circle15.cases.exchange_states import HookAlgorithm, HookEvent
from circle15.cases.partners.addresses import demand_allowed

MOST_HOOKS = 5
SHORTEST_SECRET, LEAST_VARIED = 32, 12
KIND = "webhook"
# Who may be told of what; cases where nothing else stands. When somebody has rated is told to those
# alone who see bad ratings at once: a clerk would know by the hour who it was.
_ASKS: Mapping[HookEvent, Permission] = {
    HookEvent.RATING_RECEIVED: Permission.SUPERVISE_RATINGS,
    HookEvent.ORDER_CLOSED: Permission.SUPERVISE_RATINGS,
    HookEvent.RESULT_PUBLISHED: Permission.VIEW_ASSESSMENTS,
    HookEvent.TITLE_GRANTED: Permission.VIEW_ASSESSMENTS,
    HookEvent.TITLE_WITHDRAWN: Permission.VIEW_ASSESSMENTS,
}
# Any of them lets a token have subscriptions at all.
SUBSCRIBERS = (Permission.VIEW_CASES, Permission.VIEW_ASSESSMENTS, Permission.SUPERVISE_RATINGS)


class NeedsToken(NotAllowed):
    def __init__(self) -> None:
        super().__init__(_("订阅回调要用接口令牌调用。"))


class TooManyHooks(Refused):
    def __init__(self) -> None:
        super().__init__(_("每个令牌最多 5 个回调地址，请先停用不再使用的。"))


class HookExists(Refused):
    def __init__(self) -> None:
        super().__init__(_("这个令牌已订阅这个地址，请先停用再重新订阅。"))


class WeakSecret(Refused):
    def __init__(self) -> None:
        super().__init__(_("签名密钥至少 32 个字符，请用随机生成的，例如 openssl rand -hex 32。"))


@dataclass(frozen=True, slots=True)
class Hook:
    """A subscription as its owner sees it."""

    uid: UUID
    url: str
    events: tuple[str, ...]
    algorithm: str
    made_at: datetime


@transaction.atomic
def subscribe(  # noqa: PLR0913 -- a subscription has these parts
    *,
    url: str,
    events: Iterable[str],
    algorithm: str,
    secret: str,
    token_uid: UUID | None,
    by: Actor,
    at: datetime,
) -> Hook:
    """Tell an address of events in the actor's area, as long as the token lives.

    The partner makes the secret of the signatures: ours would lie open in the stored answer.
    Raises NotAllowed, NeedsToken, AddressNotAllowed, WeakSecret, TooManyHooks, HookExists.
    """
    wanted = sorted({HookEvent(one) for one in events})
    for event in wanted:
        demand(by, _ASKS.get(event, Permission.VIEW_CASES))
    demand_allowed(url)
    if len(secret) < SHORTEST_SECRET or len(set(secret)) < LEAST_VARIED:
        raise WeakSecret
    if token_uid is None or by.user_id is None:
        raise NeedsToken
    # In the order of asking: two at once of one token wait for each other.
    others = list(_of_token(by, token_uid).select_for_update().values_list("url", flat=True))
    if url in others:
        raise HookExists
    if len(others) >= MOST_HOOKS:
        raise TooManyHooks
    uid = uuid4()
    row = Webhook.objects.create(
        uid=uid,
        token_uid=token_uid,
        user_id=by.user_id,
        area_path=by.area_path,
        url=url,
        events=[one.value for one in wanted],
        algorithm=HookAlgorithm(algorithm),
        secret_sealed=seal(secret, field="secret", uid=uid, kind=KIND),
        made_at=at,
    )
    _record("webhook.subscribe", row, by=by, at=at)
    return _hook(row)


def hooks_of(actor: Actor, token_uid: UUID | None) -> tuple[Hook, ...]:
    """Return the subscriptions of a token, the oldest first."""
    if token_uid is None:
        return ()
    return tuple(map(_hook, _of_token(actor, token_uid).order_by("made_at", "id")))


@transaction.atomic
def unsubscribe(*, uid: UUID, token_uid: UUID | None, by: Actor, at: datetime) -> Hook:
    """End a subscription; what waits is not sent any more. Raises NotFound."""
    row = None
    if token_uid is not None:
        row = _of_token(by, token_uid).select_for_update().filter(uid=uid).first()
    if row is None:
        raise NotFound
    row.ended_at = max(at, row.made_at)
    row.save(update_fields=["ended_at"])
    _record("webhook.end", row, by=by, at=at)
    return _hook(row)


def secret_of(row: Webhook) -> str:
    return unseal(row.secret_sealed, field="secret", uid=row.uid, kind=KIND)


def _of_token(actor: Actor, token_uid: UUID) -> QuerySet[Webhook]:
    standing = Webhook.objects.filter(token_uid=token_uid, ended_at__isnull=True)
    return within(standing, actor.area_path)


def _hook(row: Webhook) -> Hook:
    return Hook(row.uid, row.url, tuple(row.events), row.algorithm, row.made_at)


def _record(verb: str, row: Webhook, *, by: Actor, at: datetime) -> None:
    record(
        who=by.who,
        verb=verb,
        target_kind="webhook",
        target_id=str(row.uid),
        area_path=row.area_path,
        at=at,
        new={"url": row.url, "events": row.events},
    )
