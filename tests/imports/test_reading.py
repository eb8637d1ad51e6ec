"""Files that are no tables, or dangerous ones, are refused with advice; the rest is read."""

import io
import struct
import zipfile

import pytest
from openpyxl import Workbook
from tests.imports.files import csv_bytes, saved, xlsx

from circle15.imports import archives
from circle15.imports.reading import MOST_BYTES, read
from circle15.imports.refusals import FileRefused


def _zip(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def _sheet_xml(cells: str) -> bytes:
    return f"<worksheet><sheetData>{cells}</sheetData></worksheet>".encode()


def _encrypted(content: bytes) -> bytes:
    """Set the flag of encryption in the central directory."""
    start = content.index(b"PK\x01\x02")
    return content[: start + 8] + struct.pack("<H", 1) + content[start + 10 :]


def _replaced(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts[part]
    return _zip(parts | {part: parts[part].replace(old, new)})


BOOK = b'<workbook><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>'
HOSTILE = {
    "empty": (b" \n", "文件是空的"),
    "too big": (b"a" * (MOST_BYTES + 1), "文件超过32MB"),
    "web page": (b"<html><table>", "网页格式"),
    "binary": (b"MZ\x90\0\x03", "不是可以识别的表格文件|文件编码"),
    "pdf": (b"%PDF-1.7\n\xe2\xe3\xcf\xd3", "文件编码既不是"),
    "cut zip": (xlsx([["a"]])[:900], "文件已损坏"),
    "other zip": (_zip({"a.txt": b"x"}), "不是可以识别的表格文件"),
    "password": (_encrypted(xlsx([["a"]])), "设有密码"),
    "bomb": (_zip({"xl/workbook.xml": BOOK, "b": bytes(301 * 1024 * 1024)}), "解压后过大"),
    "cut xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "无法打开"),
    "far column": (
        _zip(
            {"xl/workbook.xml": BOOK, "xl/worksheets/s.xml": _sheet_xml('<c r="XFD1"><v>1</v></c>')}
        ),
        "最多200列",
    ),
    "far row": (
        _zip(
            {
                "xl/workbook.xml": BOOK,
                "xl/worksheets/s.xml": _sheet_xml('<c r="A1048576"><v>1</v></c>'),
            }
        ),
        "最多200000行",
    ),
    "repeated text": (
        _zip(
            {
                "xl/workbook.xml": BOOK,
                "xl/sharedStrings.xml": b"<sst><si><t>" + b"a" * 1_000_000 + b"</t></si></sst>",
                "xl/worksheets/s.xml": _sheet_xml(
                    "".join(f'<c r="A{n}" t="s"><v>0</v></c>' for n in range(1, 2000))
                ),
            }
        ),
        "文字过多",
    ),
    "repeated rows": (
        _zip({"content.xml": b'<t:r table:number-rows-repeated="100000"><table:table-cell/>'}),
        "重复的行或列",
    ),
    "open quote": (b'a,b\n"' + b"x" * 200_000, "CSV格式不正确"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused(name):
    content, message = HOSTILE[name]
    with pytest.raises(FileRefused, match=message):
        read(content)


def test_styles_far_away_are_no_content():
    book = Workbook()
    book.active.append(["a"])
    book.active["A300000"].number_format = "@"
    assert read(saved(book))[0].rows == [["a"]]


def test_a_falsely_declared_size_is_refused():
    content = bytearray(_zip({"xl/workbook.xml": BOOK, "b": bytes(5_000_000)}))
    start = content.index(b"PK\x01\x02", content.index(b"PK\x01\x02") + 4)
    content[start + 24 : start + 28] = struct.pack("<I", 10)
    with pytest.raises(FileRefused, match="文件已损坏"):
        read(bytes(content))


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_the_delimiter_is_found(delimiter):
    content = f"代码{delimiter}名称\n1{delimiter}甲".encode()
    assert read(content)[0].rows == [["代码", "名称"], ["1", "甲"]]


def test_formulas_are_read_as_their_last_value():
    book = Workbook()
    book.active.append(["a", "=1+1"])
    content = _replaced(saved(book), "xl/worksheets/sheet1.xml", b"<v></v>", b"<v>2</v>")
    assert read(content)[0].rows == [["a", 2.0]]


def test_csv_is_text_and_named_by_its_encoding():
    sheet = read(csv_bytes([["代码"], ["镕"]], "gb18030"))[0]
    assert (sheet.is_text, sheet.encoding, sheet.rows) == (True, "GB18030", [["代码"], ["镕"]])


@pytest.mark.parametrize("chunk", [500, 1000, 4096])
def test_hidden_rows_are_found_across_chunks(monkeypatch, chunk):
    monkeypatch.setattr(archives, "_CHUNK", chunk)
    book = Workbook()
    for number in range(1, 200):
        book.active.append([number, "文字"])
    for number in (2, 77, 199):
        book.active.row_dimensions[number].hidden = True
    assert archives.look_into(saved(book)) == {"Sheet": frozenset({2, 77, 199})}
