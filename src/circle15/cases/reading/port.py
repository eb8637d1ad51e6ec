"""The port to whatever recognizes text in a picture."""

from typing import Protocol

from circle15.core.reading.lines import Line


class CannotRead(Exception):
    """The reader gave no answer to a picture: too slow, ended, or the picture is broken."""


class TextReader(Protocol):
    """Recognizes text. One picture at a time."""

    def read(self, picture: bytes) -> tuple[Line, ...]:
        """Return the lines of a JPEG, PNG or WebP. Raises CannotRead."""
        ...
