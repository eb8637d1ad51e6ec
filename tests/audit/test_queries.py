"""Searching the trail."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from tests.audit.trail import ALICE, AT, BOB, COUNTY

from circle15.audit.actions import record
from circle15.audit.queries import EventSearch, events
from circle15.audit.request_context import current_request_id, request_context

OTHER = "/320600000000/320682000000/"


@pytest.fixture
def five(db):
    """Five events, one a minute; the last two at the same time."""
    for number, (who, verb, target, path) in enumerate(
        [
            (ALICE, "site.rename", 1, COUNTY),
            (BOB, "site.rename", 2, COUNTY),
            (ALICE, "fact.record", 1, COUNTY),
            (ALICE, "fact.record", 2, OTHER),
            (BOB, "fact.record", 3, OTHER),
        ]
    ):
        with transaction.atomic(), request_context(f"r{number}"):
            record(
                who=who,
                verb=verb,
                target_kind="site",
                target_id=target,
                area_path=path,
                at=AT + timedelta(minutes=min(number, 3)),
            )
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('circle15.area', '/', true)")


def found(**search):
    given = {"area_path": "/"} | search
    return [int(event.request_id[1:]) for event in events(EventSearch(**given))]


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ({}, [4, 3, 2, 1, 0]),
        ({"area_path": COUNTY}, [2, 1, 0]),
        ({"area_path": ""}, []),
        ({"actor_id": 7}, [3, 2, 0]),
        ({"actor_name": "bob"}, [4, 1]),
        ({"verb": "site.rename"}, [1, 0]),
        ({"target_kind": "site", "target_id": "1"}, [2, 0]),
        ({"target_kind": "person"}, []),
        ({"request_id": "r3"}, [3]),
        ({"since": AT + timedelta(minutes=1)}, [4, 3, 2, 1]),
        ({"until": AT + timedelta(minutes=1)}, [0]),
        ({"since": AT, "until": AT}, []),
        ({"actor_id": 7, "area_path": OTHER}, [3]),
    ],
)
def test_events(five, search, expected):
    assert found(**search) == expected


def test_events_come_in_pages(five):
    pages = [events(EventSearch(area_path="/"), page=page, size=2) for page in (1, 2, 3, 4)]
    assert [[event.request_id for event in page] for page in pages] == [
        ["r4", "r3"],
        ["r2", "r1"],
        ["r0"],
        ["r0"],
    ]


def test_request_context_ends_with_its_block():
    with request_context("outer"):
        with request_context("inner"):
            assert current_request_id() == "inner"
        assert current_request_id() == "outer"
    assert current_request_id() == ""
