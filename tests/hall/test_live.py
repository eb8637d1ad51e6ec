"""Hints to the watchers come after the commit, and a lost one is no trouble."""

import logging

import pytest
from django.db import connection, transaction

from circle15.hall import live

pytestmark = pytest.mark.django_db(transaction=True)


def heard() -> list[str]:
    """Return what reached this connection; notices come with the next answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return [notice.payload for notice in connection.connection.notifies(timeout=0.05)]


def test_a_hint_is_sent_once_the_transaction_is_committed():
    with connection.cursor() as cursor:
        cursor.execute(f"LISTEN {live.CHANNEL}")
    with transaction.atomic():
        live.hint(7)
        assert heard() == []
    assert heard() == ["7"]
    with transaction.atomic():
        live.hint(8)
        transaction.set_rollback(True)
    assert heard() == []


def test_a_lost_hint_is_logged_and_nothing_more(caplog, monkeypatch):
    monkeypatch.setattr(live, "CHANNEL", "x" * 80)  # longer than a channel may be
    with caplog.at_level(logging.WARNING), transaction.atomic():
        live.hint(7)
    assert [record.message for record in caplog.records] == ["hall: a hint was lost"]
