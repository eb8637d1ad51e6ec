"""The number of the web request at work, for every event and log line it causes."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_request_id: ContextVar[str] = ContextVar("circle15_request_id", default="")


def current_request_id() -> str:
    """Return the request's number, empty outside a web request."""
    return _request_id.get()


@contextmanager
def request_context(request_id: str) -> Iterator[None]:
    """Name the request for everything done inside the block."""
    token = _request_id.set(request_id)
    try:
        yield
    finally:
        _request_id.reset(token)
