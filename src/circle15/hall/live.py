"""Tell the live-update process that something happened in a hall, after the commit."""

import logging

from django.db import DatabaseError, connection, transaction

CHANNEL = "circle15_hall"
# Nothing to keep: without waiting for the disk, which one notifier after the other would do.
_NOTIFY = "SELECT set_config('synchronous_commit', 'off', true), pg_notify(%s, %s)"

logger = logging.getLogger(__name__)


def hint(site_id: int) -> None:
    """Send the site's number to the watchers once the present transaction is committed.

    Not inside it: a notifying transaction holds one lock of the whole database until its commit.
    A lost hint is harmless, watchers look at `Hall.last_event` every second anyway.
    """
    transaction.on_commit(lambda: _send(site_id))


def _send(site_id: int) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute(_NOTIFY, (CHANNEL, str(site_id)))
    except DatabaseError:
        logger.warning("hall: a hint was lost", exc_info=True)
