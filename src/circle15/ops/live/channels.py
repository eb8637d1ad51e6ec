"""What is watched, and who is woken when it changes.

Nothing is queued for a connection: a display keeps the number of the last announcement it got
and reads on from the few its hall shares, a phone has one place for its newest state.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from circle15.hall.watching import Announced, HallNow, TicketNow, WatchedHall
from circle15.ops.live.connection import Connection, wake
from circle15.ops.live.messages import event

KEPT = 100  # announcements a hall keeps at hand; who is farther behind reads the database


@dataclass(eq=False, slots=True)
class Channel:
    """A watched hall."""

    hall: WatchedHall
    seq: int
    recent: deque[tuple[int, bytes]] = field(default_factory=lambda: deque(maxlen=KEPT))
    now: bytes = b""
    displays: set[Connection] = field(default_factory=set)
    phones: dict[UUID, set[Connection]] = field(default_factory=dict)
    states: dict[UUID, bytes] = field(default_factory=dict)
    tickets_due: bool = False
    tickets_at: float = 0.0

    @property
    def is_watched(self) -> bool:
        return bool(self.displays or self.phones)

    def after(self, seq: int) -> list[tuple[int, bytes]] | None:
        """Return the announcements after a number, None if they reach farther back."""
        if seq >= self.seq:
            return []
        if not self.recent or self.recent[0][0] > seq + 1:
            return None
        return [each for each in self.recent if each[0] > seq]

    def announce(self, announced: Iterable[Announced]) -> None:
        """Take in what follows the last announcement, in order."""
        for each in announced:
            if each.seq > self.seq:
                self.seq = each.seq
                self.recent.append((each.seq, call_event(each)))
        wake(self.displays)

    def show(self, now: HallNow) -> None:
        """Take in the counts."""
        shown = event("now", now.as_json())
        if shown != self.now:
            self.now = shown
            wake(self.displays)

    def forget(self, uid: UUID) -> None:
        """Let go of a ticket nobody follows any longer."""
        if not self.phones.get(uid):
            self.phones.pop(uid, None)
            self.states.pop(uid, None)

    def tell(self, tickets: Iterable[TicketNow]) -> None:
        """Wake the phones whose ticket changed."""
        for ticket in tickets:
            state = event("ticket", ticket.as_json())
            if self.states.get(ticket.uid) == state or ticket.uid not in self.phones:
                continue
            self.states[ticket.uid] = state
            for phone in self.phones[ticket.uid]:
                phone.state = state
            wake(self.phones[ticket.uid])


def call_event(announced: Announced) -> bytes:
    return event("call", announced.as_json(), number=announced.seq)
