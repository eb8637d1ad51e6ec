"""The diagram and the table of a case's life are those of the code."""

from pathlib import Path

from tools.case_life import renewed

PAGE = Path(__file__).resolve().parents[2] / "docs" / "cases.md"


def test_the_diagram_is_as_the_table_is() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert renewed(page) == page
    assert "submitted --> conditional: accept_conditionally" in page
