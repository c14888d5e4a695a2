"""One audit event in full: who, why, what changed, and its place in the chain."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from tui import catalogue, clipboard, labels
from tui.actions import Place, bindings
from tui.screens.base import ConsoleScreen
from tui.widgets.diff import Diff, Line, Tone, change_lines
from tui.widgets.header import Header

if TYPE_CHECKING:
    from db.queries.audit import ChainState, EventView
    from tui.trail import Again


def event_lines(event: "EventView") -> tuple[Line, ...]:
    """Return an event in words: who, why, what changed, and its place in the chain."""
    row = event.row
    customer = f"C-{row.customer_id} {event.customer_label or ''}".rstrip() if row.customer_id else None
    facts = (
        ("event", str(row.seq)),
        ("outcome", labels.outcome(row.outcome)),
        ("when", f"{row.at:%Y-%m-%d %H:%M:%S} UTC"),
        ("who", f"{row.operator_id} · {row.role}"),
        ("operation", row.operation),
        ("customer", customer),
        ("reason", event.reason),
    )
    about = (
        ("session", event.session),
        ("from", event.source),
        ("interaction", None if event.interaction is None else str(event.interaction)),
        ("request", event.request_id),
        ("version", event.app_version),
        ("chain hash", f"{event.hash[:16]}…{event.hash[-8:]}" if event.hash else "–"),
    )
    redacted = () if event.redacted_by is None else ((f"redacted by event {event.redacted_by}"),)
    return (
        *(Line(name, after=value) for name, value in facts if value),
        *(Line(name.replace("_", " "), after=value) for name, value in event.notes),
        *change_lines(event.changes),
        *(Line("values", after=text, tone=Tone.WARNING) for text in redacted),
        *(Line(name, after=value, tone=Tone.QUIET) for name, value in about if value),
        _chain_line(event.chain),
    )


def _chain_line(chain: "ChainState") -> Line:
    """Say whether the event fits its neighbours; the whole log is proved by `latchkey audit verify`."""
    broken = [
        what
        for is_sound, what in (
            (chain.own, "its own bytes"),
            (chain.to_previous, "the event before"),
            (chain.to_next is not False, "the event after"),
        )
        if not is_sound
    ]
    if broken:
        text = f"✗ does not fit {' and '.join(broken)}. Stop, and run: latchkey audit verify"
        return Line("chain", after=text, tone=Tone.DANGER)
    after = "it is the newest" if chain.to_next is None else "the next names its hash"
    return Line("chain", after=f"✓ fits: its bytes, the event before, and {after}", tone=Tone.QUIET)


def as_text(lines: Iterable[Line]) -> str:
    """Return lines for the clipboard."""
    return "; ".join(f"{line.label}: {_value(line)}" for line in lines)


def _value(line: Line) -> str:
    return f"{line.before or '–'} → {line.after or '–'}" if line.is_change else line.after or ""


class EventScreen(ConsoleScreen[None]):
    """An audit event on the whole screen."""

    place = Place.EVENT
    BINDINGS = bindings(Place.EVENT)

    def __init__(self, seq: int) -> None:
        super().__init__()
        self._seq = seq
        self._customer: int | None = None
        self._detail = Diff(id="detail")

    @property
    def again(self) -> "Again | None":
        """The same event."""
        return lambda: EventScreen(self._seq)

    @property
    def lines(self) -> tuple[Line, ...]:
        """What is shown; empty until it was read."""
        return self._detail.lines

    def subject(self) -> ComposeResult:
        """The event; the arrows scroll where it is long."""
        with VerticalScroll(id="event"):
            yield self._detail

    def on_mount(self) -> None:
        """Name it and read it."""
        self.query_one(Header).crumbs = ("Audit", f"event {self._seq}")
        self.run_worker(self._read(), exit_on_error=True)

    async def _read(self) -> None:
        with self.patience(lambda: None if self.lines else self._detail.say(catalogue.LOADING)):
            event = await self.ask(self.bridge.event(self._seq))
        if event is not None:
            is_first = not self.lines
            self._customer = event.row.customer_id
            self._detail.show(event_lines(event))
            if is_first and not self._is_over_the_log:
                self.witness("read-audit", self._customer)

    @property
    def _is_over_the_log(self) -> bool:
        """Whether it was opened from the audit log, whose reading is recorded already."""
        from tui.screens.audit import AuditScreen

        return any(isinstance(screen, AuditScreen) for screen in self.app.screen_stack)

    async def withdraw(self) -> None:
        """Take it away; F5 tries again."""
        self._detail.say(catalogue.UNRECORDED)

    def action_undo(self) -> None:
        """Open the opposite of this event."""
        self.console.undo(self._seq)

    def action_refresh(self) -> None:
        """Read again."""
        self.run_worker(self._read(), exit_on_error=True)

    def action_open_customer(self) -> None:
        """Open the customer whom it is about."""
        if self._customer is None:
            self.status.tell(catalogue.NO_CUSTOMER_IN_EVENT)
        else:
            self.console.open_customer(self._customer)

    def action_copy(self) -> None:
        """Send the event as text to the terminal."""
        self.status.tell(clipboard.copy(self.app, as_text(self.lines)))
