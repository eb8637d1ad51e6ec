"""Ports for servers of the tests."""

import os
import socket
from itertools import count

# Below those the system gives to who asks for any: nobody takes one between finding and using it.
_LOWEST, _HIGHEST = 20_000, 32_000
_tried = count(os.getpid() * 37)


def free_port() -> int:
    """Return a port of 127.0.0.1 nobody listens at, another one each time."""
    while True:
        port = _LOWEST + next(_tried) % (_HIGHEST - _LOWEST)
        with socket.socket() as probe:
            # A server may listen where one just ended; so may the probe.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
