"""The installation's own keys, readable by its user only: made once, the data key followed.

The file of the data key holds one key a line, the newest first.
"""

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


def kept(path: Path) -> list[str]:
    """Return the keys of a file, the newest first."""
    return path.read_text(encoding="ascii").split()


def put_before(path: Path) -> None:
    """Put a new key before those of a file."""
    _place(_draft(path, [secrets.token_hex(KEY_BYTES), *kept(path)]), path)


def retire(path: Path, names: dict[str, str]) -> list[Path]:
    """Leave the newest key only; the others go to files for old backups, named as told."""
    newest, *older = kept(path)
    folder = path.parent / "retired"
    folder.mkdir(mode=0o700, exist_ok=True)
    files = [folder / f"{path.name}.{names[key]}" for key in older]
    for file, key in zip(files, older, strict=True):
        _place(_draft(file, [key]), file)
    _place(_draft(path, [newest]), path)
    return files


def _made(path: Path) -> bool:
    """Write beside and link into place: a killed start leaves no half key, a race no two keys."""
    if path.exists():
        return False
    draft = _draft(path, [secrets.token_hex(KEY_BYTES)])
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True


def _draft(path: Path, keys: list[str]) -> Path:
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")  # mode 0600
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write("".join(f"{key}\n" for key in keys))
        file.flush()
        os.fsync(file.fileno())
    return Path(draft)


def _place(draft: Path, path: Path) -> None:
    """Put a draft in the place of a file, for good: what it seals outlives a power cut too."""
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


if __name__ == "__main__":
    ensure(Path(sys.argv[1]))
