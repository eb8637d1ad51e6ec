"""The table of promises names tests that are there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "security.md").read_text()
NAMED = re.findall(r"`((?:tests|bench)/[\w/]+\.py)(?:::(\w+))?`", DOCUMENT)


def test_every_test_named_is_there() -> None:
    missing = [
        f"{path}::{name}"
        for path, name in NAMED
        if not (ROOT / path).is_file() or f"def {name}" not in (ROOT / path).read_text()
    ]
    assert missing == []
    assert len(NAMED) >= 30
