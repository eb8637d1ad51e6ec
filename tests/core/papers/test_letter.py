"""A letter drawn twice, as PDF and as Word: every word is on both, rare characters too."""

from dataclasses import replace
from io import BytesIO

import pypdfium2
import pytest
from docx import Document
from pypdfium2 import raw

from circle15.core.papers.letter import (
    Code,
    Grid,
    Heading,
    Letter,
    Pairs,
    Paragraph,
    Signatures,
)
from circle15.core.papers.letter_docx import letter_docx
from circle15.core.papers.letter_pdf import letter_pdf
from circle15.core.papers.text import broken, printable

LINK = "https://circle15.example/c/3206812026112200001/0123456789abcdef/"


def letter(rows: int) -> Letter:
    return Letter(
        title="一次性告知书",
        number="编号：1",
        blocks=(
            Paragraph("镕喆𬱖：您申请的事项还缺材料。"),
            Paragraph("不要漏看。", bold=True),
            Pairs((("事项", "住院费用报销"), ("申请人", "王*"))),
            Heading("还缺的材料"),
            Grid(("序号", "材料"), tuple((str(n), f"材料{n}") for n in range(1, rows)), (1, 5)),
            Code(LINK, ("扫码看进度",)),
            Signatures(("签收：", "经办："), "汇龙镇医保服务站", "2026年11月22日"),
        ),
        foot="热线 12393",
        mark="合成数据",
        page_words="第 %(page)s 页，共 {nb} 页",
    )


def pages(content: bytes) -> list[str]:
    with pypdfium2.PdfDocument(content) as paper:
        texts = [page.get_textpage().get_text_range() for page in paper]
    return [text.replace("\r\n", "") for text in texts]


def modes(content: bytes) -> list[int]:
    """Return how each piece of text is drawn: 0 is filled, 2 is thickened."""
    with pypdfium2.PdfDocument(content) as paper:
        page = paper[0]
        return [
            raw.FPDFTextObj_GetTextRenderMode(each.raw)
            for each in page.get_objects([raw.FPDF_PAGEOBJ_TEXT])
        ]


def test_only_bold_words_are_thickened():
    words = letter(1)
    paper = replace(words, blocks=words.blocks[:3], mark="", foot="")

    assert modes(letter_pdf(paper)).count(2) == 1


@pytest.mark.parametrize(("rows", "count"), [(3, 1), (60, 3)])
def test_pdf_has_every_word_and_its_head_on_every_page(rows, count):
    found = pages(letter_pdf(letter(rows)))

    assert len(found) == count
    assert [f"第 {n} 页，共 {count} 页" in text for n, text in enumerate(found, 1)] == [
        True
    ] * count
    assert all(f"材料{n}" in "".join(found) for n in range(1, rows))
    assert ["合成数据" in text for text in found] == [True] * count
    assert "镕喆𬱖" in found[0]
    assert "2026年11月22日" in found[-1]


def test_docx_has_the_same_words():
    paper = Document(BytesIO(letter_docx(letter(3))))

    lines = [line.text for line in paper.paragraphs]
    cells = [[cell.text for cell in row.cells] for grid in paper.tables for row in grid.rows]
    bold = [run.text for line in paper.paragraphs for run in line.runs if run.bold]
    assert lines[:2] == ["一次性告知书", "编号：1"]
    assert "镕喆𬱖：您申请的事项还缺材料。" in lines
    assert cells[:2] == [["事项", "住院费用报销"], ["申请人", "王*"]]
    assert cells[2:] == [["序号", "材料"], ["1", "材料1"], ["2", "材料2"], ["", "扫码看进度"]]
    assert lines[-2:] == ["汇龙镇医保服务站", "2026年11月22日"]
    assert "不要漏看。" in bold


def test_lines_break_as_chinese_is_set():
    words = "一共3.14份，请带ABC来。\n再来"

    assert broken(words, 4, len) == ["一共", "3.14", "份，请带", "ABC", "来。", "再来"]


def test_control_characters_are_left_out():
    assert printable("甲\x00\t乙\n丙") == "甲乙\n丙"
