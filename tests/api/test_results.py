"""Results go out by the API, a notice names them, and partners are told: the same numbers."""

from datetime import timedelta

import pytest
from tests import factories
from tests.api.callers import Program
from tests.assessments.records import a_site, complete, rule_books
from tests.assessments.test_campaigns import published
from tests.factories import AT, actor_for

from circle15.accounts.api_tokens import make_token
from circle15.accounts.states import TokenScope
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.report_states import ReportKind
from circle15.assessments.reports.drafts import NothingToReport
from circle15.assessments.reports.issuing import About, issue, paper_of
from circle15.cases.exchange_models import WebhookCall
from circle15.cases.partners.webhooks import subscribe
from circle15.standards.watched import watched

pytestmark = pytest.mark.django_db
EVENTS = ["result.published", "title.granted"]


@pytest.fixture
def county(settings):
    """Return carol, the manager of a site, and carol's program that listens to results."""
    settings.WEBHOOK_HOSTS = ["hooks.example"]
    rule_books()
    with area_scope(EVERYWHERE):
        complete(a_site())
        carol, manager = actor_for(factories.carol()), actor_for(factories.manager())
        made = make_token(
            name="results",
            scope=TokenScope.RESULTS,
            good_for=timedelta(days=1000),
            by=carol,
            at=AT,
        )
        subscribe(
            url="https://hooks.example/x",
            events=EVENTS,
            algorithm="hmac-sm3",
            secret="8d1f0c5b7a9e42d6b3c4f1e0a7d95862",
            token_uid=made.uid,
            by=carol,
            at=AT,
        )
    return carol, manager, Program(made.text)


# Clauses: D-73
def test_a_published_result_goes_out_everywhere_the_same(county):
    carol, manager, program = county
    with area_scope(EVERYWHERE):
        entry = published(carol, manager)
        notice = issue(ReportKind.RESULTS, About(campaign_uid=entry.campaign.uid), by=carol, at=AT)
        told = list(WebhookCall.objects.order_by("id").values_list("event", flat=True))
    since = "/results?since=2026-01-01"
    (out,) = program.get(since).json()["results"]
    assert (out["uid"], out["digest"]) == (str(entry.uid), entry.result_digest)
    assert program.get(f"{since}&after={out['uid']}").json() == {"results": [], "after": None}
    assert program.get("/results?since=2099-01-01").json()["results"] == []
    (row,) = paper_of(notice).attachments[0].blocks[0].rows
    assert (row[1], row[3]) == (entry.site.name, out["total"])
    assert told == EVENTS
    score = program.get(f"/sites/{entry.site.code}/score").json()
    assert (score["result"]["uid"], score["titles"][0]["kind"]) == (out["uid"], "demonstration")
    assert program.get("/scores?limit=1").json()["after"] == entry.site.code
    figures = program.get(f"/sites/{entry.site.code}/figures?on=2026-03-02").json()
    assert [one["name"] for one in figures["figures"]] == list(watched())
    assert figures["figures"][0]["part"] is None
    assert program.get("/ratings/figures").status_code == 403


def test_nothing_is_noticed_before_it_is_published(county):
    carol, manager, program = county
    with area_scope(EVERYWHERE):
        entry = published(carol, manager)
        entry.campaign.entries.all()
        about = About(campaign_uid=entry.campaign.uid)
        type(entry).objects.update(state="decided", published_at=None)
        with pytest.raises(NothingToReport):
            issue(ReportKind.RESULTS, about, by=carol, at=AT)
    assert program.get("/results?since=2026-01-01").json()["results"] == []
