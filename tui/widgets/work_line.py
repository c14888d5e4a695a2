"""One line on long work: its step, a bar, how far it is, and a way to cancel; nothing while there is none."""

from collections.abc import Awaitable
from typing import Final, TypeVar

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button, Static

from tui import catalogue
from tui.delay import Delay
from tui.long_work import LongWork, Progress

PATIENCE_SECONDS: Final = 0.15
"""Work that is done sooner shows nothing: that would only flicker."""
LOOK_SECONDS: Final = 0.1
BAR: Final = 20
Answer = TypeVar("Answer")


class WorkLine(Horizontal):
    """Looks at the work now and then while it lasts, so an idle console stays idle (R41)."""

    def __init__(self, unit: str) -> None:
        super().__init__()
        self._unit = unit
        self._said = Static("", id="work", markup=False)
        self._work: LongWork | None = None

    def compose(self) -> ComposeResult:
        """The line, and the way out for the mouse."""
        yield self._said
        yield Button(Content(catalogue.CANCEL_WORK), id="cancel", compact=True)

    def on_mount(self) -> None:
        """There is nothing to say at first."""
        self.display = False

    @property
    def is_busy(self) -> bool:
        """Whether something is being done."""
        return self._work is not None

    async def follow(self, work: LongWork, answer: Awaitable[Answer]) -> Answer:
        """Wait for an answer, and tell of the work meanwhile."""
        self._work = work
        timers = Delay(self, PATIENCE_SECONDS, self._appear), self.set_interval(LOOK_SECONDS, self._look)
        try:
            return await answer
        finally:
            for timer in timers:
                timer.stop()
            if self._work is work:  # nothing else was begun meanwhile
                self._work = None
                self.display = False

    def cancel(self) -> bool:
        """Stop what is being done; return whether there was anything."""
        if self._work is None:
            return False
        self._work.cancel()
        self._look()
        return True

    def _appear(self) -> None:
        self.display = True
        self._look()

    def _look(self) -> None:
        if self._work is not None and self.display:
            is_over = self._work.is_cancelled
            self._said.update(
                Content(catalogue.CANCELLING) if is_over else drawn(self._work.progress, self._unit)
            )

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """As esc."""
        event.stop()
        self.cancel()


def drawn(progress: Progress, unit: str) -> Content:
    """Return step, bar and counts; where the total is not known, the step alone."""
    step, done, total = progress
    if not total:
        return Content(f"{step}…")
    full = BAR * min(done, total) // total
    return Content.assemble(
        f"{step}  ",
        ("━" * full, "bold $accent"),
        ("┄" * (BAR - full), "$text-muted"),
        (f"  {done:,} of {total:,} {unit}", "$text-muted"),
    )
