"""Read a Word document with its styles into a sheet."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from io import BytesIO
from typing import Any

from docx import Document
from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Length
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from circle15.core.papers.docx.sheet import (
    PAGE,
    PAGES,
    Block,
    Cell,
    Image,
    Line,
    Row,
    Set,
    Sheet,
    Side,
    Table,
    Words,
)

_MM_OF_EMU = 1 / 36_000
_MM_OF_TWIP = 25.4 / 1440
_SIDES = {
    WD_ALIGN_PARAGRAPH.CENTER: Side.CENTER,
    WD_ALIGN_PARAGRAPH.RIGHT: Side.RIGHT,
}
_SANS = ("黑", "等线", "雅", "圆", "hei", "arial", "sans", "calibri", "dengxian", "yahei", "gothic")
_FIELD = {"PAGE": PAGE, "NUMPAGES": PAGES}
_WORD_SIZE, _HALF = 10.0, 2
_NO_LINE = {"nil", "none"}
_TAB = "　　"
_DEEPEST = 20


def read_sheet(content: bytes) -> Sheet:
    """Read a checked .docx."""
    return _Reader(Document(BytesIO(content))).sheet()


def _mm(length: Length | int | None) -> float:
    return float(length or 0) * _MM_OF_EMU


class _Reader:
    """Knows the styles of one document."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper

    def sheet(self) -> Sheet:
        section = self.paper.sections[0]
        return Sheet(
            width_mm=_mm(section.page_width),
            height_mm=_mm(section.page_height),
            top_mm=abs(_mm(section.top_margin)),
            bottom_mm=abs(_mm(section.bottom_margin)),
            left_mm=_mm(section.left_margin) + _mm(section.gutter),
            right_mm=_mm(section.right_margin),
            head_mm=_mm(section.header_distance),
            foot_mm=_mm(section.footer_distance),
            head=self._edge(section.header),
            foot=self._edge(section.footer),
            blocks=tuple(self._blocks(self.paper.element.body, self.paper)),
        )

    def _edge(self, edge: Any) -> tuple[Block, ...]:
        if edge.is_linked_to_previous:
            return ()
        return tuple(self._blocks(edge._element, edge))  # noqa: SLF001 -- python-docx leaves content controls out

    def _blocks(self, element: BaseOxmlElement, parent: Any) -> Iterator[Block]:
        for each in _unfolded(element):
            if each.tag == qn("w:p"):
                yield self._line(Paragraph(each, parent))
            elif each.tag == qn("w:tbl"):
                yield self._table(WordTable(each, parent))

    def _line(self, place: Paragraph) -> Line:
        formats = [place.paragraph_format, *(each.paragraph_format for each in _chain(place.style))]
        own = replace(self._plain, **self._setting([each.font for each in _chain(place.style)]))
        get: Callable[[str], Any] = lambda name: _first(getattr(each, name) for each in formats)  # noqa: E731 -- read eleven times below
        spacing = get("line_spacing")
        is_exact = isinstance(spacing, Length)
        is_least = get("line_spacing_rule") == WD_LINE_SPACING.AT_LEAST
        pieces = tuple(self._pieces(place, own))
        return Line(
            pieces=pieces,
            side=_SIDES.get(get("alignment"), Side.LEFT),
            left_mm=_mm(get("left_indent")),
            right_mm=_mm(get("right_indent")),
            first_mm=_first_mm(place, own.size_pt) or _mm(get("first_line_indent")),
            before_mm=_mm(get("space_before")),
            after_mm=_mm(self._after if (after := get("space_after")) is None else after),
            spacing=1 if is_exact or spacing is None else float(spacing),
            exact_mm=_mm(spacing) if is_exact and not is_least else 0,
            size_pt=own.size_pt,
            on_new_page=bool(get("page_break_before")) or _breaks_page(place),
        )

    def _pieces(self, place: Paragraph, own: Set) -> Iterator[Words | Image]:
        field: str | None = None  # what a field shows is put in its place
        for element in place._p.iter(qn("w:r"), qn("w:fldSimple")):  # noqa: SLF001 -- python-docx has no fields
            if element.tag == qn("w:fldSimple"):
                yield Words(_FIELD.get(_name(element.get(qn("w:instr"))), ""), own)
                continue
            if element.getparent().tag == qn("w:fldSimple"):
                continue
            run = Run(element, place)
            setting = replace(own, **self._setting([run.font, *_fonts(run)]))
            for mark in element.iter(qn("w:fldChar"), qn("w:instrText")):
                kind = mark.get(qn("w:fldCharType"))
                if kind == "begin":
                    field = ""
                elif kind == "end":
                    yield Words(_FIELD.get(_name(field), ""), setting)
                    field = None
                elif kind is None and field is not None:
                    field += mark.text or ""
            if field is None:
                yield from _content(element, run, setting)

    @cached_property
    def _plain(self) -> Set:
        """Return how words are set that nothing is said about."""
        sizes = self.paper.styles.element.xpath("./w:docDefaults//w:rPr/w:sz/@w:val")
        return Set(size_pt=float(sizes[0]) / _HALF if sizes else _WORD_SIZE)

    @cached_property
    def _after(self) -> int:
        twips = self.paper.styles.element.xpath("./w:docDefaults//w:pPr/w:spacing/@w:after")
        return round(float(twips[0]) * _MM_OF_TWIP / _MM_OF_EMU) if twips else 0

    def _setting(self, fonts: list[Any]) -> dict[str, Any]:
        """Return what a chain of fonts says, the nearest first."""
        size = _first(font.size for font in fonts)
        color = _first(font.color.rgb for font in fonts)
        name = next((found for font in fonts if (found := _family(font))), None)
        told = {
            "size_pt": size.pt if size else None,
            "is_bold": _first(font.bold for font in fonts),
            "is_underlined": _first(font.underline for font in fonts),
            "is_serif": None if name is None else not any(each in name for each in _SANS),
            "color": tuple(color) if color is not None else None,
        }
        return {key: value for key, value in told.items() if value is not None}

    def _table(self, table: WordTable) -> Table:
        widths = [float(each.get(qn("w:w")) or 0) * _MM_OF_TWIP for each in _columns(table)]
        rows = list(table._tbl.tr_lst)  # noqa: SLF001 -- python-docx repeats merged cells
        below = [*[_goes_on(row) for row in rows[1:]], set[int]()]
        return Table(
            rows=tuple(
                self._row(row, widths, ends, table) for row, ends in zip(rows, below, strict=True)
            ),
            has_lines=_has_lines(table),
            side=_side_of(table),
        )

    def _row(
        self, row: BaseOxmlElement, widths: list[float], below: set[int], table: WordTable
    ) -> Row:
        cells, at, above = [], 0, _goes_on(row)
        for each in row.xpath("./w:tc"):
            span = _span(each)
            cells.append(
                Cell(
                    lines=tuple(
                        block
                        for block in self._blocks(each, table)
                        if isinstance(block, Line) and at not in above
                    ),
                    width_mm=_width(each) or sum(widths[at : at + span]) or 20,
                    fill=_fill(each),
                    goes_on_above=at in above,
                    goes_on_below=at in below,
                )
            )
            at += span
        heights = row.xpath("./w:trPr/w:trHeight/@w:val")
        least = float(heights[0]) * _MM_OF_TWIP if heights else 0
        return Row(tuple(cells), bool(row.xpath("./w:trPr/w:tblHeader")), least)


def _unfolded(element: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
    """Yield paragraphs and tables in order, also out of content controls."""
    for each in element:
        if each.tag == qn("w:sdt"):
            for inner in each.xpath("./w:sdtContent"):
                yield from _unfolded(inner)
        else:
            yield each


def _chain(style: Any) -> Iterator[Any]:
    """Yield a style and what it is based on; a circle ends somewhere."""
    for _depth in range(_DEEPEST):
        if style is None:
            return
        yield style
        style = style.base_style


def _fonts(run: Run) -> Iterator[Any]:
    """Yield the fonts of a run's own style; the paragraph's is its default all the same."""
    if run._r.style is not None:  # noqa: SLF001 -- python-docx gives the default style, too
        yield from (each.font for each in _chain(run.style))


def _first(values: Iterable[Any]) -> Any:
    return next((each for each in values if each is not None), None)


def _family(font: Any) -> str | None:
    """Return the family of Chinese letters a font names."""
    pr = font._element.rPr if hasattr(font._element, "rPr") else None  # noqa: SLF001 -- python-docx names Latin families only
    names = pr.xpath("./w:rFonts/@w:eastAsia | ./w:rFonts/@w:ascii") if pr is not None else []
    east = pr.xpath("./w:rFonts/@w:eastAsia") if pr is not None else []
    return str((east or names)[0]).lower() if names else None


def _first_mm(place: Paragraph, size_pt: float) -> float:
    """Return an indent given in hundredths of a letter, as Chinese documents have it."""
    letters = place._p.xpath("./w:pPr/w:ind/@w:firstLineChars")  # noqa: SLF001 -- python-docx has no such measure
    return float(letters[0]) / 100 * size_pt * 25.4 / 72 if letters else 0


def _breaks_page(place: Paragraph) -> bool:
    return bool(place._p.xpath("./w:r/w:br[@w:type='page']"))  # noqa: SLF001 -- python-docx has no such look


def _name(code: str | None) -> str:
    return code.split()[0].upper() if code and code.split() else ""


def _content(element: BaseOxmlElement, run: Run, setting: Set) -> Iterator[Words | Image]:
    for each in element:
        if each.tag == qn("w:t"):
            yield Words(each.text or "", setting)
        elif each.tag in {qn("w:br"), qn("w:cr")} and each.get(qn("w:type")) != "page":
            yield Words("\n", setting)
        elif each.tag in {qn("w:tab"), qn("w:ptab")}:
            yield Words(_TAB, setting)
        elif each.tag == qn("w:noBreakHyphen"):
            yield Words("-", setting)
        elif each.tag == qn("w:drawing"):
            yield from _images(each, run)


def _images(drawing: BaseOxmlElement, run: Run) -> Iterator[Image]:
    for inline in drawing.xpath("./wp:inline"):
        extent = inline.extent
        for link in inline.xpath(".//a:blip/@r:embed"):
            content = run.part.related_parts[str(link)].blob
            yield Image(content, _mm(extent.cx), _mm(extent.cy), inline.docPr.get("descr") or "")


def _columns(table: WordTable) -> list[BaseOxmlElement]:
    return list(table._tbl.xpath("./w:tblGrid/w:gridCol"))  # noqa: SLF001 -- python-docx repeats merged cells


def _span(cell: BaseOxmlElement) -> int:
    spans = cell.xpath("./w:tcPr/w:gridSpan/@w:val")
    return int(spans[0]) if spans else 1


def _width(cell: BaseOxmlElement) -> float:
    widths = cell.xpath("./w:tcPr/w:tcW[@w:type='dxa']/@w:w")
    return float(widths[0]) * _MM_OF_TWIP if widths else 0


def _fill(cell: BaseOxmlElement) -> tuple[int, int, int] | None:
    fills = cell.xpath("./w:tcPr/w:shd/@w:fill")
    try:
        red, green, blue = bytes.fromhex(str(fills[0]) if fills else "")
    except ValueError:
        return None
    return red, green, blue


def _goes_on(row: BaseOxmlElement) -> set[int]:
    """Return the columns of a row whose cell is part of the one above."""
    found: set[int] = set()
    at = 0
    for cell in row.xpath("./w:tc"):
        merge = cell.xpath("./w:tcPr/w:vMerge")
        if merge and merge[0].get(qn("w:val")) != "restart":
            found.add(at)
        at += _span(cell)
    return found


def _has_lines(table: WordTable) -> bool:
    """Tell whether a table is drawn with lines: by itself, or by its style."""
    path = "./w:tblPr/w:tblBorders/*/@w:val"
    own = table._tbl.xpath(path)  # noqa: SLF001 -- python-docx has no borders
    if own:
        return not set(own) <= _NO_LINE
    name = table._tbl.xpath("./w:tblPr/w:tblStyle/@w:val")  # noqa: SLF001 -- as above
    styles = [each.element for each in _chain(table.style)] if name else []
    lines = next((found for each in styles if (found := each.xpath(path))), None)
    return lines is not None and not set(lines) <= _NO_LINE


def _side_of(table: WordTable) -> Side:
    kinds = table._tbl.xpath("./w:tblPr/w:jc/@w:val")  # noqa: SLF001 -- python-docx has no right
    names = {"center": Side.CENTER, "right": Side.RIGHT, "end": Side.RIGHT}
    return names.get(str(kinds[0]), Side.LEFT) if kinds else Side.LEFT
