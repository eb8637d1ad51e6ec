"""Watch over those who look at people in full: more than work explains raises an alarm."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.actions import record
from circle15.audit.models import Event
from circle15.ledger.people.models import RevealAlarm
from circle15.ledger.people.states import AlarmKind

_LOCK = 1_532_016  # any number: one clerk's looks are counted one after another


def watch(by: Actor, *, at: datetime) -> None:
    """Count what this person saw in full in the last hour and this day, the present one too."""
    if by.user_id is None:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, by.user_id])
    local = timezone.localtime(at)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    with area_scope(EVERYWHERE):
        hour = _count(by.user_id, at - timedelta(hours=1), at)
        day = _count(by.user_id, midnight, at)
        if hour > settings.REVEALS_PER_HOUR:
            _raise(AlarmKind.HOUR, f"{local:%Y-%m-%d %H}", hour, by=by, at=at)
        if day > settings.REVEALS_PER_DAY:
            _raise(AlarmKind.DAY, f"{local:%Y-%m-%d}", day, by=by, at=at)


def _count(user_id: int, since: datetime, until: datetime) -> int:
    seen = Event.objects.filter(actor_id=user_id, verb="person.reveal", at__lte=until)
    return seen.filter(at__gt=since).count()


def _raise(kind: AlarmKind, turn: str, count: int, *, by: Actor, at: datetime) -> None:
    """Raise one alarm an hour or day; the later ones only move its count."""
    assert by.user_id is not None
    alarm, is_new = RevealAlarm.objects.get_or_create(
        user_id=by.user_id,
        kind=kind,
        turn=turn,
        defaults={
            "actor_name": by.name[:80],
            "area_path": by.area_path,
            "count": count,
            "raised_at": at,
        },
    )
    if not is_new:
        alarm.count = count
        alarm.save(update_fields=["count"])
        return
    record(
        who=by.who,
        verb="person.reveal_alarm",
        target_kind="user",
        target_id=by.user_id,
        area_path=by.area_path,
        at=at,
        new={"kind": kind.value, "count": count},
    )


def alarms(actor: Actor) -> list[RevealAlarm]:
    """Return the alarms of the present scope nobody has looked into yet, newest first."""
    demand(actor, Permission.VIEW_ACCOUNTS)
    rows = scope.within(RevealAlarm.objects.filter(seen_at__isnull=True), actor.area_path)
    return list(rows.order_by("-raised_at", "-id")[:50])


def look_into(alarm_id: int, *, by: Actor, at: datetime) -> RevealAlarm:
    """Say that an alarm was looked into. Raises NotAllowed, NotFound."""
    demand(by, Permission.MANAGE_ACCOUNTS)
    with area_scope(by.area_path):
        rows = scope.within(RevealAlarm.objects.select_for_update(), by.area_path)
        alarm = rows.filter(id=alarm_id, seen_at__isnull=True).first()
        if alarm is None:
            raise NotFound
        alarm.seen_at = at
        alarm.seen_by = by.name[:80]
        alarm.save(update_fields=["seen_at", "seen_by"])
        record(
            who=by.who,
            verb="person.alarm_seen",
            target_kind="user",
            target_id=alarm.user_id,
            area_path=alarm.area_path,
            at=at,
        )
        return alarm
