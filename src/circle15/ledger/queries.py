"""Reads of the ledger: the facts of a day, and what happened when."""

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import Case, F, Q, QuerySet, TextField, When
from django.db.models.functions import Cast

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotFound
from circle15.areas import scope
from circle15.areas.scope import paths_to
from circle15.areas.states import Level
from circle15.ledger.models import Evidence, Fact, Training
from circle15.ledger.states import Source
from circle15.sites.models import Site
from circle15.sites.queries import town_path

Files = tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a site's timeline: a fact recorded or a training held."""

    on: date
    fact: Fact | None = None
    training: Training | None = None


def _of_site(site: Site) -> Q:
    """Rows of the site itself and of the town it stands in."""
    return Q(site=site) | Q(division__path=town_path(site))


def facts_of_many(sites: list[Site], *, on: date) -> dict[int, dict[str, Fact]]:
    """Return the facts of a day by site and name, in two queries.

    The fact of a day is the newest uncorrected row observed on or before it; a row of the site
    itself goes before one of its town.
    """
    own, shared = _current(sites, on)
    by_town: dict[str, dict[str, Fact]] = defaultdict(dict)
    for fact in shared.select_related("division"):
        assert fact.division is not None
        by_town[fact.division.path][fact.name] = fact
    found = {site.id: dict(by_town[town_path(site)]) for site in sites}
    for fact in own:
        assert fact.site_id is not None
        found[fact.site_id][fact.name] = fact
    return found


class Recorded(NamedTuple):
    """What scoring reads of a fact: made for a million rows a night, where models are too slow.

    `checked_at` is when it was recorded, for on-site checks alone: no other row is asked for it.
    """

    id: int
    name: str
    value: object
    source: str
    observed_on: date
    checked_at: datetime | None


def recorded_of_many(sites: list[Site], *, on: date) -> dict[int, dict[str, Recorded]]:
    """Return the same facts as `facts_of_many`, as bare rows."""
    own, shared = _current(sites, on)
    by_town: dict[str, dict[str, Recorded]] = defaultdict(dict)
    for path, *row in _bare(shared, "division__path"):
        by_town[path][row[1]] = _recorded(*row)
    found = {site.id: dict(by_town[town_path(site)]) for site in sites}
    for site_id, *row in _bare(own, "site_id"):
        found[site_id][row[1]] = _recorded(*row)
    return found


def _bare(rows: QuerySet[Fact], whose: str) -> "QuerySet[Fact, tuple[Any, ...]]":
    """Return rows as tuples, values as the text they are: most are one of a few."""
    checked = Case(When(source=Source.ON_SITE, then=F("recorded_at")))
    texts = rows.annotate(text=Cast("value", TextField()), checked_at=checked)
    return texts.values_list(whose, "id", "name", "text", "source", "observed_on", "checked_at")


def _recorded(  # noqa: PLR0913, PLR0917 -- the columns of a row, in their order
    pk: int, name: str, text: str, source: str, observed_on: date, checked_at: datetime | None
) -> Recorded:
    return Recorded(pk, name, _value(text), source, observed_on, checked_at)


@lru_cache(maxsize=4096)
def _value(text: str) -> object:
    """Read a value as JSON has it."""
    return json.loads(text)


def _current(sites: list[Site], on: date) -> tuple[QuerySet[Fact], QuerySet[Fact]]:
    """Return the rows of a day of the sites themselves and of their towns, one for each name."""
    current = Fact.objects.filter(observed_on__lte=on, corrected_by__isnull=True)
    own = current.filter(site__in=sites).order_by("site_id", "name", "-observed_on", "-id")
    towns = {town_path(site) for site in sites}
    shared = current.filter(division__path__in=towns)
    shared = shared.order_by("division_id", "name", "-observed_on", "-id")
    return own.distinct("site_id", "name"), shared.distinct("division_id", "name")


def history_of(site: Site, name: str) -> QuerySet[Fact]:
    """Return every row ever recorded under a name, newest first, corrected ones too."""
    rows = Fact.objects.filter(_of_site(site), name=name).select_related("corrects", "corrected_by")
    return rows.order_by("-observed_on", "-id").prefetch_related("evidence")


def timeline(site: Site, *, limit: int, before: date | None = None) -> list[Entry]:
    """Return the newest entries of a site's ledger, at most `limit`, newest first."""
    until = Q(observed_on__lte=before) if before else Q()
    facts = Fact.objects.filter(_of_site(site)).filter(until).select_related("corrected_by")
    facts = facts.order_by("-observed_on", "-id").prefetch_related("evidence")[:limit]
    held = Q(held_on__lte=before) if before else Q()
    trainings = trainings_of(site).filter(held).order_by("-held_on", "-id")[:limit]
    entries = [Entry(on=fact.observed_on, fact=fact) for fact in facts]
    entries += [Entry(on=training.held_on, training=training) for training in trainings]
    entries.sort(key=lambda entry: entry.on, reverse=True)
    return entries[:limit]


def trainings_of(site: Site) -> QuerySet[Training]:
    """Return trainings of the site's staff: its own, its town's and its county's."""
    above = paths_to(site.area_path)
    return Training.objects.filter(Q(site=site) | Q(division__path__in=above))


def trainings_of_many(sites: list[Site], *, since: date, until: date) -> dict[int, list[Training]]:
    """Return the trainings that count for each of many sites in a period (one query)."""
    paths = {path for site in sites for path in paths_to(site.area_path)}
    rows = Training.objects.filter(
        Q(site__in=sites) | Q(division__path__in=paths), held_on__range=(since, until)
    ).select_related("division")
    by_site: dict[int | None, list[Training]] = defaultdict(list)
    by_path: dict[str, list[Training]] = defaultdict(list)
    for training in rows.order_by("held_on", "id"):
        if training.division is None:
            by_site[training.site_id].append(training)
        else:
            by_path[training.division.path].append(training)
    return {
        site.id: by_site[site.id]
        + [training for path in paths_to(site.area_path) for training in by_path[path]]
        for site in sites
    }


def evidence_by_id(actor: Actor, evidence_id: int) -> Evidence:
    """Return a piece of evidence of the actor's area or of the town it lies in; raises NotFound."""
    of_sites = scope.within(Evidence.objects.all(), actor.area_path, "site__area_path")
    of_divisions = scope.within(Evidence.objects.all(), actor.area_path, "division__path")
    above = paths_to(actor.area_path)
    of_own_town = Evidence.objects.filter(division__level=Level.TOWN, division__path__in=above)
    found = (of_sites | of_divisions | of_own_town).filter(id=evidence_id).first()
    if found is None:
        raise NotFound
    return found


def evidence_of(fact_ids: list[int]) -> dict[int, Files]:
    """Return the photos and PDFs of many facts, as far as the present scope shows them."""
    rows = Evidence.objects.filter(facts__in=fact_ids).annotate(fact_id=F("facts"))
    found: dict[int, Files] = {}
    for evidence in rows.order_by("id"):
        found[evidence.fact_id] = (*found.get(evidence.fact_id, ()), evidence)
    return found
