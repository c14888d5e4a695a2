"""Something that is done after a while, unless it is stopped before; stopped means stopped.

A timer of Textual that has gone off waits in its widget's queue of messages, where stopping it comes too
late: what it was to announce would then be announced over the answer that it announces.
"""

from collections.abc import Callable

from textual.message_pump import MessagePump


class Delay:
    """Calls once, `seconds` from now, in the turn of the widget that it is of."""

    def __init__(self, of: MessagePump, seconds: float, call: Callable[[], object]) -> None:
        self._call: Callable[[], object] | None = call
        self._timer = of.set_timer(seconds, self._due)

    def stop(self) -> None:
        """Never call, not even if the time is up already."""
        self._call = None
        self._timer.stop()

    def _due(self) -> None:
        call, self._call = self._call, None
        if call is not None:
            call()
