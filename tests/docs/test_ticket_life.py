"""The diagram of a ticket's life is the one of the table."""

from pathlib import Path

from tools.ticket_life import renewed

PAGE = Path(__file__).resolve().parents[2] / "docs" / "hall.md"


def test_the_diagram_is_as_the_table_is() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert renewed(page) == page
    assert "waiting --> called: call, pick" in page
