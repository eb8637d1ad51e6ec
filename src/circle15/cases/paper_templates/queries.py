"""Templates as pages show them, their files, and what to begin with."""

from dataclasses import dataclass
from datetime import date, datetime

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.cases.paper_models import PaperTemplate
from circle15.cases.paper_states import PaperKind, TemplateState


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """A version of a template; `counts` on the day it was asked about."""

    id: int
    kind: str
    item_key: str
    version: int
    state: str
    file_name: str
    digest: str
    placeholders: tuple[str, ...]
    note: str
    drafted_by: str
    drafted_by_id: int | None
    drafted_at: datetime
    published_by: str
    published_at: datetime | None
    in_force_from: date | None
    withdrawn_by: str
    withdrawn_at: datetime | None
    withdrawn_why: str
    counts: bool

    @property
    def kind_name(self) -> str:
        return str(PaperKind(self.kind).label)

    @property
    def state_name(self) -> str:
        return str(TemplateState(self.state).label)


def templates(by: Actor, *, on: date) -> tuple[TemplateLine, ...]:
    """Return all templates without their files: by paper and item, the newest first."""
    demand(by, Permission.VIEW_ITEMS)
    rows = PaperTemplate.objects.defer("content").order_by("kind", "item_key", "-version", "id")
    counting = _counting(on)
    return tuple(_line(row, counting) for row in rows)


def template(template_id: int, *, by: Actor, on: date) -> TemplateLine:
    """Return one of them. Raises NotFound, NotAllowed."""
    demand(by, Permission.VIEW_ITEMS)
    row = PaperTemplate.objects.defer("content").filter(pk=template_id).first()
    if row is None:
        raise NotFound
    return _line(row, _counting(on))


def file_of(template_id: int, *, by: Actor) -> bytes:
    """Return the file as it was brought in. Raises NotFound, NotAllowed."""
    demand(by, Permission.VIEW_ITEMS)
    found = PaperTemplate.objects.filter(pk=template_id).values_list("content", flat=True).first()
    if found is None:
        raise NotFound
    return bytes(found)


def _counting(on: date) -> frozenset[int]:
    """Return which versions count on a day: of each paper and item the last one begun."""
    rows = PaperTemplate.objects.filter(state=TemplateState.PUBLISHED, in_force_from__lte=on)
    rows = rows.order_by("kind", "item_key", "-in_force_from", "-id").distinct("kind", "item_key")
    return frozenset(rows.values_list("id", flat=True))


def _line(row: PaperTemplate, counting: frozenset[int]) -> TemplateLine:
    return TemplateLine(
        id=row.pk,
        kind=row.kind,
        item_key=row.item_key,
        version=row.version,
        state=row.state,
        file_name=row.file_name,
        digest=row.digest,
        placeholders=tuple(row.placeholders),
        note=row.note,
        drafted_by=row.drafted_by,
        drafted_by_id=row.drafted_by_id,
        drafted_at=row.drafted_at,
        published_by=row.published_by,
        published_at=row.published_at,
        in_force_from=row.in_force_from,
        withdrawn_by=row.withdrawn_by,
        withdrawn_at=row.withdrawn_at,
        withdrawn_why=row.withdrawn_why,
        counts=row.pk in counting,
    )
