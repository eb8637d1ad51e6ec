"""Evidence files: what may enter the ledger, made safe before it is stored.

Photos are decoded and written anew, so nothing but pixels survives; time and place are read from
the EXIF first. PDFs are searched for anything that acts and written anew, which drops whatever
hides around the document. A signature inside a PDF does not survive that: `original_sm3` is the
digest of the file as it was handed in, for comparison with an original kept elsewhere.
"""

import math
import re
import struct
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO

import pikepdf
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from pikepdf import settings as qpdf
from PIL import Image

from circle15.core.ciphers import sm3
from circle15.core.text import without_invisible

MAX_BYTES = 10 * 1024 * 1024
# A JPEG is cheap to decode and write; the others cost so much time and memory for each pixel that
# a file of 100 kB would hold a process up for seconds with a gigabyte.
MAX_PIXELS = {
    "JPEG": 50_000_000,
    "progressive JPEG": 30_000_000,
    "PNG": 24_000_000,
    "WEBP": 16_000_000,
}
MAX_SIDE = 16_383  # the longest WebP
MAX_PAGES = 200
MAX_NAME = 120
_MAX_NAME_BYTES = 240  # file systems take 255
_MAX_NODES = 500_000  # objects looked at in one PDF

# Process-wide and set before any file is read: a small PDF must not unfold into gigabytes.
qpdf.set_qpdf_limits(
    flate_max_memory=64 * 1024 * 1024,
    run_length_max_memory=64 * 1024 * 1024,
    png_max_memory=64 * 1024 * 1024,
    tiff_max_memory=64 * 1024 * 1024,
)

_EXTENSIONS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "application/pdf": ".pdf",
}
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}

# What parsers raise on damaged or hostile content.
_PARSER_ERRORS = (
    ArithmeticError,
    AttributeError,
    EOFError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    pikepdf.PdfError,
    struct.error,
)


class UnsafeFile(ValueError):
    """The file may not enter the ledger; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file fit to be stored. Digests are SM3 in hexadecimal, positions as the camera gave them.

    `taken_at` is UTC; a camera that names no time zone is taken to show Beijing time.
    """

    content: bytes
    media_type: str
    sm3: str
    original_sm3: str
    safe_name: str
    width: int | None = None
    height: int | None = None
    pages: int | None = None
    taken_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True)
class _Capture:
    """What the EXIF of a photo says about time and place."""

    taken_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None


def check_evidence(content: bytes, *, name: str) -> CheckedFile:
    """Accept a JPEG, PNG, WebP or PDF and make it safe; raises UnsafeFile for anything else.

    The content decides what it is, never the name.
    """
    if not content:
        raise UnsafeFile(_("文件为空，请重新选择"))
    if len(content) > MAX_BYTES:
        raise UnsafeFile(_("文件超过%(most)sMB，请压缩后上传") % {"most": MAX_BYTES // 1024**2})
    media_type = _media_type(content)
    if media_type == "application/pdf":
        return _checked_pdf(content, name)
    return _checked_image(content, name, media_type)


def safe_name(name: str, media_type: str) -> str:
    """Give a harmless file name: no folder, no invisible or special character, the true ending."""
    base = without_invisible(unicodedata.normalize("NFC", name)).replace("\\", "/")
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", base.rsplit("/", maxsplit=1)[-1].strip())
    stem = re.sub(r"[^\w()（）《》【】、，。+ -]", "_", stem).strip(" -")
    if not stem.strip("_") or re.fullmatch(r"(?i)con|prn|aux|nul|(com|lpt)[0-9]", stem):
        stem = f"附件{stem}".rstrip("_")
    extension = _EXTENSIONS[media_type]
    stem = stem[: MAX_NAME - len(extension)]
    room = _MAX_NAME_BYTES - len(extension)
    return stem.encode()[:room].decode(errors="ignore").rstrip() + extension


def _media_type(content: bytes) -> str:
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    raise UnsafeFile(_("只接受JPEG、PNG、WebP图片和PDF文件，请转换格式后上传"))


def _checked_image(content: bytes, name: str, media_type: str) -> CheckedFile:
    try:
        image, capture = _decoded(content, media_type)
        safe = _written(image, _FORMATS[media_type])
    except UnsafeFile:
        raise
    except _PARSER_ERRORS as error:
        raise UnsafeFile(_("图片已损坏或不完整，请重新拍摄或导出")) from error
    return CheckedFile(
        content=safe,
        media_type=media_type,
        sm3=sm3(safe).hex(),
        original_sm3=sm3(content).hex(),
        safe_name=safe_name(name, media_type),
        width=image.width,
        height=image.height,
        taken_at=capture.taken_at,
        lon=capture.lon,
        lat=capture.lat,
    )


def _decoded(content: bytes, media_type: str) -> tuple[Image.Image, _Capture]:
    form = _FORMATS[media_type]
    with Image.open(BytesIO(content), formats=[form]) as image:
        _check_size(image)
        # A JPEG may carry a depth map or a clip as second picture; the first is the photo.
        if form != "JPEG" and getattr(image, "n_frames", 1) > 1:
            raise UnsafeFile(_("不接受动态图片，请上传静态图片"))
        exif = _exif(image)
        image.load()
        return _upright(_plain(image, form), exif), _capture(exif)


def most_pixels(image: Image.Image) -> int:
    """Return how many pixels a picture of this kind may have."""
    slowly = "progressive " if image.format == "JPEG" and "progressive" in image.info else ""
    return MAX_PIXELS[f"{slowly}{image.format}"]


def _check_size(image: Image.Image) -> None:
    (width, height), most = image.size, most_pixels(image)
    if max(width, height) > MAX_SIDE or width * height > most:
        raise UnsafeFile(
            _("图片尺寸%(size)s过大，每边最多%(side)s像素，共%(most)s像素")
            % {"size": f"{width}×{height}", "side": MAX_SIDE, "most": f"{most:,}"}
        )


def _plain(image: Image.Image, form: str) -> Image.Image:
    """Reduce to 8-bit gray, RGB or RGBA without any attached information."""
    if image.mode.startswith("I"):
        image = image.point(lambda value: value * (1 / 256)).convert("L")
    if form != "JPEG" and image.has_transparency_data:
        mode = "RGBA"
    else:
        mode = "L" if image.mode in {"1", "L"} else "RGB"
    plain = image if image.mode == mode else image.convert(mode)  # a copy of 150 MB less
    plain.info.clear()
    return plain


_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ORIENTATION, _EXIF_IFD, _GPS_IFD = 0x0112, 0x8769, 0x8825
_TAKEN_AT, _TAKEN_OFFSET = 0x9003, 0x9011
_LAT_REF, _LAT, _LON_REF, _LON = 1, 2, 3, 4
_BEIJING = timezone(timedelta(hours=8))


# As quick as keeps 24 megapixels under two seconds; a photo grows by a tenth at most.
_WRITING: dict[str, dict[str, int]] = {
    "JPEG": {"quality": 85},
    "PNG": {"compress_level": 4},
    "WEBP": {"quality": 85, "method": 2},
}


def _written(image: Image.Image, form: str) -> bytes:
    out = BytesIO()
    image.save(out, format=form, **_WRITING[form])
    return out.getvalue()


def _exif(image: Image.Image) -> dict[int, object]:
    """Flatten the parts of the EXIF that matter; a broken EXIF counts as none."""
    try:
        exif = image.getexif()
        return {
            _ORIENTATION: exif.get(_ORIENTATION),
            _EXIF_IFD: dict(exif.get_ifd(_EXIF_IFD)),
            _GPS_IFD: dict(exif.get_ifd(_GPS_IFD)),
        }
    except _PARSER_ERRORS:
        return {}


def _upright(image: Image.Image, exif: Mapping[int, object]) -> Image.Image:
    orientation = exif.get(_ORIENTATION)
    turn = _TURNS.get(orientation) if isinstance(orientation, int) else None
    return image if turn is None else image.transpose(turn)


def _capture(exif: Mapping[int, object]) -> _Capture:
    times, place = exif.get(_EXIF_IFD), exif.get(_GPS_IFD)
    taken_at = _taken_at(times) if isinstance(times, dict) else None
    if not isinstance(place, dict):
        return _Capture(taken_at)
    lon = _degrees(place.get(_LON), place.get(_LON_REF), "EW", 180)
    lat = _degrees(place.get(_LAT), place.get(_LAT_REF), "NS", 90)
    if lon is None or lat is None or lon == lat == 0:  # 0, 0 is what a phone without a fix writes
        return _Capture(taken_at)
    return _Capture(taken_at, lon, lat)


def _taken_at(times: dict[int, object]) -> datetime | None:
    text, offset = times.get(_TAKEN_AT), times.get(_TAKEN_OFFSET)
    try:
        if isinstance(offset, str):
            return datetime.strptime(f"{text}{offset}", "%Y:%m:%d %H:%M:%S%z").astimezone(UTC)
        naive = datetime.strptime(f"{text}", "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 -- next line
        return naive.replace(tzinfo=_BEIJING).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _degrees(parts: object, ref: object, signs: str, most: int) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in parts)  # type: ignore[attr-defined]
        value = round(degrees + minutes / 60 + seconds / 3600, 7)  # a centimeter
    except _PARSER_ERRORS:
        return None
    if ref not in {*signs} or not math.isfinite(value) or not 0 <= value <= most:
        return None
    return -value if ref == signs[1] else value


_ACTING_KEYS = {
    "/JS": _lazy("脚本"),
    "/JavaScript": _lazy("脚本"),
    "/XFA": _lazy("动态表单"),
    "/EF": _lazy("嵌入文件"),
    "/EmbeddedFiles": _lazy("嵌入文件"),
    "/RichMediaContent": _lazy("多媒体内容"),
}
_ACTING_VALUES = {
    "/JavaScript": _lazy("脚本"),
    "/Launch": _lazy("启动外部程序的动作"),
    "/SubmitForm": _lazy("提交数据的动作"),
    "/ImportData": _lazy("导入数据的动作"),
    "/GoToR": _lazy("打开其他文件的动作"),
    "/GoToE": _lazy("打开嵌入文件的动作"),
    "/Rendition": _lazy("多媒体内容"),
    "/EmbeddedFile": _lazy("嵌入文件"),
    "/FileAttachment": _lazy("嵌入文件"),
    "/RichMedia": _lazy("多媒体内容"),
    "/Movie": _lazy("多媒体内容"),
    "/Sound": _lazy("多媒体内容"),
    "/Screen": _lazy("多媒体内容"),
    "/3D": _lazy("多媒体内容"),
}
_LINK = re.compile(r"(https?|mailto|tel):", re.IGNORECASE)


def _checked_pdf(content: bytes, name: str) -> CheckedFile:
    try:
        with pikepdf.open(BytesIO(content), attempt_recovery=False) as pdf:
            pages = _check_pdf(pdf)
            safe = _saved(pdf)
    except UnsafeFile:
        raise
    except pikepdf.PasswordError as error:
        raise UnsafeFile(_("PDF已加密，请去除密码后上传")) from error
    except _PARSER_ERRORS as error:
        raise UnsafeFile(_("PDF已损坏或不完整，请重新导出")) from error
    return CheckedFile(
        content=safe,
        media_type="application/pdf",
        sm3=sm3(safe).hex(),
        original_sm3=sm3(content).hex(),
        safe_name=safe_name(name, "application/pdf"),
        pages=pages,
    )


def _check_pdf(pdf: pikepdf.Pdf) -> int:
    if pdf.is_encrypted:
        raise UnsafeFile(_("PDF已加密，请去除密码后上传"))
    pages = len(pdf.pages)
    if not 1 <= pages <= MAX_PAGES:
        raise UnsafeFile(
            _("PDF应有1至%(most)s页，现为%(pages)s页") % {"most": MAX_PAGES, "pages": pages}
        )
    found = sorted({what for node in _nodes(pdf) if (what := _acting(node))})
    if found:
        raise UnsafeFile(_("PDF含有%s，请打印为普通PDF后上传") % _("、").join(found))
    return pages


def _nodes(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Walk every dictionary and stream once: each indirect object with what lies directly in it."""
    waiting: list[pikepdf.Object] = [pdf.trailer, *pdf.objects]
    seen = 0
    while waiting:
        node = waiting.pop()
        seen += 1
        if seen > _MAX_NODES:
            raise UnsafeFile(_("PDF结构过于复杂，请打印为普通PDF后上传"))
        if isinstance(node, pikepdf.Array):
            children = list(node)
        elif isinstance(node, pikepdf.Dictionary | pikepdf.Stream):
            yield node
            children = [node[key] for key in node.keys()]  # noqa: SIM118 -- not a Mapping
        else:
            continue
        waiting += [c for c in children if isinstance(c, pikepdf.Object) and not c.is_indirect]


def _acting(node: pikepdf.Object) -> str:
    """Say what in a dictionary acts, reaches outside or carries a file; "" when nothing does."""
    for key in node.keys():  # noqa: SIM118 -- not a Mapping
        if key in _ACTING_KEYS:
            return str(_ACTING_KEYS[key])
    for key in ("/S", "/Subtype", "/Type"):
        what = _ACTING_VALUES.get(str(node.get(key)))
        if what:
            return str(what)
    if isinstance(node, pikepdf.Stream) and "/F" in node:
        return _("外部文件引用")
    if "/URI" in node and node.get("/S") == "/URI" and not _LINK.match(str(node["/URI"])):
        return _("不安全的链接")
    return ""


def _saved(pdf: pikepdf.Pdf) -> bytes:
    """Write only what the document reaches, streams as they are (decoding none of them)."""
    out = BytesIO()
    pdf.save(
        out,
        compress_streams=False,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        deterministic_id=True,
    )
    return out.getvalue()
