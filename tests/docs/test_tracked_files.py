"""What no tracked file may hold: package registries, places of one machine, ways to people."""

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Made up for tests and templates; no number of a real person.
SYNTHETIC = {
    "13800138000",
    "13812345678",
    "13900000000",
    "13900000001",
    "13800000000",
    "13800001234",
    "13900001234",
    "0513-83300000",
    "0513-83312345",
    "0513-83310000",
    "0513-01234567",
}
FORBIDDEN = {
    "package registry": r"(npmjs|pyp[i]|python[h]osted|npmmirror|crates|yarnpkg)[.](org|com|io)"
    r"|(mirrors?|registry|artifactory|nexus)[.][a-z0-9-]+[.][a-z]{2,}",
    "path of a machine": r"(?<![\w.~-])/(root|work)/|(?<![\w.])/(home|Users)/\w",
    # Nobody can have an address under .example.
    "mail address": r"[\w.+-]+@(?:[A-Za-z0-9-]+[.])+(?!example\b)[A-Za-z]{2,}",
    "mobile number": r"(?<![A-Za-z0-9_.-])1[3-9]\d{9}(?![A-Za-z0-9_.])",
    "telephone number": r"(?<![\d-])0\d{2,3}-\d{7,8}(?![\d-])",
    "QQ number": r"(?i)\bqq\W{0,6}[1-9]\d{4,10}\b",
}


@cache
def texts() -> dict[str, str]:
    """Return every tracked text file."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    found = {path: path.read_bytes() for path in paths if path.is_file()}
    return {
        str(path.relative_to(ROOT)): content.decode("utf-8", errors="replace")
        for path, content in found.items()
        if b"\0" not in content
    }


def breaches(pattern: str, text: str) -> list[str]:
    return [
        found for match in re.finditer(pattern, text) if (found := match.group()) not in SYNTHETIC
    ]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_tracked_file_holds(what: str) -> None:
    found = {name: breaches(FORBIDDEN[what], text) for name, text in texts().items()}

    assert {name: those for name, those in found.items() if those} == {}


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("package registry", "https://registry." + "npmjs" + ".org/x"),
        ("path of a machine", "see /" + "root/x"),
        ("path of a machine", "'/" + "home/alice'"),
        ("mail address", "alice@" + "example.cn"),
        ("mobile number", "电话138" + "88888888。"),
        ("telephone number", "0513-" + "12345678"),
        ("QQ number", "Q" + "Q：123456"),
    ],
)
def test_pattern_finds(what: str, text: str) -> None:
    assert len(breaches(FORBIDDEN[what], text)) == 1
