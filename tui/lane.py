"""The way from the screens to the database and back: threads that block there, so that the screen never does.

The one file of the screens' side that knows threads.
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, TypeVar

from db.errors import Unavailable
from tui.long_work import LongWork, Report

if TYPE_CHECKING:  # the screen is drawn before these are loaded, in a thread
    from sqlalchemy import Connection

    from db.engine import Database

READ_LIMIT_SECONDS: Final = 15.0
"""Above the engine's own statement limit: whoever waits longer than this hears that nobody answered."""
THREADS: Final = 4
SCHEMA_LOOK_SECONDS: Final = 2.0
"""How long the version of the schema is taken for granted; before a change it is always read again."""

Answer = TypeVar("Answer")


class Lane:
    """Opens the database on first use and asks it in threads.

    `on_trouble` hears of every answer whether the database gave it: None, or why not.
    """

    def __init__(self, opener: "Callable[[], Database]") -> None:
        self.on_trouble: Callable[[Unavailable | None], object] = lambda _error: None
        self._opener = opener
        self._database: Database | None = None
        self._running: set[asyncio.Future[Any]] = set()
        self._long: set[LongWork] = set()
        self._opening = threading.Lock()
        self._checked_at = -SCHEMA_LOOK_SECONDS
        self._pool = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="latchkey-db")

    def open(self, *, look_within: float = SCHEMA_LOOK_SECONDS) -> "Database":
        """Return the database; blocks, so call it in a thread.

        Raises `Unavailable` where it was migrated meanwhile, underneath this program: its schema is read
        again where the last look is older than `look_within` seconds.
        """
        from db import schema

        with self._opening:
            if self._database is None:
                self._database = self._opener()
            if monotonic() - self._checked_at >= look_within:
                schema.check(self._database)
                self._checked_at = monotonic()
            return self._database

    @property
    def is_open(self) -> bool:
        """Whether the database was opened, and not merely asked for."""
        return self._database is not None

    async def opened(self) -> "Database":
        """Open the database in a thread; raise a `LatchkeyError` where that cannot be."""
        return await self.call(self.open)

    async def quiet(self) -> None:
        """Wait until everything that was asked so far has its answer, or its error."""
        while self._running:
            await asyncio.wait(self._running)

    async def read(self, work: "Callable[[Connection], Answer]") -> Answer:
        """Let a thread read from the database; raise `Unavailable` where it takes more than 15 s."""

        def reading() -> Answer:
            with self.open().reading() as connection:
                return work(connection)

        return await self.call(reading, limit=READ_LIMIT_SECONDS)

    async def call(self, work: Callable[[], Answer], *, limit: float | None = None) -> Answer:
        """Let a thread do something that blocks, for at most `limit` seconds."""
        try:
            async with asyncio.timeout(limit):
                answer = await self._in_thread(work)
        except TimeoutError:
            slow = Unavailable(
                "The database did not answer in time. Nothing was lost; try again.", code="database-slow"
            )
            self.on_trouble(slow)
            raise slow from None
        except Unavailable as error:
            self.on_trouble(error)
            raise
        self.on_trouble(None)
        return answer

    async def work(self, long: LongWork, job: Callable[[Report], Answer]) -> Answer:
        """Let a thread do what takes long, without a limit; raise `Cancelled` where it was stopped.

        Whoever gives up waiting stops it too.
        """
        self._long.add(long)
        try:
            return await self.call(lambda: job(long.report))
        finally:
            long.cancel()
            self._long.discard(long)

    async def _in_thread(self, work: Callable[[], Answer]) -> Answer:
        running = asyncio.get_running_loop().run_in_executor(self._pool, work)
        self._running.add(running)
        running.add_done_callback(self._running.discard)
        return await running

    def close(self) -> None:
        """Let what is running end, take no more questions, and close the database."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        if self._database is not None:
            self._database.close()
