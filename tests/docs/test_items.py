"""The page about service items draws the table that decides."""

import re
from pathlib import Path

from circle15.items.states import EDITION_TRANSITIONS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "items.md"


def test_life_of_an_edition_is_drawn_as_the_table_has_it():
    drawn = re.findall(r"^  (\w+) --> (\w+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)

    assert set(drawn) == {(old, new) for old, news in EDITION_TRANSITIONS.items() for new in news}
