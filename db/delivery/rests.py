"""Remembers which channels are out of reach, and leaves each alone for longer and longer."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from db.models import Channel

LONGEST_SECONDS = 30.0


@dataclass(frozen=True)
class _Rest:
    seconds: float
    until: float


class Rests:
    """One worker's channels; a mail server that is down holds no text back, and the other way round."""

    def __init__(self, first: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._first, self._clock = first, clock
        self._resting: dict[Channel, _Rest] = {}

    def awake(self) -> tuple[Channel, ...]:
        """Return the channels that may be tried now."""
        now = self._clock()
        return tuple(
            channel
            for channel in Channel
            if channel not in self._resting or self._resting[channel].until <= now
        )

    def learn(self, channel: Channel, *, reached: bool) -> None:
        """Remember how an attempt went: each one that reaches nobody doubles the rest."""
        if reached:
            self._resting.pop(channel, None)
            return
        before = self._resting.get(channel)
        seconds = min((self._first if before is None else before.seconds) * 2, LONGEST_SECONDS)
        self._resting[channel] = _Rest(seconds, self._clock() + seconds)
