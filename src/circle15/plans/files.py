"""Network files under var, by their digest: written once, opened often."""

import hashlib
from functools import lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings

from circle15.planning.network.model import Network
from circle15.planning.network.store import load, save
from circle15.planning.problems import PlanningRefused
from circle15.standards.text import Text

OPEN_AT_ONCE = 4
_BLOCK = 1 << 20


def keep_network(network: Network) -> tuple[str, int]:
    """Write a network under its digest; give digest (SHA-256) and size in bytes."""
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=folder, prefix=".new-", delete=False) as fresh:
        path = Path(fresh.name)
    try:
        save(network, path)
        digest = _digest(path)
        path.replace(network_path(digest))
    finally:
        path.unlink(missing_ok=True)
    return digest, network_path(digest).stat().st_size


@lru_cache(maxsize=OPEN_AT_ONCE)
def open_network(digest: str) -> Network:
    """Open a kept network; memory-mapped, so many processes share it."""
    return load(network_path(digest))


def open_whole_network(digest: str) -> Network:
    """Open a kept network after reading all of it: a byte that changed would lead a search astray.

    Raises PlanningRefused, OSError.
    """
    if _digest(network_path(digest)) != digest:
        raise PlanningRefused([Text(f"{digest}.net 已损坏", f"{digest}.net is damaged")])
    return open_network(digest)


def network_path(digest: str) -> Path:
    """Tell where a network lies."""
    return _folder() / f"{digest}.net"


def _folder() -> Path:
    return Path(settings.VAR_DIR) / "networks"


def _digest(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            found.update(block)
    return found.hexdigest()
