"""Every rule of every book below, at and above its bounds, and whole Jiangsu sheets."""

import pytest
from tests.standards.case_files import load, rule_cases

from circle15.scoring import score
from circle15.scoring.samples import empty_facts, full_facts
from circle15.standards import edition, editions

RULES = list(rule_cases())


@pytest.mark.parametrize(
    ("edition_id", "profile", "rule_id", "cases"), RULES, ids=[each[2] for each in RULES]
)
def test_rule_pays_as_its_cases_say(edition_id, profile, rule_id, cases):
    book = edition(edition_id)
    full = full_facts(book, profile)

    paid = [{**case, "points": paid_by(book, profile, rule_id, full, case)} for case in cases]

    assert paid == cases


def paid_by(book, profile, rule_id, full, case):
    facts = full | case.get("set", {})
    return score(book, facts, profile=profile, switches=case.get("switches")).line(rule_id).points


@pytest.mark.parametrize("case", load("jiangsu-sheets")["cases"], ids=lambda case: case["name"])
def test_whole_sheet_comes_out_as_the_case_says(case):
    book = edition("jiangsu-acceptance")
    start = full_facts(book) if case["start"] == "full" else empty_facts(book)

    sheet = score(
        book,
        start | case.get("set", {}),
        vetoes=case.get("vetoes", ()),
        switches=case.get("switches"),
    )

    clauses = {clause_id: sheet.clause(clause_id).points for clause_id in case.get("clauses", {})}
    assert sheet.total == case["total"]
    assert clauses == case.get("clauses", {})
    assert sheet.result == case.get("result", "no_pass_mark")


def test_every_rule_has_a_full_and_a_lost_case():
    seen = {}
    for edition_id, _, rule_id, cases in RULES:
        seen.setdefault((edition_id, rule_id), []).extend(case["points"] for case in cases)

    wanted = {(book.id, rule.id): rule.points for book in editions() for rule in book.rules}

    assert seen.keys() == wanted.keys()
    assert [key for key, points in seen.items() if max(points) != wanted[key]] == []
    assert [key for key, points in seen.items() if min(points) == wanted[key]] == []
