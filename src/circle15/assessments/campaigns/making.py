"""Make a campaign: what it judges by, on which days, and which sites a filter finds."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand, demand_area
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.assessments.campaign_models import Campaign, Entry, EntryLine, EntrySpan, SiteTitle
from circle15.assessments.campaign_states import EntryState, EntryStep, TitleKind
from circle15.assessments.campaigns.life import advance, begin, locked, said, tell_campaign
from circle15.assessments.campaigns.refusals import BadCampaign
from circle15.assessments.editions import EARLIEST, counting, parsed
from circle15.assessments.models import StoredEdition
from circle15.assessments.states import Purpose
from circle15.sites.models import Site
from circle15.sites.queries import visible_to
from circle15.sites.states import SiteStatus

MOST_SITES = 5_000
MOST_DAYS = 60
NO_TITLE = "none"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a campaign is made of."""

    name: str
    kind: str
    book: str
    freeze_on: date
    objection_days: int
    pass_mark: Decimal | None = None
    needs_both: bool = True
    title: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which sites: of an area, of kinds, holding a title, or `none` for those without any."""

    area_path: str = ""
    kinds: tuple[str, ...] = ()
    title: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """How many sites a filter finds, and how many of them the book judges."""

    found: int
    judged: int
    by_kind: Mapping[str, int]


# Clauses: W-27, W-29, Q-20, D-68, D-69, D-71, D-72, W-39
@transaction.atomic
def make_campaign(*, wanted: Wanted, chosen: Chosen, by: Actor, at: datetime) -> Campaign:
    """Make a campaign with its sites. Raises NotAllowed, BadCampaign, NeedsWords."""
    demand(by, Permission.RUN_ASSESSMENTS)
    edition = _edition(wanted.book, wanted.freeze_on)
    _check(wanted, edition, today=timezone.localdate(at))
    sites = list(_judged(edition, chosen, by).order_by("id")[: MOST_SITES + 1])
    if not sites:
        raise BadCampaign(_("没有符合条件的网点，请放宽范围。"))
    if len(sites) > MOST_SITES:
        raise BadCampaign(_("一次最多 %(most)s 个网点，请缩小范围。") % {"most": MOST_SITES})
    campaign = Campaign.objects.create(
        name=said(wanted.name)[:120],
        kind=Purpose(wanted.kind),
        area_path=by.area_path,
        edition=edition,
        freeze_on=wanted.freeze_on,
        objection_days=wanted.objection_days,
        pass_mark=wanted.pass_mark,
        needs_both=wanted.needs_both,
        title=wanted.title,
        made_at=at,
        made_by=by.name,
        made_by_id=by.user_id,
        is_synthetic=all(site.is_synthetic for site in sites),
    )
    _enter(campaign, sites, by=by, at=at)
    tell_campaign(
        campaign,
        "make",
        by=by,
        at=at,
        kind=wanted.kind,
        edition=edition.digest,
        freeze_on=wanted.freeze_on,
        pass_mark=wanted.pass_mark,
        sites=len(sites),
    )
    return campaign


def preview(*, book: str, on: date, chosen: Chosen, by: Actor) -> Preview:
    """Count the sites of a filter. Raises BadCampaign where the book has no version that day."""
    edition = _edition(book, on)
    found = _found(chosen, by).values_list("kind", flat=True)
    kinds = Counter(found)
    judged = {kind: n for kind, n in kinds.items() if kind in _kinds(edition)}
    return Preview(found=sum(kinds.values()), judged=sum(judged.values()), by_kind=judged)


@transaction.atomic
def set_pass_mark(*, uid: UUID, mark: Decimal | None, by: Actor, at: datetime) -> Campaign:
    """Set the pass mark, or none; not once a line has been judged. Raises BadCampaign.

    Whoever knows points sets no mark to fit them.
    """
    campaign = locked_campaign(uid, by)
    # Campaign, then entries by id, as everywhere: who judges a line holds its entry till the end.
    list(campaign.entries.select_for_update(no_key=True).order_by("id").values_list("pk"))
    if has_begun(campaign):
        raise BadCampaign(_("已经开始评审，合格线不能再改。"))
    if campaign.title and mark is None:
        raise BadCampaign(_needs_mark())
    _check_mark(mark)
    old, campaign.pass_mark = campaign.pass_mark, mark
    campaign.save(update_fields=["pass_mark"])
    tell_campaign(campaign, "pass_mark", by=by, at=at, old={"pass_mark": old}, pass_mark=mark)
    return campaign


def has_begun(campaign: Campaign) -> bool:
    """Tell whether anybody has judged a line of a campaign."""
    lines = EntryLine.objects.filter(entry__campaign=campaign)
    return lines.filter(
        Q(reviewed_at__isnull=False) | Q(seen_at__isnull=False) | Q(self_points__isnull=False)
    ).exists()


def drop(*, uid: UUID, reason: str, by: Actor, at: datetime) -> Entry:
    """Take a site out of its campaign before its facts are frozen."""
    with locked(uid, by) as entry:
        advance(entry, EntryStep.DROP, by=by, at=at, note=said(reason))
        return entry


def locked_campaign(uid: UUID, by: Actor) -> Campaign:
    """Return a campaign the actor runs, locked. Raises NotAllowed, NotFound."""
    demand(by, Permission.RUN_ASSESSMENTS)
    rows = Campaign.objects.select_for_update(no_key=True, of=("self",)).select_related("edition")
    found = rows.filter(uid=uid).first()
    if found is None:
        raise NotFound
    demand_area(by, found.area_path)
    return found


def _edition(book: str, on: date) -> StoredEdition:
    found = counting().filter(book=book, in_force_from__lte=on).first()
    if found is None:
        raise BadCampaign(_("这套规则在 %(day)s 没有施行的版本。") % {"day": on})
    return found


def _check(wanted: Wanted, edition: StoredEdition, *, today: date) -> None:
    if wanted.kind not in Purpose.values:
        raise BadCampaign(_("请选择种类。"))
    if not EARLIEST <= wanted.freeze_on <= today.replace(year=today.year + 2, day=1):
        raise BadCampaign(_("台账冻结日不对，请核对年份。"))
    if not 0 <= wanted.objection_days <= MOST_DAYS:
        raise BadCampaign(_("异议期应在 0 至 %(most)s 个工作日之间。") % {"most": MOST_DAYS})
    if wanted.title and (wanted.kind != Purpose.ACCEPTANCE or wanted.title not in TitleKind.values):
        raise BadCampaign(_("只有验收考核可以授予称号。"))
    if wanted.title and wanted.pass_mark is None:
        raise BadCampaign(_needs_mark())
    _check_mark(wanted.pass_mark)
    assert edition.counts


def _needs_mark() -> str:
    return _("授予称号须先设合格线：文件没有规定，请由主管部门确定。")


def _check_mark(mark: Decimal | None) -> None:
    if mark is not None and not Decimal() < mark <= Decimal(1000):
        raise BadCampaign(_("合格线应大于 0。"))


def _found(chosen: Chosen, by: Actor) -> QuerySet[Site]:
    rows = visible_to(by).exclude(status=SiteStatus.CLOSED)
    if chosen.area_path:
        rows = rows.filter(area_path__startswith=chosen.area_path)
    if chosen.kinds:
        rows = rows.filter(kind__in=chosen.kinds)
    if chosen.title:
        held = SiteTitle.objects.filter(site=OuterRef("pk"), withdrawn_at__isnull=True)
        if chosen.title == NO_TITLE:
            return rows.filter(~Exists(held))
        rows = rows.filter(Exists(held.filter(kind=chosen.title)))
    return rows


def _judged(edition: StoredEdition, chosen: Chosen, by: Actor) -> QuerySet[Site]:
    return _found(chosen, by).filter(kind__in=_kinds(edition))


def _kinds(edition: StoredEdition) -> frozenset[str]:
    profiles = parsed(edition.text).profiles
    return frozenset(kind for profile in profiles for kind in profile.site_kinds)


def _enter(campaign: Campaign, sites: list[Site], *, by: Actor, at: datetime) -> None:
    entries = Entry.objects.bulk_create(
        Entry(campaign=campaign, site=site, state=EntryState.CHOSEN, since=at) for site in sites
    )
    EntrySpan.objects.bulk_create(begin(entry, by=by, at=at) for entry in entries)
