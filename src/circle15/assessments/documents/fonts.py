"""The fonts of the PDF: they come with the program, so that a name looks the same everywhere."""

import logging
from collections.abc import Container
from pathlib import Path

from pylopdf_fonts_zh_cn import sans_path, serif_path

# It logs the glyphs of every document, at a level meant for its own command line.
logging.getLogger("fontTools").setLevel(logging.WARNING)

# Both hold every character of GB 18030's two-byte part and of 通用规范汉字表.
SANS, SERIF = "sans", "serif"
FILES: dict[str, Path] = {SANS: sans_path(), SERIF: serif_path()}


def drawable(words: str, drawn: Container[int]) -> str:
    """Write a character the fonts do not have as its code, 〔U+20BB7〕: never an empty box."""
    return "".join(
        char if char == "\n" or ord(char) in drawn else f"〔U+{ord(char):04X}〕" for char in words
    )
