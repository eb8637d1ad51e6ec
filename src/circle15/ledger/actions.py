"""Writes to the ledger: nothing is edited, a correction names what it corrects."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.areas.models import Division
from circle15.areas.queries import town_of
from circle15.areas.wording import worded
from circle15.audit.actions import record
from circle15.core.messages import joined
from circle15.ledger.files import CheckedFile
from circle15.ledger.keeping import keep_for
from circle15.ledger.models import Evidence, Fact, Training
from circle15.ledger.plausible import MOST_ATTENDEES, doubt, doubtful_day
from circle15.ledger.states import Source, TrainingKind
from circle15.ledger.values import stored
from circle15.sites.actions import touch
from circle15.sites.models import Site
from circle15.standards.facts import (
    FactDefinition,
    FactValue,
    InvalidFacts,
    clean_facts,
    facts,
)


class UnusableFact(Refused):
    """A fact that cannot be recorded as it was given; `part` is the field to look at, if one is."""

    def __init__(self, message: str, part: str = "") -> None:
        super().__init__(message)
        self.part = part


def _site(code: str, by: Actor) -> Site:
    if not by.can(Permission.RECORD_FACTS):
        raise NotAllowed
    rows = scope.within(Site.objects.select_related("division__parent"), by.area_path)
    site = rows.filter(code=code).first()
    if site is None:
        raise NotFound
    return site


def _clean(name: str, value: object) -> FactValue:
    """Return the value in the right type; raises UnusableFact."""
    try:
        return clean_facts({name: value})[name]
    except InvalidFacts as refusal:
        raise UnusableFact(worded(joined(refusal.problems))) from None


def _believe(
    name: str, value: FactValue, observed_on: date, at: datetime, site: Site | None
) -> None:
    found = doubt(name, value, observed_on, today=timezone.localdate(at), site=site)
    if found:
        raise UnusableFact(worded(found.message), found.part)


def _holder(
    site: Site, definition: FactDefinition, by: Actor
) -> tuple[Site | None, Division | None]:
    """Say whose the fact is: one of a town is kept once, on the town, and shared by its sites."""
    town = town_of(site.division)
    if definition.scope != "town" or town is None:
        return site, None
    if not by.covers(town.path):
        raise NotAllowed(_("这一项属于整个乡镇（街道），请由县级医保局记录。"))
    return None, town


def _touched(site: Site, division: Division | None) -> None:
    if division is None:
        touch([site.id])
        return
    ids = Site.objects.filter(area_path__startswith=division.path).values_list("id", flat=True)
    touch(list(ids))


# Clauses: J-03, J-09, J-06, W-59, J-83
@transaction.atomic
def record_fact(  # noqa: PLR0913 -- what a fact consists of
    *,
    code: str,
    name: str,
    value: object,
    source: str,
    observed_on: date,
    by: Actor,
    at: datetime,
    note: str = "",
    evidence_ids: Sequence[int] = (),
    corrects_id: int | None = None,
) -> Fact:
    """Append a fact to a site's ledger (or its town's, where the fact is the town's).

    Raises NotFound, NotAllowed, UnusableFact. `corrects_id` names the row this one corrects, and
    the correction counts from that row's day.
    """
    site = _site(code, by)
    if source == Source.ON_SITE and not by.can(Permission.CHECK_ON_SITE):
        raise NotAllowed(
            _("“现场查验”只能由医保局记录；网点自己的情况请选“业务运行”或“台账材料”。")
        )
    clean, definition = _clean(name, value), facts()[name]
    owner, division = _holder(site, definition, by)
    _believe(name, clean, observed_on, at, owner)
    corrected = _corrected(corrects_id, name, owner, division)
    if corrected:
        # What was wrong was wrong from its own day on; the days before keep their rows.
        observed_on = corrected.observed_on
    fact = Fact.objects.create(
        site=owner,
        division=division,
        name=name,
        value=stored(clean),
        unit=definition.unit.zh,
        source=Source(source),
        observed_on=observed_on,
        recorded_at=at,
        recorded_by=by.name,
        recorded_by_id=by.user_id,
        note=note,
        corrects=corrected,
    )
    fact.evidence.set(_evidence(site, division, evidence_ids))
    _touched(site, division)
    record(
        who=by.who,
        verb="fact.correct" if corrected else "fact.record",
        target_kind="fact",
        target_id=fact.id,
        area_path=site.area_path,
        at=at,
        old={"value": corrected.value, "fact": corrected.id} if corrected else None,
        new={"name": name, "value": fact.value, "site": site.code, "observed_on": observed_on},
    )
    return fact


def _corrected(
    fact_id: int | None, name: str, site: Site | None, division: Division | None
) -> Fact | None:
    if fact_id is None:
        return None
    # Locked, so that of two corrections at once the second is refused in words.
    rows = Fact.objects.select_for_update().filter(site=site, division=division)
    former = rows.filter(id=fact_id, name=name).first()
    if former is None:
        raise UnusableFact(_("要更正的记录不存在，或不是同一项。"))
    if Fact.objects.filter(corrects=former).exists():
        raise UnusableFact(_("这条记录已被更正过，请更正最新的一条。"))
    return former


def _evidence(site: Site, division: Division | None, ids: Sequence[int]) -> list[Evidence]:
    found = list(Evidence.objects.filter(site=site, id__in=ids).order_by("id"))
    if len(found) != len(set(ids)):
        raise UnusableFact(_("有的佐证材料不属于本网点，请重新上传。"))
    return found if division is None else [_of_town(kept, division) for kept in found]


def _of_town(kept: Evidence, division: Division) -> Evidence:
    """Return the town's own record of the same file: its other sites may open it."""
    again = Evidence.objects.filter(division=division, digest=kept.digest).first()
    if again is None:
        values = {field.attname: getattr(kept, field.attname) for field in kept._meta.fields}  # noqa: SLF001 -- Django's public name for it
        again = Evidence(**values | {"id": None, "site_id": None, "division_id": division.id})
        again.save(force_insert=True)
    return again


# Clauses: J-03
@transaction.atomic
def keep_evidence(*, code: str, checked: CheckedFile, by: Actor, at: datetime) -> Evidence:
    """Keep a checked photo or PDF of a site under its digest; the same file is kept once."""
    return keep_for(_site(code, by), checked, by=by, at=at)


@transaction.atomic
def hold_training(  # noqa: PLR0913 -- what a training consists of
    *,
    code: str,
    held_on: date,
    kind: str,
    topic: str,
    attendees: int,
    by: Actor,
    at: datetime,
) -> Training:
    """Record a training held for a site's staff; the same one is recorded once."""
    site = _site(code, by)
    if why := doubtful_day(held_on, today=timezone.localdate(at)):
        raise UnusableFact(worded(why), "held_on")
    if not topic.strip() or not 1 <= attendees <= MOST_ATTENDEES:
        raise UnusableFact(
            _("请填写培训主题，参加人数应在 1 到 %(most)s 之间。") % {"most": MOST_ATTENDEES}
        )
    training, created = Training.objects.get_or_create(
        site=site,
        division=None,
        held_on=held_on,
        kind=TrainingKind(kind),
        topic=topic,
        defaults={"attendees": attendees, "recorded_at": at, "recorded_by": by.name},
    )
    if created:
        touch([site.id])
        record(
            who=by.who,
            verb="training.hold",
            target_kind="training",
            target_id=training.id,
            area_path=site.area_path,
            at=at,
            new={"topic": topic, "held_on": held_on, "kind": kind, "attendees": attendees},
        )
    return training
