"""What an inspector handed in is sealed: the signatures in it show names."""

from circle15.accounts.sealing import seal, unseal

KIND = "inspection"
_FIELD = "sent"


def seal_sent(body: str, uid: object) -> str:
    return seal(body, kind=KIND, field=_FIELD, uid=uid)


def open_sent(sealed: str, uid: object) -> str:
    """Return the request as it came; raises `ciphers.CannotOpen` when it was changed or moved."""
    return unseal(sealed, kind=KIND, field=_FIELD, uid=uid)
