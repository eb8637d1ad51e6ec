"""Photos of a phone: upright, smaller, turned; what is no photo stays as it is."""

from io import BytesIO

import pytest
from PIL import Image

from circle15.ledger import photos
from circle15.ledger.photos import LONGEST_SIDE, smaller


def picture(size=(60, 40), form="JPEG", mode="RGB", orientation=0) -> bytes:
    out = BytesIO()
    exif = Image.Exif()
    if orientation:
        exif[0x0112] = orientation
    Image.new(mode, size, "red").save(out, form, exif=exif)
    return out.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


@pytest.mark.parametrize(
    ("given", "turn", "size"),
    [
        (picture(), 0, (60, 40)),
        (picture(orientation=6), 0, (40, 60)),
        (picture(), 90, (40, 60)),
        (picture(), 180, (60, 40)),
        (picture((4400, 2200)), 0, (LONGEST_SIDE, LONGEST_SIDE // 2)),
        (picture(form="PNG", mode="RGBA"), 0, (60, 40)),
    ],
)
def test_a_photo_comes_out_upright_small_and_as_jpeg(given, turn, size):
    made = opened(smaller(given, turn=turn))
    assert (made.format, made.size, made.getexif()) == ("JPEG", size, Image.Exif())


@pytest.mark.parametrize("given", [b"", b"%PDF-1.7", picture()[:100], b"\xff\xd8\xff" + b"x" * 50])
def test_what_cannot_be_read_is_left_to_the_check(given):
    assert smaller(given) == given


def test_what_is_too_large_is_left_to_the_check(monkeypatch):
    monkeypatch.setattr(photos, "MOST_BYTES", 10)
    assert smaller(picture()) == picture()
    monkeypatch.setattr(photos, "MOST_BYTES", 10**6)
    monkeypatch.setattr(photos, "MOST_PIXELS", 10)
    assert smaller(picture()) == picture()
