"""The green channel and the words at the window, as data with sources that exist."""

import re

import pytest

from circle15.standards.hall import elder_peak, green_classes, phrases

CLASSES = ["old", "weak", "sick", "disabled", "military", "pregnant", "infant", "other"]
STEPS = ["call", "greet", "check", "missing", "hold", "wait", "transfer", "deny", "finish"]


def test_classes_come_in_their_order_each_with_a_proof_in_both_languages():
    assert list(green_classes()) == CLASSES
    for each in green_classes().values():
        assert all((each.name.zh, each.name.en, each.proof.zh, each.proof.en))


def test_the_peak_is_of_the_old():
    key, sources = elder_peak()
    assert key == "old"
    assert [source.number for source in sources] == ["N7.1", "I12.2", "W2.3.3a"]


def test_every_source_is_a_clause_of_its_edition(editions_by_id):
    sources = [source for each in green_classes().values() for source in each.sources]
    for source in [*sources, *elder_peak()[1]]:
        assert source.number in editions_by_id[source.book]


@pytest.mark.parametrize("step", [*STEPS, "pause", "recall"])
def test_a_phrase_asks_for_the_same_in_both_languages(step):
    words = phrases()[step].words
    assert words.zh
    assert set(re.findall(r"{\w+}", words.zh)) == set(re.findall(r"{\w+}", words.en))


@pytest.fixture
def editions_by_id() -> dict[str, set[str]]:
    from importlib.resources import files

    folder = files("circle15.standards") / "data" / "editions"
    return {
        path.name.removesuffix(".yaml"): set(re.findall(r"- id: (\S+)", path.read_text("utf-8")))
        for path in folder.iterdir()
        if path.name.endswith(".yaml")
    }
