"""Look into a zipped spreadsheet before it is opened: bombs are refused, hidden rows noted.

The reader behind it keeps a whole sheet as a dense grid, so one cell far away would cost gigabytes.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from html import unescape

from circle15.core.messages import Message
from circle15.imports.refusals import FileRefused

MOST_ROWS = 200_000
MOST_COLUMNS = 200
_MOST_PARTS = 2_000
_MOST_UNPACKED = 300 * 1024 * 1024
_MOST_TEXT = 64 * 1024 * 1024
_MOST_SHARED = 1_000_000_000  # cells x longest shared text: every cell gets its own copy
_CHUNK = 1024 * 1024
_LONGEST_CELL = 4 * 1024 * 1024
# A cell with a style and no content costs nothing.
_CELL = re.compile(rb'<c r="([A-Z]{1,4})([0-9]{1,9})"[^>/]*>(?!</c>)')
_HIDDEN_ROW = re.compile(rb'<row (?=[^>]*hidden="(?:1|true)")[^>]*?\br="([0-9]{1,9})"')
_SHEET = re.compile(r"<(?:\w+:)?sheet\b[^>]*>")
_ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')
_RELATION = re.compile(r"<Relationship\b[^>]*>")
_REPEATED = re.compile(rb'number-(?:rows|columns)-repeated="([0-9]{4,})"[^>]*>\s*<(?:table|text):')


def look_into(content: bytes) -> dict[str, frozenset[int]]:
    """Give the hidden rows (from 1) of every sheet; raises FileRefused for a dangerous file."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _look_into(archive)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError):
        raise FileRefused(Message("文件已损坏，无法打开，请用表格软件打开后另存一份")) from None


def _look_into(archive: zipfile.ZipFile) -> dict[str, frozenset[int]]:
    parts = archive.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise FileRefused(Message("文件设有密码，请取消密码后重新上传"))
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
        raise FileRefused(Message("文件解压后过大，请拆分成几个文件"))
    names = {part.filename for part in parts}
    if "content.xml" in names:
        _check_open_document(archive)
        return {}
    if "xl/workbook.xml" not in names:
        raise FileRefused(Message("不是可以识别的表格文件，请上传xlsx、xls、ods或csv文件"))
    _check_the_rest(archive, names)
    longest = _longest_shared_text(archive, names)
    sheets = [part.filename for part in parts if part.filename.startswith("xl/worksheets/")]
    hidden = {part: _check_sheet(archive, part, longest) for part in sheets}
    titles = _titles(archive, names)
    return {title: hidden.get(part, frozenset()) for title, part in titles.items()}


def _check_the_rest(archive: zipfile.ZipFile, names: set[str]) -> None:
    """Unpack every part once: a size that was declared falsely fails its checksum."""
    for name in names:
        if not name.startswith("xl/worksheets/"):
            for _ in _chunks(archive, name):
                pass


def _chunks(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _longest_shared_text(archive: zipfile.ZipFile, names: set[str]) -> int:
    part = "xl/sharedStrings.xml"
    if part not in names:
        return 0
    if archive.getinfo(part).file_size > _MOST_TEXT:
        raise FileRefused(Message("文件中的文字过多，请拆分成几个文件"))
    return max(map(len, archive.read(part).split(b"<si")))


def _check_sheet(archive: zipfile.ZipFile, part: str, longest: int) -> frozenset[int]:
    hidden: set[int] = set()
    cells = last_row = 0
    tail = b""
    for chunk in _chunks(archive, part):
        piece = tail + chunk
        cut = max(piece.rfind(b"<c "), piece.rfind(b"<row "), 0)
        tail = piece[cut:]
        if len(tail) > _LONGEST_CELL:
            raise FileRefused(Message("文件中的文字过多，请拆分成几个文件"))
        seen = piece[:cut]
        hidden |= {int(row) for row in _HIDDEN_ROW.findall(seen)}
        last_row, count = _extent(seen, last_row)
        cells += count
    hidden |= {int(row) for row in _HIDDEN_ROW.findall(tail)}
    _, count = _extent(tail, last_row)
    if (cells + count) * longest > _MOST_SHARED:
        raise FileRefused(Message("文件中的文字过多，请拆分成几个文件"))
    return frozenset(hidden)


def _extent(piece: bytes, last_row: int) -> tuple[int, int]:
    found = _CELL.findall(piece)
    for letters, number in found:
        last_row = max(last_row, int(number))
        if len(letters) > 2 or _column(letters) > MOST_COLUMNS:  # noqa: PLR2004 -- AAA is the 703rd
            raise FileRefused(
                Message("表格最多%(most)s列，请删除右侧多余的内容", most=MOST_COLUMNS)
            )
    if last_row > MOST_ROWS:
        raise FileRefused(
            Message("表格最多%(most)s行，请拆分，或删除下方多余的内容", most=MOST_ROWS)
        )
    return last_row, len(found)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _titles(archive: zipfile.ZipFile, names: set[str]) -> dict[str, str]:
    """Give the part of every sheet by its title."""
    links = "xl/_rels/workbook.xml.rels"
    if links not in names:
        return {}
    text = archive.read(links).decode("utf-8", "replace")
    targets = {one.get("Id", ""): one.get("Target", "") for one in _tags(_RELATION, text)}
    book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
    return {
        unescape(one.get("name", "")): _inside(targets.get(one.get("r:id", ""), ""))
        for one in _tags(_SHEET, book)
    }


def _tags(pattern: re.Pattern[str], text: str) -> Iterator[dict[str, str]]:
    for tag in pattern.findall(text):
        yield dict(_ATTRIBUTE.findall(tag))


def _inside(target: str) -> str:
    return target.lstrip("/") if target.startswith("/xl/") else f"xl/{target.removeprefix('./')}"


def _check_open_document(archive: zipfile.ZipFile) -> None:
    if archive.getinfo("content.xml").file_size > _MOST_TEXT:
        raise FileRefused(Message("文件解压后过大，请拆分成几个文件"))
    content = archive.read("content.xml")
    if any(int(count) > MOST_ROWS // 100 for count in _REPEATED.findall(content)):
        raise FileRefused(Message("表格中有大量重复的行或列，请删除后重新上传"))
    _check_the_rest(archive, set(archive.namelist()))
