"""A random sample anybody can draw again with `sha256sum`: no state, no chance of our own.

The seed is the SHA-256 of a text published before. Every site gets the SHA-256 of `<seed>:<code>`;
within each stratum, a kind of site in a county, those with the smallest numbers are drawn.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """A site as it lies in the urn."""

    code: str
    name: str
    county: str
    county_name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A site with its number and its place in its stratum, from 1."""

    entry: Entry
    digest: str
    rank: int
    is_drawn: bool


def published(document: str, text: str) -> str:
    """Return what the seed is made of, in one line: the document's name and the text in it."""
    return " ".join(f"{document} {text}".split())


def seed_of(line: str) -> str:
    """Return the seed of a published line."""
    return hashlib.sha256(line.encode()).hexdigest()


def number_of(seed: str, code: str) -> str:
    """Return the number by which a site is put in order."""
    return hashlib.sha256(f"{seed}:{code}".encode()).hexdigest()


def drawn(entries: Iterable[Entry], *, seed: str, per_stratum: int) -> tuple[Drawn, ...]:
    """Return all sites in the order of the draw, stratum by stratum; the list's order is nothing.

    A stratum smaller than `per_stratum` is drawn whole.
    """
    strata: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        strata[entry.county, entry.kind].append(entry)
    found: list[Drawn] = []
    for _stratum, members in sorted(strata.items()):
        in_order = sorted(members, key=lambda each: number_of(seed, each.code))
        found += [
            Drawn(entry, number_of(seed, entry.code), rank, rank <= per_stratum)
            for rank, entry in enumerate(in_order, start=1)
        ]
    return tuple(found)
