"""How a message is signed (SM3 with SM2) and its contents sealed (SM4-GCM).

The rule of signing is that of published gateways: what carries the signature and what is empty is
left out, the rest stands in the order of the names, joined as `name=value` by `&`, the shared
secret last. What is inside a value is written as JSON in the order of its names.
"""

import json
import secrets
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from circle15.cases.core_platform import sm2

SIGN_TYPE = "SM2"
SEALED = "encData"
_UNSIGNED = frozenset({"cainfo", "signData", SEALED, "extra"})
_NONCE_BYTES, _TAG_BYTES = 12, 16


class CannotOpen(ValueError):
    """Sealed contents were changed, or sealed with another key."""


def signed_text(values: Mapping[str, object], secret: str) -> bytes:
    """Return the bytes that are signed."""
    kept = {
        name: _plain(value)
        for name, value in values.items()
        if name not in _UNSIGNED and value is not None and value != ""
    }
    return "&".join([*(f"{name}={kept[name]}" for name in sorted(kept)), secret]).encode()


def signature(values: Mapping[str, object], *, key: sm2.PrivateKey, secret: str) -> str:
    """Return what goes into `cainfo`."""
    return sm2.sign(signed_text(values, secret), key)


def is_signed(values: Mapping[str, object], *, key: sm2.PublicKey, secret: str) -> bool:
    """Tell whether `cainfo` is the signature of the rest."""
    told = values.get("cainfo")
    return isinstance(told, str) and sm2.is_signed(signed_text(values, secret), told, key)


def sealed(contents: object, *, key: bytes, msgid: str) -> dict[str, str]:
    """Seal contents for one message: they open in no other."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    cipher = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    cipher.authenticate_additional_data(msgid.encode())
    body = cipher.update(compact(contents).encode()) + cipher.finalize()
    return {SEALED: (nonce + body + cipher.tag).hex()}


def opened(told: Mapping[str, object], *, key: bytes, msgid: str) -> object:
    """Open what `sealed` made. Raises CannotOpen."""
    try:
        raw = bytes.fromhex(str(told.get(SEALED, "")))
    except ValueError as error:
        raise CannotOpen(str(error)) from error
    if len(raw) < _NONCE_BYTES + _TAG_BYTES:
        raise CannotOpen("too short")
    mode = modes.GCM(raw[:_NONCE_BYTES], raw[-_TAG_BYTES:])
    cipher = Cipher(algorithms.SM4(key), mode).decryptor()
    cipher.authenticate_additional_data(msgid.encode())
    try:
        body = cipher.update(raw[_NONCE_BYTES:-_TAG_BYTES]) + cipher.finalize()
        return json.loads(body)
    except (InvalidTag, ValueError) as error:
        raise CannotOpen("sealed contents do not open") from error


def compact(contents: object) -> str:
    """Write JSON in the one form that is signed, sealed and measured."""
    return json.dumps(contents, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(value: object) -> str:
    return value if isinstance(value, str) else compact(value)
