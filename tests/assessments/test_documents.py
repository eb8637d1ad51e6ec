"""Documents out, read back: the same numbers, whole names, no formula, no empty box."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import pypdfium2
import pytest
from django.utils import translation
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook
from pypdf import PdfReader

from circle15.assessments.documents.board import board_workbook
from circle15.assessments.documents.gap_table import climb, gap_table
from circle15.assessments.documents.pdf import sheet_pdf
from circle15.assessments.documents.score_table import Heading, score_table, spans
from circle15.assessments.documents.word import gap_docx, sheet_docx
from circle15.assessments.documents.workbook import sheet_xlsx
from circle15.assessments.queries import Board
from circle15.scoring import score_known
from circle15.scoring.gap import gap
from circle15.scoring.samples import empty_facts, full_facts
from circle15.standards import edition, editions
from circle15.standards.text import number_text

RARE = "镕喆㐂𬱖"
NAME = f"={RARE}镇医保服务站"
HEADING = Heading(NAME, "QD-0001", "乡镇中心", "启东市汇龙镇", date(2026, 3, 2), True)
BOOKS = [each.id for each in editions()]


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


def half_done(book):
    """Facts with losses of every kind: some false, some unknown, odd counts."""
    facts = full_facts(book)
    names = [name for name in facts if isinstance(facts[name], bool)]
    lacking = dict.fromkeys(names[::4], False)
    return {n: v for n, v in (facts | lacking).items() if n not in names[1::9]}


def sheet_of(book_id, **more):
    book = edition(book_id)
    return book, score_known(book, half_done(book), **more)


def table_of(book_id, heading=HEADING, **more):
    return score_table(*sheet_of(book_id, **more), heading)


def points_of(sheet):
    return [(line.max, line.points) for line in sheet.clauses] + [(sheet.max, sheet.total)]


def read_xlsx(content):
    return load_workbook(BytesIO(content)).active


def pdf_text(content):
    with pypdfium2.PdfDocument(content) as paper:
        return "".join(page.get_textpage().get_text_range() for page in paper)


# Clauses: J-02
@pytest.mark.parametrize("book_id", BOOKS)
def test_xlsx_has_every_number_of_the_sheet_and_no_formula(book_id):
    book, sheet = sheet_of(book_id)

    cells = read_xlsx(sheet_xlsx(score_table(book, sheet, HEADING)))

    rows = [(row[3].value, row[6].value) for row in cells.iter_rows() if row[3].data_type == "n"]
    found = [(Decimal(str(a)), Decimal(str(b))) for a, b in rows if a is not None]
    assert found == points_of(sheet)
    assert {cell.data_type for row in cells.iter_rows() for cell in row} <= {"s", "n"}


@pytest.mark.parametrize("sign", ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|'/c calc'!A1"])
def test_xlsx_writes_a_name_like_a_formula_as_text(sign):
    heading = Heading(sign, sign, sign, sign, date(2026, 3, 2), False)
    table = table_of("nantong-demonstration")
    table = type(table)(
        **{name: getattr(table, name) for name in table.__slots__}
        | {"title": sign, "facts": (sign,), "notes": (sign, heading.site)}
    )

    cells = read_xlsx(sheet_xlsx(table))

    same = [cell for row in cells.iter_rows() for cell in row if cell.value == sign]
    assert [(cell.data_type, cell.quotePrefix) for cell in same] == [("s", True)] * 4


def test_xlsx_prints_on_landscape_a4_with_the_head_on_every_page():
    cells = read_xlsx(sheet_xlsx(table_of("jiangsu-acceptance")))

    heads = [cell.value for cell in cells[4]]
    assert cells.page_setup.orientation == "landscape"
    assert (cells.page_setup.paperSize, cells.page_setup.fitToWidth) == (9, 1)
    assert cells.print_title_rows == "$4:$4"
    assert heads == [
        *("项目", "考核指标", "考核内容", "分值", "考核标准", "考核方式", "得分", "扣分原因")
    ]


def test_xlsx_merges_each_section_and_indicator_into_one_cell():
    cells = read_xlsx(sheet_xlsx(table_of("jiangsu-acceptance")))

    merged = [(each.min_col, each.size["rows"]) for each in cells.merged_cells.ranges]
    assert sorted(rows for column, rows in merged if column == 1 and rows > 1) == [10, 11, 11]
    assert len([rows for column, rows in merged if column == 2]) == 13


@pytest.mark.parametrize("book_id", BOOKS)
def test_pdf_has_every_reason_and_the_total(book_id):
    table = table_of(book_id)

    found = "".join(pdf_text(sheet_pdf(table)).split())

    wanted = [part for row in table.rows for part in row.reason.split("\n")]
    missing = [each for each in wanted if "".join(each.split())[:12] not in found]
    assert missing == []
    assert found.count("".join(table.facts[-2].split())) == 1


def test_pdf_draws_rare_characters_with_embedded_fonts():
    content = sheet_pdf(table_of("jiangsu-acceptance"))

    fonts = {
        key: font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        for page in PdfReader(BytesIO(content)).pages
        for key, font in page["/Resources"]["/Font"].items()
    }
    assert NAME in pdf_text(content)
    assert all("/FontFile3" in font or "/FontFile2" in font for font in fonts.values())


def ink(name):
    """Draw a sheet for a name and give the pixels of the line that holds it."""
    heading = Heading(name, "1", "", "", date(2026, 3, 2), False)
    with pypdfium2.PdfDocument(sheet_pdf(table_of("nantong-demonstration", heading))) as paper:
        page = paper[0].render(scale=4).to_pil().convert("L")
    return page.crop((0, 250, 500, 300)).tobytes()


def test_pdf_draws_each_rare_character_differently():
    drawn = {ink(char) for char in RARE}

    assert len(drawn) == len(RARE)


def test_pdf_writes_a_character_no_font_has_as_its_code():
    heading = Heading("𪜀𠮷站", "1", "", "", date(2026, 3, 2), False)

    found = pdf_text(sheet_pdf(table_of("nantong-demonstration", heading)))

    assert "网点：〔U+2A700〕〔U+20BB7〕站" in found


def test_pdf_repeats_head_and_labels_and_marks_synthetic_on_every_page():
    with pypdfium2.PdfDocument(sheet_pdf(table_of("jiangsu-acceptance"))) as paper:
        texts = [page.get_textpage().get_text_range() for page in paper]
        sizes = {tuple(round(side) for side in page.get_size()) for page in paper}

    assert sizes == {(842, 595)}
    assert ["合成数据" in text and "考核标准" in text for text in texts] == [True] * len(texts)
    assert [f"第 {n} 页，共 {len(texts)} 页" in text for n, text in enumerate(texts, 1)] == (
        [True] * len(texts)
    )


@pytest.mark.parametrize("book_id", BOOKS)
def test_docx_has_every_number_of_the_sheet(book_id):
    book, sheet = sheet_of(book_id)

    paper = Document(BytesIO(sheet_docx(score_table(book, sheet, HEADING))))

    rows = [[cell.text for cell in row.cells] for row in paper.tables[0].rows]
    wanted = [(number_text(full), number_text(points)) for full, points in points_of(sheet)]
    assert [(row[3], row[6]) for row in rows[1:]] == wanted
    assert NAME in paper.paragraphs[1].text


def test_docx_sheet_is_landscape_and_repeats_its_head():
    paper = Document(BytesIO(sheet_docx(table_of("jiangsu-acceptance"))))

    section = paper.sections[0]
    head = paper.tables[0].rows[0]._tr.trPr
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
    assert head.find(qn("w:tblHeader")) is not None
    assert section.header.paragraphs[0].text == "合成数据"


def gap_of(book_id):
    book = edition(book_id)
    report = gap(book, half_done(book))
    return report, gap_table(book, report, HEADING)


def test_gap_docx_keeps_the_page_of_the_standard():
    paper = Document(BytesIO(gap_docx(gap_of("jiangsu-acceptance")[1])))

    section = paper.sections[0]
    margins = (section.top_margin, section.left_margin, section.bottom_margin, section.right_margin)
    grid = section._sectPr.find(qn("w:docGrid"))
    fonts = paper.styles["Normal"].element.rPr.rFonts
    assert [round(each.mm) for each in margins] == [37, 28, 35, 26]
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", "579")
    assert fonts.get(qn("w:eastAsia")) == "仿宋"
    assert paper.styles["Normal"].font.size.pt == 16


@pytest.mark.parametrize("book_id", BOOKS)
def test_gap_docx_counts_up_from_the_total_to_full_marks(book_id):
    report, table = gap_of(book_id)

    paper = Document(BytesIO(gap_docx(table)))

    rows = [[cell.text for cell in row.cells] for row in paper.tables[0].rows][1:]
    gains = [Decimal(row[3]) for row in rows]
    assert [row[0] for row in rows] == [str(n) for n in range(1, len(report.steps) + 1)]
    assert sum(gains) == report.lost
    assert Decimal(rows[-1][4]) == report.sheet.max
    assert [each.after - each.before for each in climb(report)] == gains


def test_table_numbers_criterion_and_reason_alike():
    book = edition("jiangsu-acceptance")
    facts = full_facts(book) | {"site.one_stop_environment": False}

    row = score_table(book, score_known(book, facts), HEADING).rows[0]

    assert [line[:3] for line in row.criterion.split("\n")] == ["1. ", "2. "]
    assert row.reason == "2. 扣 1 分：未满足：一站式办事环境"
    assert (row.full, row.points) == (2, 1)


def test_table_tells_a_veto_and_unknown_facts():
    book = edition("jiangsu-acceptance")
    veto = book.vetoes[0]

    table = score_table(book, score_known(book, {}, vetoes=[veto.id]), HEADING)

    assert table.notes[0] == "还有 117 项事实没有记录，暂按最低计；补齐后最高 100。"
    assert table.notes[1] == f"一票否决 {veto.number} {veto.title.zh}：有，按不合格处理"
    assert table.total.reason == "不合格"


@pytest.mark.parametrize(("kept_by", "state"), [("", "未判定"), ("王敏", "无")])
def test_nobody_has_judged_the_vetoes_of_a_live_sheet(kept_by, state):
    book = edition("jiangsu-acceptance")
    table = score_table(
        book, score_known(book, full_facts(book)), replace(HEADING, kept_by=kept_by)
    )

    assert [note.rpartition("：")[2] for note in table.notes[:6]] == [state] * 6


def test_table_says_once_how_much_is_lost():
    book = edition("jiangsu-acceptance")
    facts = full_facts(book) | {"eq.pen": False, "eq.bench": False}

    rows = score_table(book, score_known(book, facts), HEADING).rows

    assert [row.reason for row in rows if row.reason] == ["缺排椅、笔（2件），扣2分"]


def test_an_element_is_there_or_not():
    book = edition("jiangsu-acceptance")
    for absent in (False, Decimal(0)):
        report = gap(book, full_facts(book) | {"eq.pen": absent})
        assert [each.advice.why.zh for each in climb(report)] == ["笔：现为无，应为有"]


def test_board_workbook_says_what_it_is_of():
    book = edition("jiangsu-acceptance")
    board = Board(
        sites=3,
        by_kind={},
        by_status={},
        scored=2,
        incomplete=0,
        mean=None,
        median=None,
        maximum=None,
        unit="points",
        bins=(),
        weakest=(),
        towns=(),
        synthetic=True,
    )

    sheets = load_workbook(BytesIO(board_workbook(board, book))).worksheets

    heads = [[sheet.cell(at, 1).value for at in (1, 2, 3)] for sheet in sheets]
    said = ["合成数据", f"规则：{book.title.zh}，第 1 版", "网点 3 个，已评 2 个"]
    assert heads == [said, said]
    plain = load_workbook(BytesIO(board_workbook(replace(board, synthetic=False), None)))
    assert plain.worksheets[0].cell(1, 1).value == said[2]


def test_table_has_no_control_characters():
    heading = Heading("甲\x00\x0b站", "1", "", "", date(2026, 3, 2), False)
    table = table_of("wuhu-demonstration", heading)

    assert table.facts[0] == "网点：甲站（1）"
    assert table.mark == ""


def test_documents_speak_english():
    book = edition("jiangsu-acceptance")
    with translation.override("en"):
        table = score_table(book, score_known(book, empty_facts(book)), HEADING)

    assert table.rows[0].section == book.sections[0].title.en
    assert table.rows[0].reason.count(book.clauses_for()[0].title.zh) == 0


def test_spans_find_runs_of_equal_neighbours():
    assert list(spans("aabaac")) == [(0, 2), (2, 1), (3, 2), (5, 1)]
    assert list(spans("")) == []
