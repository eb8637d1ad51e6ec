"""Draw a sample from a published text, keep it for good, and send inspectors to what was drawn."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.exports import note_export
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.areas.queries import divisions_under
from circle15.areas.scope import EVERYWHERE
from circle15.areas.states import Level
from circle15.assessments.inspection_models import Inspection, InspectionDraw
from circle15.assessments.inspection_states import InspectionState
from circle15.assessments.inspections.actions import plan
from circle15.assessments.inspections.interest import county_path
from circle15.assessments.inspections.sampling import Entry, drawn, published, seed_of
from circle15.audit.actions import record
from circle15.core.papers.sheet import text_workbook
from circle15.sites.queries import visible_to
from circle15.sites.states import SiteKind, SiteStatus

MOST_LISTED = 20_000
MOST_EACH = 100
_LEAST_TEXT = 10


class CannotDraw(Refused):
    """The sample can't be drawn as asked; the message says why."""


@dataclass(frozen=True, slots=True)
class Published:
    """A text everybody could read before the draw."""

    document: str
    text: str
    on: date


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of sending inspectors: checks planned, and sites refused with the reason."""

    planned: tuple[Inspection, ...]
    refused: tuple[tuple[str, str], ...]


@transaction.atomic
def draw(  # noqa: PLR0913 -- what a sample consists of
    *,
    title: str,
    source: Published,
    kinds: Sequence[str],
    per_stratum: int,
    by: Actor,
    at: datetime,
    area_path: str = "",
) -> InspectionDraw:
    """Draw so many open sites of each kind in each county of an area, and keep the whole list.

    The same text, kinds, number and list give the sample kept before. None is ever deleted: who
    tries one text after another is seen. Raises NotAllowed, NotFound, CannotDraw.
    """
    demand(by, Permission.PLAN_INSPECTIONS)
    area = area_path or by.area_path
    if not by.covers(area):
        raise NotFound
    _check(source, kinds, per_stratum, on=timezone.localdate(at))
    seed = seed_of(published(source.document, source.text))
    listed = [
        {**asdict(one.entry), "digest": one.digest, "rank": one.rank, "drawn": one.is_drawn}
        for one in drawn(_urn(by, area, kinds), seed=seed, per_stratum=per_stratum)
    ]
    if not listed:
        raise CannotDraw(_("这个范围里没有开放的这类网点。"))
    asked = {"kinds": sorted(kinds), "per_stratum": per_stratum, "on": source.on.isoformat()}
    former = InspectionDraw.objects.filter(seed=seed, area_path=area, asked=asked, listed=listed)
    kept = former.order_by("id").first()
    if kept is not None:
        return kept
    kept = InspectionDraw(
        area_path=area,
        title=" ".join(title.split()) or source.document,
        document=" ".join(source.document.split()),
        text=" ".join(source.text.split()),
        seed=seed,
        asked=asked,
        listed=listed,
        drawn_at=at,
        drawn_by=by.name,
        drawn_by_id=by.user_id,
    )
    return _keep(kept, by=by, at=at)


def _check(source: Published, kinds: Sequence[str], per_stratum: int, *, on: date) -> None:
    if source.on > on:
        raise CannotDraw(_("种子文字要先公布，再抽取：公布日期不能晚于今天。"))
    if len(published("", source.text)) < _LEAST_TEXT or not source.document.strip():
        raise CannotDraw(_("请写明公布的文件名，并原样抄录其中不少于 10 个字的一段。"))
    if not kinds or set(kinds) - set(SiteKind.values) or not 1 <= per_stratum <= MOST_EACH:
        raise CannotDraw(_("请选网点类型，每县每类抽 1 到 %(most)s 个。") % {"most": MOST_EACH})


def _urn(by: Actor, area: str, kinds: Sequence[str]) -> list[Entry]:
    sites = scope.within(visible_to(by), area).filter(status=SiteStatus.OPEN, kind__in=kinds)
    rows = sites.order_by("code").values_list("code", "name", "kind", "area_path")
    found = list(rows[: MOST_LISTED + 1])
    if len(found) > MOST_LISTED:
        raise CannotDraw(_("网点太多，请缩小范围分几次抽。"))
    above = divisions_under(EVERYWHERE, levels=(Level.CITY, Level.COUNTY))
    names = dict(above.values_list("path", "name"))
    return [
        Entry(code, name, county_path(path), names.get(county_path(path), ""), kind)
        for code, name, kind, path in found
    ]


def _keep(kept: InspectionDraw, *, by: Actor, at: datetime) -> InspectionDraw:
    codes = [row["code"] for row in kept.listed[:1]]
    kept.is_synthetic = visible_to(by).filter(code__in=codes, is_synthetic=True).exists()
    kept.save(force_insert=True)
    record(
        who=by.who,
        verb="inspection.draw",
        target_kind="draw",
        target_id=str(kept.uid),
        area_path=kept.area_path,
        at=at,
        new={"seed": kept.seed, "document": kept.document, "listed": len(kept.listed)},
    )
    return kept


def draws(by: Actor) -> QuerySet[InspectionDraw]:
    """Return the samples of the actor's area and of those above it, the newest first.

    Raises NotAllowed.
    """
    demand(by, Permission.PLAN_INSPECTIONS)
    within = scope.within(InspectionDraw.objects.all(), by.area_path)
    above = InspectionDraw.objects.filter(area_path__in=scope.paths_to(by.area_path))
    return (within | above).defer("listed").order_by("-id")


def draw_of(uid: UUID, *, by: Actor) -> InspectionDraw:
    """Return one sample with its whole list. Raises NotAllowed, NotFound."""
    found = draws(by).defer(None).filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found


@transaction.atomic
def send(  # noqa: PLR0913 -- who, to what, until when
    *,
    uid: UUID,
    book: str,
    due_on: date,
    inspectors: Sequence[int],
    by: Actor,
    at: datetime,
) -> Sent:
    """Plan a check of every drawn site that has none; a site they may not check is told, not sent.

    Raises NotAllowed, NotFound, and what is wrong with every site alike.
    """
    kept = draw_of(uid, by=by)
    # Of two who send at once the second finds what the first has planned.
    InspectionDraw.objects.select_for_update(no_key=True).only("pk").get(pk=kept.pk)
    live = kept.checks.exclude(state=InspectionState.CANCELLED)
    taken = set(live.values_list("site__code", flat=True))
    planned: list[Inspection] = []
    refused: list[tuple[str, str]] = []
    for row in kept.listed:
        if not row["drawn"] or row["code"] in taken:
            continue
        try:
            planned.append(
                plan(
                    site_code=row["code"],
                    book=book,
                    due_on=due_on,
                    inspectors=inspectors,
                    by=by,
                    at=at,
                    reason=kept.title,
                    draw=kept,
                )
            )
        except Refused as refusal:
            refused.append((row["name"], str(refusal)))
    return Sent(tuple(planned), tuple(refused))


@transaction.atomic
def export(*, uid: UUID, by: Actor, at: datetime) -> bytes:
    """Return a sample as a workbook: every site with its number and place; it stands on the trail.

    Raises NotAllowed, NotFound, TooManyLines.
    """
    kept = draw_of(uid, by=by)
    note_export(len(kept.listed), "draw", by=by, at=at)
    kinds = {str(value): str(text) for value, text in SiteKind.choices}
    heads = (
        _("县（市、区）"),
        _("类型"),
        _("次序"),
        _("抽中"),
        _("网点编码"),
        _("网点"),
        "SHA-256",
    )
    rows = (
        (
            str(row["county_name"]),
            kinds.get(str(row["kind"]), ""),
            str(row["rank"]),
            _("是") if row["drawn"] else "",
            str(row["code"]),
            str(row["name"]),
            str(row["digest"]),
        )
        for row in kept.listed
    )
    return text_workbook(_("抽样"), heads, rows)
