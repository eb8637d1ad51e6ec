"""Fourteen months of a site's ledger: first records, checks, improvements, running figures, slips.

An improvement is a fact recorded as bad first and as good later, so scores move over time. What
the registers tell (zones, equipment, signs) is in the ledger only where an inspector saw it change.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from circle15.ledger.bulk import FactRow, TrainingRow
from circle15.ledger.states import Source, TrainingKind
from circle15.ops.demo import stored, wanted
from circle15.ops.demo.centres import exact
from circle15.ops.demo.character import Character
from circle15.ops.demo.dice import between, roll, some
from circle15.standards.facts import FactValue, facts

SPAN = timedelta(days=425)
AREA = "site.indoor_area_m2"
MINUTES = "ops.instant_avg_minutes"
# Shares of the span at which a third party looks at a large site.
_CHECKS = (0.06, 0.38, 0.71, 0.95)
# What nobody puts right within months, or at all.
_LASTING = frozenset(
    {
        AREA,
        "site.location_suitable",
        "site.transport_convenient",
        "site.radiation_strong",
        "cond.population_covered_wide",
        "agency.any_case_over_3_working_days",
        "h6.premises",
    }
)
_TOPICS = {
    TrainingKind.CENTRAL: (
        "业务知识与服务技能集中培训",
        "综合柜员业务集中培训",
        "办事指南更新集中培训",
    ),
    TrainingKind.SPECIAL: ("异地就医新政策专题培训", "门诊慢特病认定专题培训"),
    TrainingKind.PRE_POST: ("新进人员岗前培训",),
}


@dataclass(frozen=True, slots=True)
class Correction:
    """A wrong record (`of`) and what was right; it says the same day, only later."""

    of: FactRow
    value: FactValue
    note: str
    made_on: date


@dataclass(frozen=True, slots=True)
class Story:
    """All a site's ledger holds."""

    facts: tuple[FactRow, ...]
    trainings: tuple[TrainingRow, ...]
    corrections: tuple[Correction, ...]


@dataclass(frozen=True, slots=True)
class _Time:
    """The days between a site's first record and today."""

    first: date
    today: date

    def at(self, share: float) -> date:
        return self.first + timedelta(days=round((self.today - self.first).days * share))


def story(one: Character, today: date) -> Story:
    if not one.works:
        return Story((), (), ())
    time = _Time(max(one.opened_on, today - SPAN), today)
    corrections = tuple(_corrections(one, time))
    rows = (
        *_records(one, time),
        *_running(one, time),
        *(correction.of for correction in corrections),
    )
    return Story(_in_order(rows), tuple(_trainings(one, time)), corrections)


def _in_order(rows: tuple[FactRow, ...]) -> tuple[FactRow, ...]:
    return tuple(sorted(rows, key=lambda row: (row.observed_on, row.name)))


def final(one: Character, name: str) -> FactValue:
    """Say what is true of the site today."""
    if name == AREA and one.area_m2 is not None:
        return one.area_m2
    if name in one.counts:
        return one.counts[name]
    return wanted.bad(name) if name in one.lacks else wanted.good(name)


def _records(one: Character, time: _Time) -> Iterator[FactRow]:
    better = _improving(one)
    skip = {AREA} if one.first_area_m2 is not None else set()
    for name in one.names:
        if name in better:
            yield from _improvement(one, name, time)
        elif name not in skip and name != MINUTES and not wanted.in_register(name):
            yield from _steady(one, name, time)


def _improving(one: Character) -> frozenset[str]:
    """Draw the facts that got better, among those that are good today."""
    able = (
        name
        for name in one.names
        if name not in one.lacks | one.broken | one.poor | one.counts.keys()
        and name not in _LASTING
        and not name.startswith("sign.")
        and (not facts()[name].is_number or name == "conduct.counter_irregularities")
    )
    return frozenset(some(able, one.better, one.code, "better"))


def _improvement(one: Character, name: str, time: _Time) -> Iterator[FactRow]:
    seen = wanted.in_register(name)
    source = Source.ON_SITE if seen else Source(facts()[name].source)
    before = time.at(_CHECKS[0] if source == Source.ON_SITE else 0.02 * roll(one.code, name))
    if source == Source.ON_SITE and one.is_large:
        after = time.at(_CHECKS[between(1, 3, one.code, name, "after")])
    else:
        after = time.at(0.15 + 0.8 * roll(one.code, name, "after"))
    yield _fact(one, name, wanted.bad(name), before, source, note="首次查验发现" if seen else "")
    if after > before:
        yield _fact(one, name, final(one, name), after, source, note="整改完成")
    else:
        yield _fact(
            one, name, final(one, name), before + timedelta(days=1), source, note="整改完成"
        )


def _steady(one: Character, name: str, time: _Time) -> Iterator[FactRow]:
    fact = facts()[name]
    value = final(one, name)
    if fact.source == Source.ON_SITE:
        yield from _checked(one, name, value, time)
    elif fact.is_number and isinstance(value, int) and one.is_large:
        yield from _adding_up(one, name, value, time)
    else:
        imported = roll(one.code, name, "imported") < 0.35  # noqa: PLR2004 -- a third came by file
        source = Source.IMPORT if imported else Source(fact.source)
        day = time.at(0.04 * roll(one.code, name, "first"))
        yield _fact(one, name, value, day, source, note="建点台账批量导入" if imported else "")


def _checked(one: Character, name: str, value: FactValue, time: _Time) -> Iterator[FactRow]:
    """Record what an inspector saw; what is counted or missing is looked at every time."""
    if not one.is_large:
        yield _fact(one, name, value, time.at(0.1 + 0.85 * roll(one.code, "check")), Source.ON_SITE)
        return
    again = facts()[name].is_number or name in one.lacks
    for number, share in enumerate(_CHECKS if again else _CHECKS[:1]):
        more = len(_CHECKS) - 1 - number if facts()[name].kind == "count" and again else 0
        yield _fact(
            one,
            name,
            _plus(value, more if name in one.counts else 0),
            time.at(share),
            Source.ON_SITE,
        )


def _plus(value: FactValue, more: int) -> FactValue:
    return value if isinstance(value, bool) else value + more


def _adding_up(one: Character, name: str, value: int, time: _Time) -> Iterator[FactRow]:
    """Let a count of the year grow step by step up to what it is today."""
    source = Source(facts()[name].source)
    yield _fact(one, name, 0, time.at(0.04 * roll(one.code, name)), source)
    for number in range(1, value + 1):
        yield _fact(one, name, number, time.at(0.35 + 0.6 * number / value), source)
    if value == 0:
        yield _fact(one, name, 0, time.at(0.9), source, note="复核无变化")


def _running(one: Character, time: _Time) -> Iterator[FactRow]:
    """Measure the average time of instant items monthly, nearing today's figure."""
    if MINUTES not in one.names or not one.is_large:
        return
    last = final(one, MINUTES)
    assert isinstance(last, Decimal)
    months = max(1, (time.today - time.first).days // 30)
    for month in range(1, months + 1):
        away = (months - month) * Decimal("0.12")
        noise = Decimal(between(-3, 3, one.code, month)) / 10 if month < months else Decimal(0)
        day = time.first + timedelta(days=30 * month)
        yield _fact(
            one, MINUTES, last + away.quantize(Decimal("0.1")) + noise, day, Source.OPERATION
        )


def _corrections(one: Character, time: _Time) -> Iterator[Correction]:
    """Slips: an area measured wrongly, now and then a decimal point in the wrong place."""
    if one.first_area_m2 is not None and one.area_m2 is not None:
        wrong = _fact(
            one, AREA, one.first_area_m2, time.at(0.03), Source.DOCUMENT, note="按建设图纸登记"
        )
        yield Correction(wrong, one.area_m2, "现场复测，原记录按图纸登记有误", time.at(_CHECKS[1]))
    if one.is_large and MINUTES in one.names and roll(one.code, "slip") < 0.4:  # noqa: PLR2004 -- some sites
        value = final(one, MINUTES)
        assert isinstance(value, Decimal)
        wrong = _fact(one, MINUTES, value * 10, time.at(0.55), Source.OPERATION)
        later = wrong.observed_on + timedelta(days=2)
        yield Correction(wrong, value, "录入时小数点有误，予以更正", min(later, time.today))


def _trainings(one: Character, time: _Time) -> Iterator[TrainingRow]:
    """Hold this year's as the character says; the year before everybody held one."""
    year = date(time.today.year, 1, 1)
    counts = (
        (TrainingKind.CENTRAL, one.trainings.central),
        (TrainingKind.SPECIAL, one.trainings.special),
        (TrainingKind.PRE_POST, one.trainings.pre_post),
    )
    for kind, count in counts:
        first = max(year, one.opened_on)
        days = (time.today - first).days
        for number in range(count):
            held = first + timedelta(days=round(days * (number + 0.6) / (count + 0.4)))
            yield _training(one, held, kind, number)
    if one.is_large and one.opened_on < time.today - SPAN:
        yield _training(
            one, time.today - timedelta(days=between(370, 420, one.code)), TrainingKind.CENTRAL, 0
        )


def _training(one: Character, held_on: date, kind: TrainingKind, number: int) -> TrainingRow:
    topics = _TOPICS[kind]
    return TrainingRow(
        site_code=one.code,
        held_on=held_on,
        kind=kind,
        topic=topics[number % len(topics)],
        attendees=max(1, one.staff) + between(0, 6, one.code, kind, number) * one.is_large,
    )


def town_story(town: str, today: date) -> tuple[FactRow, ...]:
    """Tell what is true of a whole town: leadership, funds, pharmacies, use of results."""
    said = stored.characters()["towns"].get(int(town), {})
    lacks = frozenset(said.get("lacks", ()))
    counts = exact(said.get("counts", {}))
    time = _Time(today - SPAN, today)
    rows: list[FactRow] = []
    able = (n for n in wanted.town_names() if n not in lacks and not facts()[n].is_number)
    better = some(able, between(1, 4, town, "better"), town)
    for name in wanted.town_names():
        value = counts.get(name, wanted.bad(name) if name in lacks else wanted.good(name))
        source = Source(facts()[name].source)
        first = time.at(0.04 * roll(town, name))
        rows.append(
            _of_town(town, name, wanted.bad(name) if name in better else value, first, source)
        )
        if name in better:
            rows.append(
                _of_town(town, name, value, time.at(0.2 + 0.7 * roll(town, name, "after")), source)
            )
    return _in_order(tuple(rows))


def _fact(  # noqa: PLR0913, PLR0917 -- what a fact consists of
    one: Character, name: str, value: FactValue, day: date, source: Source, note: str = ""
) -> FactRow:
    return FactRow(
        site_code=one.code,
        name=name,
        value=value,
        observed_on=day,
        source=source,
        unit=facts()[name].unit.zh,
        note=note,
    )


def _of_town(town: str, name: str, value: FactValue, day: date, source: Source) -> FactRow:
    return FactRow(
        division_code=town,
        name=name,
        value=value,
        observed_on=day,
        source=source,
        unit=facts()[name].unit.zh,
        note="",
    )
