"""What is taken out as a file: at most so many lines, and a line on the trail."""

from datetime import datetime

from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import Refused
from circle15.audit.actions import record

MOST_LINES = 10_000


class TooManyLines(Refused):
    """More lines than a workbook is made of at once."""

    def __init__(self) -> None:
        super().__init__(
            _("符合条件的超过 %(most)s 条，请缩小范围再导出。") % {"most": f"{MOST_LINES:,}"}
        )


def note_export(lines: int, kind: str, *, by: Actor, at: datetime) -> None:
    """Put it on the trail how many lines of a kind were taken out. Raises TooManyLines."""
    if lines > MOST_LINES:
        raise TooManyLines
    record(
        who=by.who,
        verb=f"{kind}.export",
        target_kind=kind,
        target_id="",
        area_path=by.area_path,
        at=at,
        new={"lines": lines},
    )
