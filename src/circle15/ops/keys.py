"""The installation's own keys, made once, readable by its user only."""

import os
import secrets
import sys
import tempfile
from pathlib import Path

NAMES = ("secret_key", "data_key", "index_key", "audit_key")
KEY_BYTES = 32


def ensure(var: Path) -> list[str]:
    """Make the keys that are missing in var/secrets; return their names. Never replaces one."""
    folder = var / "secrets"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    return [name for name in NAMES if _made(folder / name)]


def _made(path: Path) -> bool:
    """Write beside and link into place: a killed start leaves no half key, a race no two keys."""
    if path.exists():
        return False
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")  # mode 0600
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"{secrets.token_hex(KEY_BYTES)}\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return False
    finally:
        Path(draft).unlink()
    return True


if __name__ == "__main__":
    ensure(Path(sys.argv[1]))
