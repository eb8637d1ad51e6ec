"""Look into a Word file before anything opens it: what acts, reaches out or bursts is refused."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from xml.parsers import expat

from lxml import etree  # type: ignore[import-untyped]  # comes with python-docx

from circle15.core.messages import Message

MAX_BYTES = 2 * 1024 * 1024
_MOST_PARTS = 300
_MOST_UNPACKED = 30 * 1024 * 1024
_MOST_XML = 8 * 1024 * 1024
_MAIN = "word/document.xml"
_MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_TYPES = "[Content_Types].xml"
_DAMAGED = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError)
_PARSER = {"resolve_entities": False, "no_network": True, "huge_tree": False}

# What a part is called, and what that is in words. The first that fits counts.
_ACTING = (
    (re.compile(r"vba|macros?/", re.IGNORECASE), Message("宏")),
    (re.compile(r"activex|/ctrlprops/", re.IGNORECASE), Message("控件（ActiveX）")),
    (re.compile(r"/embeddings/|oleobject", re.IGNORECASE), Message("嵌入的文件或对象")),
    (re.compile(r"afchunk|\.(html?|mht|rtf)$", re.IGNORECASE), Message("嵌入的另一份文档")),
    (re.compile(r"userCustomization|customUI|webextensions", re.IGNORECASE), Message("加载项")),
)
_KNOWN = re.compile(
    r"""\[Content_Types\]\.xml | (.+/)?_rels/[^/]*\.rels | docProps/[^/]+\.(xml|jpe?g|emf|wmf|png)
    | customXml/(itemProps|item)\d*\.xml
    | word/(document|styles|stylesWithEffects|settings|webSettings|fontTable|numbering|footnotes
      |endnotes|comments\w*|people|commentsIds|header\d*|footer\d*)\.xml
    | word/theme/(theme|themeOverride)\d*\.xml | word/glossary/[\w/]+\.xml
    | word/media/[^/]+\.(png|jpe?g) | word/fonts/[^/]+\.odttf""",
    re.VERBOSE | re.IGNORECASE,
)
_REACHES = {
    "hyperlink": Message("外部链接"),
    "attachedTemplate": Message("远程模板"),
    "image": Message("外部图片"),
}


class _UnwantedError(Exception):
    """A part declares what no paper needs."""


def unsafe(content: bytes) -> tuple[Message, ...]:
    """Name everything that keeps a file from being a harmless .docx; empty for a good one."""
    if not content:
        return (Message("文件是空的，请重新选择"),)
    if len(content) > MAX_BYTES:
        return (Message("文件超过 %(most)s MB，请删去大图后再上传", most=MAX_BYTES // 1024**2),)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return (Message("这是旧格式 .doc 或者加了密码，请另存为不带密码的 .docx 再上传"),)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return tuple(dict.fromkeys(_problems(archive)))
    except _DAMAGED:
        return (Message("不是 .docx 文件，或者文件已损坏，请用文字处理软件另存为 .docx 再上传"),)


def _problems(archive: zipfile.ZipFile) -> Iterator[Message]:
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if any(part.flag_bits & 1 for part in parts):
        yield Message("文件设有密码，请取消密码后再上传")
        return
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
        yield Message("文件解压后过大，请删去大图和多余的内容后再上传")
        return
    if _MAIN not in names or _TYPES not in names:
        yield Message("不是 .docx 文件，请用文字处理软件另存为 .docx 再上传")
        return
    if len(set(names)) != len(names):
        yield Message("文件内部有重名的部分，请另存为 .docx 再上传")
    for part in parts:
        yield from _part(archive, part)


def _part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[Message]:
    name = part.filename
    if name.endswith("/"):
        return
    found = next((what for pattern, what in _ACTING if pattern.search(name)), None)
    if found is not None:
        yield Message("含有%(what)s，请删去后再上传", what=found)
        return
    if not _KNOWN.fullmatch(name):
        yield Message("含有不能用的内容：%(name)s", name=name[:60])
        return
    content = archive.read(part)  # as large as declared at most, and its checksum is right
    if name.lower().endswith((".xml", ".rels")):
        yield from _xml(name, content)


def _xml(name: str, content: bytes) -> Iterator[Message]:
    broken = Message("文件内部的 %(name)s 已损坏或不安全，请另存为 .docx 再上传", name=name[:60])
    tree = _tree(content)
    if tree is None:
        yield broken
        return
    if name == _TYPES:
        yield from _types(tree)
    elif name.endswith(".rels"):
        yield from _relations(tree)


def _tree(content: bytes) -> Any:
    """Return what a part says; None for one too large, broken, in UTF-16 or the like, with a DTD.

    Asked twice: of a parser that stops where a DTD begins, before any entity, and of the one that
    reads on, in case they disagree on what the bytes mean.
    """
    if len(content) > _MOST_XML or b"\x00" in content:
        return None
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _stop
    parser.XmlDeclHandler = _demand_utf8
    try:
        parser.Parse(content, True)
        tree = etree.fromstring(content, etree.XMLParser(**_PARSER))
    except (_UnwantedError, expat.ExpatError, etree.XMLSyntaxError, ValueError, LookupError):
        return None
    return tree if tree.getroottree().docinfo.internalDTD is None else None


def _stop(*_of_dtd: object) -> None:
    raise _UnwantedError


def _demand_utf8(_version: str, encoding: str | None, _standalone: int) -> None:
    if (encoding or "utf-8").lower() not in {"utf-8", "us-ascii"}:
        raise _UnwantedError


def _types(tree: Any) -> Iterator[Message]:
    kinds = {each.get("PartName"): each.get("ContentType", "") for each in tree.iter("{*}Override")}
    every = [each.get("ContentType", "") for each in tree.iter("{*}Default", "{*}Override")]
    if any("macroenabled" in kind.lower() or "vbaproject" in kind.lower() for kind in every):
        yield Message("含有%(what)s，请删去后再上传", what=Message("宏"))
    elif kinds.get(f"/{_MAIN}") != _MAIN_TYPE:
        yield Message("不是普通的 .docx 文档，请另存为 .docx 再上传")


def _relations(tree: Any) -> Iterator[Message]:
    for each in tree.iter("{*}Relationship"):
        if each.get("TargetMode", "").lower() != "external":
            continue
        kind = each.get("Type", "").rpartition("/")[2]
        what = _REACHES.get(kind, Message("外部引用"))
        yield Message(
            "含有%(what)s（%(target)s），请改成普通文字",
            what=what,
            target=each.get("Target", "")[:60],
        )
