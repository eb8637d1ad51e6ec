"""The words of the house."""

from circle15.standards.glossary import Term, glossary


def test_terms_are_complete_and_not_twice():
    terms = glossary()

    assert terms[1] == Term("示范点", "Service Site of Demonstration", "DEMONSTRATION_SITE")
    assert all(term.zh and term.en and term.code for term in terms)
    assert len({term.zh for term in terms}) == len(terms)
