"""Each clause of the five documents says where it is done; the tags are read as they stand."""

from pathlib import Path

import pytest
from tools import traceability

from circle15.standards.clauses import Trace, clauses, documents, traces

N_OF = {"D": 81, "W": 116, "Q": 72, "N": 31, "J": 126}


def test_every_clause_of_the_five_documents_is_there() -> None:
    found = {key: sum(each.document == key for each in clauses().values()) for key in documents()}
    assert found == N_OF
    assert all(each.asks.zh and each.asks.en and each.at for each in clauses().values())


# Clauses: D-04, W-03, Q-01, Q-66
def test_documents_name_what_they_rest_on() -> None:
    rests_on = {key: [one.number for one in each.rests_on] for key, each in documents().items()}
    assert [len(each) for each in rests_on.values()] == [5, 7, 2, 0, 0]
    assert rests_on["Q"] == ["苏医保发〔2021〕22号", "通医保办发〔2022〕15号"]
    assert all(each.is_public for each in documents().values())
    assert documents()["J"].issued is None  # it bears no date


# Clauses: D-02
def test_the_table_and_the_documents_are_as_the_tags_are() -> None:
    for path, text in traceability.written().items():
        assert path.read_text(encoding="utf-8") == text, f"make docs: {path.name}"
    assert traces()["D-02"].done
    assert f"tests/standards/{Path(__file__).name}::{_me()}" in traces()["D-02"].shown


def _me() -> str:
    return test_the_table_and_the_documents_are_as_the_tags_are.__name__


def test_a_tag_names_what_stands_below_it(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(traceability, "ROOT", tmp_path)
    code = tmp_path / "one.py"
    mark = "# Clauses:"
    code.write_text(
        f"{mark} D-01\n\nx = 1\n{mark} D-05, J-02\n# why\n@mark\ndef done():\n    ...\n"
    )
    found = traceability.tags_of(code)
    assert found == {"D-01": ["one.py"], "D-05": ["one.py::done"], "J-02": ["one.py::done"]}
    code.write_text(f"{mark} D-99\n")
    with pytest.raises(traceability.UnknownClause, match=r"one\.py:1 D-99"):
        traceability.tags_of(code)


def test_what_lacks_code_or_a_test_is_listed_first() -> None:
    found = {key: Trace(("src/a.py",), ("tests/a.py",)) for key in clauses()}
    assert "**0 of 426 clauses lack code or a test.**" in traceability.page(found)
    found["Q-07"] = Trace(("src/a.py",), ())
    text = traceability.page(found)
    assert "**1 of 426 clauses lack code or a test.**" in text
    assert text.index("| Q-07 |") < text.index("| D-01 |")
