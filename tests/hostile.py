"""Files somebody might send to do harm, made here by a seeded hand: none lies in the repository.

Together with those of `tests/ledger/test_files.py` and `tests/imports/test_reading.py`.
"""

import base64
import gzip
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator
from functools import cache

import pikepdf
from docx import Document
from openpyxl import Workbook
from PIL import Image

SEED = 15
SECRET = b"<script>alert(document.domain)</script>"
# The harmless file every scanner knows, written so that none finds it here.
EICAR = base64.b64decode(
    "WDVPIVAlQEFQWzRcUFpYNTQoUF4pN0NDKTd9JEVJQ0FSLVNUQU5EQVJELUFOVElWSVJVUy1URVNULUZJTEUhJEgrSCo="
)
PASSWD = '<!DOCTYPE a [<!ENTITY xxe SYSTEM "file:///etc/passwd">]>'
LAUGHS = "<!DOCTYPE a [{}]>".format(
    '<!ENTITY l0 "ha">' + "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
)
MAIN = "application/vnd.openxmlformats-officedocument.{}.main+xml"
MACROS = "application/vnd.ms-{}.main+xml"


def zipped(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return out.getvalue()


def unzipped(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@cache
def xlsx(*rows: tuple[str, ...]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in rows or (("代码", "名称"), ("1", "甲")):
        book.active.append(row)
    book.save(out)
    return zipped(unzipped(out.getvalue()) | {"docProps/core.xml": b"<a/>"})  # it tells the time


@cache
def docx() -> bytes:
    paper, out = Document(), io.BytesIO()
    paper.add_paragraph("受理通知书")
    paper.save(out)
    return zipped(unzipped(out.getvalue()))


@cache
def picture(form: str) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((48, 32), 60).convert("RGB").save(out, form)
    return out.getvalue()


@cache
def pdf() -> bytes:
    document, out = pikepdf.new(), io.BytesIO()
    document.add_blank_page(page_size=(200, 200))
    document.save(out, deterministic_id=True)
    return out.getvalue()


def changed(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    parts = unzipped(content)
    assert old in parts[part], (part, old)
    return zipped(parts | {part: parts[part].replace(old, new, 1)})


def with_parts(content: bytes, **parts: bytes) -> bytes:
    return zipped(unzipped(content) | {name.replace("__", "/"): one for name, one in parts.items()})


def png(width: int, height: int, *more: tuple[bytes, bytes]) -> bytes:
    """Write a black picture row by row: a few kilobytes, however large it unfolds."""
    packer, row = zlib.compressobj(9), bytes(1 + 3 * width)
    body = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), *more, (b"IDAT", body), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(part)) + kind + part + struct.pack(">I", zlib.crc32(kind + part))
        for kind, part in chunks
    )


def jpeg_claiming(width: int, height: int) -> bytes:
    plain = picture("JPEG")
    place = plain.index(b"\xff\xc0") + 5
    return plain[:place] + struct.pack(">HH", height, width) + plain[place + 4 :]


def matryoshka(depth: int) -> bytes:
    content = zipped({"0": bytes(1 << 20)})
    for level in range(depth):
        content = zipped({f"{level}-{n}.zip": content for n in range(4)})
    return content


def tables() -> Iterator[tuple[str, bytes]]:
    sheet, main = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
    yield (
        "xlsx reading a file",
        changed(
            changed(xlsx(), sheet, b"<worksheet", PASSWD.encode() + b"<worksheet"),
            sheet,
            b"&#30002;",
            b"&xxe;",
        ),
    )
    yield (
        "xlsx of a billion laughs",
        changed(
            changed(xlsx(), sheet, b"<worksheet", LAUGHS.encode() + b"<worksheet"),
            sheet,
            b"&#30002;",
            b"&l9;",
        ),
    )
    yield (
        "xlsx reading a file in its book",
        changed(xlsx(), main, b"<workbook", PASSWD.encode() + b"<workbook"),
    )
    link = b'<externalLink><externalBook r:id="rId1"/></externalLink>'
    target = (
        b'<Relationships><Relationship Id="rId1" Target="//server/share/a.xlsx"/></Relationships>'
    )
    yield (
        "xlsx with outside links",
        with_parts(
            xlsx(),
            **{
                "xl__externalLinks__externalLink1.xml": link,
                "xl__externalLinks___rels__a.rels": target,
            },
        ),
    )
    yield (
        "xlsx that starts a program",
        changed(
            xlsx(), sheet, b't="inlineStr"><is><t>1</t></is>', b"><f>cmd|'/C calc'!A0</f><v>3</v>"
        ),
    )
    yield (
        "xlsm",
        with_parts(
            changed(
                xlsx(),
                "[Content_Types].xml",
                MAIN.format("spreadsheetml.sheet").encode(),
                MACROS.format("excel.sheet.macroEnabled").encode(),
            ),
            **{"xl__vbaProject.bin": b"\xd0\xcf\x11\xe0 AutoOpen"},
        ),
    )
    yield (
        "xlsx with names that climb",
        with_parts(xlsx(), **{"..__..__..__..__tmp__circle15-evil": SECRET, "C:\\evil.exe": b"MZ"}),
    )
    yield (
        "xlsx of many parts",
        zipped({f"xl/{n}.xml": b"" for n in range(2_500)}, zipfile.ZIP_STORED),
    )
    yield (
        "xlsx with a program inside",
        with_parts(xlsx(), **{"xl__embeddings__a.exe": b"MZ" + SECRET}),
    )
    yield "xlsx whose parts are broken", changed(xlsx(), sheet, b"<sheetData>", b"<sheetData")
    yield "xlsx without sheets", zipped({main: b"<workbook/>"})
    yield "zips in zips", matryoshka(4)
    yield (
        "ods with a macro",
        zipped({"content.xml": b"<a/>", "Basic/Standard/M.xml": b'Shell("calc")'}),
    )
    yield "ods reading a file", zipped({"content.xml": f"{PASSWD}<a>&xxe;</a>".encode()})
    yield "old office with nothing in it", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 4096
    yield (
        "old office, random",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + random.Random(SEED).randbytes(4096),
    )


def texts() -> Iterator[tuple[str, bytes]]:
    yield "the scanners' test file", EICAR
    yield (
        "csv of formulas",
        '代码,名称\n1,=HYPERLINK("http://x")\n2,@SUM(1)\n3,+cmd|x\n4,-1+1'.encode(),
    )
    yield "csv of a started program", b"a,b\n1,=cmd|'/C calc'!A0\n"
    yield "csv in UTF-16", "代码,名称\n1,甲\n".encode("utf-16")
    yield "csv in Latin letters", "code,name\n1,Müller é\n".encode("latin-1")
    yield "csv with a null byte", b"a,b\n1,\x00\n"
    yield "csv turned around", "代码,名称\n1,\u202egpj.exe\u202c\n".encode()
    yield "csv of numbers gone wrong", b"id\n3.20681E+17\n320681199001011234567\n"
    yield "csv of one endless line", b"a," * 200_000
    yield "csv of one endless cell", b"a\n" + b"x" * 1_000_000
    yield "csv of many quotes", b'"' * 100_001
    yield "json", b'{"a": [' + b"[" * 20_000
    yield "xml reading a file", f"{PASSWD}<a>&xxe;</a>".encode()
    yield "svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    yield "svg, packed", gzip.compress(b"<svg onload='alert(1)'/>", mtime=0)
    yield (
        "web page saved as one file",
        b"MIME-Version: 1.0\nContent-Type: multipart/related\n" + SECRET,
    )
    yield "shortcut", b"L\0\0\0\x01\x14\x02\0" + SECRET
    yield "batch file", b"@echo off\r\ndel /q *.*\r\n"
    yield "rtf with an object", b"{\\rtf1{\\object\\objemb{\\*\\objdata 0105}}}"


def papers() -> Iterator[tuple[str, bytes]]:
    main, types = "word/document.xml", "[Content_Types].xml"
    kind = MAIN.format("wordprocessingml.document").encode()
    yield (
        "docx reading a file",
        changed(docx(), main, b"<w:document", PASSWD.encode() + b"<w:document"),
    )
    yield (
        "docx of a billion laughs",
        changed(docx(), main, b"<w:document", LAUGHS.encode() + b"<w:document"),
    )
    yield (
        "docm",
        with_parts(
            changed(docx(), types, kind, MACROS.format("word.document.macroEnabled").encode()),
            **{"word__vbaProject.bin": b"\xd0\xcf\x11\xe0"},
        ),
    )
    far = (
        b'<Relationship Id="rX" Target="http://x/a.dotm" TargetMode="External" Type="http://'
        b'schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"/>'
    )
    yield (
        "docx with a template from afar",
        changed(
            docx(), "word/_rels/document.xml.rels", b"</Relationships>", far + b"</Relationships>"
        ),
    )
    yield (
        "docx with an object",
        with_parts(docx(), **{"word__embeddings__oleObject1.bin": b"\xd0\xcf"}),
    )
    yield "docx with a page inside", with_parts(docx(), **{"word__afchunk1.html": SECRET})
    yield "docx with names that climb", with_parts(docx(), **{"..__..__evil.xml": b"<a/>"})
    yield "docx that bursts", with_parts(docx(), **{"word__media__a.png": bytes(40 << 20)})
    yield (
        "docx in UTF-16",
        zipped(unzipped(docx()) | {main: unzipped(docx())[main].decode().encode("utf-16")}),
    )
    yield "docx without its main part", zipped({types: b"<Types/>"})


def pictures() -> Iterator[tuple[str, bytes]]:
    packed = zlib.compress(bytes(80 << 20), 9)
    yield "png without its end", png(1_200, 1_000)[:-12] + b"\0" * 40
    yield "png of 25 megapixels", png(5_001, 5_000)
    yield "png with a color profile that bursts", png(8, 8, (b"iCCP", b"a\0\0" + packed))
    yield "png with words that burst", png(8, 8, (b"iTXt", b"a\0\1\0\0\0" + packed))
    yield "jpeg claiming 60,000 by 60,000", jpeg_claiming(60_000, 60_000)
    yield "jpeg claiming 15,000 by 3,000", jpeg_claiming(15_000, 3_000)
    yield "jpeg that is a program too", picture("JPEG") + zipped({"META-INF/MANIFEST.MF": SECRET})
    yield (
        "jpeg that is a pdf too",
        picture("JPEG")[:2] + b"\xff\xfe\0\x0c%PDF-1.7\n" + picture("JPEG")[2:],
    )
    yield (
        "png that is a script too",
        png(8, 8, (b"tEXt", b"a\0<?php system($_GET['c']) ?>" + SECRET)),
    )
    yield "jpeg of comments only", b"\xff\xd8" + b"\xff\xfe\xff\xff" * 50_000
    yield "picture of two", picture("JPEG") + picture("JPEG")
    yield "jpeg 2000", b"\0\0\0\x0cjP  \r\n\x87\n" + SECRET
    yield "heic", b"\0\0\0\x18ftypheic\0\0\0\0" + SECRET
    yield "icon", b"\0\0\1\0\1\0" + bytes(64)
    yield "x pixmap", b"/* XPM */ static char *a[] = {" + SECRET
    yield "windows picture that draws by commands", b"\xd7\xcd\xc6\x9a" + bytes(64)


def documents() -> Iterator[tuple[str, bytes]]:
    plain = pdf()
    yield (
        "pdf whose pages are their own children",
        plain.replace(b"/Kids [ 3 0 R ]", b"/Kids [ 2 0 R ]"),
    )
    yield "pdf that is its own past", plain.replace(b"/Root", b"/Prev 15/Root")
    yield "pdf claiming a million pages", plain.replace(b"/Count 1", b"/Count 1000000")
    yield "pdf, script in a page", with_page_action()
    yield "pdf behind a picture", picture("JPEG") + plain
    yield "pdf with an endless number", plain.replace(b"200", b"2" * 5_000, 1)


def with_page_action() -> bytes:
    document, out = pikepdf.new(), io.BytesIO()
    document.add_blank_page(page_size=(200, 200))
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.launchURL('http://x')")
    document.pages[0].AA = pikepdf.Dictionary(O=script)
    document.save(out, deterministic_id=True)
    return out.getvalue()


def damaged() -> Iterator[tuple[str, bytes]]:
    """Every kind of good file, cut or with some bytes changed, by a seeded hand."""
    chance = random.Random(SEED)
    sound = {"jpeg": picture("JPEG"), "png": picture("PNG"), "webp": picture("WEBP")}
    sound |= {"pdf": pdf(), "xlsx": xlsx(), "docx": docx()}
    for name, content in sound.items():
        for number in range(6):
            body = bytearray(content)
            for _ in range(8):
                body[chance.randrange(8, len(body))] = chance.randrange(256)
            keep = len(body) if number % 2 else chance.randrange(8, len(body))
            yield f"{name}, damaged {number}", bytes(body[:keep])


@cache
def corpus() -> dict[str, bytes]:
    """Return every file by its name."""
    kinds = (tables(), texts(), papers(), pictures(), documents(), damaged())
    return {name: content for kind in kinds for name, content in kind}
