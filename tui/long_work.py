"""Work that takes long, as the thread that does it tells of it and the operator sees and stops it."""

import threading
from collections.abc import Callable
from typing import NamedTuple

from db.errors import LatchkeyError

Report = Callable[[str, int, int], object]
"""Told of step, done and total (0: unknown); raises `Cancelled` where the work is no longer wanted."""


class Cancelled(LatchkeyError):
    """The operator stopped it, or left."""

    code = "cancelled"
    exit_status = 130


class Progress(NamedTuple):
    """How far it has come."""

    step: str
    done: int
    total: int


class LongWork:
    """One piece of work; safe to ask and to cancel from any thread."""

    def __init__(self, step: str) -> None:
        self.progress = Progress(step, 0, 0)
        self._cancelled = threading.Event()

    @property
    def is_cancelled(self) -> bool:
        """Whether it is to stop."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Stop it at the next step that it tells of."""
        self._cancelled.set()

    def report(self, step: str, done: int, total: int) -> None:
        """Take note of a step; raise `Cancelled` where that was to be the last."""
        if self.is_cancelled:
            raise Cancelled("Cancelled.")
        self.progress = Progress(step, done, total)
