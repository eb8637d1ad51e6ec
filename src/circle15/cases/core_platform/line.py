"""The line to the platform as its operator sets it up: one file with addresses, codes and keys.

`var/core_platform.json`, readable by its owner only. Without it nothing is sent and nothing is
lost: what is decided waits in the outbox.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from circle15.cases.core_platform.sm2 import PrivateKey, PublicKey

FILE: Final = "core_platform.json"
LONGEST_CALL_S, LONGEST_SETTLE_S = 5, 1800
_SM4_BYTES = 16
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_CODE_LENGTHS = {"fixmedins_code": 12, "division": 6}
_TEXTS = ("url", "fixmedins_code", "fixmedins_name", "division", "receiver", "secret")


class BadLine(ValueError):
    """The file of the line cannot be used; the message says what to mend, never a key."""


@dataclass(frozen=True, slots=True)
class Line:
    """Where the platform is, who we are to it, and the keys of both sides.

    `settle` is how long a message may still take effect after its reply was given up.
    """

    url: str
    fixmedins_code: str
    fixmedins_name: str
    division: str
    receiver: str
    secret: str = field(repr=False)
    private_key: PrivateKey
    platform_key: PublicKey
    sm4_key: bytes | None = field(default=None, repr=False)
    operator: str = "circle15"
    operator_name: str = "业务系统"
    ecard_url: str = ""
    timeout_s: float = 5.0
    settle: timedelta = timedelta(seconds=60)


def line_in(folder: Path) -> Line | None:
    """Return the line set up in a folder, or None. Raises BadLine."""
    path = folder / FILE
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise BadLine(f"{path.name}: {type(error).__name__}") from error
    if not isinstance(told, dict):
        raise BadLine(f"{path.name}: want a JSON object")
    return _line(told, path.name)


def keep_line(folder: Path, told: Mapping[str, object]) -> None:
    """Write the file of a line, readable by its owner only. Raises BadLine."""
    _line(told, FILE)
    path = folder / FILE
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _line(told: Mapping[str, object], name: str) -> Line:
    if problems := [*_problems(told)]:
        raise BadLine(f"{name}: {'; '.join(problems)}")
    keys = _keys(told)
    if keys is None:
        raise BadLine(f"{name}: a key is not as it should be")
    private, platform, sm4 = keys
    optional = ("operator", "operator_name", "ecard_url")
    return Line(
        private_key=private,
        platform_key=platform,
        sm4_key=sm4 or None,
        timeout_s=float(str(told.get("timeout_s", 5.0))),
        settle=timedelta(seconds=float(str(told.get("settle_s", 60)))),
        **{one: str(told[one]) for one in (*_TEXTS, *optional) if one in told},
    )


def _keys(told: Mapping[str, object]) -> tuple[PrivateKey, PublicKey, bytes] | None:
    try:
        private = PrivateKey.read(str(told.get("private_key", "")))
        platform = PublicKey.read(str(told.get("platform_key", "")))
        sm4 = bytes.fromhex(str(told.get("sm4_key", "")))
    except ValueError:
        return None
    return (private, platform, sm4) if len(sm4) in {0, _SM4_BYTES} else None


def _problems(told: Mapping[str, object]) -> list[str]:
    found = [f"{one} is missing" for one in _TEXTS if not told.get(one)]
    for one, length in _CODE_LENGTHS.items():
        if told.get(one) and len(str(told[one])) != length:
            found.append(f"{one}: want {length} characters")
    unsafe = [
        f"{one}: want https, or http on this machine"
        for one in ("url", "ecard_url")
        if told.get(one) and not _is_safe(str(told[one]))
    ]
    return [*found, *unsafe, *_bad_times(told)]


def _bad_times(told: Mapping[str, object]) -> list[str]:
    """Name times that would keep the breaker shut too long, or let a message rest for ever."""
    return [
        f"{one}: want seconds, more than 0, at most {most}"
        for one, most in (("timeout_s", LONGEST_CALL_S), ("settle_s", LONGEST_SETTLE_S))
        if one in told and not _is_seconds(told[one], most)
    ]


def _is_seconds(told: object, most: float) -> bool:
    is_number = isinstance(told, int | float) and not isinstance(told, bool)
    return is_number and 0 < float(str(told)) <= most


def _is_safe(url: str) -> bool:
    parts = urlsplit(url)
    if parts.username or not parts.hostname:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
