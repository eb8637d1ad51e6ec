"""Whether the divisions and sites rows name exist in the actor's area.

The bulk actions ask too, but see only rows without other faults; here every row is told at once.
"""

from collections.abc import Iterable, Sequence

from circle15.accounts.actors import Actor
from circle15.areas import scope
from circle15.areas.bulk import no_division, no_parent
from circle15.areas.models import Division
from circle15.areas.states import Level
from circle15.areas.upserts import batches
from circle15.core.messages import Message
from circle15.imports.rows import Row
from circle15.imports.states import Kind
from circle15.sites.bulk import no_site
from circle15.sites.models import Site


def check_references(kind: Kind, rows: Sequence[Row], by: Actor) -> None:
    """Blame rows whose division or site is in neither the file nor the system."""
    if kind in {Kind.DIVISIONS, Kind.VILLAGES}:
        _parents(rows)
    else:
        _divisions(kind, rows, by)
        _sites(rows, by)


def _codes(rows: Sequence[Row], name: str) -> list[str]:
    return sorted({code for row in rows if (code := row.text(name))})


def _parents(rows: Sequence[Row]) -> None:
    wanted = _codes(rows, "parent_code")
    known = {row.text("code") for row in rows} | {one.code for one in _stored_divisions(wanted)}
    for row in rows:
        code = row.text("parent_code")
        if code and code not in known:
            row.blame("parent_code", no_parent(code))


def _stored_divisions(codes: Sequence[str]) -> Iterable[Division]:
    for _, batch in batches(codes):
        yield from Division.objects.filter(code__in=batch).only("code", "path", "level")


def _divisions(kind: Kind, rows: Sequence[Row], by: Actor) -> None:
    known = {one.code: one for one in _stored_divisions(_codes(rows, "division_code"))}
    for row in rows:
        code = row.text("division_code")
        division = known.get(code)
        if code and (division is None or not by.covers(division.path)):
            row.blame("division_code", no_division(code))
        elif division and kind == Kind.FACTS and division.level != Level.TOWN:
            message = Message("共用的事实按乡镇（街道）记录，请填乡镇（街道）的代码")
            row.blame("division_code", message)


def _sites(rows: Sequence[Row], by: Actor) -> None:
    inside = scope.within(Site.objects.all(), by.area_path)
    known: set[str] = set()
    for _, batch in batches(_codes(rows, "site_code")):
        known |= set(inside.filter(code__in=batch).values_list("code", flat=True))
    for row in rows:
        code = row.text("site_code")
        if code and code not in known:
            row.blame("site_code", no_site(code))
