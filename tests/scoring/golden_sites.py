"""The golden set: 400 scored sites kept beside this file; `python -m tests.scoring.golden_sites`.

Made once from seeds and kept, so that a change of the engine can't change what a site was worth.
Writing refuses points that the second reading of the books (`reference.py`) does not give too.
Write them anew only when a rule book changes on purpose, and read the difference.
"""

import json
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random

from tests.scoring.reference import points_by_rule

from circle15.scoring import score
from circle15.standards import Edition, FactValue, editions, facts
from circle15.standards.rules import stand_ins

FOLDER = Path(__file__).with_name("golden")
SITES = 400
AREAS = ("40", "59.5", "60", "89.9", "90", "99.5", "100", "128", "150", "150.5", "320")


def value(name: str, quality: float, chance: Random) -> FactValue:
    """Return what a site of that quality (0 to 1) could have there, often at a bound."""
    kind = facts()[name].kind
    if name.startswith("town."):
        return chance.choice([9_800, 49_999, 50_000, 63_500, 120_000])
    if kind == "bool":
        return chance.random() < quality
    if kind == "element":
        return (
            chance.choice([1, 2, True]) if chance.random() < quality else chance.choice([0, False])
        )
    if kind == "count":
        return chance.choice([0, 0, 1, 2, 3, 4, 5, 13])
    return Decimal(chance.choice(AREAS))


def shapes() -> list[tuple[Edition, str, list[str], list[str]]]:
    """Return each book and profile with the facts it always asks and those that may stand in."""
    found = []
    for book in editions():
        for profile in book.profiles:
            rules = [rule for clause in book.clauses_for(profile.id) for rule in clause.rules]
            asked = sorted({name for rule in rules for name in rule.facts})
            found.append(
                (book, profile.id, asked, sorted({n for r in rules for n in stand_ins(r)}))
            )
    return found


def written(book: Edition, profile: str, asked: list[str], given: list[str], count: int) -> dict:
    chance = Random(f"{book.id} {profile}")
    rows = [row(book, profile, asked, given, chance) for _site in range(count)]
    rules = [rule.id for clause in book.clauses_for(profile) for rule in clause.rules]
    return {"book": book.id, "hash": book.hash, "profile": profile, "rules": rules} | {
        "facts": [*asked, *given],
        "sites": rows,
    }


def row(book: Edition, profile: str, asked: list[str], given: list[str], chance: Random) -> dict:
    quality = chance.choice([0.3, 0.6, 0.8, 0.9, 0.95, 1.0])
    known = {name: value(name, quality, chance) for name in asked}
    known |= {name: value(name, quality, chance) for name in given if chance.random() < 0.2}
    how = {
        "switches": {each.id: chance.choice(each.options).id for each in book.switches},
        "vetoes": [veto.id for veto in book.vetoes if chance.random() < 0.02],
        "pass_mark": chance.choice([None, "60", "85.5"]),
    }
    paid = points_by_rule(book.id, known, profile, how["switches"])
    outcome = scored(book, profile, known, how)
    assert {rule: Fraction(points) for rule, points in outcome["points"].items()} == paid
    return (
        {"facts": [as_kept(known.get(name)) for name in (*asked, *given)]}
        | how
        | (outcome | {"points": list(outcome["points"].values())})
    )


def scored(book: Edition, profile: str, known: dict[str, FactValue], how: dict) -> dict:
    """Score a site as the golden set keeps it: every rule's points, total and result."""
    mark = how["pass_mark"] and Decimal(how["pass_mark"])
    choices = {"switches": how["switches"], "vetoes": how["vetoes"], "pass_mark": mark}
    sheet = score(book, known, profile=profile, **choices)
    points = {line.rule_id: str(line.points) for line in sheet.lines}
    return {"points": points, "total": str(sheet.total), "result": sheet.result}


def as_kept(fact: FactValue | None) -> object:
    return str(fact) if isinstance(fact, Decimal) else fact


def as_known(kept: object) -> FactValue:
    return Decimal(kept) if isinstance(kept, str) else kept


def every() -> Iterator[tuple[dict, dict]]:
    """Give each kept site with the file's head."""
    for path in sorted(FOLDER.glob("*.json")):
        kept = json.loads(path.read_text(encoding="utf-8"))
        yield from ((kept, site) for site in kept["sites"])


def write() -> None:
    kinds = shapes()
    for book, profile, asked, given in kinds:
        kept = written(book, profile, asked, given, -(-SITES // len(kinds)))
        head = {key: kept[key] for key in kept if key != "sites"}
        rows = ",\n".join(json.dumps(each, ensure_ascii=False) for each in kept["sites"])
        text = f'{json.dumps(head, ensure_ascii=False)[:-1]}, "sites": [\n{rows}\n]}}\n'
        (FOLDER / f"{book.id}-{profile}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
