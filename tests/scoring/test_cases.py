"""Every rule of every book below, at and above its bounds, and whole Jiangsu sheets."""

import pytest
from tests.standards.case_files import load, rule_cases

from circle15.scoring import score
from circle15.scoring.samples import empty_facts, full_facts
from circle15.standards import edition, editions

RULES = list(rule_cases())


# Clauses: D-14, D-15, D-20, D-21, D-22, D-23, D-24, D-25, D-26, D-28, D-29, D-30, D-31, D-34, D-35
# Clauses: D-36, D-37, D-38, D-39, D-41, D-42, D-43, D-44, D-45, D-46, D-47, D-48, D-49, D-50, D-80
# Clauses: W-44, W-79, W-80, W-81, W-83, W-84, W-85, W-86, W-87, W-88, W-116, N-17, N-18, N-19
# Clauses: N-20, N-21, N-22, N-23, J-07, J-08, J-10, J-11, J-12, J-13, J-14, J-15, J-17, J-18, J-19
# Clauses: J-20, J-22, J-23, J-25, J-27, J-33, J-34, J-35, J-38, J-49, J-50, J-51, J-52, J-55, J-56
# Clauses: J-61, J-68, J-71, J-72, J-77, J-79, J-85, J-90, J-91, J-94, J-97, J-98, J-100, J-101
# Clauses: J-108, J-109, J-110, J-111, J-112, J-113, J-118, J-119
# Clauses: J-99
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
