"""Fill a Word file in: `{{申请人}}` gives way to what it stands for, in the letters it was set in.

Word often cuts a placeholder into several runs; the text goes into the first of them. A paragraph
or a row of a table that has placeholders, and nothing for any of them, is left out.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise

from docx import Document
from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from circle15.core.messages import Message
from circle15.core.papers.docx.stories import Story, stories
from circle15.core.papers.text import printable

_PLACE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_HERE = "\uf8f0"  # where a picture goes; from Unicode's private area
_PIECES = re.compile(f"(\n|{_HERE})")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in place of words, and what it shows."""

    content: bytes
    width_mm: float
    description: str


Value = str | Picture | None


def placeholders(paper: Paper) -> tuple[str, ...]:
    """Return the names of all placeholders, each once, in the order of the document."""
    texts = (_text(place) for story in stories(paper) for place in story.paragraphs())
    return tuple(dict.fromkeys(name for text in texts for name in _PLACE.findall(text)))


def misspelled(paper: Paper) -> Iterator[Message]:
    """Yield what looks like a placeholder and is none."""
    for story in stories(paper):
        for place in story.paragraphs():
            rest = _PLACE.sub("", _text(place))
            if "｛" in rest or "｝" in rest:
                yield Message("“%(words)s”用了全角大括号，请改成半角 {{ }}", words=_around(rest))
            elif "{{" in rest or "}}" in rest:
                yield Message("“%(words)s”的 {{ 和 }} 没有成对", words=_around(rest))


def _around(words: str) -> str:
    at = min(found for mark in ("{{", "}}", "｛", "｝") if (found := words.find(mark)) >= 0)
    return words[max(0, at - 6) : at + 14]


def filled(content: bytes, values: Mapping[str, Value], *, mark: str = "") -> bytes:
    """Return the file with every placeholder filled; one that is not in `values` counts as empty.

    `mark` stands at the head of every page.
    """
    paper = Document(BytesIO(content))
    for story in stories(paper):
        _leave_out(story, values)
        for place in list(story.paragraphs()):
            _fill(place, story, values)
    if mark:
        _mark(paper, mark)
    out = BytesIO()
    paper.save(out)
    return out.getvalue()


def _texts(place: BaseOxmlElement) -> list[BaseOxmlElement]:
    return list(place.iter(qn("w:t")))


def _text(place: BaseOxmlElement) -> str:
    return "".join(each.text or "" for each in _texts(place))


def _leave_out(story: Story, values: Mapping[str, Value]) -> None:
    """Drop rows and plain paragraphs that would have nothing to say."""
    for row in list(story.element.iter(qn("w:tr"))):
        if _says_nothing("".join(_text(each) for each in row.iter(qn("w:p"))), values):
            row.getparent().remove(row)
    for table in list(story.element.iter(qn("w:tbl"))):
        if not table.xpath("./w:tr"):
            table.getparent().remove(table)
    for place in list(story.paragraphs()):
        is_needed = place.getparent().tag == qn("w:tc") or place.xpath("./w:pPr/w:sectPr")
        if not is_needed and _says_nothing(_text(place), values):
            place.getparent().remove(place)


def _says_nothing(text: str, values: Mapping[str, Value]) -> bool:
    names = _PLACE.findall(text)
    return bool(names) and not any(values.get(name) for name in names)


def _fill(place: BaseOxmlElement, story: Story, values: Mapping[str, Value]) -> None:
    nodes = _texts(place)
    text = "".join(each.text or "" for each in nodes)
    pictures: list[Picture] = []
    for found in reversed(list(_PLACE.finditer(text))):
        value = values.get(found[1])
        if isinstance(value, Picture):
            pictures.insert(0, value)
        words = _HERE if isinstance(value, Picture) else _plain(value)
        _replace(nodes, found.start(), found.end(), words)
    waiting = iter(pictures)
    for node in nodes:
        _set(node, story, waiting)


def _plain(value: str | None) -> str:
    return printable(value or "").replace(_HERE, "")


def _replace(nodes: list[BaseOxmlElement], start: int, end: int, words: str) -> None:
    """Put words in place of a stretch of the text that some nodes make up together.

    Whoever replaces several begins with the last: the places before it stay where they are.
    """
    at = 0
    edges = [at] + [at := at + len(each.text or "") for each in nodes]
    for node, (first, last) in zip(nodes, pairwise(edges), strict=True):
        text = node.text or ""
        before, after = max(start - first, 0), max(end - first, 0)
        if first <= start < last:
            node.text = text[:before] + words + text[after:]
        elif start < last and first < end:
            node.text = text[after:]


def _set(node: BaseOxmlElement, story: Story, pictures: Iterator[Picture]) -> None:
    """Turn new lines and pictures in a text into what Word has for them."""
    node.set(qn("xml:space"), "preserve")
    text = node.text or ""
    if not _PIECES.search(text):
        return
    run = node.getparent()
    node.text, *rest = _PIECES.split(text)
    last = node
    for piece in rest:
        if piece == "\n":
            new = OxmlElement("w:br")
        elif piece == _HERE:
            new = _drawn(run, story, next(pictures))
        else:
            new = OxmlElement("w:t")
            new.text = piece
            new.set(qn("xml:space"), "preserve")
        last.addnext(new)
        last = new


def _drawn(run: BaseOxmlElement, story: Story, picture: Picture) -> BaseOxmlElement:
    parent = Paragraph(run.getparent(), story.parent)
    shape = Run(run, parent).add_picture(BytesIO(picture.content), width=Mm(picture.width_mm))
    shape._inline.docPr.set("descr", printable(picture.description))  # noqa: SLF001 -- python-docx has no description
    drawing: BaseOxmlElement = shape._inline.getparent()  # noqa: SLF001 -- as above
    return drawing


def _mark(paper: Paper, words: str) -> None:
    header = paper.sections[0].header
    line = header.paragraphs[0].insert_paragraph_before() if header.paragraphs else None
    line = line or header.add_paragraph()
    line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    line.add_run(printable(words)).bold = True
