"""The auditor's pages."""

import csv
from io import BytesIO, StringIO

import pytest
from django.db import connection
from openpyxl import load_workbook
from tests import factories
from tests.factories import AT, actor_for, logged_in

from circle15.accounts.actors import system_actor
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.actions import record, seal
from circle15.audit.exporting import TooMany, export
from circle15.audit.models import Event
from circle15.audit.queries import EventSearch
from circle15.web.bureau.audit import checking

CITY = "/320600000000/"
SYSTEM = system_actor("timer")


def happened(verb="site.status", target="QD-0001", area=CITY, who=SYSTEM.who, **values):
    with area_scope(EVERYWHERE):
        record(
            who=who,
            verb=verb,
            target_kind=verb.partition(".")[0],
            target_id=target,
            area_path=area,
            at=AT,
            **values,
        )


def targets(page) -> list[str]:
    return [line.target_id for line in page.context["lines"]]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/audit/", "/audit/verify/", "/audit/export/"])
def test_pages_are_the_auditors(path):
    assert logged_in(factories.auditor()).get(path).status_code == 200
    assert logged_in(factories.security_admin()).get(path).status_code == 403
    assert logged_in(factories.city_officer()).get(path).status_code == 403
    assert logged_in(factories.city_officer()).post(path).status_code in {403, 405}


@pytest.mark.django_db
def test_only_events_of_the_own_area_are_seen():
    happened(target="own", area=f"{CITY}320681000000/")
    happened(target="foreign", area="/340200000000/")
    happened(target="everywhere", area="/")

    assert targets(logged_in(factories.auditor()).get("/audit/")) == ["own"]


@pytest.mark.django_db
def test_old_and_new_are_shown_in_words():
    happened(old={"status": "open", "n": 1}, new={"status": "closed", "reason": "<b>修"})
    page = logged_in(factories.auditor()).get("/audit/")

    (line,) = page.context["lines"]
    assert [change.words for change in line.changes] == [
        "n：1 → —",
        "状态：运行中 → 已撤销",
        "事由：<b>修",
    ]
    assert ("<b>修" in page.text, "改变网点状态" in page.text) == (False, True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("verb=site.status", ["A"]),
        ("kind=zone", ["B"]),
        ("target=B", ["B"]),
        ("who=carol", ["B"]),
        ("who=timer", ["A"]),
        ("who=car", []),
        ("since=2026-03-02&until=2026-03-02", ["B", "A"]),
        ("since=2026-03-03", []),
        ("until=2026-03-01", []),
        ("until=9999-12-31", ["B", "A"]),
        ("page=99", ["B", "A"]),
        ("page=x", ["B", "A"]),
    ],
)
def test_search(query, found):
    carol = actor_for(factories.carol())
    happened(target="A")
    happened("zone.state", target="B", who=carol.who)

    page = logged_in(factories.auditor()).get(f"/audit/?{query}")
    assert targets(page) == found
    assert ("没有符合条件的记录" in page.text) == (found == [])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("since=2026-13-01", "since"),
        ("verb=nonsense", "verb"),
        ("since=2026-03-02&until=2026-03-01", "until"),
        ("target=%00", "target"),
        ("who=" + "x" * 200, "who"),
    ],
)
def test_what_cannot_be_searched_is_named(query, field):
    page = logged_in(factories.auditor()).get(f"/audit/?{query}")
    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert "请改正以下问题" in page.text


@pytest.mark.django_db
def test_page_costs_the_same_for_one_and_three_events(django_assert_num_queries):
    client = logged_in(factories.auditor())
    happened()
    with django_assert_num_queries(14):
        client.get("/audit/?who=timer")
    happened()
    happened()
    with django_assert_num_queries(14):
        assert len(targets(client.get("/audit/?who=timer"))) == 3


@pytest.mark.django_db
def test_csv_holds_text_only_and_is_told():
    happened(target="=1+1", new={"reason": '=HYPERLINK("x")'})
    client = logged_in(factories.auditor())

    reply = client.post("/audit/export/", {"form": "csv", "verb": "site.status"})
    head, row = csv.reader(StringIO(reply.content.decode("utf-8-sig")))
    assert (head[1], row[7], row[1]) == ("时间", "'=1+1", "2026-03-02 09:00:00")
    with area_scope(EVERYWHERE):
        event = Event.objects.get(verb="audit.export")
    assert (event.new["events"], event.new["verb"]) == (1, "site.status")
    assert "导出审计记录" in client.get("/audit/").text


@pytest.mark.django_db
def test_workbook_holds_text_only():
    happened(target="=1+1", new={"reason": "a\x01b"})
    client = logged_in(factories.auditor())

    reply = client.post("/audit/export/", {"form": "xlsx", "verb": "site.status"})
    sheet = load_workbook(BytesIO(reply.content)).active
    cells = next(iter(sheet.iter_rows(min_row=2)))
    assert {cell.data_type for cell in cells if cell.value} == {"s"}
    assert cells[7].value == "=1+1"


@pytest.mark.django_db
def test_export_of_a_bad_search_is_refused():
    client = logged_in(factories.auditor())
    page = client.post("/audit/export/", {"form": "csv", "since": "gestern"})
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["since"])
    assert client.get("/audit/export/").status_code == 200


@pytest.mark.django_db
def test_export_is_bounded():
    happened()
    happened()
    search = EventSearch(area_path=CITY)
    with area_scope(CITY):
        assert len(export(search, who=SYSTEM.who, form="csv", at=AT, most=2)) == 2
        with pytest.raises(TooMany):
            export(search, who=SYSTEM.who, form="csv", at=AT, most=2)


@pytest.mark.django_db(transaction=True)
def test_check_says_the_chain_is_whole(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    happened()
    seal(at=AT)
    page = logged_in(factories.auditor()).post("/audit/verify/")

    assert (page.status_code, page.context["result"].is_intact) == (200, True)
    assert "没有被改动" in page.text
    with area_scope(EVERYWHERE):
        assert Event.objects.get(verb="audit.verify").new == {"links": 1, "findings": 0}


@pytest.mark.django_db(transaction=True)
def test_check_locates_a_changed_event(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    happened()
    happened(target="victim")
    seal(at=AT)
    with area_scope(EVERYWHERE), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_event DISABLE TRIGGER audit_event_no_change")
        cursor.execute("ALTER TABLE audit_event NO FORCE ROW LEVEL SECURITY")
        cursor.execute("UPDATE audit_event SET target_id = 'x' WHERE target_id = 'victim'")
        cursor.execute("ALTER TABLE audit_event FORCE ROW LEVEL SECURITY")
        cursor.execute("ALTER TABLE audit_event ENABLE TRIGGER audit_event_no_change")
    page = logged_in(factories.auditor()).post("/audit/verify/")

    (finding,) = page.context["result"].findings
    assert (finding.kind, finding.first) == ("event_changed", 2)
    assert "事件被改动" in page.text


@pytest.mark.django_db
def test_a_long_chain_is_for_the_command_line(monkeypatch):
    with area_scope(CITY), pytest.raises(checking.TooLong):
        checking.check_now(by=actor_for(factories.auditor()), at=AT, most=-1)
