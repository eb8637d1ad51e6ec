"""The documents keep their promises: short READMEs that agree, dated decisions, a changelog."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
DECISIONS = sorted((ROOT / "docs" / "adr").glob("*.md"))
HANDBOOK = ROOT / "docs" / "handbook"
PARTS = [
    *("cases", "clerk", "site-manager", "hall", "officer", "inspector", "administrator"),
    *("online", "registers", "planning", "items", "partners", "pharmacies"),
    "training",
]
COMMAND = re.compile(r"^(?:make|circle15) [^#\n]+", re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s#]+)")


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_readme_is_shorter_than_80_lines(readme: Path) -> None:
    assert len(read(readme).splitlines()) < 80


@pytest.mark.parametrize("what", [COMMAND, LINK], ids=["commands", "links"])
def test_readmes_name_the_same(what: re.Pattern[str]) -> None:
    english, chinese = (
        sorted(found.strip() for found in what.findall(read(readme)) if "README." not in found)
        for readme in READMES
    )

    assert english == chinese
    assert len(english) >= 5


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.stem)
def test_decision_has_date_and_status(decision: Path) -> None:
    head = " ".join(read(decision).splitlines()[1:5])

    assert re.search(r"\b20\d{2}-\d{2}-\d{2}\b", head)
    assert re.search(r"(?i)\b(proposed|accepted|superseded)\b", head)


def test_decisions_are_numbered_without_gap() -> None:
    numbers = [int(path.stem[:4]) for path in DECISIONS]

    assert numbers == list(range(1, len(DECISIONS) + 1))


def test_changelog_has_what_is_not_released() -> None:
    assert "\n## Unreleased\n" in read(ROOT / "CHANGELOG.md")


def test_handbook_has_one_part_a_job_and_the_index_names_each() -> None:
    parts = sorted(path.stem for path in HANDBOOK.glob("*.md") if path.stem != "README")

    assert parts == sorted(PARTS)
    assert all(f"({part}.md)" in read(HANDBOOK / "README.md") for part in parts)


def test_every_picture_of_the_handbook_is_shown_and_small() -> None:
    pictures = {path.name: path.stat().st_size for path in (HANDBOOK / "img").glob("*.png")}
    shown = {
        name
        for part in HANDBOOK.glob("*.md")
        for name in re.findall(r"!\[[^\]]+\]\(img/([^)]+)\)", read(part))
    }

    assert shown == set(pictures)
    assert max(pictures.values()) <= 150_000
