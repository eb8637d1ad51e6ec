"""The two streams: a hall for its displays, a ticket for whoever has its link."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from uuid import UUID

from circle15.accounts.refusals import NotFound
from circle15.hall import watching
from circle15.hall.watching import WatchedHall
from circle15.ops.live import gate
from circle15.ops.live.channels import Channel, call_event
from circle15.ops.live.connection import Connection, Refuse
from circle15.ops.live.messages import BEAT, greeting
from circle15.ops.live.watcher import Reader, Watcher

READERS = 2
MOST_WAITING = 500  # who ask to be let in at the same moment
MOST_OF_A_TICKET = 6
MOST_OF_A_HALL = 250
MOST_MISSED = 200


class Streams:
    """Lets connections in and writes to them what they came for."""

    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher
        self._door = Reader(READERS)  # apart: a crowd at the door must not delay a call
        self._waiting = 0

    async def hall(self, line: Connection, site_code: str, token: str, after: int | None) -> None:
        """Write announcements from a number on, and the counts, to a display."""
        hall = await self._let_in(lambda: _shown_hall(token, site_code))
        channel = await self._watcher.channel(hall)
        if len(channel.displays) >= MOST_OF_A_HALL:
            raise Refuse(HTTPStatus.TOO_MANY_REQUESTS)
        with _listening(channel.displays, line):
            seq, now = _begin(channel, after), b""
            await line.begin()
            await line.write(greeting())
            while True:
                async for number, piece in self._behind(hall, channel, seq):
                    await line.write(piece)
                    seq = number
                if channel.now != now:
                    now = channel.now
                    await line.write(now)
                if not await line.woken():
                    if not gate.may_show(token, site_code):
                        return
                    await line.write(BEAT)

    async def ticket(self, line: Connection, uid: UUID) -> None:
        """Write the state of a ticket whenever it changes."""
        hall = await self._let_in(lambda: watching.hall_of_ticket(uid))
        channel = await self._watcher.channel(hall)
        phones = channel.phones.setdefault(uid, set())
        if len(phones) >= MOST_OF_A_TICKET:
            raise Refuse(HTTPStatus.TOO_MANY_REQUESTS)
        try:
            with _listening(phones, line):
                await line.begin()
                await line.write(greeting())
                line.state = channel.states.get(uid, b"")
                if not line.state:
                    self._watcher.ask(channel)
                while True:
                    state, line.state = line.state, b""
                    if state:
                        await line.write(state)
                    if not await line.woken():
                        await line.write(BEAT)
        finally:
            channel.forget(uid)

    async def _behind(
        self, hall: WatchedHall, channel: Channel, seq: int
    ) -> AsyncIterator[tuple[int, bytes]]:
        """Yield the announcements after a number, out of the database where they lie far back."""
        while (near := channel.after(seq)) is None:
            far = await self._door.read(watching.announcements_after, hall, seq)
            if not far:
                return
            for announced in far:
                yield announced.seq, call_event(announced)
            seq = far[-1].seq
        for each in near:
            yield each

    async def _let_in(self, find: Callable[[], WatchedHall]) -> WatchedHall:
        """Look up what is asked for, in a line of limited length."""
        if self._waiting >= MOST_WAITING:
            raise Refuse(HTTPStatus.SERVICE_UNAVAILABLE)
        self._waiting += 1
        try:
            return await self._door.read(find)
        except NotFound:
            raise Refuse(HTTPStatus.NOT_FOUND) from None
        finally:
            self._waiting -= 1


def _begin(channel: Channel, after: int | None) -> int:
    """Return the number to go on from; nobody wants the calls of a whole day again."""
    return channel.seq if after is None else max(after, channel.seq - MOST_MISSED)


def _shown_hall(token: str, site_code: str) -> WatchedHall:
    if not gate.may_show(token, site_code):
        raise Refuse(HTTPStatus.UNAUTHORIZED)
    return watching.watched_hall(site_code)


@contextmanager
def _listening(listeners: set[Connection], line: Connection) -> Iterator[None]:
    listeners.add(line)
    try:
        yield
    finally:
        listeners.discard(line)
