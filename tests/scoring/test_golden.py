"""The golden set comes out equal to the digit."""

from tests.scoring.golden_sites import as_known, every, scored

from circle15.standards import edition, editions


# Clauses: J-01
def test_every_kept_site_is_worth_what_it_was():
    changed = []
    for number, (head, site) in enumerate(every()):
        named = zip(head["facts"], map(as_known, site["facts"]), strict=True)
        known = {name: value for name, value in named if value is not None}
        again = scored(edition(head["book"]), head["profile"], known, site)
        kept = {"points": dict(zip(head["rules"], site["points"], strict=True))}
        kept |= {"total": site["total"], "result": site["result"]}
        if again != kept:
            changed.append((head["book"], number, again, kept))
    assert changed == []


def test_the_set_is_large_and_of_the_books_in_use():
    heads = {head["book"]: head["hash"] for head, _site in every()}
    assert sum(1 for _each in every()) >= 300
    assert heads == {book.id: book.hash for book in editions()}
    results = {site["result"] for _head, site in every()}
    assert results == {"pass", "fail", "no_pass_mark"}
    assert any(site["vetoes"] for _head, site in every())
