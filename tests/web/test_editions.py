"""The pages of the editions."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from tests import factories
from tests.factories import AT, actor_for, logged_in

from circle15.accounts.actors import system_actor
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments import publishing
from circle15.assessments.models import StoredEdition
from circle15.audit.models import Event
from circle15.standards.reading import problem
from circle15.standards.strict_yaml import at_line
from circle15.web.bureau.editions.lines import placed

pytestmark = pytest.mark.django_db
BOOK = "jiangsu-acceptance"


@pytest.fixture
def one():
    with area_scope(EVERYWHERE):
        publishing.install_built_in(by=system_actor("test"), at=AT)
        return StoredEdition.objects.get(book=BOOK)


@pytest.fixture
def draft(one):
    with area_scope(EVERYWHERE):
        admin = actor_for(factories.system_admin())
        return publishing.start_draft(from_id=one.id, by=admin, at=AT)


def lowered(text: str) -> str:
    return text.replace("at_least: 150, points: 5", "at_least: 120, points: 5")


def test_list_says_when_there_is_none():
    page = logged_in(factories.carol()).get("/editions/")
    assert (page.status_code, "还没有评分规则" in page.text) == (200, True)


def test_list_costs_the_same_for_one_and_many(one, django_assert_num_queries):
    client = logged_in(factories.carol())
    StoredEdition.objects.exclude(id=one.id).delete()
    with django_assert_num_queries(7):
        client.get("/editions/")
    publishing.install_built_in(by=system_actor("test"), at=AT)
    with django_assert_num_queries(7):
        page = client.get("/editions/")
    assert next(book for book, _ in page.context["books"]) == BOOK


PAGES = ["", "{id}/", "{id}/source/", "{id}/compare/"]


@pytest.mark.parametrize("path", PAGES)
def test_reading_is_for_whoever_may_see_editions(one, path):
    def status(user):
        return logged_in(user).get(f"/editions/{path.format(id=one.id)}").status_code

    assert status(factories.carol()) == 200
    assert status(factories.system_admin()) == 200
    assert status(factories.alice()) == 403
    assert status(factories.auditor()) == 403


def test_an_edition_is_shown_whole(one):
    page = logged_in(factories.carol()).get(f"/editions/{one.id}/")

    assert "室内服务场所面积达到150平方米得5分" in page.text
    assert one.digest in page.text
    assert "起草新版本" not in page.text


@pytest.mark.parametrize("path", ["999999/", "999999/source/", "999999/compare/"])
def test_no_such_edition(one, path):
    assert logged_in(factories.carol()).get(f"/editions/{path}").status_code == 404


def test_a_draft_is_started_once(one):
    client = logged_in(factories.system_admin())

    first = client.post(f"/editions/{one.id}/draft/")
    again = client.post(f"/editions/{one.id}/draft/")
    draft = StoredEdition.objects.get(book=BOOK, version="2")
    assert (first.url, again.status_code) == (f"/editions/{draft.id}/edit/", 409)
    assert "正在起草" in again.text


@pytest.mark.parametrize("path", ["draft/", "edit/", "move/"])
def test_writing_is_refused_without_the_permission(draft, path):
    assert logged_in(factories.carol()).post(f"/editions/{draft.id}/{path}").status_code == 403


def test_checking_saves_nothing(draft):
    client = logged_in(factories.system_admin())
    typed = {"text": lowered(draft.text), "change_note": "", "do": "check"}

    page = client.post(f"/editions/{draft.id}/edit/", typed)
    assert (page.status_code, "检查通过" in page.text) == (200, True)
    assert StoredEdition.objects.get(id=draft.id).text == draft.text


@pytest.mark.parametrize("do", ["check", "save", "submit"])
def test_problems_are_listed_and_the_typed_text_stays(draft, do):
    client = logged_in(factories.system_admin())
    bad = draft.text.replace("unit: points", "unit: marks").replace("points: 38", "points: 39")

    typed = {"text": bad, "change_note": "试", "do": do}
    page = client.post(f"/editions/{draft.id}/edit/", typed)
    assert page.status_code == 422
    assert [problem.line for problem in page.context["problems"]] == [8, 22]
    assert "unit: marks" in page.context["form"]["text"].value()
    assert StoredEdition.objects.get(id=draft.id).text == draft.text


def test_problems_know_their_lines():
    text = "id: b\nsections:\n- id: S1\n  points: 3\n  title: [a, b]\n"
    found = placed(
        (
            problem("S1.points", "错"),
            problem("S1.number", "缺"),
            problem("sections[2]", "错"),
            at_line(9, "坏"),
            problem("x", "错"),
        ),
        text,
    )

    assert [(problem.line, problem.message) for problem in found] == [
        (None, "x：错"),
        (2, "sections[2]：错"),
        (3, "S1.number：缺"),
        (4, "S1.points：错"),
        (9, "坏"),
    ]


def test_submitting_needs_a_note(draft):
    client = logged_in(factories.system_admin())
    typed = {"text": lowered(draft.text), "change_note": " ", "do": "submit"}

    page = client.post(f"/editions/{draft.id}/edit/", typed)
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["change_note"])
    assert "at_least: 120" in page.context["form"]["text"].value()


def test_from_draft_to_published_by_two_persons(draft):
    admin, officer = logged_in(factories.system_admin()), logged_in(factories.city_officer())
    typed = {"text": lowered(draft.text), "change_note": "降到 120", "do": "submit"}

    assert admin.post(f"/editions/{draft.id}/edit/", typed).url == f"/editions/{draft.id}/"
    publish = {"in_force_from": "2026-12-01"}
    assert admin.post(f"/editions/{draft.id}/effect/", publish).status_code == 403
    assert "确认发布" in officer.get(f"/editions/{draft.id}/effect/").text
    assert officer.post(f"/editions/{draft.id}/effect/", publish).status_code == 302
    assert officer.post(f"/editions/{draft.id}/effect/", publish).status_code == 409
    row = StoredEdition.objects.get(id=draft.id)
    assert (row.state, row.in_force_from) == ("published", date(2026, 12, 1))


def under_review(draft) -> StoredEdition:
    """Submit a draft that asks less of the area."""
    with area_scope(EVERYWHERE):
        admin = actor_for(factories.system_admin())
        publishing.save_draft(
            edition_id=draft.id, text=lowered(draft.text), change_note="降", by=admin, at=AT
        )
        return publishing.move(edition_id=draft.id, state="review", by=admin, at=AT)


def test_the_form_proposes_today_and_says_what_the_day_means(draft):
    page = logged_in(factories.city_officer()).get(f"/editions/{under_review(draft).id}/effect/")

    assert page.context["form"]["in_force_from"].value() == timezone.localdate()
    assert "从这一天起的日子按这一版评分" in page.text


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("", "请填写施行日期"),
        ("2026-02-30", "日期写成 2026-01-31 这样"),
        ("1999-12-31", "施行日期应在 2000-01-01 至"),
        ("2000-01-01", "第 1 版也自 2000-01-01 起施行"),
    ],
)
def test_a_day_that_will_not_do_stays_in_the_form(draft, given, words):
    path = f"/editions/{under_review(draft).id}/effect/"
    page = logged_in(factories.city_officer()).post(path, {"in_force_from": given})

    assert (page.status_code, list(page.context["form"].errors)) == (422, ["in_force_from"])
    assert words in page.text
    assert page.context["form"]["in_force_from"].value() == given
    assert StoredEdition.objects.get(id=draft.id).state == "review"


@pytest.mark.parametrize(("days", "words"), [(0, "约 15 秒内"), (1, "在此之前仍按原版本评分")])
def test_publishing_says_when_it_takes_effect(draft, days, words):
    path = f"/editions/{under_review(draft).id}/effect/"
    since = str(timezone.localdate() + timedelta(days=days))
    page = logged_in(factories.city_officer()).post(path, {"in_force_from": since}, follow=True)

    assert (f"自 {since} 起施行" in page.text, words in page.text) == (True, True)


def test_a_coming_version_and_the_one_it_follows_are_told_apart(draft):
    path = f"/editions/{under_review(draft).id}/effect/"
    client = logged_in(factories.city_officer())
    client.post(path, {"in_force_from": str(timezone.localdate() + timedelta(days=30))})

    rows = next(rows for book, rows in client.get("/editions/").context["books"] if book == BOOK)
    assert [(row.version, period.standing) for row, period in rows] == [
        ("2", "coming"),
        ("1", "current"),
    ]
    page = client.get(f"/editions/{draft.id}/")
    assert "未到施行日期" in page.text


def test_withdrawing_goes_through_two_pairs_of_hands(one):
    admin, officer = logged_in(factories.system_admin()), logged_in(factories.city_officer())
    move = f"/editions/{one.id}/move/"

    assert officer.post(move, {"state": "withdrawn"}).status_code == 409
    assert "申请停用这一版" in admin.get(f"/editions/{one.id}/").text
    assert admin.post(move, {"state": "leaving"}).status_code == 302
    asked = admin.get(f"/editions/{one.id}/").text
    assert ("撤回停用申请" in asked, "确认停用" in asked) == (True, False)
    assert "确认停用" in officer.get(f"/editions/{one.id}/").text
    assert officer.post(move, {"state": "withdrawn"}).status_code == 302
    assert StoredEdition.objects.get(id=one.id).state == "withdrawn"


def test_who_asked_for_the_end_cannot_confirm_it(one):
    officer = logged_in(factories.city_officer())
    officer.post(f"/editions/{one.id}/move/", {"state": "leaving"})

    assert "确认停用" not in officer.get(f"/editions/{one.id}/").text
    assert officer.post(f"/editions/{one.id}/move/", {"state": "withdrawn"}).status_code == 403
    page = officer.post(f"/editions/{one.id}/move/", {"state": "published"}, follow=True)
    assert "这一版继续有效" in page.text


def test_the_drafter_is_told_to_find_somebody(one):
    officer = logged_in(factories.city_officer())
    officer.post(f"/editions/{one.id}/draft/")
    draft = StoredEdition.objects.get(book=BOOK, version="2")
    typed = {"text": draft.text, "change_note": "试", "do": "submit"}
    officer.post(f"/editions/{draft.id}/edit/", typed)

    page = officer.get(f"/editions/{draft.id}/effect/")
    assert ("须由另一位" in page.text, "确认发布" in page.text) == (True, False)
    given = {"in_force_from": "2026-12-01"}
    refused = officer.post(f"/editions/{draft.id}/effect/", given)
    assert (refused.status_code, "起草人不能发布" in refused.text) == (403, True)


def test_a_version_that_has_scored_is_frozen(one):
    StoredEdition.objects.filter(id=one.id).update(first_scored_at=AT)
    client = logged_in(factories.system_admin())

    assert "内容已冻结" in client.get(f"/editions/{one.id}/").text
    assert client.get(f"/editions/{one.id}/edit/").status_code == 409
    typed = {"text": lowered(one.text), "change_note": "试", "do": "save"}
    assert client.post(f"/editions/{one.id}/edit/", typed).status_code == 409
    assert StoredEdition.objects.get(id=one.id).text == one.text


def test_comparison_shows_clauses_and_lines(draft):
    StoredEdition.objects.filter(id=draft.id).update(text=lowered(draft.text))
    page = logged_in(factories.carol()).get(f"/editions/{draft.id}/compare/")

    (change,) = page.context["clauses"]
    assert (change.kind, change.number) == ("changed", "1（2）")
    assert [words for words, differs in change.after.criteria if differs] == [
        (
            "室内服务场所面积达到120平方米得5分，达到90平方米得3分，达到60平方米得1分，"
            "不足60平方米不得分"
        )
    ]
    changed = [line.text for line in page.context["lines"] if line.kind == "added"]
    assert changed == ["+version: 2", "+        - {at_least: 120, points: 5}"]


@pytest.mark.parametrize("other", ["999999", "x", "1e9", "²"])
def test_comparison_with_nothing_is_not_found(draft, other):
    client = logged_in(factories.carol())
    assert client.get(f"/editions/{draft.id}/compare/?with={other}").status_code == 404


def test_effect_is_for_whoever_may_publish(draft):
    path = f"/editions/{draft.id}/effect/"
    assert logged_in(factories.carol()).get(path).status_code == 403
    assert logged_in(factories.city_officer()).get(path).status_code == 200


def test_effect_says_when_there_is_no_site(draft):
    page = logged_in(factories.city_officer()).get(f"/editions/{draft.id}/effect/")
    assert "没有可以试算的网点" in page.text


def test_effect_costs_the_same_for_one_and_three_sites(draft, django_assert_max_num_queries):
    client = logged_in(factories.city_officer())
    factories.SiteFactory()
    with django_assert_max_num_queries(33) as first:
        client.get(f"/editions/{draft.id}/effect/")
    factories.SiteFactory(other=True)
    factories.SiteFactory(foreign=True)
    with django_assert_max_num_queries(len(first)):
        client.get(f"/editions/{draft.id}/effect/")


def test_reading_leaves_no_trace(one):
    client = logged_in(factories.carol())
    with area_scope(EVERYWHERE):
        before = Event.objects.count()
    client.get(f"/editions/{one.id}/")
    with area_scope(EVERYWHERE):
        assert Event.objects.count() == before
