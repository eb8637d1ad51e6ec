"""Check a template before it is kept: harmless, understood, and able to become a paper."""

from collections.abc import Iterator
from io import BytesIO

from docx import Document
from docx.document import Document as Paper
from docx.exceptions import PythonDocxError
from docx.opc.exceptions import OpcError

from circle15.cases.documents.placeholders import BY_NAME, placeholders_of
from circle15.cases.documents.templated import longest
from circle15.core.messages import Message
from circle15.core.papers.docx.filling import misspelled, placeholders
from circle15.core.papers.docx.outline import unusable
from circle15.core.papers.docx.package import unsafe
from circle15.core.papers.docx.reading import read_sheet
from circle15.core.papers.docx.setting import TooTall, pages_of
from circle15.core.papers.docx.sheet import Sheet
from circle15.ledger.files import UnsafeFile, check_evidence

_LEAST_MM, _MOST_MM, _LEAST_ROOM_MM = 100, 430, 60
_MOST_PAGES = 10
# What python-docx and the libraries below raise on parts that do not fit together.
_BROKEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    OSError,
    OpcError,
    PythonDocxError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)


def problems_of(content: bytes, kind: str) -> tuple[Message, ...]:
    """Name everything that keeps a file from being a template of a kind; empty for a good one."""
    if found := unsafe(content):
        return found
    try:
        paper = Document(BytesIO(content))
        found = tuple(dict.fromkeys(_in(paper, kind)))
        return found or tuple(_on_paper(content, kind))
    except _BROKEN:
        return (Message("文件的内部结构有错，请用文字处理软件打开后另存为 .docx 再上传"),)


def names_in(content: bytes) -> tuple[str, ...]:
    """Return the placeholders of a checked template."""
    return placeholders(Document(BytesIO(content)))


def _in(paper: Paper, kind: str) -> Iterator[Message]:
    yield from unusable(paper)
    yield from misspelled(paper)
    names = placeholders(paper)
    may = {each.name: each for each in placeholders_of(kind)}
    for name in names:
        if name in may:
            continue
        if name in BY_NAME:
            yield Message("这类文书没有占位符 {{%(name)s}}", name=name)
        else:
            yield Message("没有占位符 {{%(name)s}}，请照页面上的列表写", name=name[:30])
    for each in may.values():
        if kind in each.needed_in and each.name not in names:
            yield Message("少了必须有的 {{%(name)s}}", name=each.name)
    yield from _pictures(paper)


def _pictures(paper: Paper) -> Iterator[Message]:
    for part in paper.part.package.iter_parts():
        if part.partname.startswith("/word/media/"):
            try:
                check_evidence(part.blob, name="")
            except UnsafeFile as unusable_picture:
                yield Message("图片不能用：%(why)s", why=str(unusable_picture))


def _on_paper(content: bytes, kind: str) -> Iterator[Message]:
    """Set it with as many words as there may be."""
    sheet = read_sheet(longest(content, kind))
    if not _is_paper(sheet):
        yield Message("纸张大小或页边距不合适，请用 A4 纸")
        return
    try:
        if pages_of(sheet) > _MOST_PAGES:
            yield Message("写满后超过 %(most)s 页，请精简", most=_MOST_PAGES)
    except TooTall:
        yield Message("表格的一行或一张图片比一页还高，请拆成几行或缩小")


def _is_paper(sheet: Sheet) -> bool:
    sides = (sheet.width_mm, sheet.height_mm)
    fits = all(_LEAST_MM <= side <= _MOST_MM for side in sides)
    tall = sheet.height_mm - sheet.top_mm - sheet.bottom_mm
    return fits and min(sheet.room_mm, tall) >= _LEAST_ROOM_MM
