"""What a new edition would change: the scores of sites before and after, nothing written."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from circle15.accounts.actors import Actor
from circle15.assessments.actions import live_sheet, values
from circle15.assessments.collect import Collection, collect_many
from circle15.assessments.editions import applicable, counting, parsed
from circle15.assessments.models import StoredEdition
from circle15.sites.models import Site
from circle15.sites.queries import visible_to
from circle15.standards.model import Edition

MOST_SITES = 300
_MOVERS = 10


@dataclass(frozen=True, slots=True)
class Mover:
    """A site and its total before and after; None where an edition does not judge it."""

    code: str
    name: str
    before: Decimal | None
    after: Decimal | None

    @property
    def change(self) -> Decimal:
        return (self.after or Decimal()) - (self.before or Decimal())


@dataclass(frozen=True, slots=True)
class Effect:
    """`judged` sites could change, `compared` of them were scored; `mean` over both-judged."""

    judged: int
    compared: int
    changed: int
    added: int
    dropped: int
    mean: Decimal
    movers: tuple[Mover, ...]

    @property
    def is_partial(self) -> bool:
        return self.compared < self.judged


def effect(*, stored: StoredEdition, actor: Actor, on: date, most: int = MOST_SITES) -> Effect:
    """Score the actor's sites under an edition and under the one of its book in force that day."""
    new = parsed(stored.text)
    in_force = (
        counting().filter(book=stored.book, in_force_from__lte=on).exclude(id=stored.id).first()
    )
    old = parsed(in_force.text) if in_force else None
    kinds = {
        kind
        for edition in (new, old)
        if edition is not None
        for profile in edition.profiles
        for kind in profile.site_kinds
    }
    sites = visible_to(actor).filter(kind__in=kinds).order_by("sort_key", "id")
    judged = sites.count()
    chosen = list(sites[:most])
    collected = collect_many([site.id for site in chosen], on=on)
    return _summed(judged, [_mover(site, collected[site.id], old, new) for site in chosen])


def _mover(site: Site, facts: Collection, old: Edition | None, new: Edition) -> Mover:
    return Mover(
        code=site.code,
        name=site.name,
        before=_total(site, facts, old),
        after=_total(site, facts, new),
    )


def _total(site: Site, facts: Collection, edition: Edition | None) -> Decimal | None:
    judged = applicable(site.kind, (edition,)) if edition is not None else ()
    return live_sheet(values(facts), judged[0]).total if judged else None


def _summed(judged: int, every: list[Mover]) -> Effect:
    both = [each for each in every if each.before is not None and each.after is not None]
    moved = [each for each in both if each.change]
    mean = sum((each.change for each in both), Decimal()) / len(both) if both else Decimal()
    movers = sorted(moved, key=lambda each: (-abs(each.change), each.code))
    return Effect(
        judged=judged,
        compared=len(every),
        changed=len(moved),
        added=sum(each.before is None for each in every),
        dropped=sum(each.after is None for each in every),
        mean=round(mean, 2),
        movers=tuple(movers[:_MOVERS]),
    )
