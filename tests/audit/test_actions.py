"""Events are written with the change they tell about, or not at all."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from tests.audit.trail import ALICE, AT, COUNTY, all_events, sealed_trail, write

from circle15.audit import heads_file
from circle15.audit.actions import NoTransaction, record, seal
from circle15.audit.models import Event, Head, Link
from circle15.audit.queries import verify
from circle15.audit.request_context import request_context
from circle15.audit.states import SYSTEM


def rename(**changes):
    given = {
        "who": ALICE,
        "verb": "site.rename",
        "target_kind": "site",
        "target_id": 3,
        "area_path": COUNTY,
        "at": AT,
    }
    record(**given | changes)


@pytest.mark.django_db(transaction=True)
def test_record_outside_a_transaction_is_refused():
    with pytest.raises(NoTransaction):
        rename()
    assert all_events() == []


@pytest.mark.django_db(transaction=True)
def test_record_writes_every_part():
    with transaction.atomic(), request_context("r-1"):
        rename(old={"name": "甲"}, new=None, clause="3.2")
    with transaction.atomic():
        see(COUNTY)
        event = Event.objects.get()
    assert (event.actor_id, event.actor_name, event.actor_role) == (7, "alice", "clerk")
    assert (event.verb, event.target_kind, event.target_id) == ("site.rename", "site", "3")
    assert (event.at, event.area_path, event.clause) == (AT, COUNTY, "3.2")
    assert (event.old, event.new, event.request_id) == ({"name": "甲"}, None, "r-1")


@pytest.mark.django_db(transaction=True)
def test_record_of_the_system_has_no_person_and_no_request():
    with transaction.atomic():
        rename(who=SYSTEM, area_path="/")
    assert [row[2:5] + row[12:] for row in all_events()] == [(None, "system", "system", "")]


@pytest.mark.django_db(transaction=True)
def test_rollback_leaves_no_event():
    with transaction.atomic():
        rename()
        transaction.set_rollback(True)
    assert all_events() == []


@pytest.mark.django_db
def test_record_needs_an_aware_time_and_a_path():
    with pytest.raises(AssertionError):
        rename(at=datetime(2026, 3, 2))  # noqa: DTZ001
    for path in ("", "320681000000/", "/320681000000", "//"):
        with pytest.raises(DatabaseError), transaction.atomic():
            rename(area_path=path)


@pytest.mark.django_db
def test_record_keeps_values_exact_and_hides_persons():
    with transaction.atomic():
        rename(
            who=ALICE,
            new={
                "area_m2": Decimal("128.50"),
                "on": date(2026, 3, 2),
                "uid": UUID(int=1),
                "note": "张三 13812345678，32068119900101123X",
                "phone": 13812345678,
                "rooms": ["大厅", ("自助区", None, True, 2, 0.5)],
                "kinds": {"b", "a"},
            },
        )
    see("/")
    assert Event.objects.get().new == {
        "area_m2": "128.50",
        "on": "2026-03-02",
        "uid": "00000000-0000-0000-0000-000000000001",
        "note": "张三 138****5678，320***********123X",
        "phone": "138****5678",
        "rooms": ["大厅", ["自助区", None, True, 2, 0.5]],
        "kinds": ["a", "b"],
    }


@pytest.mark.django_db
def test_record_refuses_what_json_cannot_hold():
    with pytest.raises(TypeError):
        rename(new={"photo": b"\x00"})


@pytest.mark.django_db(transaction=True)
def test_seal_binds_all_in_batches_and_writes_the_heads(monkeypatch):
    monkeypatch.setattr("circle15.audit.actions.BATCH", 4)
    write(10)
    assert seal(at=AT) == 10
    assert seal(at=AT) == 0
    assert list(Link.objects.order_by("position").values_list("position", flat=True)) == [
        *range(1, 11)
    ]
    assert list(Head.objects.order_by("last").values_list("first", "last")) == [
        (1, 4),
        (5, 8),
        (9, 10),
    ]
    assert [(head.first, head.last) for head in heads_file.read()] == [(1, 4), (5, 8), (9, 10)]
    assert verify().is_intact


@pytest.mark.django_db(transaction=True)
def test_seal_writes_the_head_a_crash_kept_out_of_the_file():
    sealed_trail(3, 2)
    path = heads_file.heads_path()
    first, second = path.read_text().splitlines(keepends=True)
    path.write_text(first)
    assert not verify().is_intact
    assert seal(at=AT) == 0
    assert path.read_text() == first + second
    assert verify().is_intact


@pytest.mark.django_db(transaction=True)
def test_seal_leaves_a_larger_hole_in_the_file_to_be_found():
    sealed_trail(3, 2, 2)
    path = heads_file.heads_path()
    path.write_text(path.read_text().splitlines(keepends=True)[0])
    seal(at=AT)
    assert not verify().is_intact


@pytest.mark.django_db(transaction=True)
def test_seal_ends_a_torn_line():
    sealed_trail(3)
    path = heads_file.heads_path()
    path.write_text(path.read_text()[:-20])
    sealed_trail(2)
    assert verify().is_intact
    assert len(path.read_text().splitlines()) == 3


@pytest.mark.django_db(transaction=True)
def test_seal_inside_a_transaction_is_refused():
    with pytest.raises(RuntimeError), transaction.atomic():
        seal(at=AT)


def see(area_path: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('circle15.area', %s, true)", [area_path])
