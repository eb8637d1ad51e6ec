"""Once a day: write what the registers show of a town's pharmacies, for all sites of the town."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import system_actor
from circle15.areas.models import Division
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.areas.states import Level
from circle15.ledger.measured import record_shown
from circle15.ledger.queries import facts_of_many
from circle15.ledger.states import Source
from circle15.programme.pharmacies.lists import Standing, TownLine, standings, town_lines
from circle15.programme.pharmacy_models import Pharmacy
from circle15.sites.models import Site
from circle15.sites.states import SiteStatus
from circle15.standards.pharmacies import pharmacy_rules

AT_LEAST_ONE = "pharmacy.count_at_least_one"
SUBSTANDARD = "pharmacy.substandard_count"
_A_DAY_S = 86_400
_MOST_NOTE = 300


@dataclass(frozen=True, slots=True)
class Shown:
    """A fact of a town as the register shows it."""

    name: str
    value: bool | int
    note: str


def record_daily(*, at: datetime) -> int:
    """Write up today once a day and process: the timer asks all the time."""
    if not cache.add(f"pharmacies/{timezone.localdate(at)}", 1, timeout=_A_DAY_S):
        return 0
    return record_towns(at=at)


def record_towns(*, at: datetime) -> int:
    """Write the facts of every town that ever had a convenience pharmacy; return how many.

    One town, one transaction: to be cut off anywhere.
    """
    with area_scope(EVERYWHERE):
        ids = sorted(
            set(_selected_by(timezone.localdate(at)).values_list("division_id", flat=True))
        )
    return sum(_record(town_id, at) for town_id in ids)


@transaction.atomic
def _record(town_id: int, at: datetime) -> int:
    on = timezone.localdate(at)
    with area_scope(EVERYWHERE):
        town = Division.objects.get(pk=town_id)
        site = _any_site(town)
        if site is None:
            return 0
        known = facts_of_many([site], on=on)[site.pk]
        changed = []
        for one in shown_of(town, at=at):
            former = known.get(one.name)
            if former is not None and former.value == one.value:
                continue
            # What somebody looked at on the spot that day or later stands.
            if former is not None and former.source == Source.ON_SITE and former.observed_on >= on:
                continue
            changed.append(one)
        return record_shown(site.code, changed, on=on, by=system_actor(_("便民药店登记")), at=at)


# Clauses: J-79, J-80, J-81
def shown_of(town: Division, *, at: datetime) -> tuple[Shown, ...]:
    """Return what the register shows of a town; where there is no pharmacy nothing is won."""
    (line,) = town_lines([town], on=timezone.localdate(at))
    known = standings(line.inside, at=at)
    stand = [(shop, known[shop.pk]) for shop in line.inside]
    unmet = [shop.name for shop, now in stand if now.is_unmet]
    return (
        Shown(AT_LEAST_ONE, line.is_enough, _names(line)),
        Shown(SUBSTANDARD, len(unmet), _listed(_("未达“五统一”"), unmet)),
        *_kinds(stand),
    )


def enough_by_register(town_paths: list[str], *, on: date) -> dict[str, bool]:
    """Say of towns that ever had a convenience pharmacy whether enough stood there on a day.

    A town with candidates only is not known by this register. Reads in the scope of whoever asks.
    """
    rows = Division.objects.filter(
        level=Level.TOWN,
        path__in=town_paths,
        pk__in=_selected_by(on).values("division_id"),
    )
    return {line.town.path: line.is_enough for line in town_lines(rows.order_by("id"), on=on)}


def _selected_by(on: date) -> QuerySet[Pharmacy]:
    """Return the shops selected on a day or before: a town is known by them from then on."""
    return Pharmacy.objects.filter(selected_on__lte=on).order_by()


def _kinds(stand: list[tuple[Pharmacy, Standing]]) -> Iterator[Shown]:
    for key, kind in pharmacy_rules().drug_kinds.items():
        bad = [shop.name for shop, now in stand if not now.without_markup(key)]
        is_so = bool(stand) and not bad
        yield Shown(kind.fact, is_so, _listed(_("未证明零差率"), bad))


def _any_site(town: Division) -> Site | None:
    """Return a site of the town: its facts are the town's, whichever is asked."""
    rows = Site.objects.filter(area_path__startswith=town.path, status=SiteStatus.OPEN)
    return rows.select_related("division__parent").order_by("opened_on", "id").first()


def _names(line: TownLine) -> str:
    way = _("按边界") if line.by_boundary else _("按所属乡镇和距离")
    words = _("便民药店登记，%(way)s：") % {"way": way}
    return _cut(words + (_("、").join(shop.name for shop in line.inside) or _("没有")))


def _listed(words: str, names: list[str]) -> str:
    return _cut(
        _("便民药店登记，%(words)s：") % {"words": words} + (_("、").join(names) or _("没有"))
    )


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_NOTE else f"{text[: _MOST_NOTE - 1]}…"
