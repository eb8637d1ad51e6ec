"""Seals personal data and secrets with the installation's keys, each bound to its own place.

A sealed text opens only as the same field of the same record: moved to another row it is refused.
"""

from circle15.accounts import key_ring
from circle15.core import ciphers


def seal(plain: str, *, field: str, uid: object, kind: str = "person") -> str:
    """Encrypt one field of one record (`person/phone/<uid>`); an empty text stays empty."""
    return (
        ciphers.seal(plain, ring=key_ring.ring(), context=_context(kind, field, uid))
        if plain
        else ""
    )


def unseal(sealed: str, *, field: str, uid: object, kind: str = "person") -> str:
    """Decrypt what `seal` made; raises `ciphers.CannotOpen` when it was changed or moved."""
    if not sealed:
        return ""
    return ciphers.open_sealed(sealed, ring=key_ring.ring(), context=_context(kind, field, uid))


def seal_file(content: bytes, *, field: str, uid: object, kind: str) -> bytes:
    """Encrypt a file that belongs to one record."""
    return ciphers.seal_bytes(content, ring=key_ring.ring(), context=_context(kind, field, uid))


def unseal_file(sealed: bytes, *, field: str, uid: object, kind: str) -> bytes:
    """Decrypt what `seal_file` made; raises `ciphers.CannotOpen`."""
    return ciphers.open_sealed_bytes(
        sealed, ring=key_ring.ring(), context=_context(kind, field, uid)
    )


def reseal(sealed: str, *, field: str, uid: object, kind: str = "person") -> str:
    """Seal anew, with the newest key, what an older one sealed; raises `ciphers.CannotOpen`."""
    plain = unseal(sealed, field=field, uid=uid, kind=kind)
    return seal(plain, field=field, uid=uid, kind=kind)


def reseal_content(sealed: bytes, *, field: str, uid: object, kind: str) -> bytes:
    """Seal a file anew with the newest key; raises `ciphers.CannotOpen`."""
    plain = unseal_file(sealed, field=field, uid=uid, kind=kind)
    return seal_file(plain, field=field, uid=uid, kind=kind)


def blind_index(value: str, *, field: str, kind: str = "person") -> str:
    """Give the key under which a sealed value is found again; empty for an empty value."""
    return ciphers.blind_index(value, ring=key_ring.ring(), name=f"{kind}/{field}") if value else ""


def _context(kind: str, field: str, uid: object) -> str:
    return f"{kind}/{field}/{uid}"
