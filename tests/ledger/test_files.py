"""Evidence files: good ones pass with time and place read, a hostile corpus is refused or safe."""

import io
import struct
import zipfile
import zlib
from datetime import UTC, datetime

import pikepdf
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from circle15.core.ciphers import sm3
from circle15.ledger import files
from circle15.ledger.files import CheckedFile, UnsafeFile, check_evidence, safe_name

SECRET = b"<script>alert('hidden')</script>"


def picture(form="PNG", size=(4, 3), mode="RGB", **options):
    out = io.BytesIO()
    Image.new(mode, size, **({"color": (200, 10, 10)} if mode == "RGB" else {})).save(
        out, form, **options
    )
    return out.getvalue()


def exif(*, taken=None, offset=None, orientation=None, gps=None):
    tags = Image.Exif()
    if orientation is not None:
        tags[0x0112] = orientation
    tags[0x010E] = SECRET.decode()
    inner = {0x9003: taken, 0x9011: offset}
    tags.get_ifd(0x8769).update({tag: value for tag, value in inner.items() if value})
    if gps:
        tags.get_ifd(0x8825).update(gps)
    return tags


QIDONG = {1: "N", 2: (31.0, 48.0, 36.0), 3: "E", 4: (121.0, 39.0, 18.0)}


def pdf(change=None, pages=1, **options):
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(200, 200))
    if change:
        change(document)
    out = io.BytesIO()
    document.save(out, **options)
    return out.getvalue()


def with_root(key, value):
    def change(document):
        document.Root[key] = document.make_indirect(value)

    return pdf(change)


def with_annotation(**entries):
    def change(document):
        note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Rect=[0, 0, 9, 9], **entries)
        document.pages[0].Annots = pikepdf.Array([note])

    return pdf(change)


def action(kind, **entries):
    return pikepdf.Dictionary(S=pikepdf.Name(f"/{kind}"), **entries)


def link(uri):
    return with_annotation(Subtype=pikepdf.Name.Link, A=action("URI", URI=uri))


def attached(document):
    spec = pikepdf.AttachedFileSpec(document, SECRET, filename="a.exe")
    document.attachments["a.exe"] = spec


def hidden_stream(**entries):
    def change(document):
        document.Root.Hidden = document.make_stream(b"x", **entries)

    return pdf(change)


def deep(document):
    document.Root.Deep = document.make_indirect(
        pikepdf.Dictionary(A=pikepdf.Array([pikepdf.Dictionary(B=action("Launch"))]))
    )


def zipped(*names):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, SECRET)
    return out.getvalue()


def chunk(kind, body):
    check = zlib.crc32(kind + body)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)


def png_claiming(width, height):
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(100)))
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")


def png_with(kind, body):
    plain = picture()
    return plain[:33] + chunk(kind, body) + plain[33:]


def animated(form):
    frames = [Image.new("RGB", (4, 3), color) for color in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, form, save_all=True, append_images=frames[1:])
    return out.getvalue()


def object_stream_pdf(megabytes):
    """Write a valid PDF whose catalog lies in a stream that unfolds to many megabytes."""
    body = zlib.compress(b"2 0 <</Type/Catalog/Pages 4 0 R>>" + bytes(megabytes << 20), 9)
    stream = b"/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n%b\nendstream"
    parts = {
        3: b"<</Type/ObjStm" + stream % (len(body), body),
        4: b"<</Type/Pages/Kids[5 0 R]/Count 1>>",
        5: b"<</Type/Page/Parent 4 0 R/MediaBox[0 0 9 9]>>",
    }
    out, places = b"%PDF-1.5\n", {}
    for number, part in parts.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, part)
    rows = [(0, 0), (1, len(out)), (2, 3), *((1, place) for place in places.values())]
    table = b"".join(struct.pack(">BIB", kind, place, 0) for kind, place in rows)
    head = b"1 0 obj\n<</Type/XRef/Size 6/W[1 4 1]/Root 2 0 R/Length %d>>stream\n" % len(table)
    tail = b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(out)
    return out + head + table + tail


REFUSED = {
    "empty": (b"", "文件为空"),
    "too big": (b"\xff\xd8\xff" + bytes(files.MAX_BYTES), "超过10MB"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "只接受"),
    "html": (b"<!DOCTYPE html>" + SECRET, "只接受"),
    "html before a jpeg": (SECRET + picture("JPEG"), "只接受"),
    "html before a pdf": (SECRET + pdf(), "只接受"),
    "blank before a pdf": (b"\n" + pdf(), "只接受"),
    "text": ("情况说明".encode(), "只接受"),
    "zip": (zipped("a.txt"), "只接受"),
    "docx": (zipped("[Content_Types].xml", "word/document.xml"), "只接受"),
    "xlsm": (zipped("[Content_Types].xml", "xl/vbaProject.bin"), "只接受"),
    "jar": (zipped("META-INF/MANIFEST.MF"), "只接受"),
    "old office": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "只接受"),
    "executable": (b"MZ" + bytes(200), "只接受"),
    "elf": (b"\x7fELF" + bytes(200), "只接受"),
    "shell": (b"#!/bin/sh\nrm -rf /", "只接受"),
    "php": (b"<?php system($_GET['c']); ?>", "只接受"),
    "gif": (picture("GIF"), "只接受"),
    "bmp": (picture("BMP"), "只接受"),
    "tiff": (picture("TIFF"), "只接受"),
    "ico": (picture("ICO", size=(16, 16)), "只接受"),
    "postscript": (b"%!PS-Adobe-3.0\n", "只接受"),
    "utf-16 html": ("<html>".encode("utf-16"), "只接受"),
    "jpeg head only": (b"\xff\xd8\xff\xe0", "损坏"),
    "jpeg head, then html": (b"\xff\xd8\xff\xe0" + SECRET, "损坏"),
    "png head only": (b"\x89PNG\r\n\x1a\n", "损坏"),
    "png head, then zip": (b"\x89PNG\r\n\x1a\n" + zipped("a"), "损坏"),
    "webp head only": (b"RIFF\x20\0\0\0WEBP", "损坏"),
    "avi as webp": (b"RIFF\x20\0\0\0AVI LIST", "只接受"),
    "truncated jpeg": (picture("JPEG", (300, 300))[:-900], "损坏"),
    "truncated png": (picture("PNG", (300, 300))[:200], "损坏"),
    "truncated webp": (picture("WEBP", (300, 300))[:60], "损坏"),
    "png with a wrong checksum": (picture()[:29] + b"xxxx" + picture()[33:], "损坏"),
    "bomb of 2.5 gigapixels": (png_claiming(50_000, 50_000), "过大|损坏"),
    "bomb of 100 megapixels": (png_claiming(10_000, 10_000), "过大|损坏"),
    "just over 50 megapixels": (png_claiming(10_000, 5_001), "过大"),
    "a very long strip": (png_claiming(16_384, 1), "过大"),
    "no pixels": (png_claiming(0, 0), "损坏"),
    "claims more than it has": (png_claiming(4000, 4000), "损坏"),
    "text bomb": (png_with(b"zTXt", b"a\0\0" + zlib.compress(bytes(70_000_000))), "损坏"),
    "animated png": (animated("PNG"), "动态"),
    "animated webp": (animated("WEBP"), "动态"),
    "pdf head only": (b"%PDF-1.7\n%%EOF", "损坏"),
    "pdf head, then html": (b"%PDF-1.7\n" + SECRET, "损坏"),
    "truncated pdf": (pdf()[:-120], "损坏"),
    "pdf with a zip behind": (pdf() + zipped(*(f"{n}.txt" for n in range(40))), "损坏"),
    "pdf bomb": (object_stream_pdf(80), "损坏"),
    "pdf without pages": (pdf(pages=0), "应有1至200页，现为0页"),
    "pdf of 201 pages": (pdf(pages=201), "应有1至200页，现为201页"),
    "pdf with password": (
        pdf(encryption=pikepdf.Encryption(user="secret", owner="secret")),
        "已加密",
    ),
    "pdf with owner password": (
        pdf(encryption=pikepdf.Encryption(user="", owner="secret")),
        "已加密",
    ),
    "pdf script on opening": (with_root("/OpenAction", action("JavaScript", JS="x")), "脚本"),
    "pdf script in a name tree": (
        with_root("/Names", pikepdf.Dictionary(JavaScript=pikepdf.Dictionary())),
        "脚本",
    ),
    "pdf launch": (with_root("/OpenAction", action("Launch", F="cmd.exe")), "启动外部程序"),
    "pdf launch deep inside": (pdf(deep), "启动外部程序"),
    "pdf submit": (with_annotation(A=action("SubmitForm")), "提交数据"),
    "pdf import": (with_annotation(A=action("ImportData")), "导入数据"),
    "pdf goto other file": (with_annotation(A=action("GoToR", F="a.pdf")), "打开其他文件"),
    "pdf goto embedded": (with_annotation(A=action("GoToE")), "打开嵌入文件"),
    "pdf attachment": (pdf(attached), "嵌入文件"),
    "pdf attachment note": (with_annotation(Subtype=pikepdf.Name("/FileAttachment")), "嵌入文件"),
    "pdf rich media": (with_annotation(Subtype=pikepdf.Name("/RichMedia")), "多媒体"),
    "pdf movie": (with_annotation(Subtype=pikepdf.Name("/Movie")), "多媒体"),
    "pdf xfa form": (with_root("/AcroForm", pikepdf.Dictionary(XFA="x")), "动态表单"),
    "pdf outside stream": (hidden_stream(F="//server/share"), "外部文件引用"),
    "pdf script link": (link("javascript:alert(1)"), "不安全的链接"),
    "pdf file link": (link("file:///etc/passwd"), "不安全的链接"),
}

JPEG_COMMENT = b"\xff\xfe" + struct.pack(">H", len(SECRET) + 2) + SECRET
MADE_SAFE = {
    "jpeg with html behind": picture("JPEG") + SECRET,
    "jpeg with zip behind": picture("JPEG") + zipped("a.txt"),
    "jpeg with html comment": picture("JPEG")[:2] + JPEG_COMMENT + picture("JPEG")[2:],
    "jpeg with exif": picture("JPEG", exif=exif(gps=QIDONG)),
    "jpeg with icc": picture("JPEG", icc_profile=SECRET),
    "png with html behind": picture() + SECRET,
    "png with text": png_with(b"tEXt", b"Comment\0" + SECRET),
    "png with unknown chunk": png_with(b"prVt", SECRET),
    "png with exif": picture(exif=exif(gps=QIDONG)),
    "webp with html behind": picture("WEBP") + SECRET,
    "webp with exif": picture("WEBP", exif=exif(gps=QIDONG).tobytes()),
    "webp with xmp": picture("WEBP", xmp=SECRET),
    "pdf with a little html behind": pdf() + SECRET,
    "pdf with html in a comment": pdf() + b"\n%" + SECRET,
}


@pytest.mark.parametrize("case", REFUSED)
def test_hostile_files_are_refused(case):
    content, message = REFUSED[case]
    with pytest.raises(UnsafeFile, match=message):
        check_evidence(content, name="证明.jpg")


@pytest.mark.parametrize("case", MADE_SAFE)
def test_polyglots_and_hidden_texts_are_made_safe(case):
    checked = check_evidence(MADE_SAFE[case], name="证明.jpg")
    for remains in (b"script", b"PK\x03\x04", b"Exif", b"EXIF", b"ICC", b"XMP"):
        assert remains not in checked.content
    again = check_evidence(checked.content, name="证明.jpg")
    assert again.media_type == checked.media_type


def test_the_corpus_is_large_enough():
    assert len(REFUSED) + len(MADE_SAFE) >= 80


def test_a_photo_is_upright_with_time_and_place():
    tags = exif(taken="2026:11:20 09:30:00", orientation=6, gps=QIDONG)
    content = picture("JPEG", (40, 30), exif=tags)
    checked = check_evidence(content, name="大厅.JPG")
    assert checked == CheckedFile(
        content=checked.content,
        media_type="image/jpeg",
        sm3=sm3(checked.content).hex(),
        original_sm3=sm3(content).hex(),
        safe_name="大厅.jpg",
        width=30,
        height=40,
        taken_at=datetime(2026, 11, 20, 1, 30, tzinfo=UTC),
        lon=121.655,
        lat=31.81,
    )
    with Image.open(io.BytesIO(checked.content)) as image:
        assert (image.size, dict(image.getexif())) == ((30, 40), {})


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_puts_the_same_corner_on_top(orientation):
    upright = Image.new("L", (16, 8), 0)
    upright.paste(255, (0, 0, 8, 4))  # the white corner belongs to the top left
    undo = {5: 5, 6: 8, 7: 7, 8: 6}.get(orientation, orientation)
    turn = files._TURNS.get(undo)
    out = io.BytesIO()
    (upright.transpose(turn) if turn is not None else upright).save(
        out, "PNG", exif=exif(orientation=orientation)
    )
    checked = check_evidence(out.getvalue(), name="a.png")
    with Image.open(io.BytesIO(checked.content)) as image:
        assert image.tobytes() == upright.tobytes()


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_unknown_orientations_are_left_alone(orientation):
    content = picture("JPEG", (40, 30), exif=exif(orientation=orientation))
    checked = check_evidence(content, name="a.jpg")
    assert (checked.width, checked.height) == (40, 30)


@pytest.mark.parametrize(
    ("taken", "offset", "read"),
    [
        ("2026:11:20 09:30:00", None, datetime(2026, 11, 20, 1, 30, tzinfo=UTC)),
        ("2026:11:20 09:30:00", "+01:00", datetime(2026, 11, 20, 8, 30, tzinfo=UTC)),
        ("2026:11:20 09:30:00", "late", None),
        ("0000:00:00 00:00:00", None, None),
        ("0001:01:01 00:00:00", None, None),
        ("yesterday", None, None),
        (None, None, None),
    ],
)
def test_capture_time(taken, offset, read):
    content = picture("JPEG", exif=exif(taken=taken, offset=offset))
    assert check_evidence(content, name="a.jpg").taken_at == read


@pytest.mark.parametrize(
    ("gps", "place"),
    [
        (QIDONG, (121.655, 31.81)),
        ({**QIDONG, 1: "S", 3: "W"}, (-121.655, -31.81)),
        ({**QIDONG, 1: "?"}, (None, None)),
        ({**QIDONG, 2: (91.0, 0.0, 0.0)}, (None, None)),
        ({**QIDONG, 4: (181.0, 0.0, 0.0)}, (None, None)),
        ({1: "N", 2: (31.0, 48.0, 36.0)}, (None, None)),
        ({1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)}, (None, None)),
        (None, (None, None)),
    ],
)
def test_capture_place(gps, place):
    checked = check_evidence(picture("JPEG", exif=exif(gps=gps)), name="a.jpg")
    assert (checked.lon, checked.lat) == place


@pytest.mark.filterwarnings("ignore:.*EXIF")
def test_a_broken_exif_counts_as_none():
    content = picture("JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff" + bytes(20))
    assert check_evidence(content, name="a.jpg").taken_at is None


@pytest.mark.parametrize(
    ("form", "mode", "kept"),
    [
        ("PNG", "RGBA", "RGBA"),
        ("PNG", "LA", "RGBA"),
        ("PNG", "P", "RGB"),
        ("PNG", "1", "L"),
        ("PNG", "L", "L"),
        ("PNG", "I;16", "L"),
        ("JPEG", "CMYK", "RGB"),
        ("JPEG", "L", "L"),
        ("WEBP", "RGBA", "RGBA"),
    ],
)
def test_color_modes(form, mode, kept):
    checked = check_evidence(picture(form, mode=mode), name="a")
    with Image.open(io.BytesIO(checked.content)) as image:
        assert (image.format, image.mode) == (form, kept)


def test_sixteen_bit_gray_keeps_its_brightness():
    out = io.BytesIO()
    Image.new("I;16", (2, 2), 128 * 256).save(out, "PNG")
    checked = check_evidence(out.getvalue(), name="a.png")
    with Image.open(io.BytesIO(checked.content)) as image:
        assert image.tobytes() == bytes([128] * 4)


def test_the_content_decides_not_the_name():
    assert check_evidence(picture("JPEG"), name="a.exe").safe_name == "a.jpg"
    assert check_evidence(pdf(), name="a.html").media_type == "application/pdf"


def test_an_ordinary_pdf_passes_and_is_stable():
    content = link("https://www.nhsa.gov.cn/")
    checked = check_evidence(content, name="会议纪要.pdf")
    assert (checked.pages, checked.safe_name, checked.width) == (1, "会议纪要.pdf", None)
    assert checked.original_sm3 == sm3(content).hex()
    assert check_evidence(content, name="会议纪要.pdf") == checked
    with pikepdf.open(io.BytesIO(checked.content)) as document:
        assert len(document.pages) == 1


def test_the_bomb_would_pass_if_it_were_small():
    assert check_evidence(object_stream_pdf(1), name="a.pdf").pages == 1


def test_the_largest_pdf_passes():
    assert check_evidence(pdf(pages=200), name="a.pdf").pages == 200


def test_a_name_written_in_hex_is_still_found():
    plain = pdf(lambda d: d.Root.__setitem__("/Zz", action("Launchx")))
    content = plain.replace(b"/Launchx", b"/L#61unch").replace(b"/S /L#61", b"/S/L#61")
    padded = content.replace(b"/S/L#61unch", b"/S/L#61unch".ljust(len("/S /Launchx")))
    assert len(padded) == len(plain)
    with pytest.raises(UnsafeFile, match="启动外部程序"):
        check_evidence(padded, name="a.pdf")


def test_a_pdf_with_too_many_parts_is_refused(monkeypatch):
    monkeypatch.setattr(files, "_MAX_NODES", 3)
    with pytest.raises(UnsafeFile, match="过于复杂"):
        check_evidence(pdf(), name="a.pdf")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("大厅 照片.jpeg", "大厅 照片.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\temp\\a.jpg", "a.jpg"),
        ("evil\u202egpj.exe", "evilgpj.jpg"),
        ("a\x00b\n.jpg", "ab.jpg"),
        ("2024.1.5现场.jpg", "2024_1_5现场.jpg"),
        ("shell.php.jpg", "shell_php.jpg"),
        ("<script>.jpg", "_script_.jpg"),
        ("CON", "附件CON.jpg"),
        ("com1.jpg", "附件com1.jpg"),
        (".htaccess", "_htaccess.jpg"),
        ("", "附件.jpg"),
        ("...", "附件.jpg"),
        ("-rf.jpg", "rf.jpg"),
        ("㐂镕（一）.png", "㐂镕（一）.jpg"),
        ("a" * 300, "a" * 116 + ".jpg"),
        ("长" * 300, "长" * 78 + ".jpg"),
    ],
)
def test_safe_names(name, safe):
    assert safe_name(name, "image/jpeg") == safe


@settings(deadline=None)
@given(st.text())
@example("\u202e" * 200)
def test_any_name_becomes_safe(name):
    safe = safe_name(name, "application/pdf")
    assert safe.endswith(".pdf")
    assert len(safe) <= 120
    assert len(safe.encode()) <= 240
    assert not set('/\\:*?"<>|\0\n') & set(safe)
    assert safe.count(".") == 1
    assert safe_name(safe, "application/pdf") == safe


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow on damaged EXIF
@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["JPEG", "PNG", "WEBP", "PDF"]), st.data())
def test_any_damage_is_refused_or_made_safe(form, data):
    good = pdf() if form == "PDF" else picture(form, (20, 20))
    damaged = bytearray(good)
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    try:
        checked = check_evidence(bytes(damaged), name="a")
    except UnsafeFile:
        return
    assert check_evidence(checked.content, name="a").media_type == checked.media_type
