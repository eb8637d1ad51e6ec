"""Tells the house of 12345 what waits: steps of an order one after another, each counting once.

A step has its key before it is first sent, so it may be sent again whatever became of the answer.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.areas.turns import alone
from circle15.audit.masks import masked
from circle15.cases.core_platform.guarded import Guard, LineOpen
from circle15.cases.core_platform.port import PlatformAway
from circle15.ratings.hotline import taking, telling
from circle15.ratings.hotline.port import CityLine, Receipt, Told, Word
from circle15.ratings.hotline_models import CityMessage
from circle15.ratings.hotline_states import CityState
from circle15.ratings.models import Order

AT_ONCE = 100
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=1), timedelta(seconds=60)
ASK_EVERY_S, LOOK_EVERY_S = 10.0, 3600.0
_LONGEST_ROUND_S = 10.0
_LOCK = 1_532_027


@dataclass
class GuardedLine(Guard):
    """A line behind a breaker; nobody waits for a house that is away."""

    line: CityLine

    def tell(self, told: Told, *, at: datetime) -> Receipt:
        """Tell a step. Raises LineOpen, NotTaken, ReplyLost."""
        return self.through(lambda: self.line.tell(told, at=at), at=at)

    def words(self, taken: tuple[str, ...], *, at: datetime) -> tuple[Word, ...]:
        """Return what people said there. Raises LineOpen, NotTaken, ReplyLost."""
        return self.through(lambda: self.line.words(taken, at=at), at=at)


@dataclass
class Outbox:
    """The one worker of the line; it asks and looks around less often than it tells."""

    line: GuardedLine
    ask_every_s: float = ASK_EVERY_S
    _next_ask: float = field(default=0.0, repr=False)
    _next_look: float = field(default=0.0, repr=False)

    def drain(self, *, at: datetime) -> int:
        """Tell what is due and take what came back; return how much of both.

        Works alone, in rounds of a few seconds; cut off anywhere, the next round takes it up.
        """
        with alone(_LOCK) as is_mine:
            if not is_mine:
                return 0
            if monotonic() >= self._next_look:
                telling.enqueue_untold(at=at)
                self._next_look = monotonic() + LOOK_EVERY_S
            return self._tell_due(at) + self._ask(at)

    def _tell_due(self, at: datetime) -> int:
        begun, done = monotonic(), 0
        for _turn in range(AT_ONCE):
            now = at + timedelta(seconds=monotonic() - begun)
            is_late = now - at > timedelta(seconds=_LONGEST_ROUND_S)
            message = None if is_late or self.line.is_open(at=now) else _next(at)
            if message is None:
                break
            done += self._tell(message, now)
        return done

    def _tell(self, message: CityMessage, at: datetime) -> bool:
        """Tell one step; tell whether that was its end."""
        told = Told(str(message.uid), message.event, message.body)
        try:
            receipt = self.line.tell(told, at=at)
        except LineOpen:
            return False
        except PlatformAway as away:
            _rest(message, f"{type(away).__name__} {away}", at)
            return False
        _end(message, receipt, at)
        return True

    def _ask(self, at: datetime) -> int:
        """Take what people said there, and say what is taken."""
        if monotonic() < self._next_ask or self.line.is_open(at=at):
            return 0
        self._next_ask = monotonic() + self.ask_every_s
        try:
            words = self.line.words((), at=at)
            taken = sum(taking.take(word, at=at) for word in words)
            if words:
                self.line.words(tuple(word.key for word in words), at=at)
        except PlatformAway:  # asked again, and each word is taken once
            return 0
        return taken


def _due(at: datetime) -> QuerySet[CityMessage]:
    """Return what may be told now: nothing of an order before what went before it."""
    waiting = CityMessage.objects.filter(state=CityState.WAITING)
    earlier = waiting.filter(order=OuterRef("order"), id__lt=OuterRef("id"))
    # None is put off longer than that: the clock was set back.
    now = Q(next_try_at__lte=at) | Q(next_try_at__gt=at + 2 * LONGEST_PAUSE)
    return waiting.filter(now).exclude(Exists(earlier)).order_by("next_try_at", "id")


def _next(at: datetime) -> CityMessage | None:
    with area_scope(EVERYWHERE):
        return _due(at).select_related("order").first()


def _rest(message: CityMessage, problem: str, at: datetime) -> None:
    message.attempts += 1
    message.problem = masked(problem)[:80]
    message.next_try_at = at + min(FIRST_PAUSE * 2 ** min(message.attempts, 6), LONGEST_PAUSE)
    with area_scope(EVERYWHERE):
        message.save(update_fields=["attempts", "problem", "next_try_at"])


def _end(message: CityMessage, receipt: Receipt, at: datetime) -> None:
    message.attempts += 1
    message.state = CityState.DONE if receipt.is_taken else CityState.REFUSED
    message.problem, message.ended_at = masked(receipt.problem), at
    with area_scope(EVERYWHERE):
        message.save(update_fields=["attempts", "state", "problem", "ended_at"])
        if receipt.number and not message.order.external_number:
            _keep_number(message.order, receipt.number)


def _keep_number(order: Order, number: str) -> None:
    """Keep the number the other house gave; one it gave before is its mistake and left out."""
    try:
        with transaction.atomic():
            rows = Order.objects.filter(pk=order.pk, external_number="")
            rows.update(external_number=number)
    except IntegrityError:
        return
