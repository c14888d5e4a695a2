"""How the mails fare: counts, since when the oldest waits, the server's own words, and another try."""

from collections.abc import Iterable, Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from db.models import MessageState
from db.queries.outbox import OutboxHealth, OutboxRow
from tui import catalogue
from tui.actions import Place, bindings
from tui.screens.listing import ListScreen
from tui.subject import Subject
from tui.text import safe
from tui.widgets.diff import Line, Tone
from tui.widgets.picker import Picker

STATES = (("", "any state"), *((state.value, state.value) for state in MessageState))
RETRY = "retry-message"


class OutboxScreen(ListScreen[OutboxRow]):
    """The newest messages, all or those in one state."""

    place = Place.OUTBOX
    crumbs = (catalogue.OUTBOX,)
    BINDINGS = bindings(Place.OUTBOX)
    columns = (("made", 16), ("customer", 9), ("mail", 17), ("state", 10), ("server said", 0))
    empty = "No message is in this state. f chooses another, F5 reads again."

    def __init__(self) -> None:
        super().__init__()
        self._picker = Picker(STATES, value="", id="state")
        self._health: OutboxHealth | None = None
        self._more = False

    def subject(self) -> ComposeResult:
        """A filter above the list."""
        with Horizontal(id="choice"):
            yield Static("Show", id="choice-label", markup=False)
            yield self._picker
        yield from super().subject()

    async def fetch(self) -> Sequence[OutboxRow]:
        """Read the health and the newest messages."""
        found = await self.oversight.outbox(self._picker.value or None)
        self._health, self._more = found.health, found.more
        return found.rows

    def key_of(self, item: OutboxRow) -> str:
        """The reference."""
        return item.reference

    def cells(self, item: OutboxRow) -> Iterable[str]:
        """When, for whom, what, and how it went."""
        kind = catalogue.MESSAGE_KINDS.get(item.kind, item.kind)
        made = catalogue.when(item.created_at, self.console.now())
        state = f"{catalogue.glyph(item.state)} {item.state}"
        return made, f"C-{item.customer_id}", kind, state, item.reply or ""

    def about(self, item: OutboxRow) -> Iterable[Line]:
        """All of one message."""
        yield Line("mail", after=catalogue.MESSAGE_KINDS.get(item.kind, item.kind))
        yield Line("reference", after=item.reference)
        yield Line("to", after=f"{item.recipient} · C-{item.customer_id}")
        tone = Tone.DANGER if item.state == MessageState.FAILED.value else Tone.PLAIN
        tries = f"{item.attempts} {'try' if item.attempts == 1 else 'tries'}"
        yield Line("state", after=f"{catalogue.glyph(item.state)} {item.state} · {tries}", tone=tone)
        yield Line("the server said", after=item.reply or "nothing yet")

    def summary(self) -> Content:
        """Counts, the oldest that waits, and the last trouble."""
        health = self._health
        if health is None:
            return Content("")
        counts = "   ".join(f"{catalogue.glyph(state)} {count} {state}" for state, count in health.counts)
        parts: list[str | tuple[str, str]] = [(counts, "$text")]
        if health.oldest_waiting is not None:
            parts.append(
                f"\nThe oldest waits since {catalogue.when(health.oldest_waiting, self.console.now())}."
            )
        if health.held_until is not None:
            until = catalogue.when(health.held_until, self.console.now())
            held = "1 is held" if health.held == 1 else f"{health.held:,} are held"
            parts.append(f"\n{held} by a cool-down, the first until {until}.")
        if health.trouble is not None:
            words = safe(health.trouble.reply, limit=200)
            parts.append((f"\n✗ Last trouble: {health.trouble.reference}: {words}", "$text-error"))
        if self._more:
            parts.append(f"\nThe newest {len(self.items)} are listed.")
        return Content.assemble(*parts)

    def on_picker_picked(self) -> None:
        """Another state."""
        self.action_refresh()

    def on_picker_accepted(self) -> None:
        """Enter goes to the list."""
        self._table.focus()

    def action_filter(self) -> None:
        """Go to the choice of states."""
        self._picker.focus()

    def action_choose(self) -> None:
        """Ask what to do with one that failed; open any other, whose customer is thereby opened too (R2)."""
        if self.item is None or self.item.state == MessageState.FAILED.value:
            self.action_edit()
        else:
            self.run_worker(self._open(self.item), group="open", exclusive=True)

    async def _open(self, item: OutboxRow) -> None:
        from tui.screens.message import MessageScreen

        customer = await self.ask(self.bridge.customer(item.customer_id))
        detail = await self.ask(self.oversight.message(item.id))
        if customer is not None and detail is not None and self.is_current:
            self.witness("open-customer", item.customer_id)
            self.console.trail.stepped()
            self.console.push_screen(MessageScreen(customer, detail))

    def action_edit(self) -> None:
        """Ask what to do with the message."""
        item = self.item
        if item is None:
            self.status.tell(catalogue.NOTHING_SELECTED)
            return
        values = {"customer": item.customer_id, "message": item.id}
        infos = [info for info in self.console.operations if info.name == RETRY]
        about = Subject(label=item.reference, values=values, version=None)
        self.console.choose(item.reference, infos, about=about, then=self.came_back)

    def action_open_customer(self) -> None:
        """Open whose mail it is."""
        if self.item is None:
            self.status.tell(catalogue.NOTHING_SELECTED)
        else:
            self.console.open_customer(self.item.customer_id)

    def action_back(self) -> None:
        """Out of the filter into the list, then out of the screen."""
        if self._picker.has_focus:
            self._table.focus()
        else:
            self.dismiss(None)
