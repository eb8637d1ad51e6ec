"""The parts of a Word document that are printed: its body, the head and the foot of its pages."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement


class Story(NamedTuple):
    """One part, with what python-docx wants as a parent of its paragraphs."""

    element: BaseOxmlElement
    parent: Any

    def paragraphs(self) -> Iterator[BaseOxmlElement]:
        """Yield every paragraph, those in tables too."""
        yield from self.element.iter(qn("w:p"))


def stories(paper: Document) -> tuple[Story, ...]:
    """Return the body, and head and foot where there are any."""
    found = [Story(paper.element.body, paper)]
    for section in paper.sections:
        edges = (section.header, section.footer)
        found += [
            Story(edge._element, edge)  # noqa: SLF001 -- python-docx shows paragraphs only
            for edge in edges
            if not edge.is_linked_to_previous
        ]
    return tuple(found)
