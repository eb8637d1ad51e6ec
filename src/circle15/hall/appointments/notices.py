"""Messages to those who booked: queued with the change itself, sent by the sweep.

The words are made when a message goes, never stored.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from circle15.accounts import sms
from circle15.accounts.sealing import unseal
from circle15.accounts.sms import NotSent, Sender
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.hall.appointments.hours import SHANGHAI
from circle15.hall.booking_models import Appointment, Notice
from circle15.hall.booking_states import AppointmentState, NoticeKind

KIND = "appointment"
REMIND_BEFORE = timedelta(hours=20)
# Nobody is woken: what falls into the night goes at eight in the evening before it.
_EARLIEST_H, _LATEST_H = 8, 20
MOST_AT_ONCE = 200
MOST_TRIES = 5
_AGAIN_AFTER = timedelta(minutes=5)


def queue(appointment: Appointment, kind: NoticeKind, *, at: datetime) -> None:
    """Queue a message that goes with the next sweep, and the reminder where one is due later.

    No reminder of what is cancelled, or so near that the message itself reminds.
    """
    times = [(kind, at)]
    due = reminder_at(appointment.starts_at)
    if kind != NoticeKind.CANCELLED and due > at:
        times.append((NoticeKind.REMINDER, due))
    Notice.objects.bulk_create(
        Notice(appointment=appointment, area_path=appointment.area_path, kind=each, due_at=when)
        for each, when in times
    )


def reminder_at(starts_at: datetime) -> datetime:
    """Return when to remind: about a day before, between eight and eight."""
    due = (starts_at - REMIND_BEFORE).astimezone(SHANGHAI)
    if due.hour >= _LATEST_H:
        return due.replace(hour=_LATEST_H, minute=0, second=0, microsecond=0)
    if due.hour < _EARLIEST_H:
        before = due - timedelta(days=1)
        return before.replace(hour=_LATEST_H, minute=0, second=0, microsecond=0)
    return due


def drop_waiting(appointments: Sequence[Appointment], *, at: datetime) -> None:
    """Keep back what has not gone out yet about these: it no longer holds."""
    rows = Notice.objects.filter(appointment__in=appointments, sent_at__isnull=True)
    rows.filter(dropped_at__isnull=True).update(dropped_at=at)


def send_due(*, at: datetime) -> int:
    """Send what is due, each in a transaction of its own; return how many went out."""
    return send_due_by(sms.way(), at=at)


def send_due_by(sender: Sender, *, at: datetime) -> int:
    """Send what is due by a way of sending; return how many went out."""
    sent = 0
    for _each in range(MOST_AT_ONCE):
        with area_scope(EVERYWHERE):
            notice = _next_due(at)
            if notice is None:
                break
            sent += _sent(notice, sender, at)
    return sent


def words(kind: str, appointment: Appointment) -> str:
    """Put a message into words. It has no name and no number: a phone lies open on tables."""
    site = appointment.hall.site
    when = f"{appointment.starts_at.astimezone(SHANGHAI):%m月%d日%H:%M}"
    what = f"{site.name} {when} 办理“{appointment.item_name}”"
    match kind:
        case NoticeKind.BOOKED:
            head = f"【医保服务】预约成功：{what}，预约码 {appointment.code}。"
        case NoticeKind.CHANGED:
            head = f"【医保服务】预约已改为：{what}，预约码 {appointment.code}。"
        case NoticeKind.REMINDER:
            head = f"【医保服务】提醒您：{what}，预约码 {appointment.code}，到厅后请先签到。"
        case _:
            reason = f"，原因：{appointment.end_reason}" if appointment.end_reason else ""
            return f"【医保服务】预约已取消：{what}{reason}。需要办理请重新预约或直接到厅取号。"
    return f"{head}改期或取消：/booking/mine/{appointment.uid}/"


def _next_due(at: datetime) -> Notice | None:
    rows = Notice.objects.select_for_update(skip_locked=True, of=("self",))
    waiting = rows.filter(sent_at__isnull=True, dropped_at__isnull=True, due_at__lte=at)
    return waiting.select_related("appointment__hall__site").order_by("due_at", "id").first()


@transaction.atomic
def _sent(notice: Notice, sender: Sender, at: datetime) -> bool:
    appointment = notice.appointment
    is_off = appointment.state != AppointmentState.BOOKED
    if is_off and notice.kind != NoticeKind.CANCELLED:
        notice.dropped_at = at
        notice.save(update_fields=["dropped_at"])
        return False
    phone = unseal(appointment.phone_sealed, field="phone", uid=appointment.uid, kind=KIND)
    try:
        sender.send(phone=phone, text=words(notice.kind, appointment), key=str(notice.pk))
    except NotSent:
        _put_off(notice, at)
        return False
    notice.sent_at = at
    notice.save(update_fields=["sent_at"])
    return True


def _put_off(notice: Notice, at: datetime) -> None:
    notice.tries += 1
    notice.due_at = at + _AGAIN_AFTER * notice.tries
    if notice.tries >= MOST_TRIES:
        notice.dropped_at = at
    notice.save(update_fields=["tries", "due_at", "dropped_at"])
