"""The transactions: nodes, required fields, which undoes and asks about which."""

from circle15.cases.core_platform.functions import (
    ACCIDENT,
    CHRONIC,
    FUNCTIONS,
    PERSON,
    TRANSFER,
    Kind,
    answers,
    function,
    is_same,
)

FILED = {"opsp_dise_code": "M03900", "begndate": "2026-03-01"}


def test_filings_have_their_undo_and_their_question():
    pairs = {
        one.infno: (one.undone_by, one.asked_by)
        for one in FUNCTIONS.values()
        if one.kind is Kind.FILING
    }

    assert pairs == {
        "2501": ("2502", "5304"),
        "2503": ("2504", "5301"),
        "2505": ("2506", "5302"),
        "2507": ("2601", ""),
        "2562": ("2563", "5364"),
        "2699": ("2601", ""),
    }
    assert set(FUNCTIONS) == {
        "9001", "1101", "2501", "2502", "2503", "2504", "2505", "2506", "2507", "2562", "2563",
        "2601", "2699", "5301", "5302", "5303", "5304", "5364",
    }  # fmt: skip


def test_day_of_an_accident_is_told_as_the_moment_it_began():
    values = {"trum_time": "2026-03-01", "begndate": "2026-03-02"}

    assert function(ACCIDENT).contents(values) == {
        "data": {"trum_time": "2026-03-01 00:00:00", "begndate": "2026-03-02"}
    }


def test_contents_stand_under_the_node_without_what_is_foreign_or_empty():
    values = {"psn_no": "1", "tel": "", "foreign": "x", "begndate": "2026-03-01"}

    assert function(TRANSFER).contents(values) == {
        "refmedin": {"psn_no": "1", "begndate": "2026-03-01"}
    }


def test_all_that_lacks_or_is_too_long_is_named():
    told = function(CHRONIC).problems({"psn_no": "1" * 31, "begndate": "2026-03-01"})

    assert [str(one) for one in told] == [
        "缺少insutype",
        "缺少opsp_dise_code",
        "psn_no最长30，现为31",
    ]


def test_filing_is_known_again_whatever_the_time_of_its_day():
    made = function(CHRONIC)

    assert is_same(made, FILED, {**FILED, "begndate": "2026-03-01 00:00:00", "memo": "x"})
    assert not is_same(made, FILED, {**FILED, "opsp_dise_code": "M01600"})
    assert not is_same(made, FILED, {**FILED, "begndate": "2026-03-02"})


def test_answers_are_one_or_several():
    made = function(PERSON)

    assert answers(made, {"baseinfo": {"psn_no": "1"}}) == ({"psn_no": "1"},)
    assert answers(made, {"baseinfo": [{"psn_no": "1"}, "x", {"psn_no": "2"}]}) == (
        {"psn_no": "1"},
        {"psn_no": "2"},
    )
    assert answers(made, {}) == ()
