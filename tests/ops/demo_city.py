"""What the demo city must be, asked of its own database: `python -m tests.ops.demo_city`."""

from decimal import Decimal
from io import StringIO

import django

django.setup()  # a program of its own; what follows asks the models

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from circle15.accounts.demo_accounts import PASSWORD  # noqa: E402
from circle15.areas.scope import EVERYWHERE, area_scope  # noqa: E402
from circle15.assessments.actions import replay  # noqa: E402
from circle15.assessments.collect import collect_many  # noqa: E402
from circle15.assessments.models import LiveScore, StoredSheet  # noqa: E402
from circle15.assessments.setting_up.looking import look  # noqa: E402
from circle15.audit.models import Event  # noqa: E402
from circle15.ledger.models import Evidence, Fact  # noqa: E402
from circle15.ledger.people import signing_in  # noqa: E402
from circle15.ledger.people.demo_people import CHILD, MOTHER  # noqa: E402
from circle15.ledger.people.mandates import mandates_of  # noqa: E402
from circle15.scoring import missing_facts, score  # noqa: E402
from circle15.sites.models import Site  # noqa: E402
from circle15.sites.states import SiteKind  # noqa: E402
from circle15.standards import edition  # noqa: E402
from circle15.standards.library import BUILT_IN  # noqa: E402

NEW = "320681400000C01"
CANDIDATE = "320681110000C01"
_TABLES = (
    "areas_division", "areas_alias", "areas_maplayer", "accounts_organisation", "accounts_person",
    "accounts_user", "accounts_post", "sites_site", "sites_zone", "sites_equipment", "sites_sign",
    "sites_window", "sites_openinghours", "sites_staffmember", "ledger_fact", "ledger_training",
    "ledger_evidence", "assessments_storedsheet", "audit_event",
    "plans_roadnetwork",
    "plans_plan",
    "programme_target",
)  # fmt: skip


def check() -> None:
    counts = _row_counts()
    told = StringIO()
    call_command("demo", stdout=told)
    assert told.getvalue().startswith("演示城市已在，未作改动")
    assert _row_counts() == counts
    assert (counts["plans_roadnetwork"], counts["plans_plan"]) == (1, 7)
    assert PASSWORD in (settings.VAR_DIR / "demo_accounts.txt").read_text("utf-8")
    with area_scope(EVERYWHERE):
        _check_scores()
        _check_ledger()
        _check_sheets()
        _check_set_up()
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


def _check_set_up():
    """The city runs: nothing needed is wholly missing, and what lacks in part is named."""
    steps = {one.key: one for one in look(EVERYWHERE, at=timezone.now()).needed}
    assert {key for key, one in steps.items() if one.state == "missing"} == set()
    partly = {key for key, one in steps.items() if one.state == "partly"}
    assert partly - {"calendar"} == {"managers", "backup"}
    assert steps["managers"].lacks


def _values(collection):
    return {name: collected.value for name, collected in collection.items()}


def _check_ledger():
    corrections = Fact.objects.filter(corrects__isnull=False)
    assert corrections.count() == Fact.objects.filter(corrected_by__isnull=False).count() > 5
    # Files of reports and objections prove no fact.
    proving = Evidence.objects.filter(facts__isnull=False)
    assert Fact.objects.filter(evidence__isnull=False).count() == proving.count() > 30
    recorded = Event.objects.order_by("id").values_list("at", flat=True)
    assert max(recorded) <= timezone.now()


def _check_sheets():
    sheets = StoredSheet.objects.select_related("edition", "site").order_by("id")
    assert sheets.count() > 51  # and those of the campaigns
    assert [sheet.site.code for sheet in sheets if not replay(sheet)] == []
    failed = [(sheet.site.code, sheet.vetoes) for sheet in sheets if sheet.result == "fail"]
    assert failed == [("320681405000C01", ["V4"])]
    assert LiveScore.objects.filter(site__code=CANDIDATE).count() == len(BUILT_IN)


if __name__ == "__main__":
    check()
