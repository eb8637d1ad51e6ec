"""The keys that seal personal data, as every process of the installation sees them at this moment.

A key file holds one key a line, the newest first: it seals, the others only open. Processes look
at the file before each use (a microsecond), so a new key is used everywhere at once, without a
restart.
"""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from circle15.core import ciphers


def ring() -> ciphers.KeyRing:
    """Return the keys in force."""
    file = settings.DATA_KEY_FILE
    if file is None:
        return _ring_of(settings.DATA_KEYS, settings.INDEX_KEY)
    state = file.stat()
    return _read(file, state.st_mtime_ns, state.st_ino, settings.INDEX_KEY)


def key_id(data_key: bytes) -> str:
    """Name a key by its own digest, so that another installation's key is noticed at once."""
    return _sealing_key(data_key).id


@lru_cache(maxsize=2)
def _read(file: Path, _changed_ns: int, _inode: int, index_key: bytes) -> ciphers.KeyRing:
    words = file.read_text(encoding="ascii").split()
    return _ring_of(tuple(map(bytes.fromhex, words)), index_key)


@lru_cache(maxsize=2)
def _ring_of(data_keys: tuple[bytes, ...], index_key: bytes) -> ciphers.KeyRing:
    return ciphers.KeyRing(tuple(map(_sealing_key, data_keys)), index_key)


def _sealing_key(data_key: bytes) -> ciphers.SealingKey:
    key = ciphers.hmac_sm3(data_key, b"circle15 seal")[: ciphers.KEY_BYTES]
    return ciphers.SealingKey(ciphers.sm3(key).hex()[:8], key)
