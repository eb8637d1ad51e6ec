import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "operations.md").read_text()
VARIABLE = re.compile(r"\bCIRCLE15_[A-Z_]+")


def test_document_lists_every_variable_the_code_reads_and_no_other() -> None:
    files = [*(ROOT / "src").rglob("*.py"), *(ROOT / "tools").glob("*.py")]
    read = {name for file in files for name in VARIABLE.findall(file.read_text())}

    listed = set(re.findall(r"^\| `(CIRCLE15_[A-Z_]+)` \|", DOCUMENT, re.MULTILINE))

    assert listed == read


def test_document_lists_every_target_and_every_target_explains_itself() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = re.findall(r"^([a-z]+):", makefile, re.MULTILINE)
    explained = re.findall(r"^([a-z]+):  ## \S", makefile, re.MULTILINE)

    listed = re.findall(r"^\| `make ([a-z]+)` \|", DOCUMENT, re.MULTILINE)

    assert targets == explained
    assert ["help", *listed] == explained
