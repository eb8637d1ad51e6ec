"""The web server: granian, one process per core, each ending with its parent."""

import gc
import os
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from circle15.ops.children import die_with_starter

APPLICATION = "circle15.config.wsgi:application"
# Per process: threads that run views, and requests accepted beyond those before new ones wait.
THREADS = 4
BACKPRESSURE = 32
# Objects made before the collector of cycles looks at the newest.
GARBAGE_AFTER = 50_000


def application(*_arguments: object) -> Callable[..., Any]:
    """Load the application inside a worker."""
    module = APPLICATION.partition(":")[0]
    die_with_starter()
    # By name: the settings above this layer choose what is served.
    loaded: Callable[..., Any] = import_module(module).application
    # A request makes thousands of objects and hardly a cycle: look for cycles more seldom, and
    # never among what was loaded once.
    gc.freeze()
    gc.set_threshold(GARBAGE_AFTER)
    return loaded


def main(host: str, port: int, workers: int) -> None:
    """Serve until told to stop."""
    Server(
        APPLICATION,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        backpressure=BACKPRESSURE,
        respawn_failed_workers=True,
        respawn_interval=0.2,
        workers_kill_timeout=10,
        log_level=LogLevels.warning,
    ).serve(target_loader=application)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "circle15.config.settings")
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
