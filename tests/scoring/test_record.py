"""The JSON form of a sheet."""

import json
from decimal import Decimal

import pytest

from circle15.scoring import score, score_known, sheet_from_json, sheet_to_json
from circle15.scoring.samples import full_facts
from circle15.standards import edition

JIANGSU = edition("jiangsu-acceptance")
FULL = full_facts(JIANGSU)


def test_json_begins_with_what_is_promised():
    data = sheet_to_json(score(JIANGSU, FULL | {"site.indoor_area_m2": Decimal("100.50")}))

    assert list(data)[:6] == ["edition", "total", "max", "result", "vetoes", "clauses"]
    assert (data["total"], data["max"], data["result"]) == ("98", "100", "no_pass_mark")
    clause = data["clauses"][1]
    assert list(clause) == ["id", "points", "max", "rules"]
    assert (clause["id"], clause["points"], clause["max"]) == ("I01.2", "4", "6")
    rule = clause["rules"][0]
    assert list(rule)[:5] == ["id", "points", "max", "reason", "facts"]
    assert rule["facts"] == {"site.indoor_area_m2": "100.5"}
    assert rule["remedies"] == [{"fact": "site.indoor_area_m2", "needed": "150", "gain": "2"}]


@pytest.mark.parametrize("mark", [None, Decimal("80.5")])
def test_sheet_comes_back_from_text_as_it_was(mark):
    sheet = score_known(JIANGSU, {"eq.pen": True}, vetoes=["V2"], pass_mark=mark)

    stored = json.dumps(sheet_to_json(sheet), ensure_ascii=False)

    assert sheet_from_json(json.loads(stored)) == sheet


def test_a_stored_sheet_can_be_replayed():
    stored = sheet_to_json(score(JIANGSU, FULL, switches={"population_basis": "resident"}))

    old = sheet_from_json(stored)
    facts = {name: value for line in old.lines for name, value in line.facts.items()}
    again = score(JIANGSU, facts, profile=old.profile, switches=old.switches)

    assert old.edition_hash == JIANGSU.hash
    assert again == old


@pytest.mark.parametrize(
    ("key", "value", "error"),
    [
        ("clauses", "none", TypeError),
        ("clauses", ["none"], TypeError),
        ("switches", [], TypeError),
        ("result", "perhaps", KeyError),
    ],
)
def test_other_data_is_refused(key, value, error):
    with pytest.raises(error):
        sheet_from_json(sheet_to_json(score(JIANGSU, FULL)) | {key: value})


def test_unknown_names_are_refused():
    sheet = score(JIANGSU, FULL)

    with pytest.raises(KeyError):
        sheet.line("I99.9.a")
    with pytest.raises(KeyError):
        sheet.clause("I99.9")
