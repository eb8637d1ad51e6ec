"""Put a notice on the displays of a hall, take it down."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.audit.actions import record
from circle15.core.text import without_invisible
from circle15.hall.board_models import NOTICE_LENGTH, BoardNotice
from circle15.hall.models import Hall
from circle15.hall.queries import hall_of
from circle15.hall.refusals import UnusableSetting

LONGEST = NOTICE_LENGTH


@transaction.atomic
def put_up(  # noqa: PLR0913 -- what a notice consists of
    *, site_code: str, text: str, shown_from: date, shown_until: date, by: Actor, at: datetime
) -> BoardNotice:
    """Show a text on the displays on some days; the same again is one notice.

    Raises NotAllowed, NotFound, UnusableSetting.
    """
    hall = _hall(site_code, by)
    text = without_invisible(" ".join(text.split()))
    if not 1 <= len(text) <= NOTICE_LENGTH:
        raise UnusableSetting(_("通知应为 1 到 %(most)s 个字。") % {"most": NOTICE_LENGTH})
    if shown_until < shown_from:
        raise UnusableSetting(_("结束日期不能早于开始日期。"))
    notice, is_new = BoardNotice.objects.get_or_create(
        hall=hall,
        text=text,
        shown_from=shown_from,
        shown_until=shown_until,
        taken_down_at=None,
        defaults={"area_path": hall.area_path, "put_up_at": at},
    )
    if is_new:
        new = {"text": text, "from": shown_from, "until": shown_until}
        _record("notice_up", notice, by=by, at=at, new=new)
    return notice


@transaction.atomic
def take_down(*, site_code: str, notice_id: int, by: Actor, at: datetime) -> BoardNotice:
    """Show a notice no longer; it is kept. Raises NotAllowed, NotFound."""
    hall = _hall(site_code, by)
    rows = BoardNotice.objects.select_for_update().filter(hall=hall, taken_down_at=None)
    notice = rows.filter(id=notice_id).first()
    if notice is None:
        raise NotFound
    notice.taken_down_at = at
    notice.save(update_fields=["taken_down_at"])
    _record("notice_down", notice, by=by, at=at, new={"text": notice.text})
    return notice


def _hall(site_code: str, by: Actor) -> Hall:
    demand(by, Permission.MANAGE_HALL)
    return hall_of(by, site_code)


def _record(
    verb: str, notice: BoardNotice, *, by: Actor, at: datetime, new: dict[str, object]
) -> None:
    record(
        who=by.who,
        verb=f"hall.{verb}",
        target_kind="hall_notice",
        target_id=notice.id,
        area_path=notice.area_path,
        at=at,
        new=new,
    )
