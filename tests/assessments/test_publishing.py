"""From draft to published: two persons, one draft at a time, nothing in force is edited."""

import pytest
from tests import factories
from tests.factories import AT, actor_for

from circle15.accounts.actors import system_actor
from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments import publishing
from circle15.assessments.effects import effect
from circle15.assessments.models import StoredEdition
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


def states() -> dict[str, str]:
    rows = StoredEdition.objects.filter(book=BOOK).order_by("id")
    return dict(rows.values_list("version", "state"))


def test_installing_again_changes_nothing():
    assert StoredEdition.objects.filter(state="published").count() == len(editions())
    assert install_built_in(by=SYSTEM, at=AT) == 0


def test_a_version_of_the_citys_own_stays_in_force(admin, officer):
    move(edition_id=under_review(admin).id, state="published", by=officer, at=AT)
    StoredEdition.objects.filter(book=BOOK, version="1").delete()

    assert install_built_in(by=SYSTEM, at=AT) == 0
    assert states() == {"2": "published"}


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


def test_publishing_withdraws_the_former(admin, officer):
    row = move(edition_id=under_review(admin).id, state="published", by=officer, at=AT)

    assert states() == {"1": "withdrawn", "2": "published"}
    assert (row.published_by, row.published_at) == (officer.name, AT)
    verbs = Event.objects.order_by("-id").values_list("verb", flat=True)[:2]
    assert list(verbs) == ["edition.published", "edition.withdrawn"]
    assert set(
        Event.objects.filter(verb="edition.published").values_list("area_path", flat=True)
    ) == {officer.area_path}


def test_publishing_twice_is_refused(admin, officer):
    draft = move(edition_id=under_review(admin).id, state="published", by=officer, at=AT)
    with pytest.raises(WrongEditionState):
        move(edition_id=draft.id, state="published", by=officer, at=AT)


def test_who_may_only_draft_may_not_publish_or_withdraw(admin, officer):
    draft = under_review(officer)
    for edition_id, state in ((draft.id, "published"), (stored().id, "withdrawn")):
        with pytest.raises(NotAllowed):
            move(edition_id=edition_id, state=state, by=admin, at=AT)


@pytest.mark.parametrize("state", ["published", "withdrawn", "review"])
def test_only_drafts_are_edited(admin, state):
    draft = draft_of(admin)
    StoredEdition.objects.filter(book=BOOK, version="1").update(state="withdrawn")
    published = {"published_by": "x", "published_at": AT} if state == "published" else {}
    StoredEdition.objects.filter(id=draft.id).update(state=state, **published)
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
