"""Machines of a site: a manager gives a one-time code, the machine trades it for its token."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from circle15.accounts import devices
from circle15.accounts.actors import Actor
from circle15.accounts.devices import GOOD_FOR, Device
from circle15.accounts.guards import demand, demand_area
from circle15.accounts.models import Device as Registered
from circle15.accounts.models import LoginAttempt, RevokedDevice
from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.sealing import blind_index
from circle15.accounts.states import DeviceKind, Permission
from circle15.accounts.waiting import HOUR
from circle15.areas import scope
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.actions import record
from circle15.audit.states import Who
from circle15.core.text import tidy

# Without what is read or heard as something else: 0 O, 1 I L, 2 Z, 5 S, 8 B, U V.
ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
CODE_LENGTH = 8
CODE_GOOD_FOR = timedelta(minutes=15)
# 23^8 codes: ten guesses an hour from an address find none in a lifetime.
MISSES_PER_ADDRESS = 10


class CodeRefused(Refused):
    def __init__(self) -> None:
        super().__init__(
            _("登记码不正确、已用过或已超过 15 分钟。请核对后重新输入，或请网点负责人重新生成。")
        )


class TooManyGuesses(Refused):
    def __init__(self) -> None:
        super().__init__(_("登记码输错次数过多，请一小时后再试。"))


@dataclass(frozen=True, slots=True)
class Code:
    """A one-time code, shown once to who made it."""

    uid: UUID
    text: str
    until: datetime

    @property
    def in_groups(self) -> str:
        return f"{self.text[:4]} {self.text[4:]}"


@transaction.atomic
def invite(  # noqa: PLR0913 -- every caller names them
    *, kind: DeviceKind, name: str, site_path: str, site_name: str, by: Actor, at: datetime
) -> Code:
    """Add a machine to a site and give its one-time code. Raises NotAllowed, NotFound."""
    demand(by, Permission.MANAGE_HALL)
    demand_area(by, site_path)
    row = Registered(
        kind=kind, name=tidy(name).text, area_path=site_path, site_name=site_name, added_at=at
    )
    code = _new_code(row, at=at)
    row.save(force_insert=True)
    _record("device.invite", row, who=by.who, at=at, new={"kind": kind, "name": row.name})
    return code


@transaction.atomic
def invite_again(*, uid: UUID, by: Actor, at: datetime) -> Code:
    """Give a known machine a new code: its browser was reset, or it was replaced.

    The old token goes on until the code is used. Raises NotAllowed, NotFound.
    """
    row = _managed(uid, by=by)
    code = _new_code(row, at=at)
    row.save(update_fields=["code_index", "code_until"])
    _record("device.invite", row, who=by.who, at=at, new={"kind": row.kind, "name": row.name})
    return code


def register(*, code: str, address: str, at: datetime) -> Device:
    """Trade a one-time code for the machine's identity; issue() makes its token.

    A miss is stored before the refusal is raised, so the caller's transaction must go on.
    Raises CodeRefused, TooManyGuesses.
    """
    with area_scope(EVERYWHERE):
        if _misses_of(address, at=at) >= MISSES_PER_ADDRESS:
            raise TooManyGuesses
        row = _with_code(code, at=at)
        if row is not None:
            return _registered(row, at=at)
        LoginAttempt.objects.create(
            at=at, username_index=_NO_NAME, address=address, succeeded=False
        )
    raise CodeRefused


@transaction.atomic
def revoke(*, uid: UUID, by: Actor, at: datetime) -> None:
    """Refuse a machine's tokens from now on. Raises NotAllowed, NotFound."""
    row = _managed(uid, by=by)
    if row.revoked_at is not None:
        return
    _refuse_tokens(row, at=at)
    row.revoked_at, row.code_index, row.code_until = at, "", None
    row.save(update_fields=["revoked_at", "code_index", "code_until"])
    _record("device.revoke", row, who=by.who, at=at)


def devices_of(actor: Actor) -> QuerySet[Registered]:
    """Return the machines in the actor's area, those in use first. Raises NotAllowed."""
    demand(actor, Permission.MANAGE_HALL)
    rows = scope.within(Registered.objects.all(), actor.area_path)
    return rows.order_by("revoked_at", "area_path", "kind", "name", "uid")


def identity(row: Registered, *, at: datetime) -> Device:
    """Return what the token of a registered machine says."""
    return Device(
        id=row.uid,
        kind=DeviceKind(row.kind),
        site_path=row.area_path,
        expires_at=at + GOOD_FOR,
        name=row.name,
        site_name=row.site_name,
        version=row.version,
    )


# Guesses of codes stand among the failed logins; a name's index is never this short.
_NO_NAME = "device"


def _misses_of(address: str, *, at: datetime) -> int:
    recent = LoginAttempt.objects.filter(address=address, at__gt=at - HOUR)
    return recent.filter(username_index=_NO_NAME).count()


def _with_code(code: str, *, at: datetime) -> Registered | None:
    typed = "".join(tidy(code).text.upper().split()).replace("-", "")
    if len(typed) != CODE_LENGTH:
        return None
    rows = Registered.objects.select_for_update()
    return rows.filter(code_index=_index(typed), code_until__gt=at, revoked_at__isnull=True).first()


def _registered(row: Registered, *, at: datetime) -> Device:
    if row.version:
        _refuse_tokens(row, at=at)
    row.version += 1
    row.registered_at, row.code_index, row.code_until = at, "", None
    row.save(update_fields=["version", "registered_at", "code_index", "code_until"])
    device = identity(row, at=at)
    _record("device.register", row, who=devices.device_actor(device).who, at=at)
    return device


def _refuse_tokens(row: Registered, *, at: datetime) -> None:
    RevokedDevice.objects.update_or_create(
        device_id=row.uid,
        defaults={
            "version": row.version,
            "area_path": row.area_path,
            "revoked_at": at,
            "expires_at": at + GOOD_FOR,
        },
    )
    transaction.on_commit(devices.forget_revoked)


def _managed(uid: UUID, *, by: Actor) -> Registered:
    demand(by, Permission.MANAGE_HALL)
    rows = scope.within(Registered.objects.select_for_update(), by.area_path)
    row = rows.filter(pk=uid).first()
    if row is None:
        raise NotFound
    return row


def _new_code(row: Registered, *, at: datetime) -> Code:
    text = "".join(secrets.choice(ALPHABET) for _digit in range(CODE_LENGTH))
    row.code_index, row.code_until = _index(text), at + CODE_GOOD_FOR
    return Code(row.uid, text, row.code_until)


def _index(code: str) -> str:
    return blind_index(code, kind="device", field="code")


def _record(
    verb: str, row: Registered, *, who: Who, at: datetime, new: dict[str, object] | None = None
) -> None:
    record(
        who=who,
        verb=verb,
        target_kind="device",
        target_id=str(row.uid),
        area_path=row.area_path,
        at=at,
        new=new,
    )
