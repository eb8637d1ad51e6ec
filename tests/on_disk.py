"""What stands readable in files: those of the tests' database cluster and others, by its bytes."""

import mmap
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.plugin import VAR

CLUSTER = VAR / "postgres" / "data"


def is_readable() -> bool:
    """Tell whether the cluster's files are there for us; another server's are not."""
    return os.access(CLUSTER, os.R_OK)


def found_since(
    moment: float, places: Iterable[Path], wanted: Iterable[bytes]
) -> set[tuple[str, str]]:
    """Return the files written since a moment with what of the wanted stands in them."""
    wanted = list(wanted)
    return {hit for path in _written(places, moment) for hit in _in(path, wanted)}


def _written(places: Iterable[Path], since: float) -> Iterator[Path]:
    for place in places:
        for path in place.rglob("*"):
            try:
                state = path.stat()
            except FileNotFoundError:
                continue
            if path.is_file() and state.st_size and state.st_mtime >= since:
                yield path


def _in(path: Path, wanted: list[bytes]) -> Iterator[tuple[str, str]]:
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as seen:
            yield from ((path.name, one.decode()) for one in wanted if seen.find(one) >= 0)
    except (FileNotFoundError, ValueError):
        return
