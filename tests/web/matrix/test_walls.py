"""Two walls, the query's scope and row-level security: with one of them down nothing leaks.

One question of SHARE is asked here, all of them by the long campaigns (CIRCLE15_MATRIX_SHARE=1).
"""

import os
import sys
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from django.urls import get_resolver
from tests.web.matrix.asking import Questioner

from circle15.areas import scope
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit import queries as audit_queries
from circle15.sites.models import Site

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SHARE = int(os.environ.get("CIRCLE15_MATRIX_SHARE", "96"))
PROTECTED = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relrowsecurity ORDER BY 1"


@pytest.fixture
def no_query_scope(monkeypatch, places) -> Iterator[None]:
    """Let every query see all, in whichever module and by whichever name it narrows."""
    narrow, is_down = scope.within, True

    def see_all(rows: QuerySet, path: str, field: str = "area_path") -> QuerySet:
        # A module first loaded meanwhile keeps this function.
        return rows if is_down else narrow(rows, path, field)

    assert get_resolver().url_patterns  # loads the views
    for name, module in list(sys.modules.items()):
        if name.startswith("circle15.") and getattr(module, "within", None) is narrow:
            monkeypatch.setattr(module, "within", see_all)
    # The trail lies below the areas and narrows by itself.
    monkeypatch.delitem(audit_queries._FIELDS, "area_path")
    yield
    is_down = False


@pytest.fixture
def no_row_security(places) -> Iterator[None]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(PROTECTED)
        for (table,) in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        yield
        transaction.set_rollback(True)


def asked_by(visitors, places, share: int = SHARE) -> Questioner:
    questioner = Questioner(places, share=share)
    for visitor in visitors:
        questioner.reading(visitor)
    return questioner


def test_row_security_alone_keeps_everything_in(places, visitors, no_query_scope):
    found = asked_by(visitors, places).found

    assert (found.leaks, found.faults) == ([], [])
    assert found.requests > 2_500 / SHARE


def test_query_scope_alone_keeps_everything_in(places, visitors, no_row_security):
    assert Site.objects.count() == 6

    found = asked_by(visitors, places).found

    assert (found.leaks, found.faults) == ([], [])
    assert found.requests > 2_500 / SHARE


def test_without_both_walls_the_matrix_sings(places, visitors, no_query_scope, no_row_security):
    clerk = next(visitor for visitor in visitors if visitor.role == "clerk")
    found = asked_by([clerk], places, share=min(SHARE, 16)).found

    assert {leak.rsplit(": ")[1].split()[0] for leak in found.leaks} >= {"qd3", "bx1", "rg1", "ly1"}
    assert len(found.faults) > 10
    with area_scope(EVERYWHERE):
        assert Site.objects.count() == 6
