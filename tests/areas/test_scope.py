"""The scope of a piece of work, its two walls, and paths."""

import pytest
from django.db import connection
from tests import factories

from circle15.areas.scope import EVERYWHERE, area_scope, paths_to, within
from circle15.sites.models import Site

CITY, COUNTY = "/320600000000/", "/320600000000/320681000000/"


def visible() -> list[str]:
    return list(Site.objects.order_by("code").values_list("code", flat=True))


@pytest.fixture
def three_sites(db):
    for kind in ({}, {"other": True}, {"foreign": True}):
        factories.SiteFactory(**kind)


@pytest.mark.parametrize(
    ("path", "codes"),
    [
        (EVERYWHERE, ["QD-0001", "QD-0002", "RG-0001"]),
        (COUNTY, ["QD-0001", "QD-0002"]),
        (f"{COUNTY}320681100000/QD-0001/", ["QD-0001"]),
        ("/320600000000/32068/", []),
        ("/%/", []),
    ],
)
def test_both_walls_show_the_rows_under_a_path(three_sites, path, codes):
    with area_scope(path):
        assert visible() == codes
    with area_scope(EVERYWHERE):
        assert list(within(Site.objects.order_by("code"), path)) == list(
            Site.objects.filter(code__in=codes).order_by("code")
        )


def test_without_a_scope_nothing_is_visible(three_sites):
    assert visible() == []
    with area_scope(EVERYWHERE):
        assert list(within(Site.objects.all(), "")) == []


def test_former_scope_comes_back_also_after_a_failure(three_sites):
    with area_scope(COUNTY):
        with area_scope(EVERYWHERE):
            assert len(visible()) == 3
        assert len(visible()) == 2
        with pytest.raises(ZeroDivisionError), area_scope(EVERYWHERE):
            _ = 1 / 0
        assert len(visible()) == 2
    assert visible() == []


@pytest.mark.parametrize("path", ["", "320600000000/", "/320600000000"])
def test_a_path_begins_and_ends_with_a_slash(db, path):
    with pytest.raises(ValueError, match="begins and ends"), area_scope(path):
        pass


def test_rows_of_another_area_cannot_be_written(three_sites):
    with area_scope(COUNTY):
        assert Site.objects.filter(code="RG-0001").update(name="改") == 0
        assert Site.objects.filter(code="RG-0001").delete() == (0, {})
    with area_scope(EVERYWHERE):
        assert Site.objects.get(code="RG-0001").name == "东陈镇医保服务站"


def test_paths_to_names_everything_above():
    assert paths_to("/1/2/x/") == ["/1/", "/1/2/", "/1/2/x/"]


def test_the_application_role_cannot_pass_row_security(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False)


@pytest.mark.django_db(transaction=True)
def test_an_outermost_scope_takes_one_statement_and_ends_with_its_transaction(
    django_assert_num_queries,
):
    with django_assert_num_queries(3), area_scope(EVERYWHERE):  # BEGIN, the scope, COMMIT
        pass
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('circle15.area', true), '')")
        assert cursor.fetchone() == ("",)


def test_an_inner_scope_takes_two_statements(db, django_assert_num_queries):
    with django_assert_num_queries(4), area_scope(EVERYWHERE):  # and a savepoint
        pass
