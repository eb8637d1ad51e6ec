"""The ids that stand in links."""

from secrets import token_bytes
from uuid import UUID


def new_uid() -> UUID:
    """Return 128 bits of chance: whoever knows the link may open it, nobody guesses one."""
    return UUID(bytes=token_bytes(16))
