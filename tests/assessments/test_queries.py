"""Lists, the map, the board and stored sheets: sorted, narrowed, and in the own area only."""

from collections import Counter
from decimal import Decimal

import pytest
from tests import factories
from tests.assessments.records import BOOK, ON, a_site, complete, rule_books
from tests.factories import AT, FactFactory, actor_for

from circle15.accounts.refusals import NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments import queries
from circle15.assessments.actions import refresh, store_sheet
from circle15.assessments.models import StoredEdition
from circle15.assessments.queries import SORTS, Bin
from circle15.sites.models import Site
from circle15.sites.queries import SiteFilter

pytestmark = pytest.mark.django_db
ALL = SiteFilter()
COUNTY = "/320600000000/320681000000/"


def scored(code: str, total: int, unknown: int = 0, **more) -> Site:
    site = a_site(code=code, name=f"站{code}", **more)
    site.live_scores.create(
        book=BOOK,
        total=total,
        max_total=100,
        unit="points",
        result="no_pass_mark",
        unknown=unknown,
        lost={"J1": str(100 - total)} if total < 100 else {},
        facts_version=0,
        computed_at=AT,
        scored_on=ON,
    )
    return site


@pytest.fixture
def carol():
    actor = actor_for(factories.carol())
    with area_scope(EVERYWHERE):
        scored("A", 100)
        scored("B", 90, unknown=3, kind="village_point", division=factories.VillageFactory())
        scored("C", 5, unknown=1, division=factories.TownFactory(other=True))
        a_site(code="D", name="站D", kind="bank_outlet", status="suspended")
        scored("X", 50, division=factories.TownFactory(foreign=True))
        yield actor


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("name", "ABCD"),
        ("-name", "DCBA"),
        ("score", "CBAD"),
        ("-score", "ABCD"),
        ("kind", "DACB"),
        ("status", "ABCD"),
        ("unknown", "BCAD"),
    ],
)
def test_list_is_sorted(carol, sort, order):
    found = queries.site_rows(carol, ALL, book=BOOK, sort=sort)

    assert "".join(site.code for site in found) == order


def test_every_offered_order_ends_in_the_same_way(carol):
    for sort in SORTS:
        rows = queries.site_rows(carol, ALL, book=BOOK, sort=sort)
        assert rows.query.order_by[-1] == "id"
        assert sorted(site.code for site in rows) == ["A", "B", "C", "D"]


def test_list_knows_the_score_under_the_chosen_book(carol):
    rows = list(queries.site_rows(carol, SiteFilter(search="站"), book=BOOK))
    assert [(row.code, row.score, row.score_unknown) for row in rows] == [
        ("A", 100, 0),
        ("B", 90, 3),
        ("C", 5, 1),
        ("D", None, None),
    ]
    other = queries.site_rows(carol, ALL, book="wuhu-demonstration")
    assert [row.score for row in other] == [None] * 4


@pytest.mark.parametrize("codes", ["A", "ABC"])
def test_list_takes_two_queries_for_one_site_or_three(carol, codes, django_assert_num_queries):
    rows = queries.site_rows(carol, ALL, book=BOOK).filter(code__in=codes)

    with django_assert_num_queries(2):
        shown = [(row.division.parent.name, [*row.live_scores.all()]) for row in rows]
    assert len(shown) == len(codes)


def test_map_tells_place_and_score_in_plain_numbers(carol):
    features = queries.map_features(carol, ALL, book=BOOK)
    about = {each["properties"]["code"]: each["properties"] for each in features}

    assert [(code, row["score"], row["max"], row["share"]) for code, row in about.items()] == [
        ("A", "100", "100", 100),
        ("B", "90", "100", 90),
        ("C", "5", "100", 5),
        ("D", None, None, None),
    ]
    assert (about["B"]["town"], about["D"]["status"]) == ("幸福一村", "suspended")
    assert features[0]["geometry"] == {"type": "Point", "coordinates": [121.655, 31.811]}


def test_board_counts_what_the_list_shows(carol):
    found = queries.board(carol, ALL, book=BOOK)
    listed = list(queries.site_rows(carol, ALL, book=BOOK))
    totals = [row.score for row in listed if row.score is not None]

    assert found.sites == len(listed) == sum(found.by_kind.values())
    assert found.by_kind == Counter(row.kind for row in listed)
    assert found.by_status == Counter(row.status for row in listed)
    assert (found.scored, found.incomplete) == (len(totals), 2)
    assert sum(each.sites for each in found.bins) == found.scored
    assert (found.mean, found.median, found.maximum) == (65, 90, 100)
    assert (found.unit, found.synthetic) == ("points", False)


def test_board_shares_are_cut_off_and_full_marks_are_in_the_last_bar(carol):
    bins = queries.board(carol, ALL, book=BOOK).bins

    assert (bins[0], bins[9]) == (Bin(0, 10, 1), Bin(90, 100, 2))
    assert sum(each.sites for each in bins[1:9]) == 0


def test_board_names_the_weakest_clauses_first(carol):
    [weak] = queries.board(carol, ALL, book=BOOK).weakest

    assert (weak.clause_id, weak.sites, weak.points) == ("J1", 2, 105)


def test_board_sums_counties_and_their_towns(carol):
    rows = queries.board(carol, ALL, book=BOOK).towns

    assert [(row.name, row.sites, row.scored, row.mean, row.lowest) for row in rows] == [
        ("启东市", 4, 3, 65, 5),
        ("汇龙镇", 3, 2, 95, 90),
        ("北新镇", 1, 1, 5, 5),
    ]


def test_board_follows_the_filter(carol):
    found = queries.board(carol, SiteFilter(area_path=f"{COUNTY}320681100000/"), book=BOOK)
    assert (found.sites, found.scored, found.mean, found.median) == (3, 2, 95, 95)

    empty = queries.board(carol, SiteFilter(search="nothing"), book=BOOK)
    assert (empty.sites, empty.mean, empty.median, empty.maximum) == (0, None, None, None)
    assert (empty.towns, empty.weakest) == ((), ())


def test_a_score_of_nothing_is_a_score():
    actor = actor_for(factories.carol())
    with area_scope(EVERYWHERE):
        scored("A", 0)
        found = queries.board(actor, ALL, book=BOOK)

    assert (found.scored, found.mean, found.bins[0].sites) == (1, Decimal(0), 1)


def test_sheets_are_found_in_the_own_area_newest_first():
    rule_books()
    city, carol = actor_for(factories.city_officer()), actor_for(factories.carol())
    given = {"book": BOOK, "purpose": "self", "on": ON, "at": AT}
    with area_scope(EVERYWHERE):
        for site in (a_site(), a_site(foreign=True)):
            complete(site)
        mine = [
            store_sheet(code="QD-0001", by=city, **given | {"purpose": purpose})
            for purpose in ("self", "acceptance")
        ]
        theirs = store_sheet(code="RG-0001", by=city, **given)

        assert list(queries.sheets_of(a_site())) == mine[::-1]
        assert queries.sheet_by_id(carol, mine[0].id) == mine[0]
        for missing in (theirs.id, 0):
            with pytest.raises(NotFound):
                queries.sheet_by_id(carol, missing)


def test_editions_are_listed_by_book_and_found_by_number():
    rule_books()
    listed = list(queries.stored_editions())

    assert [each.book for each in listed] == sorted(each.book for each in listed)
    assert queries.edition_by_id(listed[0].id) == listed[0]
    with pytest.raises(NotFound):
        queries.edition_by_id(max(each.id for each in StoredEdition.objects.all()) + 1)


def test_live_scores_are_those_of_the_sheet():
    rule_books()
    actor = actor_for(factories.carol())
    with area_scope(EVERYWHERE):
        site = a_site()
        FactFactory(site=site, name="site.bright_clean", value=True, observed_on=ON)
        refresh([site.id], on=ON, at=AT)
        [row] = queries.site_rows(actor, ALL, book=BOOK)

        assert row.score == row.live_scores.get(book=BOOK).total
        assert queries.board(actor, ALL, book=BOOK).mean == row.score
