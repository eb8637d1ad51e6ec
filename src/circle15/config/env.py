"""Typed readers of environment variables: they fail loudly and name what they want."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

MIN_SECRET_BYTES = 32


class BadSetting(ValueError):
    """An environment variable that cannot be used as it is."""


def text(name: str, default: str) -> str:
    return os.environ.get(name, default)


def flag(name: str, *, default: bool) -> bool:
    """Read 1/0, true/false, yes/no."""
    raw = os.environ.get(name)
    if raw is None:
        return default
    if raw.lower() in {"1", "true", "yes"}:
        return True
    if raw.lower() in {"0", "false", "no", ""}:
        return False
    raise BadSetting(f"{name}={raw!r}: want 1 or 0")


def number(name: str, *, default: int, at_least: int, at_most: int) -> int:
    raw = os.environ.get(name, str(default))
    if not raw.isdecimal() or not at_least <= int(raw) <= at_most:
        raise BadSetting(f"{name}={raw!r}: want a whole number {at_least}..{at_most}")
    return int(raw)


def names(name: str, default: str) -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def folder(name: str, default: Path) -> Path:
    return Path(os.environ.get(name, str(default))).resolve()


def secret(name: str, fallback_file: Path) -> bytes:
    """Read a key of at least 32 bytes: hex, or `file:/path`, or the installation's own file.

    Raises BadSetting when the key is missing, short or one repeated byte.
    """
    return _key(name, _told(name, fallback_file).strip())


def secrets(name: str, fallback_file: Path) -> tuple[bytes, ...]:
    """Read a key and the older ones after it, apart by white space; raises BadSetting."""
    return tuple(_key(name, word) for word in _told(name, fallback_file).split() or [""])


def secret_file(name: str, fallback_file: Path) -> Path | None:
    """Return where a key is kept; None when the environment itself tells it."""
    raw = os.environ.get(name, f"file:{fallback_file}")
    return Path(raw.removeprefix("file:")) if raw.startswith("file:") else None


def _told(name: str, fallback_file: Path) -> str:
    path = secret_file(name, fallback_file)
    if path is None:
        return os.environ[name]
    if not path.is_file():
        raise BadSetting(f"{name}: no key file at {path}; `make run` makes one")
    return path.read_text()


def _key(name: str, raw: str) -> bytes:
    try:
        key = bytes.fromhex(raw)
    except ValueError:
        raise BadSetting(f"{name}: want hexadecimal digits") from None
    if len(key) < MIN_SECRET_BYTES or len(set(key)) < MIN_SECRET_BYTES // 4:
        raise BadSetting(f"{name}: want at least {MIN_SECRET_BYTES} random bytes")
    return key


def database(name: str, default: str) -> dict[str, object]:
    """Turn `postgresql://user:password@host:port/name?host=/socket` into a Django database."""
    url = urlsplit(os.environ.get(name, default))
    if url.scheme not in {"postgresql", "postgres"}:
        raise BadSetting(f"{name}: want a postgresql:// address")
    query = dict(parse_qsl(url.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": url.path.lstrip("/") or "circle15",
        "USER": unquote(url.username or query.pop("user", "")),
        "PASSWORD": unquote(url.password or query.pop("password", "")),
        "HOST": query.pop("host", unquote(url.hostname or "")),
        "PORT": query.pop("port", str(url.port or "")),
        "OPTIONS": {**query},
    }
