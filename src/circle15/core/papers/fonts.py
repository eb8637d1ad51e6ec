"""The fonts of the PDF: they come with the program, so that a name looks the same everywhere."""

import logging
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

import uharfbuzz
from fpdf import FPDF
from fpdf.fonts import TTFFont
from pylopdf_fonts_zh_cn import sans_path, serif_path

# It logs the glyphs of every document, at a level meant for its own command line.
logging.getLogger("fontTools").setLevel(logging.WARNING)

# Both hold every character of GB 18030's two-byte part and of 通用规范汉字表.
SANS, SERIF = "sans", "serif"
FILES: dict[str, Path] = {SANS: sans_path(), SERIF: serif_path()}
ASCII = frozenset(range(0x20, 0x7F))


@lru_cache
def _face(family: str) -> uharfbuzz.Face:
    return uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(FILES[family])))


@lru_cache
def covered() -> frozenset[int]:
    """Return the code points at least one of the fonts can draw."""
    return frozenset(code for family in FILES for code in _face(family).unicodes)


def drawable(words: str) -> str:
    """Write a character the fonts do not have as its code, 〔U+20BB7〕: never an empty box."""
    drawn = covered()
    return "".join(
        char if char == "\n" or ord(char) in drawn else f"〔U+{ord(char):04X}〕" for char in words
    )


def cut_to(characters: Iterable[str], folder: Path) -> dict[str, Path]:
    """Write each font cut to what a document needs; a hundred times faster than to cut it later."""
    wanted = ASCII | {ord(char) for char in characters}
    paths = {}
    for family in FILES:
        cut = uharfbuzz.SubsetInput()
        cut.unicode_set.update(wanted)
        paths[family] = folder / f"{family}.otf"
        paths[family].write_bytes(uharfbuzz.subset(_face(family), cut).blob.data)
    return paths


def give(paper: FPDF, fonts: Mapping[str, Path]) -> None:
    """Give a paper its fonts, by family.

    Their boxes are right already; drawing every glyph to measure it again takes half the time a
    paper takes.
    """
    for family, path in fonts.items():
        paper.add_font(family, fname=path)
        font = paper.fonts[family]
        assert isinstance(font, TTFFont)
        font.ttfont.recalcBBoxes = False
