"""Signed tokens of kiosks, displays and pads: checked without a look-up of the device."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.core import signing
from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand, demand_area
from circle15.accounts.models import RevokedDevice
from circle15.accounts.refusals import Refused
from circle15.accounts.states import Permission
from circle15.audit.actions import record

_SALT = "circle15.device"
_REVOKED_KEY = "accounts.revoked_devices"
# A revoked device is out within a minute on every server process.
REVOKED_WITHIN = timedelta(seconds=30)


class DeviceKind(StrEnum):
    KIOSK = "kiosk"
    DISPLAY = "display"
    PAD = "pad"


class DeviceRefused(Refused):
    def __init__(self) -> None:
        super().__init__(_("本机的凭证无效或已过期，请联系网点负责人重新登记本机。"))


@dataclass(frozen=True, slots=True)
class Device:
    """A registered machine and the site it stands in."""

    id: UUID
    kind: DeviceKind
    site_path: str
    expires_at: datetime


def issue(device: Device) -> str:
    """Return the token of a device."""
    values = [device.id.hex, device.kind, device.site_path, int(device.expires_at.timestamp())]
    return signing.dumps(values, salt=_SALT)


def verify(token: str, *, kind: DeviceKind, at: datetime) -> Device:
    """Return the device of a token. Raises DeviceRefused: forged, other kind, expired, revoked."""
    try:
        hex_id, token_kind, site_path, expires = signing.loads(token, salt=_SALT)
    except signing.BadSignature as error:
        raise DeviceRefused from error
    expires_at = datetime.fromtimestamp(expires, tz=at.tzinfo)
    device = Device(UUID(hex_id), DeviceKind(token_kind), site_path, expires_at)
    if device.kind != kind or at >= expires_at or device.id in revoked(at=at):
        raise DeviceRefused
    return device


def revoked(*, at: datetime) -> frozenset[UUID]:
    """Return the unexpired tokens that are no longer good, read at most every 30 s."""
    known = cache.get(_REVOKED_KEY)
    if known is None:
        rows = RevokedDevice.objects.filter(expires_at__gt=at)
        known = frozenset(rows.values_list("device_id", flat=True))
        cache.set(_REVOKED_KEY, known, REVOKED_WITHIN.total_seconds())
    assert isinstance(known, frozenset)
    return known


@transaction.atomic
def revoke(*, device: Device, by: Actor, at: datetime) -> None:
    """Refuse a device's token from now on. Raises NotAllowed, NotFound."""
    demand(by, Permission.MANAGE_ACCOUNTS)
    demand_area(by, device.site_path)
    RevokedDevice.objects.get_or_create(
        device_id=device.id,
        defaults={
            "area_path": device.site_path,
            "revoked_at": at,
            "expires_at": device.expires_at,
        },
    )
    transaction.on_commit(lambda: cache.delete(_REVOKED_KEY))
    record(
        who=by.who,
        verb="device.revoke",
        target_kind="device",
        target_id=str(device.id),
        area_path=device.site_path,
        at=at,
    )
