"""Tokens with which programs act for one person in one post; only their digest is kept."""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts import queries
from circle15.accounts.actors import Actor, actor_of
from circle15.accounts.models import ApiToken, User
from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import SCOPES, TokenChannel, TokenScope
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.actions import record
from circle15.core.text import tidy

PREFIX = "c15_"
MOST_TOKENS = 10
LONGEST = timedelta(days=366)
_FIND = "SELECT token, post_id, user_id, epoch, scope, channel FROM accounts_bearer(%s, %s)"


class TokenRefused(Refused):
    def __init__(self) -> None:
        super().__init__(_("接口令牌无效、已过期或已停用，请在“我的接口令牌”页面重新生成。"))


class TooManyTokens(Refused):
    def __init__(self) -> None:
        super().__init__(_("每人最多 10 个有效令牌，请先停用不再使用的。"))


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who a token acts for."""

    token: UUID
    actor: Actor
    channel: TokenChannel


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token, shown once to who made it."""

    uid: UUID
    text: str
    expires_at: datetime


@transaction.atomic
def make_token(  # noqa: PLR0913 -- what a token is for
    *,
    name: str,
    good_for: timedelta,
    by: Actor,
    at: datetime,
    scope: TokenScope = TokenScope.ALL,
    channel: TokenChannel = TokenChannel.AS_SAID,
) -> NewToken:
    """Make a token for the actor's present post. Raises NotAllowed, TooManyTokens.

    `channel` is that of every case which comes by the token.
    """
    user_id, post_id = _person_in(by, on=timezone.localdate(at))
    if tokens_of(by).filter(revoked_at__isnull=True, expires_at__gt=at).count() >= MOST_TOKENS:
        raise TooManyTokens
    text = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken.objects.create(
        user_id=user_id,
        post_id=post_id,
        name=tidy(name).text[:40],
        scope=scope,
        channel=channel,
        digest=_digest(text),
        made_at=at,
        expires_at=at + min(good_for, LONGEST),
    )
    _record("token.make", row, by=by, at=at)
    return NewToken(row.uid, text, row.expires_at)


@transaction.atomic
def revoke_token(*, uid: UUID, by: Actor, at: datetime) -> None:
    """Refuse one of the actor's own tokens from the next request on. Raises NotFound."""
    row = tokens_of(by).select_for_update().filter(pk=uid).first()
    if row is None:
        raise NotFound
    if row.revoked_at is None:
        row.revoked_at = at
        row.save(update_fields=["revoked_at"])
        _record("token.revoke", row, by=by, at=at)


def tokens_of(actor: Actor) -> QuerySet[ApiToken]:
    """Return the actor's own tokens, the newest first."""
    # Who has no account has no token.
    return ApiToken.objects.filter(user_id=actor.user_id or 0).order_by("-made_at", "uid")


def bearer_of(text: str, *, at: datetime) -> Bearer:
    """Return who a token acts for; one query. Raises TokenRefused.

    A disabled account, an ended post and a revoked token are out at the next request.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [_digest(text), at])
        row = cursor.fetchone()
    if row is None:
        raise TokenRefused
    uid, post_id, user_id, epoch, scope, channel = row
    actor = _actor(post_id, user_id, epoch, scope, timezone.localdate(at))
    return Bearer(uid, actor, TokenChannel(channel))


def is_good(uid: UUID, *, at: datetime) -> bool:
    """Tell whether a token could be used now: neither revoked nor expired, its owner active."""
    with area_scope(EVERYWHERE):
        tokens = ApiToken.objects.filter(uid=uid, revoked_at__isnull=True, expires_at__gt=at)
        found = tokens.filter(user__is_active=True).select_related("user").first()
        if found is None:
            return False
        posts = queries.current_posts(found.user.person_id, on=timezone.localdate(at))
        return posts.filter(pk=found.post_id).exists()


@lru_cache(maxsize=1024)
def _actor(post_id: int, user_id: int, epoch: int, scope: str, on: date) -> Actor:  # noqa: ARG001 -- every change of an account or its posts raises its epoch
    """Return the actor of a post that is held on a day, for what the token is for.

    Raises TokenRefused.
    """
    with area_scope(EVERYWHERE):
        user = User.objects.get(pk=user_id)
        post = queries.current_posts(user.person_id, on=on).filter(pk=post_id).first()
        if post is None:
            raise TokenRefused
        actor = actor_of(
            user_id=user_id,
            name=queries.display_name(user),
            role=post.role,
            area_path=post.area_path,
            area_name=post.area_name,
        )
    return replace(actor, permissions=actor.permissions & SCOPES[scope])


def _person_in(by: Actor, *, on: date) -> tuple[int, int]:
    if by.user_id is None:
        raise NotAllowed
    with area_scope(EVERYWHERE):
        posts = queries.current_posts(User.objects.get(pk=by.user_id).person_id, on=on)
        post = posts.filter(role=by.role, area_path=by.area_path).first()
    if post is None:
        raise NotAllowed
    return by.user_id, post.pk


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _record(verb: str, row: ApiToken, *, by: Actor, at: datetime) -> None:
    record(
        who=by.who,
        verb=verb,
        target_kind="token",
        target_id=str(row.uid),
        area_path=by.area_path,
        at=at,
        new={
            "name": row.name,
            "scope": row.scope,
            "channel": row.channel,
            "expires_at": row.expires_at,
        },
    )
