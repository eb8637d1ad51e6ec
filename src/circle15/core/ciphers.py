"""National algorithms over `cryptography`: SM3, HMAC-SM3, SM4-GCM, and the blind index.

A sealed text reads `key id:base64(nonce | ciphertext | tag)`. The key id allows rotation: the
first key of the ring seals, all of them open. The context (say "person.id_number:17") is bound
to it, so a ciphertext moved to another row or column is refused.
"""

import base64
import re
import secrets
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

KEY_BYTES = 16
INDEX_BYTES = 16
_NONCE_BYTES = 12
_TAG_BYTES = 16
_KEY_ID = re.compile(r"[a-z0-9]{1,16}")


class BadKeyRing(ValueError):
    """The keys do not have the right form."""


class CannotOpen(ValueError):
    """A sealed text was changed, moved, or sealed with a key that is not in the ring."""


@dataclass(frozen=True, slots=True)
class SealingKey:
    id: str
    key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if not _KEY_ID.fullmatch(self.id):
            raise BadKeyRing("密钥编号应为1至16位小写字母或数字")
        if len(self.key) != KEY_BYTES:
            raise BadKeyRing(f"SM4密钥应为{KEY_BYTES}字节")


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The sealing keys, the current one first, and the separate key of the blind index."""

    keys: tuple[SealingKey, ...]
    index_key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        ids = [key.id for key in self.keys]
        if not ids or len(set(ids)) != len(ids):
            raise BadKeyRing("至少需要一个密钥，且编号不能重复")
        if len(self.index_key) < KEY_BYTES or self.index_key in {key.key for key in self.keys}:
            raise BadKeyRing(f"索引密钥至少{KEY_BYTES}字节，且不能与加密密钥相同")


def parse_key_ring(keys: str, index_key: str) -> KeyRing:
    """Read a ring from settings: keys as `v2:hex,v1:hex` (current first), index key as hex."""
    parts = [part.strip().partition(":") for part in keys.split(",")]
    try:
        ring = tuple(SealingKey(key_id, bytes.fromhex(text)) for key_id, _, text in parts)
        return KeyRing(ring, bytes.fromhex(index_key))
    except BadKeyRing:
        raise
    except ValueError as error:
        raise BadKeyRing("密钥应写成十六进制") from error


def sm3(content: bytes) -> bytes:
    """Give the 32-byte SM3 digest (GB/T 32905)."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(content)
    return digest.finalize()


def hmac_sm3(key: bytes, content: bytes) -> bytes:
    """Give the 32-byte HMAC-SM3."""
    mac = hmac.HMAC(key, hashes.SM3())
    mac.update(content)
    return mac.finalize()


def is_hmac_sm3(key: bytes, content: bytes, expected: bytes) -> bool:
    """Compare an HMAC-SM3 in constant time."""
    mac = hmac.HMAC(key, hashes.SM3())
    mac.update(content)
    try:
        mac.verify(expected)
    except InvalidSignature:
        return False
    return True


# Clauses: D-53
def seal(plain: str, *, ring: KeyRing, context: str) -> str:
    """Encrypt with SM4-GCM under the current key and a fresh random nonce."""
    key = ring.keys[0]
    raw = _sealed(plain.encode(), key, context)
    return f"{key.id}:{base64.b64encode(raw).decode()}"


def seal_bytes(plain: bytes, *, ring: KeyRing, context: str) -> bytes:
    """Encrypt a file: `key id:` and the bytes as they are."""
    key = ring.keys[0]
    return f"{key.id}:".encode() + _sealed(plain, key, context)


def open_sealed(sealed: str, *, ring: KeyRing, context: str) -> str:
    """Decrypt a sealed text; raises CannotOpen when it was changed or moved."""
    key_id, _, text = sealed.partition(":")
    key = _key(key_id, ring)
    return _opened(_raw(text), key, context).decode()


def open_sealed_bytes(sealed: bytes, *, ring: KeyRing, context: str) -> bytes:
    """Decrypt a sealed file; raises CannotOpen when it was changed or moved."""
    key_id, _, raw = sealed.partition(b":")
    key = _key(key_id.decode("ascii", "replace"), ring)
    if len(raw) < _NONCE_BYTES + _TAG_BYTES:
        raise CannotOpen("密文格式不正确")
    return _opened(raw, key, context)


def _sealed(plain: bytes, key: SealingKey, context: str) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    encryptor = Cipher(algorithms.SM4(key.key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(_bound(key.id, context))
    return nonce + encryptor.update(plain) + encryptor.finalize() + encryptor.tag


def _opened(raw: bytes, key: SealingKey, context: str) -> bytes:
    mode = modes.GCM(raw[:_NONCE_BYTES], raw[-_TAG_BYTES:])
    decryptor = Cipher(algorithms.SM4(key.key), mode).decryptor()
    decryptor.authenticate_additional_data(_bound(key.id, context))
    try:
        return decryptor.update(raw[_NONCE_BYTES:-_TAG_BYTES]) + decryptor.finalize()
    except InvalidTag as error:
        raise CannotOpen("密文已被改动或移动，不能解密") from error


def _key(key_id: str, ring: KeyRing) -> SealingKey:
    key = next((key for key in ring.keys if key.id == key_id), None)
    if key is None:
        raise CannotOpen("密文使用的密钥不在密钥环中")
    return key


def _raw(text: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise CannotOpen("密文格式不正确") from error
    # The canonical form only: otherwise a last character could be changed unnoticed.
    if base64.b64encode(raw).decode() != text or len(raw) < _NONCE_BYTES + _TAG_BYTES:
        raise CannotOpen("密文格式不正确")
    return raw


def needs_resealing(sealed: str, *, ring: KeyRing) -> bool:
    """Say whether a text was sealed with another key than the current one."""
    return sealed.partition(":")[0] != ring.keys[0].id


def blind_index(value: str, *, ring: KeyRing, name: str) -> str:
    """Give a search key for an encrypted value: equal values of the same field, equal keys.

    32 hexadecimal digits of HMAC-SM3 under its own key; `name` keeps fields apart.
    """
    return hmac_sm3(ring.index_key, _bound(name, value))[:INDEX_BYTES].hex()


def _bound(name: str, rest: str) -> bytes:
    """Join two texts so that no other pair gives the same bytes."""
    return len(name.encode()).to_bytes(4, "big") + name.encode() + rest.encode()
