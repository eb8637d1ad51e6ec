"""Photos from a phone: turned upright and made smaller before they are checked and kept.

What cannot be read is left as it is: the check that follows says what is wrong with it.
"""

from io import BytesIO

from PIL import Image, ImageOps

from circle15.ledger.files import most_pixels

# Read well on A4; a phone gives three times as much.
LONGEST_SIDE = 2200
MOST_BYTES = 30 * 1024 * 1024
MOST_PIXELS = 120_000_000
_QUALITY = 82
_TURNS = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}
# What decoders raise on damaged content.
_DECODER_ERRORS = (
    ArithmeticError,
    EOFError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)


def smaller(content: bytes, *, turn: int = 0) -> bytes:
    """Return a photo upright, turned clockwise by degrees, at most 2200 pixels long, as JPEG.

    Anything else, a PDF above all, comes back as it was.
    """
    if len(content) > MOST_BYTES:
        return content
    try:
        with Image.open(BytesIO(content), formats=["JPEG", "PNG", "WEBP"]) as image:
            if _is_too_large(image) or getattr(image, "n_frames", 1) > 1:
                return content
            # A JPEG is decoded at half or a quarter of its size where that is enough.
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            plain = _on_white(ImageOps.exif_transpose(image))
    except _DECODER_ERRORS:
        return content
    if turn in _TURNS:
        plain = plain.transpose(_TURNS[turn])
    out = BytesIO()
    plain.save(out, format="JPEG", quality=_QUALITY)
    return out.getvalue()


def _is_too_large(image: Image.Image) -> bool:
    """Let large JPEGs pass, which are decoded at a fraction of their size; the others are not."""
    is_plain = image.format == "JPEG" and "progressive" not in image.info
    most = MOST_PIXELS if is_plain else min(MOST_PIXELS, most_pixels(image))
    return image.width * image.height > most


def _on_white(image: Image.Image) -> Image.Image:
    """Lay what is transparent on white paper."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    paper = Image.new("RGB", image.size, "white")
    layer = image.convert("RGBA")
    paper.paste(layer, mask=layer.getchannel("A"))
    return paper
