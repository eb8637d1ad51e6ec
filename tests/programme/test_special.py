"""A special project: its tag, and a report whose numbers are those of the pages."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.utils import timezone
from tests import factories
from tests.programme.funds.treasury import Treasury

from circle15.accounts.actors import system_actor
from circle15.accounts.refusals import NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.core.papers.official import Paragraph, Table
from circle15.programme.construction.actions import start
from circle15.programme.construction.queries import counts
from circle15.programme.funds.queries import overview
from circle15.programme.special.marking import mark_special
from circle15.programme.special.report import special_progress, special_report, specials
from circle15.programme.training.queries import sessions
from circle15.programme.training_models import TrainingSession
from circle15.web.shared.once import new_key

NAME = "2022年民生实事"


@pytest.fixture
def carol(db):
    factories.SiteFactory()
    factories.SiteFactory(other=True)
    return factories.actor_for(factories.carol())


def begun(code: str):
    with area_scope(EVERYWHERE):
        since = timezone.localdate() - timedelta(days=70)
        by, at = system_actor("test"), timezone.now()
        return start(site_code=code, template="from-start", start_on=since, by=by, at=at)


def trained(by) -> None:
    at = timezone.now()
    TrainingSession.objects.create(
        area_path=by.area_path,
        area_name=by.area_name,
        kind="central",
        topic="政策",
        place="会议室",
        state="held",
        starts_at=at,
        ends_at=at + timedelta(hours=1),
        made_at=at,
        made_by="x",
        ended_at=at,
        ended_by="x",
    )


# Clauses: Q-57
def test_a_project_is_marked_once_and_its_report_has_the_numbers_of_the_pages(carol):
    one, _other, on = begun("QD-0001"), begun("QD-0002"), timezone.localdate()
    treasury = Treasury()
    treasury.booked("receipt", "5000.00", to_path="county")
    treasury.booked("use", "12.30", from_path="county")
    with area_scope(carol.area_path):
        trained(carol)
        for _turn in range(2):
            mark_special(uid=one.uid, special=f" {NAME} ", by=carol, at=timezone.now())
        assert specials(carol) == [NAME]
        marked, whole = (special_progress(carol, each, on=on) for each in (NAME, ""))
        assert [each.project.pk for each in marked.projects] == [one.pk]
        assert (marked.counts["running"], whole.counts["running"]) == (1, 2)
        assert whole.counts == counts(carol, on=on)
        assert (
            (whole.held, whole.came) == (sessions(carol).filter(state="held").count(), 0) == (1, 0)
        )
        money = dict(whole.money)
        in_force = date(2026, 1, 1) <= on <= date(2026, 12, 31)
        assert money == ({"2026年": overview(carol, treasury.round).total} if in_force else {})
        paper = special_report(carol, NAME, on=on)
        with pytest.raises(NotFound):
            special_report(carol, "没有这个", on=on)
        assert Event.objects.filter(verb="project.special").count() == 1
    said = " ".join(each.words for each in paper.blocks if isinstance(each, Paragraph))
    assert "共1个建设项目，其中已建成0个、建设中1个" in said
    cells = [cell for each in paper.blocks if isinstance(each, Table) for cell in each.rows[0]]
    late = marked.projects[0].late
    assert cells[1:4] == ["建设中", f"0/{len(marked.projects[0].rows)}", str(late)]
    if in_force:
        assert [Decimal(each.replace(",", "")) for each in cells[-4:]] == [
            *(Decimal("5000.00"), Decimal("12.30"), Decimal("0.00"), Decimal("4987.70"))
        ]


def test_the_page_marks_a_project_and_hands_the_report_out(carol):
    one = begun("QD-0001")
    client = factories.logged_in(
        factories.staff("fay", "county_officer", area=factories.CountyFactory())
    )
    given = {"once": new_key(), "project": str(one.uid), "special": NAME}
    made = client.post("/programme/special/", given)
    assert made.status_code == 302
    assert NAME in client.get(made["Location"]).content.decode()
    wrong = {"once": new_key(), "project": "00000000-0000-0000-0000-000000000000"}
    assert client.post("/programme/special/", wrong).status_code == 422
    word = client.get(f"/programme/special/report.docx?of={NAME}")
    assert NAME in ZipFile(BytesIO(word.content)).read("word/document.xml").decode()
    assert client.get("/programme/special/report.pdf").content.startswith(b"%PDF")
    assert client.get("/programme/special/?of=没有").status_code == 404
    site = factories.logged_in(factories.manager())
    assert site.post("/programme/special/", given).status_code == 403
    assert site.get("/programme/special/report.pdf").status_code == 403
