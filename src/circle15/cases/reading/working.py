"""Work off the photos that wait: one at a time, outside any transaction, safe to kill."""

import logging
from datetime import datetime

from django.core.files.storage import default_storage
from django.utils import timezone

from circle15.accounts.sealing import unseal_file
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.areas.turns import alone
from circle15.cases.queries import FILE_KIND
from circle15.cases.reading.answers import sealed
from circle15.cases.reading.asking import content_of
from circle15.cases.reading.port import CannotRead, TextReader
from circle15.cases.reading_models import Reading
from circle15.cases.reading_states import KEPT, MOST_ATTEMPTS, ReadingState
from circle15.core.ciphers import CannotOpen
from circle15.core.reading.papers import read_paper

_LOCK = 1_532_018

logger = logging.getLogger(__name__)


def work_off(reader: TextReader, *, at: datetime) -> int:
    """Read every photo that waits; return how many were answered."""
    done = 0
    with alone(_LOCK) as is_alone:
        if is_alone:
            _take_up_interrupted(at)
            while row := _next(at):
                _work(row, reader)
                done += 1
    return done


def _take_up_interrupted(at: datetime) -> None:
    """Queue again what a killed process left; what ended it twice is not tried again."""
    with area_scope(EVERYWHERE):
        left = Reading.objects.filter(state=ReadingState.WORKING)
        left.filter(attempts__gte=MOST_ATTEMPTS).update(state=ReadingState.FAILED, ended_at=at)
        left.filter(state=ReadingState.WORKING).update(state=ReadingState.WAITING)


def _next(at: datetime) -> Reading | None:
    """Take the oldest that waits."""
    with area_scope(EVERYWHERE):
        waiting = Reading.objects.select_for_update(skip_locked=True, of=("self",))
        waiting = waiting.filter(state=ReadingState.WAITING, asked_at__gt=at - KEPT)
        row = waiting.order_by("id").select_related("file").first()
        if row is not None:
            row.state, row.attempts = ReadingState.WORKING, row.attempts + 1
            row.save(update_fields=["state", "attempts"])
    return row


def _work(row: Reading, reader: TextReader) -> None:
    """Read one photo; the log names it, never what it says."""
    try:
        answer = read_paper(reader.read(_picture(row)))
        row.state, row.answer_sealed = ReadingState.DONE, sealed(answer, uid=row.uid)
    except (CannotRead, CannotOpen, OSError) as failure:
        logger.warning("photo %s was not read: %s", row.uid, type(failure).__name__)
        again = row.attempts < MOST_ATTEMPTS
        row.state = ReadingState.WAITING if again else ReadingState.FAILED
    row.ended_at = None if row.state == ReadingState.WAITING else timezone.now()
    with area_scope(EVERYWHERE):  # it may have been thrown away meanwhile
        Reading.objects.filter(pk=row.pk).update(
            state=row.state, answer_sealed=row.answer_sealed, ended_at=row.ended_at
        )


def _picture(row: Reading) -> bytes:
    if row.file is None:
        return content_of(row)
    with default_storage.open(row.file.storage_name) as stored:
        return unseal_file(stored.read(), field="content", uid=row.file.uid, kind=FILE_KIND)
