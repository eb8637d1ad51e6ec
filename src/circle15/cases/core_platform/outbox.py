"""Sends what waits: each message once, those of a case in order, nothing lost whatever breaks.

A number is given and kept before the first sending. What may have had its effect (the reply was
lost, the process was killed) rests until it cannot come late any more, then the platform is asked
whether it has it, and only what it has not is sent again, under the same number. What it can't be
asked about is reversed by its number first, and then sent under a new one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from circle15.accounts.refusals import NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.areas.turns import alone
from circle15.audit.masks import masked
from circle15.cases.core_platform import filing
from circle15.cases.core_platform.functions import (
    DECLARATION,
    REVERSE,
    Function,
    Kind,
    answers,
    function,
    is_same,
)
from circle15.cases.core_platform.guarded import Guarded, LineOpen
from circle15.cases.core_platform.numbers import FiledNumbers, Numbers
from circle15.cases.core_platform.people import Insured, NotKnown, ask_person
from circle15.cases.core_platform.port import Asked, NotTaken, PlatformAway, ReplyLost
from circle15.cases.core_platform.protocol import BadMessage, Response
from circle15.cases.exchange_models import CoreLine, CoreMessage
from circle15.cases.exchange_states import IN_WORK, SETTLED, MessageState
from circle15.core.ciphers import CannotOpen
from circle15.standards.core_platform import words_of_nothing_there

AT_ONCE = 100
LONGEST_PAUSE = timedelta(seconds=60)
_LONGEST_ROUND_S = 10.0
_NEVER_SO_LONG = timedelta(hours=1)
_LOCK = 1_532_021
_MEMO = "撤销"


class NotReversed(Exception):
    """Nobody knows whether it is there, and the platform does not say: a person has to ask."""


# Clauses: D-51, D-25
@dataclass
class Outbox:
    """The one worker of a line; `settle_for` is how long a message may still come late."""

    platform: Guarded
    settle_for: timedelta
    numbers: Numbers = field(default_factory=FiledNumbers)

    def drain(self, *, at: datetime) -> int:
        """Send what is due; return how many messages came to their end.

        Works alone, in rounds of a few seconds; cut off anywhere, the next round takes it up.
        """
        with alone(_LOCK) as is_mine:
            if not is_mine:
                return 0
            this = _Round(self, at)
            this.take_up_interrupted()
            this.take_up_postponed()
            done = this.work()
        keep_line(self.platform)
        return done


@dataclass
class _Round:
    """One round; its clock goes on from the moment it was given."""

    outbox: Outbox
    at: datetime
    _begun: float = field(default_factory=monotonic)

    @property
    def platform(self) -> Guarded:
        return self.outbox.platform

    def now(self) -> datetime:
        return self.at + timedelta(seconds=monotonic() - self._begun)

    def take_up_interrupted(self) -> None:
        """Nobody else works: what is being sent was cut off, and may have arrived."""
        with area_scope(EVERYWHERE):
            for message in CoreMessage.objects.filter(state=MessageState.SENDING):
                message.state = MessageState.UNSURE
                message.next_try_at = (message.tried_at or self.at) + self.outbox.settle_for
                message.save(update_fields=["state", "next_try_at"])

    def take_up_postponed(self) -> None:
        """Nothing is put off that long: the clock was set back. What is unsure rests anew."""
        late = CoreMessage.objects.filter(next_try_at__gt=self.at + _NEVER_SO_LONG)
        with area_scope(EVERYWHERE):
            late.filter(state=MessageState.WAITING).update(next_try_at=self.at)
            rested = self.at + self.outbox.settle_for
            late.filter(state=MessageState.UNSURE).update(next_try_at=rested)

    def work(self) -> int:
        done = 0
        for _turn in range(AT_ONCE):
            is_late = monotonic() - self._begun > _LONGEST_ROUND_S
            if is_late or self.platform.is_open(at=self.now()):
                break
            message = self._next()
            if message is None:
                break
            done += self._one(message)
        return done

    def _next(self) -> CoreMessage | None:
        with area_scope(EVERYWHERE):
            return due(at=self.now()).select_related("case", "undoes").first()

    def _one(self, message: CoreMessage) -> bool:
        """Bring one message a step further; tell whether that was its last."""
        try:
            self._send(message)
        except LineOpen:
            return False
        except PlatformAway as away:
            self._rest(message, is_unsure=isinstance(away, ReplyLost))
            return False
        except (NotKnown, BadMessage) as told:
            self._refuse(message, str(told))
        except NotReversed as told:
            self._leave(message, str(told))
        except (NotFound, CannotOpen) as gone:  # the person was erased, or a key is not ours
            self._refuse(message, str(gone))
        return True

    def _send(self, message: CoreMessage) -> None:
        """Ask who the person is and whether it is there already; then send. Raises."""
        made = function(message.infno)
        insured = self._insured(message)
        values = _values(message, insured)
        if problems := made.problems(values):
            raise BadMessage(problems)
        if message.state == MessageState.UNSURE and made.asked_by:
            found = self._find(message, made, values, insured)
            if found is not None:
                self._end(message, found)
                return
        elif message.state == MessageState.UNSURE and made.kind is not Kind.REVERSAL:
            self._reverse(message, insured)
        if self._begin(message):
            asked = Asked(message.infno, message.msgid, values, insured.insured_in)
            self._answered(message, made, self.platform.ask(asked, at=self.now()))

    def _insured(self, message: CoreMessage) -> Insured:
        """Return who the person is to the platform; a question, so a lost reply does no harm."""
        known = filing.part_of(message, "person")
        if not known and message.undoes is not None:
            known = filing.part_of(message.undoes, "person")
        if known:
            return Insured.of(known)
        try:
            insured = ask_person(message.case, self.platform, self.outbox.numbers, at=self.now())
        except ReplyLost as lost:
            raise NotTaken(str(lost)) from lost
        with area_scope(EVERYWHERE):
            filing.keep_part(message, "person", insured.to_json())
            message.save(update_fields=["person_sealed"])
        return insured

    def _find(
        self,
        message: CoreMessage,
        made: Function,
        values: Mapping[str, str],
        insured: Insured,
    ) -> str | None:
        """Return the filing's number at the platform if the message had its effect, else None."""
        theirs = self.held(made, insured)
        if made.kind is Kind.UNDO:
            there = {str(one.get(DECLARATION, "")) for one in theirs}
            return None if values[DECLARATION] in there else values[DECLARATION]
        same = [one for one in theirs if is_same(made, values, one)]
        known = filing.known_numbers(message)
        fresh = [one for one in same if str(one.get(DECLARATION, "")) not in known]
        return str(fresh[0].get(DECLARATION, "")) if fresh else None

    def _reverse(self, message: CoreMessage, insured: Insured) -> None:
        """Make sure a message has no effect; the next sending gets a number of its own.

        A reversal that comes late names the old number and does no harm. Raises NotTaken,
        NotReversed.
        """
        number = self.outbox.numbers.next(self.platform.fixmedins_code, at=self.now())
        told = {"psn_no": insured.psn_no, "omsgid": message.msgid, "oinfno": message.infno}
        asked = Asked(REVERSE, number, told, insured.insured_in)
        try:
            response = self.platform.ask(asked, at=self.now())
        except ReplyLost as lost:
            raise NotTaken(str(lost)) from lost
        if not (response.is_done or _is_nothing_there(response)):
            raise NotReversed(response.err_msg or str(response.infcode))
        message.msgid = ""

    def held(self, made: Function, insured: Insured) -> tuple[Mapping[str, object], ...]:
        """Return what the platform holds of a person. Raises NotTaken."""
        number = self.outbox.numbers.next(self.platform.fixmedins_code, at=self.now())
        question = function(made.asked_by)
        asked = Asked(question.infno, number, {"psn_no": insured.psn_no}, insured.insured_in)
        try:
            response = self.platform.ask(asked, at=self.now())
        except ReplyLost as lost:
            raise NotTaken(str(lost)) from lost
        if not response.is_done:
            raise NotTaken(response.err_msg)
        return answers(question, response.output)

    def _begin(self, message: CoreMessage) -> bool:
        """Give the number and keep it, before anything is sent; False if it was put aside."""
        with area_scope(EVERYWHERE):
            rows = CoreMessage.objects.select_for_update(of=("self",))
            now = rows.filter(pk=message.pk, state__in=IN_WORK).first()
            if now is None:
                return False
            if not message.msgid:
                message.msgid = self.outbox.numbers.next(
                    self.platform.fixmedins_code, at=self.now()
                )
            message.state, message.tried_at = MessageState.SENDING, self.now()
            message.attempts += 1
            message.save(update_fields=["msgid", "state", "tried_at", "attempts"])
        return True

    def _answered(self, message: CoreMessage, made: Function, response: Response) -> None:
        message.infcode, message.reply_id = response.infcode, response.inf_refmsgid
        is_gone = made.kind is Kind.REVERSAL and _is_nothing_there(response)
        if not (response.is_done or is_gone):
            self._refuse(message, response.err_msg or str(response.infcode))
            return
        told = answers(made, response.output)
        self._end(message, str(told[0].get(DECLARATION, "")) if told else "")

    def _end(self, message: CoreMessage, declaration: str) -> None:
        with area_scope(EVERYWHERE):
            message.declaration, message.problem = declaration[:30], ""
            filing.settle(message, MessageState.DONE, at=self.now())
            filing.note(
                message, "core.done", at=self.now(), new={"declaration": message.declaration}
            )

    def _refuse(self, message: CoreMessage, problem: str) -> None:
        """Leave it to a person; an undo of what was never filed has nothing to do."""
        with area_scope(EVERYWHERE):
            message.problem = masked(problem)[:300]
            undo = CoreMessage.objects.filter(undoes=message).first()
            state = MessageState.VOID if undo else MessageState.REFUSED
            filing.settle(message, state, at=self.now())
            filing.note(message, "core.refused", at=self.now(), new={"code": message.infcode})
            if undo is not None:
                filing.settle(undo, MessageState.VOID, at=self.now())

    def _leave(self, message: CoreMessage, problem: str) -> None:
        """Leave what may be there to a person; its undo goes on waiting behind it."""
        with area_scope(EVERYWHERE):
            message.problem = masked(problem)[:300]
            filing.settle(message, MessageState.REFUSED, at=self.now())
            filing.note(message, "core.unsure", at=self.now())

    def _rest(self, message: CoreMessage, *, is_unsure: bool) -> None:
        """Try later; what may have had its effect rests until it cannot come late any more."""
        pause = min(timedelta(seconds=2 ** min(message.attempts, 6)), LONGEST_PAUSE)
        with area_scope(EVERYWHERE):
            if is_unsure:
                message.state = MessageState.UNSURE
                message.next_try_at = self.now() + self.outbox.settle_for
            else:
                if message.state == MessageState.SENDING:
                    message.state = MessageState.WAITING
                message.next_try_at = self.now() + pause
            message.save(update_fields=["state", "next_try_at"])


def due(*, at: datetime) -> QuerySet[CoreMessage]:
    """Return what may be sent now: nothing of a case before what went before it is settled."""
    earlier = CoreMessage.objects.filter(case=OuterRef("case"), id__lt=OuterRef("id"))
    return (
        CoreMessage.objects.filter(
            state__in=[MessageState.WAITING, MessageState.UNSURE], next_try_at__lte=at
        )
        .exclude(Exists(earlier.exclude(state__in=SETTLED)))
        .order_by("next_try_at", "id")
    )


def keep_line(platform: Guarded) -> None:
    """Write down how the line fares, for the page of the staff."""
    if platform.answered_at is None and platform.failed_at is None:
        return
    with area_scope(EVERYWHERE), transaction.atomic():
        told = {
            "answered_at": platform.answered_at,
            "failed_at": platform.failed_at,
            "opened_at": platform.breaker.opened_at,
            "problem": platform.problem,
        }
        kept = {name: value for name, value in told.items() if value is not None}
        CoreLine.objects.update_or_create(
            id=1, defaults=kept | {"opened_at": platform.breaker.opened_at}
        )


def _values(message: CoreMessage, insured: Insured) -> dict[str, str]:
    values = filing.part_of(message, "values")
    person = {
        "psn_no": insured.psn_no,
        "insutype": insured.insutype,
        "insu_optins": insured.insured_in,
    }
    undone = message.undoes
    if undone is None:
        return person | values
    if message.infno == REVERSE:
        return person | {"omsgid": undone.msgid, "oinfno": undone.infno}
    return person | {DECLARATION: undone.declaration, "memo": values.get("memo") or _MEMO}


def _is_nothing_there(response: Response) -> bool:
    return any(words in response.err_msg for words in words_of_nothing_there())
