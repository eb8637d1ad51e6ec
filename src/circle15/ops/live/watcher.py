"""Notice what changes in the watched halls: by hints of the database, and by looking."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

import psycopg
from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone
from psycopg.conninfo import make_conninfo

from circle15.hall import watching
from circle15.hall.live import CHANNEL
from circle15.hall.watching import TicketNow, WatchedHall
from circle15.ops.live.channels import Channel

log = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0
ALL_EVERY_S = 5.0  # counts too, where a hint was lost
TICKETS_EVERY_S = 0.8  # the places of thousands of phones, not at each of three calls a second
PATIENCE_S = 0.2
AT_A_TIME = 100
LISTEN_AGAIN_S = 1.0

P = ParamSpec("P")
T = TypeVar("T")


class Reader:
    """Runs queries in threads of its own, each with its database connection."""

    def __init__(self, threads: int) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="read")

    async def read(self, query: Callable[P, T], *values: P.args, **named: P.kwargs) -> T:
        def run() -> T:
            close_old_connections()
            return query(*values, **named)

        return await asyncio.get_running_loop().run_in_executor(self._threads, run)


@dataclass(eq=False, slots=True)
class Watcher:
    """Keeps the channels of the watched halls up to date."""

    reader: Reader = field(default_factory=lambda: Reader(1))
    queue: Reader = field(default_factory=lambda: Reader(1))
    halls: dict[int, Channel] = field(default_factory=dict)  # by hall
    hinted: set[int] = field(default_factory=set)  # sites
    hint: asyncio.Event = field(default_factory=asyncio.Event)
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def channel(self, hall: WatchedHall) -> Channel:
        """Return the channel of a hall, filled when it is new."""
        channel = self.halls.get(hall.id)
        if channel is None:
            channel = Channel(hall, hall.last_event)
            channel.show(await self.reader.read(watching.hall_now, hall))
            channel = self.halls.setdefault(hall.id, channel)
        return channel

    def ask(self, channel: Channel) -> None:
        """Have the tickets of a hall read soon, all who ask meanwhile at once."""
        channel.tickets_due = True
        self.asked.set()

    async def run(self) -> None:
        """Listen and look until cancelled."""
        await asyncio.gather(_again(self._listen), _again(self._look), _again(self._follow))

    async def _listen(self) -> None:
        address = _address()
        async with await psycopg.AsyncConnection.connect(address, autocommit=True) as listening:
            await listening.execute(f"LISTEN {CHANNEL}")
            async for notice in listening.notifies():
                if notice.payload.isdecimal():
                    self.hinted.add(int(notice.payload))
                    self.hint.set()

    async def _look(self) -> None:
        looked = everything = 0.0
        while True:
            await _wait(self.hint, LOOK_EVERY_S)
            self.hint.clear()
            now = time.monotonic()
            sites, self.hinted = self.hinted, set()
            due = [one for one in self.halls.values() if one.hall.site_id in sites]
            if now - everything >= ALL_EVERY_S:
                everything, due = now, list(self.halls.values())
            elif now - looked >= LOOK_EVERY_S:
                looked = now
                due += await self._behind(due)
            await self._refresh(due)
            self._forget()

    async def _behind(self, due: Iterable[Channel]) -> list[Channel]:
        others = {hall: one for hall, one in self.halls.items() if one not in set(due)}
        last = await self.reader.read(watching.last_events, list(others))
        return [one for hall, one in others.items() if last.get(hall, 0) > one.seq]

    async def _refresh(self, due: Iterable[Channel]) -> None:
        for channel in due:
            hall = channel.hall
            while announced := await self.reader.read(
                watching.announcements_after, hall, channel.seq
            ):
                channel.announce(announced)
            if channel.displays:
                channel.show(await self.reader.read(watching.hall_now, hall))
            self.ask(channel)

    async def _follow(self) -> None:
        """Tell phones; apart, for a long queue must not delay the next call."""
        while True:
            await _wait(self.asked, PATIENCE_S)
            self.asked.clear()
            for channel in [*self.halls.values()]:
                is_time = time.monotonic() - channel.tickets_at >= TICKETS_EVERY_S
                if channel.tickets_due and channel.phones and is_time:
                    channel.tickets_at, channel.tickets_due = time.monotonic(), False
                    uids, at = list(channel.phones), timezone.now()
                    read = self.queue.read(watching.tickets_now, channel.hall, uids, at=at)
                    await _tell(channel, await read)

    def _forget(self) -> None:
        for hall in [hall for hall, one in self.halls.items() if not one.is_watched]:
            del self.halls[hall]


async def _tell(channel: Channel, tickets: Sequence[TicketNow]) -> None:
    """Tell some at a time: a call that comes meanwhile goes between them."""
    for begin in range(0, len(tickets), AT_A_TIME):
        channel.tell(tickets[begin : begin + AT_A_TIME])
        await asyncio.sleep(0)


async def _wait(event: asyncio.Event, timeout_s: float) -> bool:
    try:
        async with asyncio.timeout(timeout_s):
            return await event.wait()
    except TimeoutError:
        return False


async def _again(work: Callable[[], Awaitable[None]]) -> None:
    """Go on after the database was away; nothing is lost, numbers tell what is missing."""
    while True:
        try:
            await work()
        except (psycopg.Error, DatabaseError, OSError) as failure:
            log.warning("live: no database, trying again: %s", type(failure).__name__)
        except Exception:  # whatever it was, thousands still listen
            log.exception("live: going on after a fault")
        await asyncio.sleep(LISTEN_AGAIN_S)


def _address() -> str:
    """Return where the database is, as Django connects."""
    known = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    place = {name: known[name] for name in names if known.get(name)}
    return make_conninfo(**place, **connection.settings_dict["OPTIONS"])
