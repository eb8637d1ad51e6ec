"""The points without the words are those of the sheet, for every golden site and book."""

from dataclasses import replace
from decimal import Decimal

from tests.scoring.golden_sites import as_known, every

from circle15.scoring.engine import score_known
from circle15.scoring.samples import full_facts
from circle15.scoring.tally import Tally, tally
from circle15.standards import edition


def of_sheet(book, known, profile) -> Tally:
    sheet = score_known(book, known, profile=profile)
    lost = {each.clause_id: each.max - each.points for each in sheet.clauses}
    lost = {clause: points for clause, points in lost.items() if points}
    return Tally(sheet.total, sheet.max, sheet.result, len(sheet.unknown_facts), lost)


def test_tally_equals_the_sheet_of_every_golden_site():
    different, unknown = [], 0
    for number, (head, site) in enumerate(every()):
        book = edition(head["book"])
        named = list(zip(head["facts"], map(as_known, site["facts"]), strict=True))
        known = {name: value for name, value in named if value is not None}
        # As it is, and with every seventh fact not recorded.
        gaps = {name: value for at, (name, value) in enumerate(known.items()) if (at + number) % 7}
        for facts in (known, gaps):
            found = tally(book, facts, profile=head["profile"])
            unknown += found.unknown > 0
            if found != of_sheet(book, facts, head["profile"]):
                different.append((head["book"], number))
    assert different == []
    assert unknown > 100


def test_tally_passes_without_what_does_not_bind():
    book = replace(edition("wuhu-demonstration"), pass_mark=Decimal(20))
    head = next(head for head, _site in every() if head["book"] == book.id)
    sheets = [of_sheet(book, facts, head["profile"]) for facts in ({}, _all_but_kiosk(book))]

    assert [each.result for each in sheets] == ["fail", "pass"]
    found = [tally(book, facts, profile=head["profile"]) for facts in ({}, _all_but_kiosk(book))]
    assert found == sheets


def _all_but_kiosk(book):
    return full_facts(book) | {"eq.kiosk": 0}
