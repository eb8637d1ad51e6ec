import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
LINK = re.compile(r"\]\(([^)\s#]+)[^)]*\)")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_to_a_file_leads_to_one(document: Path) -> None:
    targets = LINK.findall(document.read_text(encoding="utf-8"))
    inside = [target for target in targets if "://" not in target]

    assert [target for target in inside if not (document.parent / target).exists()] == []


def test_readme_names_only_targets_there_are() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    named = {
        target
        for readme in ROOT.glob("README*.md")
        for target in re.findall(
            r"^make ([a-z]+)", readme.read_text(encoding="utf-8"), re.MULTILINE
        )
    }

    assert named - targets == set()
    assert {"run", "test"} <= named
