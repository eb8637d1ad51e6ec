"""What must hold for any facts under any book and any reading."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from tests.scoring.reference import points_by_rule
from tests.scoring.strategies import scored

from circle15.scoring import missing_facts, score, score_known, sheet_from_json, sheet_to_json
from circle15.scoring.batch import columns_of, score_batch
from circle15.scoring.engine import clause_line
from circle15.scoring.gap import gap

SHORT = settings(max_examples=60, deadline=None)


@SHORT
@given(scored())
def test_scores_as_the_second_reading_of_the_books(case):
    book, profile, switches, facts, _ = case

    sheet = score(book, facts, profile=profile, switches=switches)

    ours = {line.rule_id: Fraction(line.points) for line in sheet.lines}
    assert ours == points_by_rule(book.id, facts, profile, switches)


@SHORT
@given(scored())
def test_lines_add_up_and_stay_within_bounds(case):
    book, profile, switches, facts, _ = case

    sheet = score(book, facts, profile=profile, switches=switches)

    assert sheet.total == sum(line.points for line in sheet.lines)
    assert sheet.total == sum(line.points for line in sheet.clauses)
    assert sheet.total == sum(line.points for line in sheet.indicators)
    assert sheet.total == sum(line.points for line in sheet.sections)
    assert sheet.attainable == sheet.total
    assert all(0 <= line.points <= line.max for line in sheet.lines)
    assert sheet.unknown_facts == ()


@SHORT
@given(scored())
def test_remedies_win_back_exactly_what_was_lost(case):
    book, profile, switches, facts, _ = case

    sheet = score(book, facts, profile=profile, switches=switches)

    for line in sheet.lines:
        assert sum(remedy.gain for remedy in line.remedies) == line.lost
        cured = facts | {remedy.fact: remedy.needed for remedy in line.remedies}
        again = score(book, cured, profile=profile, switches=switches)
        assert again.line(line.rule_id).points == line.max


@SHORT
@given(scored())
def test_each_remedy_brings_what_it_says_after_those_before_it(case):
    book, profile, switches, facts, _ = case

    sheet = score(book, facts, profile=profile, switches=switches)

    for clause in book.under(switches).clauses_for(profile):
        for line in sheet.clause(clause.id).rules:
            done, reached = dict(facts), line.points
            for remedy in line.remedies:
                done[remedy.fact] = remedy.needed
                again = {each.rule_id: each.points for each in clause_line(clause, done).rules}
                assert again[line.rule_id] == reached + remedy.gain
                reached += remedy.gain
            assert reached == line.max


@SHORT
@given(scored())
def test_batch_gives_the_same_points(case):
    book, profile, switches, facts, _ = case

    sheet = score(book, facts, profile=profile, switches=switches)
    batch = score_batch(book, columns_of([facts], facts), profile=profile, switches=switches)

    assert batch.rule_points(0) == {line.rule_id: line.points for line in sheet.lines}
    assert batch.total(0) == sheet.total


@SHORT
@given(scored(complete=False))
def test_what_is_unknown_only_ever_adds(case):
    book, profile, switches, facts, _ = case
    missing = missing_facts(book.under(switches), facts, profile=profile)

    sheet = score_known(book, facts, profile=profile, switches=switches)

    assert sheet.unknown_facts == missing
    assert all(line.points <= line.attainable <= line.max for line in sheet.lines)
    for clause in sheet.clauses:
        if not any(line.is_unknown for line in clause.rules):
            assert [line.attainable for line in clause.rules] == [
                line.points for line in clause.rules
            ]


@settings(max_examples=30, deadline=None)
@given(scored(complete=False))
def test_gap_leads_to_full_marks(case):
    book, profile, switches, facts, _ = case

    report = gap(book, facts, profile=profile, switches=switches)

    unknown = dict.fromkeys(report.sheet.unknown_facts)
    done = facts | {change.fact: change.needed for step in report.steps for change in step.changes}
    sheet = score_known(book, done, profile=profile, switches=switches)
    assert sum((step.gain for step in report.steps), Decimal(0)) == report.lost
    assert all(step.gain > 0 for step in report.steps)
    assert sheet.attainable == sheet.max
    assert set(sheet.unknown_facts) <= set(unknown)


@SHORT
@given(scored(complete=False))
def test_sheet_survives_json(case):
    book, profile, switches, facts, _ = case

    sheet = score_known(book, facts, profile=profile, switches=switches, pass_mark=Decimal(80))

    assert sheet_from_json(sheet_to_json(sheet)) == sheet
