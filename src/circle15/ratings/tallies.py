"""Running sums, written in the transaction of the rating, and the recount that checks them."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from django.db import connection, transaction

from circle15.ratings.models import MarkTally, PartTally, Rating, Tally
from circle15.standards.ratings import rating_rules

GRADES = (1, 2, 3, 4, 5)
COUNTED = tuple(f"{what}_{grade}" for what in ("item", "person") for grade in GRADES)

_COLUMNS = (*COUNTED, "bad")
_ADD = f"""
INSERT INTO ratings_tally AS t (site_id, area_path, day, channel, is_default, {", ".join(_COLUMNS)})
VALUES (%s, %s, %s, %s, %s, {", ".join("%s" for _one in _COLUMNS)})
ON CONFLICT (area_path, site_id, day, channel, is_default) DO UPDATE SET
{", ".join(f"{name} = t.{name} + excluded.{name}" for name in _COLUMNS)}
"""  # noqa: S608 -- names of ours
_KEYED = """
INSERT INTO {} AS t (site_id, area_path, day, kind, key, good, bad)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (area_path, site_id, day, kind, key) DO UPDATE SET
good = t.good + excluded.good, bad = t.bad + excluded.bad
"""
_MARK = _KEYED.format("ratings_marktally")
_PART = _KEYED.format("ratings_parttally")
# Of which the grades are summed up apart.
ITEM, PERSON = "item", "person"


def is_bad(rating: Rating) -> bool:
    """Tell whether the item or the person got a bad grade."""
    rules = rating_rules()
    is_person = rating.person_grade is not None and rules.is_bad(rating.person_grade)
    return rules.is_bad(rating.item_grade) or is_person


def add(rating: Rating, times: int = 1) -> None:
    """Count a rating in, or with -1 out again."""
    where = (rating.site_id, rating.area_path, rating.served_on)
    values = dict.fromkeys(_COLUMNS, 0) | dict.fromkeys(_counted(rating), times)
    with connection.cursor() as cursor:
        cursor.execute(_ADD, (*where, rating.channel, rating.is_default, *values.values()))
        if rating.is_default:
            return
        good, bad = (0, times) if is_bad(rating) else (times, 0)
        # In one order, so that no two wait for each other.
        for kind, key in sorted(_marks(rating)):
            cursor.execute(_MARK, (*where, kind, key, good, bad))
        for kind, key, is_low in _parts(rating):
            good, bad = (0, times) if is_low else (times, 0)
            cursor.execute(_PART, (*where, kind, key, good, bad))


@transaction.atomic
def add_waiting(*, before: datetime) -> int:
    """Count in what was given of days that were over by then; return how many. May be repeated."""
    rows = Rating.objects.select_for_update().filter(is_summed=False, recorded_at__lt=before)
    waiting = list(rows.order_by("area_path", "id"))
    for rating in waiting:
        if not rating.is_excluded:
            add(rating)
    Rating.objects.filter(pk__in=[rating.pk for rating in waiting]).update(is_summed=True)
    return len(waiting)


def differences() -> list[str]:
    """Recount every rating there is, in the present scope; name each sum that is another."""
    sums: Counter[tuple[object, ...]] = Counter()
    marks: Counter[tuple[object, ...]] = Counter()
    parts: Counter[tuple[object, ...]] = Counter()
    for rating in Rating.objects.filter(is_excluded=False, is_summed=True).iterator():
        where = (rating.site_id, rating.area_path, rating.served_on)
        for name in _counted(rating):
            sums[*where, rating.channel, rating.is_default, name] += 1
        tone = "bad" if is_bad(rating) else "good"
        if not rating.is_default:
            for mark in _marks(rating):
                marks[*where, *mark, tone] += 1
            for kind, key, is_low in _parts(rating):
                parts[*where, kind, key, "bad" if is_low else "good"] += 1
    kept, kept_marks = _kept()
    return [
        f"{key}: {told[key]} told, {found[key]} counted"
        for told, found in ((kept, sums), (kept_marks, marks), (_keyed(PartTally), parts))
        for key in sorted({*told, *found}, key=str)
        if told[key] != found[key]
    ]


def _kept() -> tuple[Counter[tuple[object, ...]], Counter[tuple[object, ...]]]:
    sums: Counter[tuple[object, ...]] = Counter()
    for row in Tally.objects.all():
        where = (row.site_id, row.area_path, row.day, row.channel, row.is_default)
        for name in _COLUMNS:
            sums[*where, name] = getattr(row, name)
    return sums, _keyed(MarkTally)


def _keyed(model: type[MarkTally] | type[PartTally]) -> Counter[tuple[object, ...]]:
    kept: Counter[tuple[object, ...]] = Counter()
    for row in model._default_manager.all():  # noqa: SLF001 -- Django's public name for it
        where = (row.site_id, row.area_path, row.day, row.kind, row.key)
        kept[*where, "good"], kept[*where, "bad"] = row.good, row.bad
    return kept


def _counted(rating: Rating) -> Iterator[str]:
    yield f"item_{rating.item_grade}"
    if rating.person_grade is not None:
        yield f"person_{rating.person_grade}"
    if is_bad(rating):
        yield "bad"


def _marks(rating: Rating) -> set[tuple[str, str]]:
    return {("label", code) for code in rating.labels} | {("topic", key) for key in rating.topics}


def _parts(rating: Rating) -> list[tuple[str, str, bool]]:
    """Return whose grades these are, and whether each is a bad one; in one order for all."""
    rules = rating_rules()
    found = [(ITEM, rating.item_key, rules.is_bad(rating.item_grade))] if rating.item_key else []
    if rating.staff_id is not None and rating.person_grade is not None:
        found.append((PERSON, str(rating.staff_id), rules.is_bad(rating.person_grade)))
    return found
