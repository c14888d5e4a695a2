"""Makes one change just where another one stands still, on PostgreSQL."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, current_thread
from typing import Any

from sqlalchemy import event, text

from db.applied import Applied
from db.engine import Database
from db.errors import LatchkeyError

_OFTEN = 0.02
_HELD_UP = text(
    "SELECT EXISTS (SELECT 1 FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock')"
)
Ending = Applied | LatchkeyError


def beside(
    base: Database,
    first: Callable[[], Applied],
    second: Callable[[], Applied],
    *,
    at: str,
    to_its_end: bool = False,
) -> tuple[Ending, Ending]:
    """Start `second` where `first` is about to say a statement that begins like `at`; return how both ended.

    `first` goes on when `second` is over or waits for a lock; only when it is over where `to_its_end`.
    """
    with ThreadPoolExecutor(2, thread_name_prefix="change") as pool, _standing(base, at) as (reached, go_on):
        one = pool.submit(_ending, first)
        one.add_done_callback(lambda _: reached.set())  # it may never come there
        reached.wait()
        other = pool.submit(_ending, second)
        while not _is_over(other) and (to_its_end or not _is_held_up(base)):
            pass
        go_on.set()
        return one.result(), other.result()


@contextmanager
def _standing(base: Database, at: str) -> Iterator[tuple[Event, Event]]:
    """Let the first to come to a statement stand there until it is told to go on."""
    reached, go_on = Event(), Event()

    def stand(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not reached.is_set() and statement.lstrip().startswith(at):
            assert current_thread().name.startswith("change")
            reached.set()
            go_on.wait()

    event.listen(base.writer, "before_cursor_execute", stand)
    try:
        yield reached, go_on
    finally:
        go_on.set()
        event.remove(base.writer, "before_cursor_execute", stand)


def _ending(change: Callable[[], Applied]) -> Ending:
    try:
        return change()
    except LatchkeyError as error:
        return error


def _is_over(change: Future[Ending]) -> bool:
    try:
        change.result(timeout=_OFTEN)
    except TimeoutError:
        return False
    return True


def _is_held_up(base: Database) -> bool:
    with base.reading() as connection:
        return bool(connection.execute(_HELD_UP).scalar_one())
