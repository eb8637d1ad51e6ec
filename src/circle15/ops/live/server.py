"""The server of live updates: one granian process that holds thousands of quiet connections."""

import os
import sys
from collections.abc import Callable
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from circle15.ops.children import die_with_starter

CONNECTIONS = 16_384


def application(*_arguments: object) -> Callable[..., Any]:
    """Load the application inside the worker."""
    die_with_starter()
    import django

    django.setup()
    from circle15.ops.live.app import Application

    return Application()


def main(host: str, port: int) -> None:
    """Serve until told to stop. Open streams are cut at once: who listens comes again."""
    Server(
        "circle15.ops.live.app:Application",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=1,
        backlog=4096,
        backpressure=CONNECTIONS,
        respawn_failed_workers=True,
        respawn_interval=0.2,
        workers_kill_timeout=1,
        websockets=False,
        log_level=LogLevels.warning,
    ).serve(target_loader=application)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "circle15.config.settings")
    main(sys.argv[1], int(sys.argv[2]))
