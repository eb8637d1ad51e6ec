"""Signed tokens of kiosks, displays and pads: checked without a look-up of the device."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core import signing
from django.core.cache import cache
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.models import Device as Registered
from circle15.accounts.models import RevokedDevice
from circle15.accounts.refusals import Refused
from circle15.accounts.states import DEVICE_PERMISSIONS, DeviceKind
from circle15.areas.scope import area_scope

__all__ = ["Device", "DeviceKind", "DeviceRefused", "device_actor", "issue", "revoked", "verify"]

_SALT = "circle15.device"
_REVOKED_KEY = "accounts.revoked_devices"
# A revoked device is out within half a minute on every server process.
REVOKED_WITHIN = timedelta(seconds=30)
# A machine in daily use gets a fresh token long before; browsers keep no cookie longer.
GOOD_FOR = timedelta(days=400)
SEEN_EVERY = timedelta(minutes=1)


class DeviceRefused(Refused):
    def __init__(self) -> None:
        super().__init__(_("本机的凭证无效或已过期，请联系网点负责人重新登记本机。"))


@dataclass(frozen=True, slots=True)
class Device:
    """A registered machine and the site it stands in, as its token says."""

    id: UUID
    kind: DeviceKind
    site_path: str
    expires_at: datetime
    name: str = ""
    site_name: str = ""
    version: int = 1

    @property
    def site_code(self) -> str:
        return self.site_path.rstrip("/").rpartition("/")[2]


def issue(device: Device) -> str:
    """Return the token of a device."""
    until = int(device.expires_at.timestamp())
    names = [device.name, device.site_name]
    values = [device.id.hex, device.kind, device.site_path, until, *names, device.version]
    return signing.dumps(values, salt=_SALT)


def verify(
    token: str, *, kinds: Collection[DeviceKind] = tuple(DeviceKind), at: datetime
) -> Device:
    """Return the device of a token. Raises DeviceRefused: forged, other kind, expired, revoked."""
    device = _read(token, at=at)
    if device.kind not in kinds or at >= device.expires_at:
        raise DeviceRefused
    if device.version <= revoked(at=at).get(device.id, 0):
        raise DeviceRefused
    return device


def _read(token: str, *, at: datetime) -> Device:
    try:
        hex_id, kind, path, expires, name, site, version = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError) as error:
        raise DeviceRefused from error
    return Device(
        id=UUID(hex_id),
        kind=DeviceKind(kind),
        site_path=path,
        expires_at=datetime.fromtimestamp(expires, tz=at.tzinfo),
        name=name,
        site_name=site,
        version=version,
    )


def revoked(*, at: datetime) -> Mapping[UUID, int]:
    """Return which unexpired tokens are no longer good, and up to which version of each.

    Read at most every 30 s.
    """
    known = cache.get(_REVOKED_KEY)
    if known is None:
        rows = RevokedDevice.objects.filter(expires_at__gt=at)
        known = dict(rows.values_list("device_id", "version"))
        cache.set(_REVOKED_KEY, known, REVOKED_WITHIN.total_seconds())
    assert isinstance(known, dict)
    return known


def forget_revoked() -> None:
    """Read the list anew at the next token."""
    cache.delete(_REVOKED_KEY)


def device_actor(device: Device) -> Actor:
    """Return the actor of a machine: its own site, and what its kind may do there."""
    return Actor(
        user_id=None,
        name=device.name or str(device.id),
        role=str(device.kind),
        area_path=device.site_path,
        area_name=device.site_name,
        permissions=DEVICE_PERMISSIONS[device.kind],
    )


def seen(device: Device, *, at: datetime) -> None:
    """Note that a machine is alive, about once a minute. Call it outside a transaction."""
    key = f"accounts.device_seen.{device.id.hex}"
    if not cache.add(key, 1, SEEN_EVERY.total_seconds()):
        return
    with area_scope(device.site_path):
        Registered.objects.filter(pk=device.id).update(last_seen_at=at)
