"""Seals personal data and secrets with the installation's keys, each bound to its own place.

A sealed text opens only as the same field of the same record: moved to another row it is refused.
"""

from functools import cache

from django.conf import settings

from circle15.core import ciphers


def seal(plain: str, *, field: str, uid: object, kind: str = "person") -> str:
    """Encrypt one field of one record (`person/phone/<uid>`); an empty text stays empty."""
    return ciphers.seal(plain, ring=_ring(), context=_context(kind, field, uid)) if plain else ""


def unseal(sealed: str, *, field: str, uid: object, kind: str = "person") -> str:
    """Decrypt what `seal` made; raises `ciphers.CannotOpen` when it was changed or moved."""
    if not sealed:
        return ""
    return ciphers.open_sealed(sealed, ring=_ring(), context=_context(kind, field, uid))


def seal_file(content: bytes, *, field: str, uid: object, kind: str) -> bytes:
    """Encrypt a file that belongs to one record."""
    return ciphers.seal_bytes(content, ring=_ring(), context=_context(kind, field, uid))


def unseal_file(sealed: bytes, *, field: str, uid: object, kind: str) -> bytes:
    """Decrypt what `seal_file` made; raises `ciphers.CannotOpen`."""
    return ciphers.open_sealed_bytes(sealed, ring=_ring(), context=_context(kind, field, uid))


def blind_index(value: str, *, field: str, kind: str = "person") -> str:
    """Give the key under which a sealed value is found again; empty for an empty value."""
    return ciphers.blind_index(value, ring=_ring(), name=f"{kind}/{field}") if value else ""


def _context(kind: str, field: str, uid: object) -> str:
    return f"{kind}/{field}/{uid}"


@cache
def _ring_of(data_key: bytes, index_key: bytes) -> ciphers.KeyRing:
    """Name the key by its own digest, so that another installation's key is noticed at once."""
    key = ciphers.hmac_sm3(data_key, b"circle15 seal")[: ciphers.KEY_BYTES]
    key_id = ciphers.sm3(key).hex()[:8]
    return ciphers.KeyRing((ciphers.SealingKey(key_id, key),), index_key)


def _ring() -> ciphers.KeyRing:
    return _ring_of(settings.DATA_KEY, settings.INDEX_KEY)
