"""Set a sheet as PDF in the fonts of the house: two families; bold is drawn with thicker strokes.

No copy of Word's layout: lines break by the rules of Chinese typesetting where they are full.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from fpdf import FPDF
from fpdf.fonts import TTFFont

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
)
from circle15.core.papers.fonts import SANS, SERIF, cut_to, drawable, give
from circle15.core.papers.text import TRAILING, printable, tokens

_MM_OF_PT = 25.4 / 72
# Word sets a plain line of Chinese about this much higher than its letters.
_LEADING = 1.32
_PAD_X, _PAD_Y = 1.9, 0.6
_BOLD = 0.028  # of the size of the letters
_RULE_MM, _BLACK = 0.18, 0
_TOO_LONG = 0.01


class TooTall(ValueError):
    """A row of a table or a picture is higher than a page."""


@dataclass(frozen=True, slots=True)
class _Bit:
    """A word or a picture with the room it takes."""

    what: str | Image
    set: Set
    width: float

    @property
    def height(self) -> float:
        return self.what.height_mm if isinstance(self.what, Image) else _height(self.set.size_pt)


@dataclass(frozen=True, slots=True)
class _Full:
    """A line of bits ready to be drawn."""

    bits: tuple[_Bit, ...]
    height: float
    left: float
    room: float

    @property
    def width(self) -> float:
        return sum(each.width for each in self.bits)


def _height(size_pt: float) -> float:
    return size_pt * _MM_OF_PT * _LEADING


def sheet_pdf(sheet: Sheet, *, title: str) -> bytes:
    """Return the sheet as the bytes of a .pdf file. Raises TooTall."""
    with TemporaryDirectory() as folder:
        fonts = cut_to(set(_characters(sheet)), Path(folder))
        count = _Setter(sheet, fonts, title, 1).counted()
        return bytes(_Setter(sheet, fonts, title, count).set().output())


def pages_of(sheet: Sheet) -> int:
    """Count the pages a sheet takes, without writing them. Raises TooTall."""
    with TemporaryDirectory() as folder:
        fonts = cut_to(set(_characters(sheet)), Path(folder))
        return _Setter(sheet, fonts, "", 1).counted()


def _characters(sheet: Sheet) -> Iterator[str]:
    yield from "0123456789"
    for block in (*sheet.head, *sheet.blocks, *sheet.foot):
        for line in _lines(block):
            yield from drawable(printable(line.text.replace(PAGE, "").replace(PAGES, "")))


def _lines(block: Block) -> Iterator[Line]:
    if isinstance(block, Line):
        yield block
    else:
        yield from (line for row in block.rows for cell in row.cells for line in cell.lines)


class _Setter(FPDF):
    """The pages of one sheet."""

    def __init__(self, sheet: Sheet, fonts: Mapping[str, Path], title: str, count: int) -> None:
        super().__init__(unit="mm", format=(sheet.width_mm, sheet.height_mm))
        self.sheet, self.count = sheet, count
        give(self, fonts)
        self.set_fallback_fonts([SANS])
        self.alias_nb_pages("")
        self.set_margins(sheet.left_mm, sheet.top_mm)
        self.set_auto_page_break(auto=False)
        self.c_margin = 0
        self.set_title(title)
        self.set_lang("zh-CN")

    def set(self) -> "_Setter":
        """Draw everything."""
        self.add_page()
        for block in self.sheet.blocks:
            self._block(block)
        return self

    def counted(self) -> int:
        """Draw everything for the number of its pages only, and let go of the fonts."""
        try:
            return self.set().page_no()
        finally:
            for font in self.fonts.values():
                assert isinstance(font, TTFFont)
                font.close()

    def header(self) -> None:
        sheet = self.sheet
        self.set_y(sheet.head_mm)
        self._edge(sheet.head)
        self.set_y(max(sheet.top_mm, self.get_y() if sheet.head else 0))

    def footer(self) -> None:
        height = sum(
            full.height
            for block in self.sheet.foot
            for line in _lines(block)
            for full in self._fulls(line, self.sheet.room_mm)
        )
        self.set_y(self.h - self.sheet.foot_mm - height)
        self._edge(self.sheet.foot)

    def _edge(self, blocks: Sequence[Block]) -> None:
        for block in blocks:
            for line in _lines(block):
                for full in self._fulls(line, self.sheet.room_mm):
                    self._draw(full, line.side, self.sheet.left_mm)

    def _block(self, block: Block) -> None:
        if isinstance(block, Table):
            self._table(block)
            return
        if block.on_new_page:
            self.add_page()
        self.set_y(self.get_y() + block.before_mm)
        for full in self._fulls(block, self.sheet.room_mm):
            if full.height > self._end - self.sheet.top_mm:
                raise TooTall
            if self.get_y() + full.height > self._end:
                self.add_page()
            self._draw(full, block.side, self.sheet.left_mm)
        self.set_y(self.get_y() + block.after_mm)

    @property
    def _end(self) -> float:
        return self.h - self.sheet.bottom_mm

    def _fulls(self, line: Line, room: float) -> list[_Full]:
        """Break a paragraph into lines that are full."""
        room -= line.left_mm + line.right_mm
        found: list[list[_Bit]] = [[]]
        free = room - line.first_mm
        for bit in self._bits(line):
            if bit is None:
                found.append([])
                free = room
                continue
            may_stay = isinstance(bit.what, str) and bit.what in TRAILING
            if found[-1] and bit.width > free + _TOO_LONG and not may_stay:
                found.append([])
                free = room
            found[-1].append(bit)
            free -= bit.width
        return [
            _Full(
                bits=tuple(bits),
                height=_line_height(line, bits),
                left=line.left_mm + (0 if at else line.first_mm),
                room=room - (0 if at else line.first_mm),
            )
            for at, bits in enumerate(found)
        ]

    def _bits(self, line: Line) -> Iterator[_Bit | None]:
        """Yield words and pictures; None for a new line."""
        for piece in line.pieces:
            if isinstance(piece, Image):
                yield _Bit(piece, Set(), piece.width_mm)
                continue
            text = piece.text.replace(PAGE, str(self.page_no())).replace(PAGES, str(self.count))
            self._use(piece.set)
            for at, part in enumerate(drawable(printable(text)).split("\n")):
                if at:
                    yield None
                for word in tokens(part):
                    yield _Bit(word, piece.set, self.get_string_width(word))

    def _use(self, setting: Set) -> None:
        family = SERIF if setting.is_serif else SANS
        self.set_font(family, "U" if setting.is_underlined else "", setting.size_pt)

    def _draw(self, full: _Full, side: Side, left: float) -> None:
        """Draw a line at the present height and go below it."""
        spare = full.room - full.width
        shift = {Side.LEFT: 0.0, Side.CENTER: spare / 2, Side.RIGHT: spare}[side]
        x, y = left + full.left + max(shift, 0), self.get_y()
        base = y + full.height * 0.5 + max((_rise(each) for each in full.bits), default=0)
        for bit in full.bits:
            if isinstance(bit.what, Image):
                top = y + full.height - bit.what.height_mm
                self.image(
                    BytesIO(bit.what.content),
                    x,
                    top,
                    bit.what.width_mm,
                    bit.what.height_mm,
                    alt_text=bit.what.description or None,
                )
            else:
                self._word(bit, x, base)
            x += bit.width
        self.set_y(y + full.height)

    def _word(self, bit: _Bit, x: float, base: float) -> None:
        assert isinstance(bit.what, str)
        self._use(bit.set)
        self.set_text_color(*bit.set.color)
        self.set_xy(x, base - _rise(bit))
        if not bit.set.is_bold:
            self.cell(bit.width, 0, bit.what)
            return
        # In a context: the mode would hold for all that follows.
        with self.local_context(
            text_mode="FILL_STROKE",
            draw_color=self.text_color,
            line_width=bit.set.size_pt * _MM_OF_PT * _BOLD,
        ):
            self.cell(bit.width, 0, bit.what)

    def _table(self, table: Table) -> None:
        heads = [row for row in table.rows if row.is_head]
        for row in table.rows:
            height = self._row_height(row)
            if height > self._end - self.sheet.top_mm:
                raise TooTall
            if self.get_y() + height > self._end:
                self.add_page()
                for head in heads if not row.is_head else ():
                    self._row(table, head, self._row_height(head))
            self._row(table, row, height)

    def _row_height(self, row: Row) -> float:
        return max([row.least_mm, *(self._cell_height(cell) for cell in row.cells)])

    def _cell_height(self, cell: Cell) -> float:
        room = cell.width_mm - 2 * _PAD_X
        lines = (
            line.before_mm + line.after_mm + sum(full.height for full in self._fulls(line, room))
            for line in cell.lines
        )
        return sum(lines) + 2 * _PAD_Y

    def _row(self, table: Table, row: Row, height: float) -> None:
        top, spare = self.get_y(), self.sheet.room_mm - sum(each.width_mm for each in row.cells)
        shift = {Side.LEFT: 0.0, Side.CENTER: spare / 2, Side.RIGHT: spare}[table.side]
        x = self.sheet.left_mm + shift
        for cell in row.cells:
            self._cell(cell, x, top, height, has_lines=table.has_lines)
            x += cell.width_mm
        self.set_y(top + height)

    def _cell(self, cell: Cell, x: float, top: float, height: float, *, has_lines: bool) -> None:
        if cell.fill:
            self.set_fill_color(*cell.fill)
            self.rect(x, top, cell.width_mm, height, style="F")
        if has_lines:
            self._edges(cell, x, top, height)
        self.set_y(top + _PAD_Y)
        for line in cell.lines:
            self.set_y(self.get_y() + line.before_mm)
            for full in self._fulls(line, cell.width_mm - 2 * _PAD_X):
                self._draw(full, line.side, x + _PAD_X)
            self.set_y(self.get_y() + line.after_mm)

    def _edges(self, cell: Cell, x: float, top: float, height: float) -> None:
        self.set_draw_color(_BLACK)
        self.set_line_width(_RULE_MM)
        right, bottom = x + cell.width_mm, top + height
        self.line(x, top, x, bottom)
        self.line(right, top, right, bottom)
        if not cell.goes_on_above:
            self.line(x, top, right, top)
        if not cell.goes_on_below:
            self.line(x, bottom, right, bottom)


def _rise(bit: _Bit) -> float:
    """Return how far the foot of the letters is below the middle of a cell, as FPDF sets it."""
    return 0.0 if isinstance(bit.what, Image) else 0.3 * bit.set.size_pt * _MM_OF_PT


def _line_height(line: Line, bits: Sequence[_Bit]) -> float:
    if line.exact_mm and not any(isinstance(each.what, Image) for each in bits):
        return line.exact_mm
    words = [each.height for each in bits if isinstance(each.what, str)]
    images = [each.height for each in bits if isinstance(each.what, Image)]
    return max([max(words, default=_height(line.size_pt)) * line.spacing, *images])
