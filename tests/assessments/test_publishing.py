"""From draft to published and withdrawn: two persons, one draft at a time, from a day on."""

from datetime import date, timedelta

import pytest
from tests import factories
from tests.assessments.records import a_site, complete, version
from tests.factories import AT, actor_for

from circle15.accounts.actors import system_actor
from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments import publishing
from circle15.assessments.actions import replay, store_sheet
from circle15.assessments.beginnings import DayStored, DayTaken, UnlikelyDay, proposed_day
from circle15.assessments.editions import EARLIEST
from circle15.assessments.effects import effect
from circle15.assessments.models import StoredEdition, StoredSheet
from circle15.assessments.publishing import (
    DraftOpen,
    NoteMissing,
    UnusableEdition,
    WrongEditionState,
    install_built_in,
    move,
    save_draft,
    start_draft,
)
from circle15.audit.models import Event
from circle15.standards.library import editions

pytestmark = pytest.mark.django_db
BOOK = "jiangsu-acceptance"
SYSTEM = system_actor("test")
TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)
TOMORROW = AT + DAY


@pytest.fixture(autouse=True)
def everywhere(db):
    with area_scope(EVERYWHERE):
        install_built_in(by=SYSTEM, at=AT)
        yield


@pytest.fixture
def officer():
    return actor_for(factories.city_officer())


@pytest.fixture
def admin():
    return actor_for(factories.system_admin())


def stored(book=BOOK, version="1") -> StoredEdition:
    return StoredEdition.objects.get(book=book, version=version)


def draft_of(actor) -> StoredEdition:
    return start_draft(from_id=stored().id, by=actor, at=AT)


def saved(draft, actor, text=None, note="说明"):
    text = draft.text if text is None else text
    return save_draft(edition_id=draft.id, text=text, change_note=note, by=actor, at=AT)


def under_review(actor) -> StoredEdition:
    draft = saved(draft_of(actor), actor)
    return move(edition_id=draft.id, state="review", by=actor, at=AT)


def published(draft, by, since) -> StoredEdition:
    return move(edition_id=draft.id, state="published", by=by, at=AT, in_force_from=since)


def withdrawn(edition, first, second) -> StoredEdition:
    move(edition_id=edition.id, state="leaving", by=first, at=AT)
    return move(edition_id=edition.id, state="withdrawn", by=second, at=AT)


def sheet_on(day, **kind) -> StoredSheet:
    site = a_site(**kind)
    complete(site, on=day)
    given = {"code": site.code, "book": BOOK, "purpose": "self", "on": day}
    return store_sheet(**given, by=actor_for(factories.city_officer()), at=AT)


def states() -> dict[str, str]:
    rows = StoredEdition.objects.filter(book=BOOK).order_by("id")
    return dict(rows.values_list("version", "state"))


def test_installing_again_changes_nothing():
    assert StoredEdition.objects.filter(state="published").count() == len(editions())
    assert install_built_in(by=SYSTEM, at=AT) == 0


def an_older_release() -> StoredEdition:
    """Leave the book as a release before this one had it."""
    StoredEdition.objects.filter(book=BOOK, version="1").update(version="0")
    return stored(version="0")


def test_a_version_of_the_citys_own_stays_in_force(admin, officer):
    published(under_review(admin), officer, TODAY)
    StoredEdition.objects.filter(book=BOOK, version="1").delete()

    assert install_built_in(by=SYSTEM, at=AT) == 0
    assert states() == {"2": "published"}


def test_beside_one_of_the_citys_own_a_new_release_lies_ready():
    an_older_release()
    StoredEdition.objects.filter(version="0").update(is_built_in=False)

    assert install_built_in(by=SYSTEM, at=AT) == 1
    assert states() == {"0": "published", "1": "withdrawn"}
    assert stored().in_force_from is None


def test_a_new_release_takes_the_place_of_the_former():
    an_older_release()

    assert install_built_in(by=SYSTEM, at=AT) == 1
    assert states() == {"0": "withdrawn", "1": "published"}
    assert stored().in_force_from == EARLIEST


def test_a_new_release_leaves_stored_days_to_the_former():
    sheet_on(TODAY - DAY)
    an_older_release()

    assert install_built_in(by=SYSTEM, at=AT) == 1
    assert states() == {"0": "published", "1": "published"}
    assert stored().in_force_from == TODAY


def test_a_draft_is_the_next_version_with_the_same_content(admin):
    draft = draft_of(admin)

    assert (draft.version, draft.state, draft.drafted_by_id) == ("2", "draft", admin.user_id)
    assert draft.text == stored().text.replace("version: 1\n", "version: 2\n", 1)


def test_one_draft_at_a_time(admin, officer):
    draft_of(admin)
    with pytest.raises(DraftOpen) as refusal:
        draft_of(officer)
    assert "第 2 版正在起草" in str(refusal.value)


def test_a_draft_given_up_makes_room_and_can_be_copied(admin, officer):
    move(edition_id=draft_of(admin).id, state="withdrawn", by=officer, at=AT)

    draft = start_draft(from_id=stored(version="2").id, by=officer, at=AT)
    assert states() == {"1": "published", "2": "withdrawn", "3": "draft"}
    assert draft.version == "3"


@pytest.mark.parametrize("name", ["carol", "manager", "auditor", "security_admin"])
def test_others_may_not_draft(name):
    actor = actor_for(getattr(factories, name)())
    with pytest.raises(NotAllowed):
        draft_of(actor)


def test_saving_keeps_text_note_and_digest(admin):
    draft = draft_of(admin)
    changed = draft.text.replace("at_least: 150, points: 5", "at_least: 120, points: 5")

    row = saved(draft, admin, changed.replace("\n", "\r\n"), "降到 120 平方米")
    row.refresh_from_db()
    assert (row.text, row.change_note) == (changed, "降到 120 平方米")
    assert row.digest not in {stored().digest, draft.digest}


def test_every_problem_is_named_and_the_old_text_stays(admin):
    draft = draft_of(admin)
    bad = draft.text.replace("points: 38", "points: 39").replace("unit: points", "unit: marks")

    with pytest.raises(UnusableEdition) as refusal:
        saved(draft, admin, bad)
    assert len(refusal.value.problems) == 2
    assert StoredEdition.objects.get(id=draft.id).text == draft.text


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (f"id: {BOOK}", "id: other-book", f"id：不能改，应为 {BOOK}"),
        ("version: 2", "version: 3", "version：不能改，应单独一行写 version: 2"),
        ("version: 2", '"version": 2', "version：不能改，应单独一行写 version: 2"),
    ],
)
def test_book_and_version_are_fixed(admin, old, new, problem):
    draft = draft_of(admin)
    with pytest.raises(UnusableEdition) as refusal:
        saved(draft, admin, draft.text.replace(old, new, 1))
    assert refusal.value.problems == (problem,)


def test_rules_nobody_can_fulfil_are_refused_with_their_clause(admin):
    draft = draft_of(admin)
    rule = "facts: [hr.training_incentive_mechanism]"
    both = (
        "conditions: [{fact: hr.staffing_channels, at_least: 4},"
        " {fact: hr.staffing_channels, at_most: 1}]"
    )
    with pytest.raises(UnusableEdition) as refusal:
        saved(draft, admin, draft.text.replace(rule, both, 1))
    assert refusal.value.problems == ("条款 13（2）：规则互相矛盾，任何网点都得不到满分",)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a: [",
        "[" * 5000,
        "a: &a [1, 1]\nb: &b [*a, *a]\nc: [*b, *b]",
        "pass_mark: 1.0e+999999999",
        f"version: {'9' * 6000}",
        "!!python/object/apply:os.system [true]",
        "a: \x00",
        "x" * 200_001,
    ],
)
def test_hostile_texts_are_refused_in_words(admin, text):
    draft = draft_of(admin)
    with pytest.raises(UnusableEdition):
        saved(draft, admin, text)


def test_only_the_author_writes_and_submits(admin, officer):
    draft = saved(draft_of(admin), admin)

    with pytest.raises(NotAllowed):
        saved(draft, officer)
    with pytest.raises(NotAllowed):
        move(edition_id=draft.id, state="review", by=officer, at=AT)


def test_review_needs_a_reason(admin):
    draft = saved(draft_of(admin), admin, note=" ")
    with pytest.raises(NoteMissing):
        move(edition_id=draft.id, state="review", by=admin, at=AT)


def test_publishing_takes_a_second_person(officer):
    draft = under_review(officer)
    with pytest.raises(NotAllowed) as refusal:
        move(edition_id=draft.id, state="published", by=officer, at=AT)
    assert "起草人不能发布" in str(refusal.value)
    assert states() == {"1": "published", "2": "review"}


def test_published_counts_from_today_unless_a_day_is_given(admin, officer):
    row = move(edition_id=under_review(admin).id, state="published", by=officer, at=AT)

    assert states() == {"1": "published", "2": "published"}
    assert (row.published_by, row.published_at, row.in_force_from) == (officer.name, AT, TODAY)
    event = Event.objects.order_by("-id").first()
    assert (event.verb, event.area_path) == ("edition.published", officer.area_path)
    assert event.new["in_force_from"] == "2026-03-02"


@pytest.mark.parametrize("days", [-400, -1, 1, 365])
def test_published_counts_from_the_given_day(admin, officer, days):
    row = published(under_review(admin), officer, TODAY + days * DAY)

    row.refresh_from_db()
    assert row.in_force_from == TODAY + days * DAY
    assert Event.objects.order_by("-id").first().new["in_force_from"] == str(row.in_force_from)


@pytest.mark.parametrize("since", [date(1999, 12, 31), TODAY + 1831 * DAY])
def test_unlikely_first_days_are_refused(admin, officer, since):
    draft = under_review(admin)
    with pytest.raises(UnlikelyDay):
        published(draft, officer, since)
    assert states() == {"1": "published", "2": "review"}
    assert published(draft, officer, TODAY + 1830 * DAY).state == "published"


def test_two_versions_from_one_day_are_refused(admin, officer):
    published(under_review(admin), officer, TODAY)
    draft = under_review(admin)

    with pytest.raises(DayTaken) as refusal:
        published(draft, officer, TODAY)
    assert str(refusal.value) == "第 2 版也自 2026-03-02 起施行，同一天只能有一个版本，请改日期。"
    assert published(draft, officer, TODAY + DAY).in_force_from == TODAY + DAY


def test_the_day_of_a_withdrawn_version_is_free_again(admin, officer):
    withdrawn(published(under_review(admin), officer, TODAY), admin, officer)

    assert published(under_review(admin), officer, TODAY).version == "3"
    assert states() == {"1": "published", "2": "withdrawn", "3": "published"}


@pytest.mark.parametrize("days", [-1, 0])
def test_days_already_stored_are_not_taken_over(admin, officer, days):
    sheet_on(TODAY)
    draft = under_review(admin)

    with pytest.raises(DayStored) as refusal:
        published(draft, officer, TODAY + days * DAY)
    assert "2026-03-02 已有按原版本存档的评分" in str(refusal.value)
    assert published(draft, officer, TODAY + DAY).state == "published"
    assert replay(StoredSheet.objects.select_related("edition").get()) is True


def test_sheets_of_another_area_are_heeded_too(admin, officer):
    sheet_on(TODAY, foreign=True)
    draft = under_review(admin)
    narrow = actor_for(factories.carol()).area_path
    with area_scope(narrow), pytest.raises(DayStored):
        published(draft, officer, TODAY)


def test_a_version_may_slip_in_between_where_nothing_is_stored(admin, officer):
    published(under_review(admin), officer, TODAY)
    sheet_on(TODAY)
    sheet_on(TODAY - 10 * DAY)
    draft = under_review(admin)

    with pytest.raises(DayStored):
        published(draft, officer, TODAY - 10 * DAY)
    assert published(draft, officer, TODAY - 9 * DAY).in_force_from == TODAY - 9 * DAY


def test_stored_days_are_corrected_by_withdrawing_their_version(admin, officer):
    wrong = published(under_review(admin), officer, TODAY)
    sheet_on(TODAY)
    withdrawn(wrong, admin, officer)

    assert published(under_review(admin), officer, TODAY).version == "3"
    assert StoredSheet.objects.get().edition_digest == wrong.digest


def test_the_proposed_day_is_the_first_free_one_from_today_on(admin, officer):
    draft = under_review(admin)
    rows = StoredEdition.objects.filter(book=BOOK)

    assert proposed_day(draft, rows.all(), today=TODAY) == TODAY
    sheet_on(TODAY)
    assert proposed_day(draft, rows.all(), today=TODAY) == TODAY + DAY
    version(7, TODAY + DAY)
    assert proposed_day(draft, rows.all(), today=TODAY) == TODAY + 2 * DAY


def test_a_day_to_come_that_the_document_states_is_proposed(admin):
    draft = draft_of(admin)
    text = draft.text.replace("issued: null}", "issued: null, in_force: 2027-01-01}")
    draft = saved(draft, admin, text)
    rows = StoredEdition.objects.filter(book=BOOK)

    assert proposed_day(draft, rows, today=TODAY) == date(2027, 1, 1)
    assert proposed_day(draft, rows, today=date(2027, 2, 1)) == date(2027, 2, 1)


# --- withdrawing


def test_withdrawing_takes_two(admin, officer):
    asked = move(edition_id=stored().id, state="leaving", by=admin, at=AT)
    assert (asked.state, asked.leaving_by, asked.leaving_at) == ("leaving", admin.name, AT)

    gone = move(edition_id=asked.id, state="withdrawn", by=officer, at=AT)
    assert (gone.state, gone.in_force_from) == ("withdrawn", EARLIEST)
    rows = Event.objects.order_by("-id").values_list("verb", "actor_name")[:2]
    assert list(rows) == [("edition.withdrawn", officer.name), ("edition.leaving", admin.name)]


def test_who_asks_does_not_agree(officer):
    move(edition_id=stored().id, state="leaving", by=officer, at=AT)
    with pytest.raises(NotAllowed) as refusal:
        move(edition_id=stored().id, state="withdrawn", by=officer, at=AT)
    assert "不能自己确认" in str(refusal.value)
    assert states() == {"1": "leaving"}


def test_who_may_only_draft_does_not_agree(admin, officer):
    move(edition_id=stored().id, state="leaving", by=officer, at=AT)
    with pytest.raises(NotAllowed):
        move(edition_id=stored().id, state="withdrawn", by=admin, at=AT)


def test_a_request_turned_down_leaves_the_version_as_it_was(admin, officer):
    before = StoredEdition.objects.values().get(id=stored().id)
    move(edition_id=stored().id, state="leaving", by=officer, at=AT)
    move(edition_id=stored().id, state="published", by=admin, at=TOMORROW)

    assert StoredEdition.objects.values().get(id=stored().id) == before
    assert Event.objects.order_by("-id").first().verb == "edition.stay"


def test_withdrawing_at_once_is_refused(officer):
    with pytest.raises(WrongEditionState):
        move(edition_id=stored().id, state="withdrawn", by=officer, at=AT)


def test_publishing_twice_is_refused(admin, officer):
    draft = move(edition_id=under_review(admin).id, state="published", by=officer, at=AT)
    with pytest.raises(WrongEditionState):
        move(edition_id=draft.id, state="published", by=officer, at=AT)


def test_who_may_only_draft_may_not_publish(admin, officer):
    draft = under_review(officer)
    with pytest.raises(NotAllowed):
        move(edition_id=draft.id, state="published", by=admin, at=AT)


@pytest.mark.parametrize("state", ["published", "withdrawn", "review"])
def test_only_drafts_are_edited(admin, state):
    draft = draft_of(admin)
    StoredEdition.objects.filter(book=BOOK, version="1").update(state="withdrawn")
    dated = {"published_by": "x", "published_at": AT, "in_force_from": TODAY}
    StoredEdition.objects.filter(id=draft.id).update(state=state, **dated)
    with pytest.raises(WrongEditionState):
        saved(draft, admin)


@pytest.mark.parametrize("state", ["draft", "published", "nonsense", ""])
def test_steps_outside_the_table_are_refused(admin, state):
    draft = saved(draft_of(admin), admin)
    with pytest.raises(WrongEditionState):
        move(edition_id=draft.id, state=state, by=admin, at=AT)


def test_what_is_not_there_is_not_found(admin):
    with pytest.raises(NotFound):
        start_draft(from_id=999_999, by=admin, at=AT)


def test_effect_counts_what_would_change(admin, officer):
    factories.FactFactory(value="128")
    factories.SiteFactory(other=True)
    draft = draft_of(admin)
    lower = draft.text.replace("at_least: 150, points: 5", "at_least: 120, points: 5")
    found = effect(stored=saved(draft, admin, lower), actor=officer, on=AT.date())

    assert (found.judged, found.compared, found.changed) == (2, 2, 1)
    assert [(each.code, each.change) for each in found.movers] == [("QD-0001", 2)]
    assert (found.mean, found.is_partial) == (1, False)


def test_effect_is_bounded_and_seen_in_the_own_area(admin, officer):
    factories.SiteFactory()
    factories.SiteFactory(other=True)
    factories.SiteFactory(foreign=True)
    draft = draft_of(admin)
    assert effect(stored=draft, actor=officer, on=AT.date(), most=2).is_partial
    carol = actor_for(factories.carol())
    assert effect(stored=draft, actor=carol, on=AT.date()).judged == 2


def test_a_text_is_checked_without_being_saved():
    sound = publishing.checked_text(stored().text, book=BOOK, version="1")
    assert sound.hash == stored().digest
