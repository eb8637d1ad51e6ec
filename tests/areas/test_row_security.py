"""Every table with rows of an area is behind row-level security; the others say why not."""

import pytest
from django.db import DatabaseError, connection, transaction
from tests import factories
from tests.factories import AT

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.models import StoredEdition, StoredSheet
from circle15.ledger.models import Evidence
from circle15.sites.models import ItemTry

pytestmark = pytest.mark.django_db
ON = AT.date()

# Tables everybody may see whole, and why.
OPEN = {
    "areas_division": "names, populations and boundaries are public",
    "areas_alias": "other names of divisions are public",
    "areas_maplayer": "roads are public",
    "plans_roadnetwork": "roads are public",
    "assessments_storededition": "a rule book is the same everywhere",
    "items_edition": "the catalogue of items is the same everywhere",
    "items_itemversion": "the catalogue of items is the same everywhere",
    "cases_papertemplate": "templates of papers are the same everywhere; no person is in them",
    "accounts_user": "user names only; the person behind them is protected",
    "accounts_loginattempt": "written before anybody is an actor; names as blind index only",
    "accounts_revokeddevice": "read before anybody is an actor; numbers of devices only",
    "accounts_apitoken": "read before anybody is an actor; digests of random tokens",
    "accounts_anonymousvisits": "counts of addresses that name nobody",
    "audit_link": "numbers and seals only",
    "audit_head": "numbers and seals only",
    "django_session": "read before anybody is an actor; random keys",
    "django_migrations": "no rows of an area",
    "django_content_type": "no rows of an area",
    "auth_group": "unused, comes with django.contrib.auth",
    "auth_group_permissions": "unused, comes with django.contrib.auth",
    "auth_permission": "unused, comes with django.contrib.auth",
}
APPEND_ONLY = (
    "ledger_fact",
    "ledger_evidence",
    "ledger_fact_evidence",
    "assessments_storedsheet",
    "sites_itemtry",
)
SECURED = """
SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""


def test_every_table_is_behind_row_security_or_says_why_not():
    with connection.cursor() as cursor:
        cursor.execute(SECURED)
        secured = dict(cursor.fetchall())

    assert {table for table, is_secured in secured.items() if not is_secured} == set(OPEN)
    assert sum(secured.values()) >= 18


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET id = id"])
def test_append_only_tables_refuse_every_change(table, statement):
    with area_scope(EVERYWHERE), connection.cursor() as cursor:
        _one_of_each()
        with pytest.raises(DatabaseError, match=f"{table} is append-only"), transaction.atomic():
            cursor.execute(statement.format(table))


def _one_of_each() -> None:
    site = factories.SiteFactory()
    kept = {"stored_at": AT, "scored_on": ON, "facts": {}, "sheet": {}, "total": 1, "max_total": 1}
    edition = StoredEdition.objects.create(book="x", version="1", text="", drafted_at=AT)
    StoredSheet.objects.create(site=site, edition=edition, purpose="self", **kept)
    photo = Evidence.objects.create(site=site, name="x.png", size=1, uploaded_at=AT)
    factories.FactFactory(site=site).evidence.add(photo)
    tried = {"tried_on": ON, "is_ready": True, "tried_at": AT, "tried_by": "test"}
    ItemTry.objects.create(site=site, item="x", **tried)


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_append_only_tables_refuse_to_be_emptied(table):
    refusal = pytest.raises(DatabaseError, match="append-only")
    with connection.cursor() as cursor, refusal, transaction.atomic():
        cursor.execute(f"TRUNCATE {table} CASCADE")
