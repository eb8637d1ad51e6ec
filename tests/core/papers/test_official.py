"""An official paper, measured: margins and grid of GB/T 9704-2012, in Word and in PDF."""

from dataclasses import replace
from io import BytesIO
from itertools import pairwise

import pypdfium2
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from circle15.core.papers.official import (
    Attachment,
    Heading,
    Official,
    Paragraph,
    Table,
    as_json,
    chinese_number,
    from_json,
)
from circle15.core.papers.official_docx import official_docx
from circle15.core.papers.official_pdf import official_pdf

PAPER = Official(
    title="关于运行情况的通报",
    blocks=(
        Heading("总体"),
        Heading("分县", 2),
        Paragraph("圈" * 28 * 60),
        Table("表1", ("县", "件"), (("启东市", "12"), ("海门区", "7")), (3, 1), (1,)),
        Heading("下步"),
        Heading("其一", 2),
    ),
    issuer="某市医疗保障局",
    day="2026年11月22日",
    number="通报〔2026〕1号",
    issuer_mark="某市医疗保障局",
    addressee="各县医疗保障局",
    attachments=(Attachment("名单", (Paragraph("略"),)), Attachment("说明", (Paragraph("略"),))),
    mark="演示数据",
)
MM_PER_PT = 25.4 / 72


def characters(page):
    """Return the characters of a page with left and top in millimetres."""
    text = page.get_textpage()
    height = page.get_height()
    found = []
    for at in range(text.count_chars()):
        left, _bottom, _right, top = text.get_charbox(at, loose=True)
        found.append((text.get_text_range(at, 1), left * MM_PER_PT, (height - top) * MM_PER_PT))
    return found


def test_pdf_page_holds_22_lines_of_28_characters():
    with pypdfium2.PdfDocument(official_pdf(PAPER)) as paper:
        body = [(x, y) for char, x, y in characters(paper[1]) if char == "圈"]

    tops = sorted({round(y, 1) for _x, y in body})
    assert len(tops) == 22
    assert {round(later - one, 1) for one, later in pairwise(tops)} <= {
        10.2,
        10.3,
    }
    assert [sum(round(y, 1) == top for _x, y in body) for top in tops] == [28] * 22
    assert round(min(x for x, _y in body)) == 28
    pitch = 156 / 28
    assert max(x for x, _y in body) < 28 + 27 * pitch + 0.3


def test_pdf_embeds_its_fonts_and_numbers_its_pages():
    content = official_pdf(PAPER)

    for page in PdfReader(BytesIO(content)).pages:
        for font in page["/Resources"]["/Font"].values():
            inner = font["/DescendantFonts"][0]["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & set(inner)
    with pypdfium2.PdfDocument(content) as paper:
        texts = [page.get_textpage().get_text_range() for page in paper]
    assert [f"— {n} —" in text for n, text in enumerate(texts, 1)] == [True] * len(texts)
    assert [text.count("演示数据") for text in texts] == [1] * len(texts)


def test_docx_has_the_margins_the_grid_and_the_fonts():
    paper = Document(BytesIO(official_docx(PAPER)))
    section = paper.sections[0]
    grid = section._sectPr.find(qn("w:docGrid"))
    pitch_twips = int(grid.get(qn("w:linePitch")))
    body = next(line.runs[0]._r.rPr for line in paper.paragraphs if line.text.startswith("各"))
    space_pt = int(body.find(qn("w:spacing")).get(qn("w:val"))) / 20

    # Word keeps lengths in twentieths of a point.
    sides = section.top_margin, section.right_margin, section.bottom_margin, section.left_margin
    assert [round(side.mm, 1) for side in sides] == [37, 26, 35, 28]
    assert [round(side.mm, 1) for side in (section.page_width, section.page_height)] == [210, 297]
    assert int(225 / 25.4 * 1440 / pitch_twips) == 22
    assert int(156 / MM_PER_PT / (16 + space_pt)) == 28
    assert grid.get(qn("w:charSpace")) is None  # some programs give a wider character two places
    table = paper.tables[0]
    cells = [cell.width for cell in table.rows[0].cells]
    assert [column.width for column in table.columns] == cells  # for programs that go by the grid
    style = paper.styles["Normal"]
    fonts = style.element.rPr.rFonts
    assert (style.font.size.pt, fonts.get(qn("w:eastAsia"))) == (16, "仿宋_GB2312")


def test_docx_has_the_same_words_in_the_order_of_the_standard():
    paper = Document(BytesIO(official_docx(PAPER)))
    lines = [line.text for line in paper.paragraphs if line.text]

    assert lines[:5] == [
        "某市医疗保障局",
        "通报〔2026〕1号",
        "关于运行情况的通报",
        "各县医疗保障局：",
        "一、总体",
    ]
    assert [line for line in lines if line.startswith(("（一）", "二、"))] == [
        "（一）分县",
        "二、下步",
        "（一）其一",
    ]
    assert lines[-10:-6] == ["附件：1. 名单", "　　　2. 说明", "某市医疗保障局", "2026年11月22日"]
    cells = [[cell.text for cell in row.cells] for row in paper.tables[0].rows]
    assert cells == [["县", "件"], ["启东市", "12"], ["海门区", "7"]]
    assert paper.tables[0].rows[1].cells[1].paragraphs[0].alignment == 2
    feet = paper.sections[0].footer, paper.sections[0].even_page_footer
    assert [foot.paragraphs[0].alignment for foot in feet] == [2, 0]


def test_kept_paper_is_read_back_whole():
    assert from_json(as_json(PAPER)) == PAPER
    assert [chinese_number(n) for n in (1, 10, 11, 20, 35)] == [
        "一",
        "十",
        "十一",
        "二十",
        "三十五",
    ]


def test_signature_never_stands_on_a_page_without_words():
    for rows in range(19, 24):
        blocks = (*(Paragraph("圈") for _row in range(rows)), Paragraph("完"))
        with pypdfium2.PdfDocument(official_pdf(replace(PAPER, blocks=blocks))) as paper:
            texts = [page.get_textpage().get_text_range() for page in paper]
        (signed,) = [text for text in texts if "2026年11月22日" in text]
        assert "完" in signed
