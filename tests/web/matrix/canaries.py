"""Find canaries in whatever a route answers: pages, GeoJSON, workbooks, Word, PDF, headers."""

import re
from html import unescape
from io import BytesIO
from urllib.parse import unquote
from zipfile import ZipFile

import pypdfium2
from django.http import HttpResponse
from tests.web.matrix.world import KEYS

from circle15.core.identifiers import resident_id_check_character

Canary = tuple[str, str]  # the key of its place, its kind

_WORDS = re.compile(r"(?:canary|金丝雀)-([a-z0-9]+)-([a-z]+)")
_VALUES = re.compile(r"777(\d\d)[.]25")
_UIDS = re.compile(r"ca9a(\d{4})-")
# Every person of a place has both; sites have other phones.
_BORN = r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_NUMBER = re.compile(rf"(?<!\d)\d{{6}}{_BORN}\d{{3}}[\dXx](?![\dXx])")
_PHONE = re.compile(r"1380008\d{4}")
_ESCAPES = re.compile(r"\\u([0-9a-fA-F]{4})")


def in_text(text: str) -> set[Canary]:
    """Return the canaries of a text."""
    plain = _ESCAPES.sub(lambda found: chr(int(found[1], 16)), unescape(unquote(text)))
    tight = re.sub(r"\s+", "", plain)
    numbered = {(KEYS[int(found)], "value") for found in _VALUES.findall(tight)}
    numbered |= {(KEYS[int(found)], "uid") for found in _UIDS.findall(tight)}
    # A site's code stands in paths: "canary-rg1-code".
    return numbered | set(_WORDS.findall(plain)) | set(_WORDS.findall(tight))


def text_of(response: HttpResponse) -> str:
    """Return what an answer and its headers say."""
    headers = "\n".join(f"{name}: {value}" for name, value in response.items())
    return headers + "\n" + _text_of(response.content)


def in_full(text: str) -> set[str]:
    """Return the numbers and phones of persons that stand in full in a text."""
    return {each for each in _NUMBER.findall(text) if is_number(each)} | {*_PHONE.findall(text)}


def is_number(text: str) -> bool:
    return resident_id_check_character(text[:-1]) == text[-1].upper()


def _text_of(content: bytes) -> str:
    if content.startswith(b"PK"):
        with ZipFile(BytesIO(content)) as archive:
            parts = [archive.read(name).decode("utf-8", "ignore") for name in archive.namelist()]
        return "\n".join(re.sub(r"<[^>]+>", "", part) + part for part in parts)
    if content.startswith(b"%PDF"):
        document = pypdfium2.PdfDocument(content)
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    return content.decode("utf-8", "ignore")
