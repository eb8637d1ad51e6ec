"""Reads of the ledger: the facts of a day, and what happened when."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotFound
from circle15.areas import scope
from circle15.ledger.models import Evidence, Fact, Training
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


def facts_at(site: Site, *, on: date) -> dict[str, Fact]:
    """Return the facts of a day by name: the newest uncorrected row observed on or before it.

    A row of the site itself goes before one of its town.
    """
    rows = (
        Fact.objects.filter(_of_site(site), observed_on__lte=on, corrected_by__isnull=True)
        .order_by("name", "division_id", "-observed_on", "-id")
        .distinct("name")
        .prefetch_related("evidence")
    )
    return {fact.name: fact for fact in rows}


def facts_of_many(sites: list[Site], *, on: date) -> dict[int, dict[str, Fact]]:
    """Return `facts_at` of many sites in two queries, evidence left out."""
    current = Fact.objects.filter(observed_on__lte=on, corrected_by__isnull=True)
    own = current.filter(site__in=sites).order_by("site_id", "name", "-observed_on", "-id")
    towns = {town_path(site) for site in sites}
    shared = current.filter(division__path__in=towns).select_related("division")
    shared = shared.order_by("division_id", "name", "-observed_on", "-id")
    by_town: dict[str, dict[str, Fact]] = defaultdict(dict)
    for fact in shared.distinct("division_id", "name"):
        assert fact.division is not None
        by_town[fact.division.path][fact.name] = fact
    found = {site.id: dict(by_town[town_path(site)]) for site in sites}
    for fact in own.distinct("site_id", "name"):
        assert fact.site_id is not None
        found[fact.site_id][fact.name] = fact
    return found


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
    above = _paths_to(site.area_path)
    return Training.objects.filter(Q(site=site) | Q(division__path__in=above))


def _paths_to(path: str) -> list[str]:
    parts = path.strip("/").split("/")
    return ["/" + "/".join(parts[:depth]) + "/" for depth in range(1, len(parts) + 1)]


def trainings_of_many(sites: list[Site], *, since: date, until: date) -> dict[int, list[Training]]:
    """Return the trainings that count for each of many sites in a period (one query)."""
    paths = {path for site in sites for path in _paths_to(site.area_path)}
    rows = Training.objects.filter(
        Q(site__in=sites) | Q(division__path__in=paths), held_on__range=(since, until)
    ).select_related("division")
    found: dict[int, list[Training]] = {site.id: [] for site in sites}
    for training in rows.order_by("held_on", "id"):
        for site in sites:
            if training.site_id == site.id or (
                training.division is not None and site.area_path.startswith(training.division.path)
            ):
                found[site.id].append(training)
    return found


def evidence_by_id(actor: Actor, evidence_id: int) -> Evidence:
    """Return a piece of evidence of the actor's area; raises NotFound."""
    of_sites = scope.within(Evidence.objects.all(), actor.area_path, "site__area_path")
    of_divisions = scope.within(Evidence.objects.all(), actor.area_path, "division__path")
    found = (of_sites.filter(id=evidence_id) | of_divisions.filter(id=evidence_id)).first()
    if found is None:
        raise NotFound
    return found


def evidence_of(fact_ids: list[int]) -> dict[int, Files]:
    """Return the photos and PDFs of many facts, as far as the present scope shows them."""
    facts = Fact.objects.filter(id__in=fact_ids).order_by("id").prefetch_related("evidence")
    return {fact.id: tuple(fact.evidence.all()) for fact in facts}
