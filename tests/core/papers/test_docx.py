"""Word files of others: hostile ones refused, placeholders filled in any cut, set as PDF."""

import zipfile
from functools import partial
from io import BytesIO

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH

from circle15.core.papers.docx.filling import filled, misspelled, placeholders
from circle15.core.papers.docx.outline import unusable
from circle15.core.papers.docx.package import MAX_BYTES, unsafe
from circle15.core.papers.docx.reading import read_sheet
from circle15.core.papers.docx.setting import TooTall, pages_of, sheet_pdf
from circle15.core.papers.docx.sheet import Line, Side, Table


def saved(paper: object) -> bytes:
    out = BytesIO()
    paper.save(out)
    return out.getvalue()


def paper_saying(*lines: str) -> object:
    paper = Document()
    for line in lines:
        paper.add_paragraph(line)
    return paper


def with_part(name: str, content: bytes, *, instead: bool = False) -> bytes:
    """Return a good file with one more part, or with another one in place of its own."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(saved(Document()))) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            if not (instead and part.filename == name):
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return out.getvalue()


REMOTE = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="r1" Type="http://x/attachedTemplate" Target="http://evil/t.dotm"'
    b' TargetMode="External"/></Relationships>'
)
HOSTILE = {
    "word/vbaProject.bin": (b"x", "含有宏，请删去后再上传"),
    "word/activeX/activeX1.xml": (b"<a/>", "含有控件（ActiveX），请删去后再上传"),
    "word/embeddings/oleObject1.bin": (b"x", "含有嵌入的文件或对象，请删去后再上传"),
    "word/afchunk.mht": (b"x", "含有嵌入的另一份文档，请删去后再上传"),
    "../evil.xml": (b"<a/>", "含有不能用的内容：../evil.xml"),
    "word/_rels/settings.xml.rels": (
        REMOTE,
        "含有远程模板（http://evil/t.dotm），请改成普通文字",
    ),
    "word/theme/theme2.xml": (
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        "文件内部的 word/theme/theme2.xml 已损坏或不安全，请另存为 .docx 再上传",
    ),
}


def test_plain_documents_are_harmless():
    assert unsafe(saved(paper_saying("{{申请人}}"))) == ()


@pytest.mark.parametrize("name", HOSTILE)
def test_what_acts_or_reaches_out_is_named(name: str):
    content, words = HOSTILE[name]

    assert [str(each) for each in unsafe(with_part(name, content))] == [words]


DTD = b'<!DOCTYPE w:document [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
DECLARED = {
    "plain": DTD,
    # What looks like one long comment to a search for comments.
    "between": b"<?a <!-- ?>" + DTD + b"<?a --> ?>",
    "empty": b"<!DOCTYPE w:document>",
}


@pytest.mark.parametrize("how", DECLARED)
def test_a_dtd_is_refused_wherever_it_hides(how: str):
    body = b"<w:document xmlns:w='x'><!-- <! --><w:t><![CDATA[<!DOCTYPE]]></w:t></w:document>"
    words = ["文件内部的 word/document.xml 已损坏或不安全，请另存为 .docx 再上传"]
    of = partial(with_part, "word/document.xml", instead=True)

    assert unsafe(of(content=body)) == ()
    assert [str(each) for each in unsafe(of(content=DECLARED[how] + body))] == words
    hidden = b"<?xml version='1.0'" + b" " * 300 + b"encoding='iso-8859-1'?>" + body
    assert [str(each) for each in unsafe(of(content=hidden))] == words
    assert [str(each) for each in unsafe(of(content=body.decode().encode("utf-16")))] == words
    assert [str(each) for each in unsafe(of(content=body.decode().encode("cp037")))] == words


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"%PDF-1.7", b"\xd0\xcf\x11\xe0", b"x"])
def test_what_is_no_docx_is_refused(content: bytes):
    assert len(unsafe(content)) == 1


def test_size_is_looked_at_before_anything_else():
    assert str(unsafe(b"x" * (MAX_BYTES + 1))[0]) == "文件超过 2 MB，请删去大图后再上传"


def test_what_would_be_lost_on_paper_is_named_all_at_once():
    paper = paper_saying("一")
    paper.add_paragraph("项", style="List Bullet")
    paper.add_paragraph().add_run("看不见").font.hidden = True
    paper.add_section()

    assert [str(each) for each in unusable(paper)] == [
        "含有隐藏的文字，请删去",
        "含有自动编号或项目符号，请改成手写的序号",
        "含有分节，请改成一节",
    ]


def test_placeholders_cut_into_runs_are_filled_in_the_first_ones_letters():
    paper = Document()
    line = paper.add_paragraph("致 {")
    line.add_run("{申").bold = True
    line.add_run("请人}")
    line.add_run("}：{{事项}}。")

    done = Document(BytesIO(filled(saved(paper), {"申请人": "王*", "事项": "参保\n登记"})))

    assert placeholders(paper) == ("申请人", "事项")
    assert done.paragraphs[0].text == "致 王*：参保\n登记。"
    assert [run.bold for run in done.paragraphs[0].runs] == [None, True, None, None]


def test_rows_and_lines_with_nothing_to_say_are_left_out():
    paper = paper_saying("代办人：{{代办人}}", "没有占位符")
    table = paper.add_table(rows=2, cols=2)
    for row, (name, value) in zip(table.rows, (("甲", "{{甲}}"), ("乙", "{{乙}}")), strict=True):
        row.cells[0].text, row.cells[1].text = name, value

    done = Document(BytesIO(filled(saved(paper), {"乙": "有"}, mark="合成数据")))

    assert [each.text for each in done.paragraphs] == ["没有占位符"]
    assert [[cell.text for cell in row.cells] for row in done.tables[0].rows] == [["乙", "有"]]
    assert done.sections[0].header.paragraphs[0].text == "合成数据"


def test_slips_of_the_pen_in_placeholders_are_named():
    found = list(misspelled(paper_saying("{{申请人", "｛｛事项｝｝", "{{日期}}")))

    assert [str(each) for each in found] == [
        "“{{申请人”的 {{ 和 }} 没有成对",
        "“｛｛事项｝｝”用了全角大括号，请改成半角 {{ }}",
    ]


def test_a_document_becomes_a_pdf_with_its_words_tables_and_sides():
    paper = paper_saying("题目")
    paper.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    table = paper.add_table(rows=2, cols=2, style="Table Grid")
    table.cell(0, 0).merge(table.cell(1, 0)).text = "并格"
    sheet = read_sheet(saved(paper))

    title, grid = (each for each in sheet.blocks[:2])

    assert isinstance(title, Line)
    assert isinstance(grid, Table)
    assert (title.text, title.side, grid.has_lines) == ("题目", Side.CENTER, True)
    assert [row.cells[0].goes_on_above for row in grid.rows] == [False, True]
    assert sheet_pdf(sheet, title="题目").startswith(b"%PDF-")


def test_a_row_higher_than_a_page_is_refused():
    paper = Document()
    paper.add_table(rows=1, cols=1).cell(0, 0).text = "长" * 6000

    with pytest.raises(TooTall):
        pages_of(read_sheet(saved(paper)))
