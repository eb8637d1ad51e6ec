"""Surveys of awareness (知晓度): recorded, struck out, added up by half-year."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.accounts.steps import kept_words, name_of, said, tell
from circle15.areas import scope
from circle15.core.shares import Share, wilson
from circle15.programme.activities.records import AlreadyStruck, NotYourRecord, UnusableRecord
from circle15.programme.activities_models import AwarenessSurvey
from circle15.sites.models import Site
from circle15.standards.activities import activity_rules

MOST = 1_000_000
_YEAR_DAYS, _JULY = 366, 7


@dataclass(frozen=True, slots=True)
class NewSurvey:
    """What a survey found; without a site it is of the actor's own area."""

    subject: str
    way: str
    done_on: date
    asked: int
    knowing: int
    used: int
    source: str
    site_code: str = ""


@dataclass(frozen=True, slots=True)
class Awareness:
    """Of those asked, who knows and who has used it, with Wilson's intervals; n is `asked`."""

    knowing: Share
    used: Share

    @property
    def asked(self) -> int:
        return self.knowing.whole

    @property
    def knowing_range(self) -> tuple[float, float] | None:
        return wilson(self.knowing.part, self.knowing.whole)

    @property
    def used_range(self) -> tuple[float, float] | None:
        return wilson(self.used.part, self.used.whole)


# Clauses, J-125
@transaction.atomic
def record_survey(
    *, new: NewSurvey, by: Actor, at: datetime, is_synthetic: bool = False
) -> AwarenessSurvey:
    """Keep what a survey of the actor's area or of one of its sites found.

    Raises NotAllowed, NotFound, UnusableRecord with everything that is wrong.
    """
    demand(by, Permission.RECORD_ACTIVITIES)
    site = _site(new.site_code, by)
    if problems := list(_problems(new, at)):
        raise UnusableRecord(problems)
    row = AwarenessSurvey.objects.create(
        area_path=site.area_path if site else by.area_path,
        site=site,
        subject=new.subject,
        way=new.way,
        done_on=new.done_on,
        asked=new.asked,
        knowing=new.knowing,
        used=new.used,
        source=kept_words(new.source, 120),
        recorded_at=at,
        recorded_by=name_of(by),
        recorded_by_id=by.user_id,
        is_synthetic=is_synthetic or bool(site and site.is_synthetic),
    )
    counts = {"asked": row.asked, "knowing": row.knowing, "used": row.used}
    tell("survey.record", row.uid, row.area_path, by=by, at=at, subject=row.subject, **counts)
    return row


@transaction.atomic
def strike_survey(*, uid: UUID, reason: str, by: Actor, at: datetime) -> AwarenessSurvey:
    """Strike a survey out with a reason; it stays to be seen and counts no more.

    Raises NotFound, NotAllowed, NotYourRecord, AlreadyStruck, NeedsReason.
    """
    demand(by, Permission.RECORD_ACTIVITIES)
    rows = scope.within(AwarenessSurvey.objects.select_for_update(), by.area_path)
    row = rows.filter(uid=uid).first()
    if row is None:
        raise NotFound
    if not may_strike_survey(row, by):
        raise NotYourRecord
    if row.struck_at is not None:
        raise AlreadyStruck
    row.struck_at, row.struck_by, row.struck_why = at, name_of(by), said(reason)
    row.save(update_fields=["struck_at", "struck_by", "struck_why"])
    tell("survey.strike", row.uid, row.area_path, by=by, at=at, reason=row.struck_why)
    return row


def may_strike_survey(row: AwarenessSurvey, by: Actor) -> bool:
    """Tell whether an actor may strike a survey out: the own, or whoever keeps the facts."""
    is_own = by.user_id is not None and row.recorded_by_id == by.user_id
    return by.can(Permission.RECORD_ACTIVITIES) and (is_own or by.can(Permission.RECORD_FACTS))


def surveys(by: Actor) -> QuerySet[AwarenessSurvey]:
    """Return the surveys of the actor's area, the newest first. Raises NotAllowed."""
    demand(by, Permission.VIEW_ACTIVITIES)
    rows = scope.within(AwarenessSurvey.objects.select_related("site"), by.area_path)
    return rows.order_by("-done_on", "-id")


def survey_by_uid(by: Actor, uid: UUID) -> AwarenessSurvey:
    """Return a survey of the actor's area. Raises NotFound, NotAllowed."""
    row = surveys(by).filter(uid=uid).first()
    if row is None:
        raise NotFound
    return row


# Clauses: Q-54, J-125
def trend(by: Actor, subject: str) -> dict[str, Awareness]:
    """Return what is known of a subject by half-year ("2026H1"), the oldest first (1 query).

    Samples of a half-year are added up, whoever asked; struck ones do not count.
    """
    rows = surveys(by).filter(subject=subject, struck_at__isnull=True)
    found: dict[str, list[tuple[int, int, int]]] = {}
    for day, *counts in rows.values_list("done_on", "asked", "knowing", "used"):
        found.setdefault(half_year(day), []).append((counts[0], counts[1], counts[2]))
    return {half: added_up(found[half]) for half in sorted(found)}


def added_up(rows: Iterable[tuple[int, int, int]]) -> Awareness:
    """Add up samples, each how many were asked, know, and have used it."""
    samples = list(rows)
    asked, knowing, used = (sum(row[at] for row in samples) for at in range(3))
    return Awareness(Share(knowing, asked), Share(used, asked))


def half_year(day: date) -> str:
    """Return the half-year a day lies in, as `2026H1`."""
    return f"{day.year}H{1 if day.month < _JULY else 2}"


def _site(code: str, by: Actor) -> Site | None:
    if not code:
        return Site.objects.filter(area_path=by.area_path).first()
    site = scope.within(Site.objects.all(), by.area_path).filter(code=code).first()
    if site is None:
        raise NotFound
    return site


def _problems(new: NewSurvey, at: datetime) -> Iterator[tuple[str, str]]:
    today, rules = timezone.localdate(at), activity_rules()
    if new.subject not in rules.survey_subjects:
        yield "subject", _("请填写这一项。")
    if new.way not in rules.survey_ways:
        yield "way", _("请填写这一项。")
    if new.done_on > today:
        yield "done_on", _("日期不能晚于今天。")
    elif (today - new.done_on).days > _YEAR_DAYS:
        yield "done_on", _("只能补记一年以内的。")
    if not 0 < new.asked <= MOST:
        yield "asked", _("请填一个大于零的数。")
    if not 0 <= new.knowing <= new.asked:
        yield "knowing", _("知道的人数不能超过调查人数。")
    if not 0 <= new.used <= new.knowing:
        yield "used", _("用过的人数不能超过知道的人数。")
    if not kept_words(new.source):
        yield "source", _("请填写这一项。")
