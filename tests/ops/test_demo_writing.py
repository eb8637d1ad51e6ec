from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from circle15.accounts.demo_accounts import PASSWORD
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.actions import replay
from circle15.assessments.collect import collect_many
from circle15.assessments.models import LiveScore, StoredSheet
from circle15.audit.models import Event
from circle15.ledger.models import Evidence, Fact
from circle15.ledger.people import signing_in
from circle15.ledger.people.demo_people import CHILD, MOTHER
from circle15.ledger.people.mandates import mandates_of
from circle15.ops.demo.writing import is_there
from circle15.scoring import missing_facts, score
from circle15.sites.models import Site
from circle15.sites.states import SiteKind
from circle15.standards import edition
from circle15.standards.library import BUILT_IN

NEW = "320681400000C01"
CANDIDATE = "320681110000C01"
_TABLES = (
    "areas_division", "areas_alias", "areas_maplayer", "accounts_organisation", "accounts_person",
    "accounts_user", "accounts_post", "sites_site", "sites_zone", "sites_equipment", "sites_sign",
    "sites_window", "sites_openinghours", "sites_staffmember", "ledger_fact", "ledger_training",
    "ledger_evidence", "assessments_storedsheet", "audit_event",
    "plans_roadnetwork",
    "plans_plan",
)  # fmt: skip


@pytest.fixture
def demo(settings, tmp_path):
    settings.DEMO = True
    settings.VAR_DIR = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "evidence"},
        },
    }
    return tmp_path


def _demo(*words):
    told = StringIO()
    call_command("demo", *words, stdout=told)
    return told.getvalue()


@pytest.mark.django_db
def test_nothing_is_written_into_a_system_that_is_no_demo(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="CIRCLE15_DEMO=1"):
        _demo()
    assert not is_there()


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["2024-12-31", "2999-01-01"])
def test_days_before_the_sites_opened_and_to_come_are_refused(demo, day):
    with pytest.raises(CommandError, match="--today"):
        _demo(f"--today={day}")


@pytest.mark.slow
@pytest.mark.django_db
def test_demo_city_is_written_once_and_scores_as_meant(demo):
    first = _demo()
    counts = _row_counts()
    assert first.startswith("演示城市已写入")
    assert PASSWORD in first
    assert (demo / "demo_accounts.txt").read_text("utf-8") in first

    assert _demo().startswith("演示城市已在，未作改动")
    assert _row_counts() == counts
    assert (counts["plans_roadnetwork"], counts["plans_plan"]) == (1, 7)
    with area_scope(EVERYWHERE):
        _check_scores()
        _check_ledger()
        _check_sheets()
    people = signing_in.demo_people()
    assert [one.birth_year for one in people] == [1942, 1995, 1971]
    assert [line.principal_uid for line in mandates_of(MOTHER)] == [CHILD]


def _row_counts():
    with area_scope(EVERYWHERE), connection.cursor() as cursor:
        counts = {}
        for table in _TABLES:
            cursor.execute(f"SELECT count(*) FROM {table}")
            counts[table] = cursor.fetchone()[0]
        return counts


def _check_scores():
    today = timezone.localdate()
    codes = dict(Site.objects.filter(kind=SiteKind.TOWN_CENTRE).values_list("code", "id"))
    found = collect_many(codes.values(), on=today)
    known = {code: _values(found[site_id]) for code, site_id in codes.items()}
    for edition_id in BUILT_IN:
        book = edition(edition_id)
        profile = book.profile_for(SiteKind.TOWN_CENTRE)
        profile_id = profile.id if profile else None
        lacking = {c for c in known if missing_facts(book, known[c], profile=profile_id)}
        assert lacking == {NEW}
    jiangsu = edition("jiangsu-acceptance")
    exact = ("320681102000C01", "320681104000C01", CANDIDATE)
    totals = [score(jiangsu, known[code]).total for code in exact]
    assert totals == [Decimal(83), Decimal(93), Decimal("98.5")]
    others = [score(jiangsu, known[code]).total for code in known if code != NEW]
    assert (min(others) < 45, max(others)) == (True, Decimal("98.5"))


def _values(collection):
    return {name: collected.value for name, collected in collection.items()}


def _check_ledger():
    corrections = Fact.objects.filter(corrects__isnull=False)
    assert corrections.count() == Fact.objects.filter(corrected_by__isnull=False).count() > 5
    assert Fact.objects.filter(evidence__isnull=False).count() == Evidence.objects.count() > 30
    recorded = Event.objects.order_by("id").values_list("at", flat=True)
    assert max(recorded) <= timezone.now()


def _check_sheets():
    sheets = StoredSheet.objects.select_related("edition", "site").order_by("id")
    assert sheets.count() == 51
    assert [sheet.site.code for sheet in sheets if not replay(sheet)] == []
    failed = [(sheet.site.code, sheet.vetoes) for sheet in sheets if sheet.result == "fail"]
    assert failed == [("320681405000C01", ["V4"])]
    assert LiveScore.objects.filter(site__code=CANDIDATE).count() == len(BUILT_IN)
