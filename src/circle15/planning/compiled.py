"""Typed door to numba: a compiled function keeps its signature, is cached and frees the GIL."""

from collections.abc import Callable
from typing import TypeVar

from numba import njit

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """Compile at the first call for the types met there; later processes read the cache."""
    # A dispatcher is called just as the function it compiles.
    compiled_function: Function = njit(cache=True, nogil=True)(function)  # type: ignore[assignment]
    return compiled_function
