"""Lines of a paper made from a template, for a page that shows it."""

from base64 import b64encode

from django import template

from circle15.core.papers.docx.sheet import PAGE, PAGES, Image, Line, Side, Words

register = template.Library()

_PNG = b"\x89PNG"
_LARGE_PT = 16
_SIDES = {Side.CENTER: "doc-center", Side.RIGHT: "doc-right"}


@register.filter
def doc_css(line: Line) -> str:
    """Give the classes a line is set with."""
    found = [_SIDES.get(line.side, "")]
    if line.largest_pt >= _LARGE_PT:
        found.append("doc-large")
    if not line.first_mm:
        found.append("doc-plain")
    return " ".join(each for each in found if each)


@register.filter
def doc_words(words: Words) -> str:
    """Give words without the numbers of pages, which a page on a screen does not have."""
    return words.text.replace(PAGE, "").replace(PAGES, "")


@register.filter
def data_uri(image: Image) -> str:
    """Give a picture as an address of its own."""
    kind = "png" if image.content.startswith(_PNG) else "jpeg"
    return f"data:image/{kind};base64,{b64encode(image.content).decode()}"
