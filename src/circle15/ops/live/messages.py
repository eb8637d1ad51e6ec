"""Server-sent events as bytes."""

import json
import random
from collections.abc import Mapping

BEAT = b"event: beat\ndata: 1\n\n"
RETRY_MS = (1_000, 3_000)


def event(name: str, values: Mapping[str, object], *, number: int | None = None) -> bytes:
    """Return an event; its number is what `Last-Event-ID` resumes from."""
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    head = "" if number is None else f"id: {number}\n"
    return f"{head}event: {name}\ndata: {text}\n\n".encode()


def greeting() -> bytes:
    """Say when to come again: not all at the same moment."""
    return f"retry: {random.randint(*RETRY_MS)}\n\n".encode()  # noqa: S311 -- no secret
