"""Reads of campaigns: lists with their progress, one site's way, results, titles.

What takes an actor stays in the actor's area; what takes a site expects one that may be seen.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.campaign_models import (
    Campaign,
    Entry,
    EntrySpan,
    Objection,
    SiteTitle,
    VetoFile,
)
from circle15.assessments.campaign_states import EntryState, EntryStep, Party
from circle15.assessments.campaigns.concluding import standings_of
from circle15.assessments.campaigns.life import may_step, parties_of
from circle15.assessments.campaigns.points import Standing, needs_visit, total_of
from circle15.assessments.states import Purpose
from circle15.sites.models import Site

OFFICIAL = (Purpose.ACCEPTANCE, Purpose.DYNAMIC, Purpose.SPECIAL)
_NO_TEXT = ("edition__text",)


@dataclass(frozen=True, slots=True)
class Result:
    """One published result of a site; `pass_mark` is None where none was set."""

    uid: UUID
    campaign_uid: UUID
    campaign: str
    kind: str
    book: str
    version: str
    site_id: int
    site_code: str
    site_name: str
    area_path: str
    frozen_on: date
    total: Decimal
    max_total: Decimal
    computed: Decimal
    pass_mark: Decimal | None
    outcome: str
    vetoes: tuple[str, ...]
    published_on: date
    digest: str
    is_synthetic: bool


@dataclass(frozen=True, slots=True)
class Title:
    """A title of a site, held or withdrawn."""

    kind: str
    name: str
    since: date
    until: date | None
    reason: str
    campaign: str

    @property
    def is_held(self) -> bool:
        return self.until is None


@dataclass(frozen=True, slots=True)
class Progress:
    """How many sites of a campaign stand where, as far as the reader sees them."""

    by_state: Mapping[str, int]

    @property
    def sites(self) -> int:
        return sum(n for state, n in self.by_state.items() if state != EntryState.DROPPED)

    def at(self, state: str) -> int:
        return self.by_state.get(state, 0)


@dataclass(frozen=True, slots=True)
class EntryView:
    """One site's way through a campaign, and what the reader may do now."""

    entry: Entry
    standings: tuple[Standing, ...]
    spans: tuple[EntrySpan, ...]
    objections: tuple[Objection, ...]
    veto_files: tuple[VetoFile, ...]
    may: frozenset[EntryStep]
    is_officer: bool
    is_site: bool

    @property
    def total(self) -> Decimal | None:
        """Return the total as it stands, or the decided one."""
        if self.entry.total is not None or self.entry.sheet is None:
            return self.entry.total
        return total_of(self.entry.sheet.total, self.standings)

    @property
    def waiting(self) -> tuple[Standing, ...]:
        return tuple(each for each in self.standings if each.waits)


def campaigns(by: Actor, *, kind: str = "") -> QuerySet[Campaign]:
    """Return the campaigns with a site in the actor's area, the newest first."""
    demand(by, Permission.VIEW_ASSESSMENTS)
    entries = scope.within(Entry.objects.all(), by.area_path, "site__area_path")
    mine = entries.filter(campaign=OuterRef("pk"))
    rows = Campaign.objects.filter(Exists(mine)).select_related("edition").defer(*_NO_TEXT)
    return (rows.filter(kind=kind) if kind else rows).order_by("-freeze_on", "-id")


def campaign_by_uid(by: Actor, uid: UUID) -> Campaign:
    """Return a campaign with a site in the actor's area. Raises NotFound, NotAllowed."""
    found = campaigns(by).filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found


def progress(by: Actor, shown: Iterable[Campaign]) -> dict[int, Progress]:
    """Return how far campaigns are, by their id, in one query."""
    ids = [campaign.pk for campaign in shown]
    rows = scope.within(Entry.objects.all(), by.area_path, "site__area_path")
    counts = rows.filter(campaign__in=ids).order_by().values_list("campaign_id", "state")
    found: dict[int, dict[str, int]] = {pk: {} for pk in ids}
    for pk, state, n in counts.annotate(n=Count("id")):
        found[pk][state] = n
    return {pk: Progress(states) for pk, states in found.items()}


def entries_of(by: Actor, campaign: Campaign, *, state: str = "") -> QuerySet[Entry]:
    """Return the sites of a campaign in the actor's area, in the order of their names."""
    rows = scope.within(campaign.entries.all(), by.area_path, "site__area_path")
    rows = rows.select_related("site__division", "sheet", "vetoed__word").defer(
        "site__division__boundary", "sheet__sheet", "vetoed__sheet", "result"
    )
    open_matters = Q(lines__objections__isnull=False, lines__objections__decided_at__isnull=True)
    rows = rows.annotate(open_objections=Count("lines__objections", filter=open_matters))
    return (rows.filter(state=state) if state else rows).order_by("site__sort_key", "id")


def entry_view(by: Actor, uid: UUID) -> EntryView:
    """Return one site's way through a campaign. Raises NotFound, NotAllowed."""
    demand(by, Permission.VIEW_ASSESSMENTS)
    rows = scope.within(Entry.objects.all(), by.area_path, "site__area_path")
    found = (
        rows.select_related("campaign__edition", "site__division__parent", "sheet", "vetoed__word")
        .filter(uid=uid)
        .first()
    )
    if found is None:
        raise NotFound
    objections = Objection.objects.filter(line__entry=found).select_related(
        "line", "evidence", "adjustment"
    )
    parties = parties_of(by, found.site.area_path)
    return EntryView(
        entry=found,
        standings=tuple(standings_of(found)),
        spans=tuple(found.spans.order_by("id")),
        objections=tuple(objections.order_by("id")),
        veto_files=tuple(found.veto_files.select_related("evidence", "sheet__word").order_by("id")),
        may=frozenset(step for step in EntryStep if may_step(found, step, by)),
        is_officer=Party.OFFICER in parties,
        is_site=Party.SITE in parties,
    )


def standing_of(view: EntryView, rule_id: str) -> Standing:
    """Return one line of an entry. Raises NotFound."""
    for each in view.standings:
        if each.line.rule_id == rule_id:
            return each
    raise NotFound


def waits_for_visit(each: Standing, campaign: Campaign) -> bool:
    """Tell whether a line has to be seen on site and has not been."""
    return not each.line.seen and needs_visit(each.line, campaign)


def results_of(campaign: Campaign, *, by: Actor) -> tuple[Result, ...]:
    """Return the published results of a campaign in the actor's area, the best first."""
    rows = scope.within(published_entries(), by.area_path, "site__area_path").filter(
        campaign=campaign
    )
    ordered = rows.order_by("-total", "site__sort_key", "id")
    return tuple(result_of(entry) for entry in ordered)


def latest_result(site: Site, *, kinds: Sequence[str] = OFFICIAL) -> Result | None:
    """Return the newest published result of a site among some kinds; official ones usually."""
    rows = published_entries().filter(site=site, campaign__kind__in=kinds)
    found = rows.order_by("-published_at", "-id").first()
    return None if found is None else result_of(found)


def results_beside(site: Site) -> tuple[Result, ...]:
    """Return a site's newest result of each kind: official, its own, a third party's."""
    rows = published_entries().filter(site=site).order_by("campaign__kind", "-published_at", "-id")
    return tuple(result_of(entry) for entry in rows.distinct("campaign__kind"))


def titles_of(site: Site) -> tuple[Title, ...]:
    """Return the titles of a site, those it holds first, then its history, the newest first."""
    rows = SiteTitle.objects.filter(site=site).select_related("entry__campaign")
    found = [_title(row) for row in rows.order_by("-since", "-id")]
    return tuple(sorted(found, key=lambda each: not each.is_held))


def titles_held(codes: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the titles sites hold, by the site's code: everybody may know them."""
    with area_scope(EVERYWHERE):
        rows = SiteTitle.objects.filter(site__code__in=list(codes), withdrawn_at__isnull=True)
        held = rows.select_related("site").order_by("since", "id")
        found: dict[str, tuple[str, ...]] = {}
        for row in held:
            name = str(row.get_kind_display())
            found[row.site.code] = (*found.get(row.site.code, ()), name)
        return found


def titles_in(by: Actor, *, held: bool | None = None) -> QuerySet[SiteTitle]:
    """Return the titles of the actor's sites: what waits for a second word first."""
    demand(by, Permission.VIEW_ASSESSMENTS)
    rows = scope.within(SiteTitle.objects.all(), by.area_path, "site__area_path")
    if held is not None:
        rows = rows.filter(withdrawn_at__isnull=held)
    return rows.select_related("site", "entry__campaign").order_by(
        F("withdrawn_at").asc(nulls_first=True),
        F("asked_at").desc(nulls_last=True),
        "-since",
        "-id",
    )


def published_entries() -> QuerySet[Entry]:
    """Return the entries with a published result, with what `result_of` reads."""
    rows = Entry.objects.filter(state=EntryState.PUBLISHED)
    return rows.select_related("campaign__edition", "site", "sheet").defer(
        "campaign__edition__text", "sheet__sheet", "sheet__facts"
    )


def result_of(entry: Entry) -> Result:
    """Return the published result of an entry."""
    campaign, sheet, result = entry.campaign, entry.sheet, entry.result
    assert sheet is not None
    assert result is not None
    assert entry.total is not None
    assert entry.published_at is not None
    return Result(
        uid=entry.uid,
        campaign_uid=campaign.uid,
        campaign=campaign.name,
        kind=campaign.kind,
        book=campaign.edition.book,
        version=campaign.edition.version,
        site_id=entry.site_id,
        site_code=entry.site.code,
        site_name=entry.site.name,
        area_path=entry.site.area_path,
        frozen_on=campaign.freeze_on,
        total=entry.total,
        max_total=sheet.max_total,
        computed=sheet.total,
        pass_mark=campaign.pass_mark,
        outcome=entry.outcome,
        vetoes=tuple(result["vetoes"]),
        published_on=timezone.localdate(entry.published_at),
        digest=entry.result_digest,
        is_synthetic=entry.site.is_synthetic,
    )


def _title(row: SiteTitle) -> Title:
    return Title(
        kind=row.kind,
        name=str(row.get_kind_display()),
        since=row.since,
        until=row.withdrawn_on,
        reason=row.reason if row.withdrawn_on else "",
        campaign=row.entry.campaign.name,
    )
