"""Changes to today's sites as the address of a page carries them: `move~code~lon~lat~name`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

MARK = "~"
PARTS = 5
ADD, MOVE, CLOSE, OPEN = "add", "move", "close", "open"
NEW_ID = "N"  # the same in every language: a saved plan is read in both
MOST = 200


@dataclass(frozen=True, slots=True)
class Change:
    """One site that is added, moved or closed."""

    do: str
    id: str
    lon: float = 0.0
    lat: float = 0.0
    name: str = ""

    @property
    def text(self) -> str:
        """Write it for an address."""
        if self.do == CLOSE:
            return MARK.join((CLOSE, self.id))
        return MARK.join((self.do, self.id, f"{self.lon:.6f}", f"{self.lat:.6f}", self.name))

    @property
    def undo(self) -> str:
        """Write what takes it back."""
        return MARK.join((OPEN, self.id))

    @property
    def question(self) -> dict[str, object]:
        """Write it for the engine."""
        if self.do == CLOSE:
            return {"do": self.do, "id": self.id}
        return {"do": self.do, "id": self.id, "name": self.name, "lon": self.lon, "lat": self.lat}


def read(texts: Iterable[str]) -> tuple[Change, ...]:
    """Put steps together to one change a site; the latest step counts, nonsense is left out."""
    found: dict[str, Change] = {}
    for step in _steps(texts):
        _take(found, step)
    return tuple(found.values())[:MOST]


def _take(found: dict[str, Change], step: Change) -> None:
    former = found.get(step.id)
    if step.do == ADD:
        site = step.id if step.id not in {"", *found} else _free(found)
        found[site] = replace(step, id=site, name=step.name or site)
    elif step.do == OPEN:
        found.pop(step.id, None)
    elif former is not None and former.do == ADD:
        # What was only planned is moved by planning it elsewhere, and closed by dropping it.
        if step.do == CLOSE:
            del found[step.id]
        else:
            found[step.id] = replace(former, lon=step.lon, lat=step.lat)
    else:
        found[step.id] = step


def _free(found: dict[str, Change]) -> str:
    number = 1
    while f"{NEW_ID}{number}" in found:
        number += 1
    return f"{NEW_ID}{number}"


def _steps(texts: Iterable[str]) -> Iterator[Change]:
    for text in texts:
        do, site, lon, lat, name = (*text.split(MARK, PARTS - 1), "", "", "", "")[:PARTS]
        place = _place(lon, lat)
        if do in {CLOSE, OPEN} and site:
            yield Change(do, site[:40])
        elif do in {ADD, MOVE} and place and (site or do == ADD):
            yield Change(do, site[:40], *place, name.strip()[:80])


def _place(lon: str, lat: str) -> tuple[float, float] | None:
    try:
        east, north = float(lon), float(lat)
    except ValueError:
        return None
    on_earth = -180 <= east <= 180 and -89 <= north <= 89  # noqa: PLR2004 -- degrees
    return (east, north) if on_earth else None
