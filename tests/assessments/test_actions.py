"""Live scores follow the records; stored sheets never change."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from tests import factories
from tests.assessments.records import (
    BOOK,
    BOOKS,
    ON,
    a_site,
    complete,
    rule_books,
    version,
)
from tests.factories import AT, FactFactory, actor_for

from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments import actions
from circle15.assessments.actions import Incomplete, NotYet, WrongBook, refresh, refresh_stale
from circle15.assessments.editions import NotInForce
from circle15.assessments.models import LiveScore, StoredEdition, StoredSheet
from circle15.audit.models import Event
from circle15.sites.actions import touch
from circle15.sites.models import Site

pytestmark = pytest.mark.django_db
TOMORROW = AT + timedelta(days=1)


@pytest.fixture
def carol():
    """Work in the county; the rule books are in force."""
    rule_books()
    actor = actor_for(factories.carol())
    with area_scope(EVERYWHERE):
        a_site()
        yield actor


def scores() -> dict[tuple[str, str], LiveScore]:
    rows = LiveScore.objects.select_related("site")
    return {(row.site.code, row.book): row for row in rows}


def verbs() -> list[str]:
    installed = "edition.install"
    return list(Event.objects.exclude(verb=installed).order_by("id").values_list("verb", flat=True))


def test_refresh_scores_each_site_under_the_books_that_judge_it(carol):
    complete(a_site())
    bank = a_site(code="QD-B", kind="bank_outlet")

    assert refresh([a_site().id, bank.id], on=ON, at=AT) == 4
    found = scores()
    assert set(found) == {("QD-0001", book) for book in BOOKS}
    best = found["QD-0001", BOOK]
    assert (best.total, best.max_total, best.unknown, best.lost) == (100, 100, 0, {})
    assert (best.scored_on, best.computed_at, best.facts_version) == (ON, AT, 0)


def test_lost_points_stand_by_clause(carol):
    complete(a_site(), **{"site.office_service_separated": False})
    refresh([a_site().id], on=ON, at=AT)

    score = scores()["QD-0001", BOOK]
    assert sum(map(Decimal, score.lost.values())) == score.max_total - score.total > 0


def test_unknown_facts_pay_nothing_and_are_counted(carol):
    refresh([a_site().id], on=ON, at=AT)

    score = scores()["QD-0001", BOOK]
    assert score.unknown > 30
    assert score.total < 50


def test_refresh_again_changes_the_same_rows(carol):
    refresh([a_site().id], on=ON, at=AT)
    before = {key: row.id for key, row in scores().items()}
    FactFactory(name="site.bright_clean", value=True, observed_on=ON)
    refresh([a_site().id], on=ON, at=TOMORROW)

    after = scores()
    assert {key: row.id for key, row in after.items()} == before
    assert {row.computed_at for row in after.values()} == {TOMORROW}


def test_stale_scores_are_found_and_then_fresh(carol):
    a_site(other=True)
    a_site(code="QD-B", kind="bank_outlet")

    assert [refresh_stale(at=AT), refresh_stale(at=AT)] == [2, 0]
    touch([a_site().id])
    assert [refresh_stale(at=AT), refresh_stale(at=AT)] == [1, 0]
    assert [refresh_stale(at=TOMORROW), refresh_stale(at=TOMORROW)] == [2, 0]


def test_the_timer_refreshes_some_sites_a_round(carol, monkeypatch):
    a_site(other=True)
    monkeypatch.setattr(actions, "MOST_A_ROUND", 1)

    assert [actions.refresh_some(at=AT) for _ in range(3)] == [1, 1, 0]


def test_day_begins_in_the_city_not_in_utc(carol):
    assert refresh_stale(at=AT) == 1
    assert refresh_stale(at=AT.replace(hour=15, minute=59)) == 0
    assert refresh_stale(at=AT.replace(hour=16)) == 1


def test_new_text_of_a_book_makes_its_scores_stale(carol):
    refresh_stale(at=AT)
    stored = StoredEdition.objects.get(book="wuhu-demonstration")
    stored.text = stored.text.replace("version: 1\n", "version: 2\n")
    stored.save(update_fields=["text"])

    assert [refresh_stale(at=AT), refresh_stale(at=AT)] == [1, 0]


def test_withdrawn_book_takes_its_scores_along(carol):
    refresh_stale(at=AT)
    StoredEdition.objects.filter(book="wuhu-demonstration").update(state="withdrawn")

    assert [refresh_stale(at=AT), refresh_stale(at=AT)] == [1, 0]
    assert {book for _, book in scores()} == set(BOOKS) - {"wuhu-demonstration"}


def test_book_that_comes_into_force_is_scored_at_once(carol):
    StoredEdition.objects.filter(book="wuhu-demonstration").update(state="withdrawn")
    refresh_stale(at=AT)
    StoredEdition.objects.filter(book="wuhu-demonstration").update(state="published")

    assert [refresh_stale(at=AT), refresh_stale(at=AT)] == [1, 0]
    assert {book for _, book in scores()} == set(BOOKS)


def test_scores_change_on_the_day_a_new_edition_counts_from(carol):
    refresh_stale(at=AT)
    row = version(2, TOMORROW.date(), ("at_least: 150, points: 5", "at_least: 120, points: 5"))
    assert refresh_stale(at=AT) == 0

    assert refresh_stale(at=TOMORROW) == 1
    assert scores()["QD-0001", BOOK].edition_digest == row.digest


def test_site_of_another_kind_loses_the_scores_it_no_longer_has(carol):
    refresh_stale(at=AT)
    Site.objects.update(kind="bank_outlet")

    assert [refresh_stale(at=AT), refresh_stale(at=AT)] == [1, 0]
    assert scores() == {}


def test_without_books_nothing_is_stale(db):
    a_site()
    assert refresh_stale(at=AT) == 0


def test_many_stale_sites_are_taken_in_chunks(carol, monkeypatch):
    a_site(other=True)
    a_site(foreign=True)
    monkeypatch.setattr(actions, "CHUNK", 2)

    assert refresh_stale(at=AT) == 3
    assert len(scores()) == 12


def test_recording_a_fact_rescores_the_site_at_once(carol):
    refresh_stale(at=AT)
    before = scores()["QD-0001", BOOK].total
    fact = actions.record_fact(
        code="QD-0001",
        name="site.office_service_separated",
        value=True,
        source="on_site",
        observed_on=ON,
        by=carol,
        at=AT,
    )

    assert fact.value is True
    assert scores()["QD-0001", BOOK].total > before
    assert (refresh_stale(at=AT), verbs()) == (0, ["fact.record"])


def store(by, **more) -> StoredSheet:
    given = {"code": "QD-0001", "book": BOOK, "purpose": "acceptance", "on": ON}
    return actions.store_sheet(**given | {"by": by, "at": AT} | more)


def test_sheet_is_kept_whole_and_freezes_its_edition(carol):
    complete(a_site())
    kept = store(carol)

    assert (kept.total, kept.max_total, kept.result) == (100, 100, "no_pass_mark")
    assert (kept.purpose, kept.scored_on, kept.stored_by) == ("acceptance", ON, carol.name)
    assert kept.edition_digest == kept.edition.digest
    assert StoredEdition.objects.get(book=BOOK).first_scored_at == AT
    assert verbs() == ["sheet.store"]


def test_first_sheet_alone_freezes_the_edition(carol):
    complete(a_site())
    store(carol)
    store(carol, at=TOMORROW)

    assert StoredEdition.objects.get(book=BOOK).first_scored_at == AT


def test_an_equal_sheet_is_kept_once(carol):
    complete(a_site())
    first = store(carol)

    assert store(carol, at=TOMORROW).id == first.id
    assert (StoredSheet.objects.count(), verbs()) == (1, ["sheet.store"])


def test_another_purpose_day_or_veto_is_another_sheet(carol):
    complete(a_site())
    veto = actions.parsed(StoredEdition.objects.get(book=BOOK).text).vetoes[0].id
    first = store(carol)
    others = ({"purpose": "self"}, {"on": TOMORROW.date(), "at": TOMORROW}, {"vetoes": [veto]})

    assert first.id not in {store(carol, **more).id for more in others}
    assert StoredSheet.objects.count() == 4
    assert store(carol).id != first.id  # the last one kept had a veto


def test_stored_sheet_replays_to_the_same_whatever_happens_later(carol):
    complete(a_site())
    kept = store(carol)
    FactFactory(name="site.indoor_area_m2", value="1", observed_on=ON)

    again = StoredSheet.objects.select_related("edition").get(id=kept.id)
    assert actions.replay(again) is True
    assert store(carol, on=ON).total < again.total


@pytest.mark.parametrize("field", ["facts", "sheet", "digest"])
def test_replay_finds_what_was_bent(carol, field):
    complete(a_site())
    kept = store(carol)
    if field == "facts":
        kept.facts["site.indoor_area_m2"] = "1"
    elif field == "sheet":
        kept.sheet["total"] = "99"
    else:
        kept.edition_digest = "0" * 64

    assert actions.replay(kept) is False


def test_veto_keeps_the_points_and_fails(carol):
    complete(a_site())
    veto = actions.parsed(StoredEdition.objects.get(book=BOOK).text).vetoes[0].id
    kept = store(carol, vetoes=[veto])

    assert (kept.total, kept.result, kept.vetoes) == (100, "fail", [veto])
    assert actions.replay(kept) is True


def test_missing_facts_are_all_named_and_nothing_is_kept(carol):
    with pytest.raises(Incomplete) as refused:
        store(carol)

    assert "site.indoor_area_m2" in refused.value.names
    assert len(refused.value.names) > 30
    assert "室内服务场所面积" in str(refused.value)
    assert (StoredSheet.objects.count(), verbs()) == (0, [])
    assert StoredEdition.objects.get(book=BOOK).first_scored_at is None


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"code": "RG-0001"}, NotFound),
        ({"book": "unheard-of"}, WrongBook),
        ({"code": "QD-B"}, WrongBook),
        ({"vetoes": ["unheard-of"]}, WrongBook),
        ({"on": date(2026, 3, 3)}, NotYet),
        ({"book": "db3206-1052", "on": date(2023, 9, 11)}, NotInForce),
    ],
)
def test_sheet_that_cannot_be_stored(carol, more, refusal):
    complete(a_site())
    a_site(foreign=True)
    a_site(code="QD-B", kind="bank_outlet")

    with pytest.raises(refusal):
        store(carol, **more)
    assert (StoredSheet.objects.count(), verbs()) == (0, [])


def test_a_sheet_is_kept_under_the_edition_of_its_day(carol):
    complete(a_site(), **{"site.indoor_area_m2": Decimal(128)})
    later = TOMORROW + timedelta(days=1)
    version(2, TOMORROW.date(), ("at_least: 150, points: 5", "at_least: 120, points: 5"))

    kept = [store(carol, on=day, at=later) for day in (ON, TOMORROW.date(), later.date())]
    assert [each.edition.version for each in kept] == ["1", "2", "2"]
    assert [each.total for each in kept] == [98, 100, 100]
    assert [actions.replay(each) for each in kept] == [True, True, True]


def test_manager_may_not_store_a_sheet(carol):
    complete(a_site())
    manager = actor_for(factories.manager())

    with pytest.raises(NotAllowed):
        store(manager)
