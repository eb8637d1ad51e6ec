"""The form of an application as a Word document, in the layout of the annex."""

from collections.abc import Mapping
from dataclasses import dataclass

from docx.enum.table import WD_ALIGN_VERTICAL
from docx.shared import Mm, Pt
from docx.table import Table, _Cell

from circle15.core.papers import word
from circle15.core.papers.text import printable
from circle15.standards.rounds import round_rules

_WIDTHS_MM = (42, 43, 42, 43)
_TALL_MM, _OPINION_MM = 54, 44
_BODY_PT = 12
# Two lines of the annex that share a row.
_PAIRS = (
    ("premises_area", "indoor_area"),
    ("window_count", "staff_count"),
    ("contact", "phone"),
)
_WIDE = ("applicant", "address", "competent_dept")
_TEXTS = ("profile", "plan")


@dataclass(frozen=True, slots=True)
class Form:
    """What stands on the form, in words."""

    title: str
    lines: Mapping[str, str]
    most_chars: int
    opinion: str
    confirmed: str
    signed_as: str
    day: str
    mark: str = ""

    def words(self, key: str, unit: str) -> str:
        """Return the words of a line with its unit."""
        return f"{self.lines[key]}{unit}" if self.lines[key] else ""


def form_docx(form: Form) -> bytes:
    """Return the form as the bytes of a .docx file."""
    paper = word.new_paper(form.mark, form.title)
    word.title(paper, form.title)
    unit = paper.add_paragraph()
    unit.add_run(printable(f"填报单位：{form.lines['reporting_unit']}"))
    grid = paper.add_table(rows=0, cols=4, style="Table Grid")
    word.set_widths(grid, [Mm(width) for width in _WIDTHS_MM])
    for key in _WIDE:
        _wide(grid, _name(key), form.lines[key])
    for left, right in _PAIRS:
        _row(grid, [_name(left), _value(form, left), _name(right), _value(form, right)])
    for key in _TEXTS:
        _wide(grid, f"{_name(key)}\n（不超过{form.most_chars}字）", form.lines[key], _TALL_MM)
    if form.lines["files"]:
        _wide(grid, _name("files"), form.lines["files"])
    _opinion(grid, form)
    return word.finished(paper)


def _name(key: str) -> str:
    return round_rules().fields[key].name.zh


def _value(form: Form, key: str) -> str:
    return form.words(key, round_rules().fields[key].unit)


def _row(grid: Table, words: list[str]) -> None:
    row = grid.add_row()  # type: ignore[no-untyped-call]  # of python-docx
    row.height = Mm(11)
    for at, (cell, text) in enumerate(zip(row.cells, words, strict=True)):
        cell.width = Mm(_WIDTHS_MM[at])
        _write(cell, text, is_name=at % 2 == 0)


def _wide(grid: Table, name: str, words: str, height_mm: int = 11) -> _Cell:
    """Write a line whose value goes over the rest of the row; the value's cell is returned."""
    row = grid.add_row()  # type: ignore[no-untyped-call]  # of python-docx
    row.height = Mm(height_mm)
    for cell, width in zip(row.cells, _WIDTHS_MM, strict=True):
        cell.width = Mm(width)
    _write(row.cells[0], name, is_name=True)
    value = row.cells[1].merge(row.cells[3])
    assert isinstance(value, _Cell)
    _write(value, words, is_name=False)
    if height_mm > 11:  # noqa: PLR2004 -- taller than a line of one value
        value.vertical_alignment = WD_ALIGN_VERTICAL.TOP
        value.paragraphs[0].paragraph_format.space_before = Pt(_BODY_PT / 2)
    return value


def _write(cell: _Cell, words: str, *, is_name: bool) -> None:
    cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    first, *rest = printable(words).split("\n")
    line = cell.paragraphs[0]
    for at, part in enumerate((first, *rest)):
        line = line if at == 0 else cell.add_paragraph()
        line.paragraph_format.space_after = Pt(0)
        if is_name:
            line.alignment = word.CENTRE
        line.add_run(part).font.size = Pt(_BODY_PT)


def _opinion(grid: Table, form: Form) -> None:
    words = "\n".join(part for part in (form.opinion, form.confirmed) if part)
    cell = _wide(grid, "县市区\n医疗保障局\n意见", words, _OPINION_MM)
    for text in ("", f"主要负责人签字：{form.signed_as}　　　　", "（单位公章）　　　　", form.day):
        line = cell.add_paragraph()
        line.paragraph_format.space_after = Pt(2)
        line.alignment = word.RIGHT
        line.add_run(printable(text)).font.size = Pt(_BODY_PT)
