"""Whose a forwarded mail is: ours or not, which link it had, and what became of it."""

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from tui import catalogue, clipboard
from tui import insight_words as words
from tui.actions import Place, bindings
from tui.screens.base import ConsoleScreen
from tui.screens.event import as_text
from tui.widgets.evidence import Evidence
from tui.widgets.header import Header

if TYPE_CHECKING:
    from db.inspection import Inspection

ABOUT = "inspect-mail"


class InspectionScreen(ConsoleScreen[None]):
    """The answer to a paste; whose message it is, is an audit event (R2)."""

    place: ClassVar[Place] = Place.INSPECTION
    BINDINGS = bindings(Place.INSPECTION)
    AUTO_FOCUS = "#facts"

    def __init__(self, found: "Inspection") -> None:
        super().__init__()
        self._found = found
        self._verdict = Static("", id="verdict", markup=False)
        self._lines = Evidence(id="lines")

    @property
    def command_line(self) -> str:
        """The same in a shell."""
        message = self._found.message
        return "" if message is None else f"latchkey inspect {message.message.reference}"

    def subject(self) -> ComposeResult:
        """What it is, and the facts, which the arrows scroll."""
        yield self._verdict
        with VerticalScroll(id="facts"):
            yield self._lines

    def on_mount(self) -> None:
        """Show it, and record whose it is."""
        message = self._found.message
        reference = () if message is None else (message.message.reference,)
        self.query_one(Header).crumbs = (words.INSPECT, *reference)
        self._verdict.update(words.verdict_of_mail(self._found))
        self._lines.show(words.facts_of_mail(self._found))
        if message is not None:
            self.witness(ABOUT, message.customer_id)

    async def withdraw(self) -> None:
        """Take everything away."""
        self._lines.show(())
        self._verdict.update(catalogue.UNRECORDED)

    def action_open(self) -> None:
        """Open the customer to whom it was sent."""
        message = self._found.message
        if message is None:
            self.status.tell(words.NO_CUSTOMER)
        else:
            self.console.open_customer(message.customer_id)

    def action_open_customer(self) -> None:
        """As enter."""
        self.action_open()

    def action_refresh(self) -> None:
        """What was pasted is not kept, so it is asked again on the page before."""
        self.status.tell(words.ASK_AGAIN)

    def action_copy(self) -> None:
        """Copy the answer."""
        verdict = f"{self._found.verdict.value}: {self._found.sentence}"
        said = clipboard.copy(self.app, f"{verdict} {as_text(self._lines.lines)}")
        self.status.tell(catalogue.copied(self._found.verdict.value, said))
