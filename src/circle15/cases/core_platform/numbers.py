"""Numbers of messages: never one twice, whatever the clock does and however many ask."""

from datetime import datetime
from typing import Protocol


class Numbers(Protocol):
    """Gives numbers of messages."""

    def next(self, fixmedins_code: str, *, at: datetime) -> str:
        """Return a number nobody has had."""
