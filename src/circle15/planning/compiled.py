"""Typed door to numba: a compiled function keeps its signature, is cached and frees the GIL."""

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import gettempdir
from typing import TypeVar

from numba import config, njit

Function = TypeVar("Function", bound=Callable[..., object])

_SOURCE = Path(__file__).parent


def _cache() -> Path:
    """Give a folder of compiled code that belongs to exactly these sources.

    Numba compares only the file of the function itself: a kernel that calls one in another file
    would go on running the old one after a change there, and give wrong times without a word.
    """
    told = hashlib.sha256()
    for path in sorted(_SOURCE.rglob("*.py")):
        told.update(path.read_bytes())
    name = f"kernels-{told.hexdigest()[:16]}"
    here = _SOURCE / "__pycache__"
    if os.access(here if here.exists() else _SOURCE, os.W_OK):
        _forget_others(here, name)
        return here / name
    return Path(gettempdir()) / f"circle15-{os.getuid()}" / name


def _forget_others(folder: Path, name: str) -> None:
    for old in folder.glob("kernels-*"):
        if old.name != name:
            shutil.rmtree(old, ignore_errors=True)


# Numba reads its settings from the environment only once; this one it looks up each time.
config.CACHE_DIR = str(_cache())  # type: ignore[attr-defined]


def compiled(function: Function) -> Function:
    """Compile at the first call for the types met there; later processes read the cache."""
    # A dispatcher is called just as the function it compiles.
    compiled_function: Function = njit(cache=True, nogil=True)(function)  # type: ignore[assignment]
    return compiled_function
