"""Name what a template may not have: what no PDF could show, or what changes by itself."""

from collections.abc import Iterable, Iterator

from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from circle15.core.messages import Message
from circle15.core.papers.docx.stories import stories

# Fields whose result is the same for everybody who opens the file.
FIELDS = frozenset({"PAGE", "NUMPAGES"})
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_OBJECT = Message("嵌入的对象或控件，请删去")
_REVISED = Message("没有接受的修订，请先全部接受或拒绝")
_SHAPE = Message("文本框、艺术字或图形，请改成普通段落或表格")
_FLOATING = Message("浮动的图片，请把环绕方式改成“嵌入型”")
_NOTED = Message("脚注或尾注，请写进正文")
_FORBIDDEN = {
    f"{_W}object": _OBJECT,
    f"{_W}control": _OBJECT,
    f"{_W}altChunk": _OBJECT,
    f"{_W}pict": _SHAPE,
    f"{_W}txbxContent": _SHAPE,
    f"{_WP}anchor": _FLOATING,
    f"{_W}ins": _REVISED,
    f"{_W}del": _REVISED,
    f"{_W}moveFrom": _REVISED,
    f"{_W}moveTo": _REVISED,
    f"{_W}commentReference": Message("批注，请删去"),
    f"{_W}footnoteReference": _NOTED,
    f"{_W}endnoteReference": _NOTED,
    f"{_W}vanish": Message("隐藏的文字，请删去"),
    f"{_W}framePr": Message("图文框，请改成普通段落"),
    f"{_W}textDirection": Message("竖排的文字，请改成横排"),
    f"{_W}sym": Message("符号字体的字符，请改成普通字符"),
    f"{_W}titlePg": Message("首页不同的页眉页脚，请改成各页相同"),
    "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath": Message(
        "公式，请改成普通文字"
    ),
    "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart": Message("图表，请改成表格"),
}
# An office paper is a page or two; more would keep the program busy for minutes.
_MOST_LINES, _MOST_LETTERS = 1_000, 30_000
_NUMBERED = Message("自动编号或项目符号，请改成手写的序号")


def unusable(paper: Document) -> tuple[Message, ...]:
    """Name everything in a document that its PDF would lose or that is not the same every day."""
    every = stories(paper)
    if _is_long(story.element for story in every):
        return (Message("内容过长，文书模板请写在几页之内"),)
    found = [each for story in every for each in _in_story(paper, story.element)]
    if len(paper.sections) > 1:
        found.append(Message("分节，请改成一节"))
    if paper.element.body.xpath("./w:sectPr/w:cols[@w:num > 1]"):
        found.append(Message("分栏，请改成一栏"))
    if paper.settings.odd_and_even_pages_header_footer:
        found.append(Message("奇偶页不同的页眉页脚，请改成各页相同"))
    return tuple(Message("含有%(what)s", what=what) for what in dict.fromkeys(found))


def _is_long(every: Iterable[BaseOxmlElement]) -> bool:
    lines = letters = 0
    for story in every:
        for element in story.iter(qn("w:p"), qn("w:tr"), qn("w:t")):
            lines += element.tag != qn("w:t")
            letters += len(element.text or "")
    return lines > _MOST_LINES or letters > _MOST_LETTERS


def _in_story(paper: Document, story: BaseOxmlElement) -> Iterator[Message]:
    for element in story.iter():
        if (what := _FORBIDDEN.get(element.tag)) is not None and _is_on(element):
            yield what
    if story.xpath(".//w:tbl//w:tbl"):
        yield Message("表格里的表格，请拆开")
    if story.xpath(".//w:numPr") or set(story.xpath(".//w:pStyle/@w:val")) & _numbered(paper):
        yield _NUMBERED
    yield from _fields(story)


def _is_on(element: BaseOxmlElement) -> bool:
    return element.get(qn("w:val")) not in {"0", "false", "off"}


def _numbered(paper: Document) -> set[str]:
    """Return the styles that number their paragraphs, or are based on one that does."""
    styles = paper.styles.element
    found = set(styles.xpath("./w:style[.//w:numPr]/@w:styleId"))
    bases = {
        str(each.get(qn("w:styleId"))): str(base)
        for each in styles.xpath("./w:style[w:basedOn]")
        for base in each.xpath("./w:basedOn/@w:val")
    }
    while more := {name for name, base in bases.items() if base in found and name not in found}:
        found |= more
    return found


def _fields(story: BaseOxmlElement) -> Iterator[Message]:
    """Yield the fields that count, fetch or ask something when the file is opened."""
    for code in _codes(story):
        name = code.split()[0].upper() if code.split() else "?"
        if name not in FIELDS:
            yield Message("域 %(name)s，请改成普通文字", name=name[:20])


def _codes(story: BaseOxmlElement) -> Iterator[str]:
    yield from (str(each) for each in story.xpath(".//w:fldSimple/@w:instr"))
    code: list[str] = []
    for element in story.iter(qn("w:instrText"), qn("w:fldChar")):
        if element.tag == qn("w:instrText"):
            code.append(element.text or "")
        elif code:
            yield "".join(code)
            code = []
    if code:
        yield "".join(code)
