"""One message to a customer: where it went, what its link is worth, and every try with the server's words."""

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui import catalogue, clipboard, offers
from tui.actions import Place, bindings
from tui.screens.base import ConsoleScreen
from tui.text import safe
from tui.widgets.header import Header
from tui.widgets.results import column

if TYPE_CHECKING:
    from datetime import datetime

    from db.applied import Applied
    from db.queries.customer import CustomerView
    from db.queries.messages import AttemptView, MessageView
    from tui.trail import Again

LABEL = 12
OUTCOME = 14
LINKS = {
    "waiting": "made at delivery, which has not happened yet",
    "open": "works until it is used or runs out",
    "used": "was used",
    "expired": "ran out; r on the customer sends a new one",
    "void": "was ended by a newer one or by a change; r on the customer sends a new one",
}


class MessageScreen(ConsoleScreen[None]):
    """A message with its delivery history."""

    place: ClassVar[Place] = Place.MESSAGE
    BINDINGS = bindings(Place.MESSAGE)

    def __init__(self, customer: "CustomerView", message: "MessageView") -> None:
        super().__init__()
        self._customer = customer
        self._message = message
        self.attempts: tuple[AttemptView, ...] | None = None

    @property
    def again(self) -> "Again | None":
        """The same message."""
        return lambda: MessageScreen(self._customer, self._message)

    def subject(self) -> ComposeResult:
        """One page; the arrows scroll where the history is long."""
        with VerticalScroll(id="message"):
            yield Static("", id="facts", markup=False)

    def on_mount(self) -> None:
        """Name it, and read its history."""
        self.query_one(Header).crumbs = (
            f"{self._customer.number} {self._customer.name}",
            self._message.reference,
        )
        self._read()

    def on_screen_resume(self) -> None:
        """What lay on top may have sent it again."""
        if self.attempts is not None:
            self._read()

    def _read(self) -> None:
        self.run_worker(self._load(), group="read", exclusive=True)

    async def _load(self) -> None:
        number = self._message.id
        facts = self.query_one("#facts", Static)
        with self.patience(lambda: None if self.attempts else facts.update(catalogue.LOADING)):
            view = await self.ask(self.bridge.customer(self._customer.id))
            attempts = await self.ask(self.bridge.attempts(number))
        if view is None or attempts is None:
            return
        self._customer, self.attempts = view, attempts
        self._message = next((found for found in view.messages if found.id == number), self._message)
        facts.update(_page(self._message, attempts, self.console.now()))

    def came_back(self, applied: "Applied | None") -> None:
        """After sending it again: say so, and look."""
        super().came_back(applied)
        self._read()

    def action_refresh(self) -> None:
        """Read again."""
        self.status.clear()
        self._read()

    def action_edit(self) -> None:
        """Ask what to do with it."""
        from tui.screens.menu import MenuScreen

        mine = [
            info for info in self.console.operations if any(field.kind == "message" for field in info.fields)
        ]

        def chosen(name: str | None) -> None:
            if name is not None:
                values: dict[str, object] = {"message": self._message.id}
                self.console.start(name, self._customer, values, then=self.came_back)

        found = offers.operations(mine, customer=self._customer.number)
        self.app.push_screen(
            MenuScreen(self._message.reference, found, empty=catalogue.NOTHING_TO_EDIT), chosen
        )

    def action_copy(self) -> None:
        """Copy the reference, by which the customer's mail is found."""
        text = self._message.reference
        self.status.tell(catalogue.copied(text, clipboard.copy(self.app, text)))


def _page(message: "MessageView", attempts: "tuple[AttemptView, ...]", now: "datetime") -> Content:
    state = f"{catalogue.glyph(message.state)} {message.state}"
    facts = (
        ("message", catalogue.MESSAGE_KINDS.get(message.kind, message.kind), "bold"),
        ("state", state, catalogue.tone(message.state)),
        ("reference", message.reference, ""),
        ("to", f"{message.recipient} by {message.channel}", ""),
        ("asked for", catalogue.when(message.created_at, now), ""),
        ("sent", catalogue.when(message.sent_at, now), ""),
        ("its link", LINKS.get(message.link_state or "", ""), ""),
    )
    lines = [
        Content.assemble((column(name, LABEL), "$text-muted"), (safe(value), style))
        for name, value, style in facts
        if value
    ]
    tries = f"{len(attempts)} {'try' if len(attempts) == 1 else 'tries'}" if attempts else ""
    lines += [Content(""), Content.assemble((column("Delivery", LABEL), "bold"), (tries, "$text-muted"))]
    if not attempts:
        lines.append(Content.styled(catalogue.NO_ATTEMPT, "$text-muted"))
    for found in attempts:
        outcome = f"{catalogue.glyph(found.outcome)} {found.outcome}"
        lines.append(
            Content.assemble(
                (column(catalogue.when(found.at, now), 18), "$text-muted"),
                (column(outcome, OUTCOME), catalogue.tone(found.outcome)),
                safe(found.reply),
            )
        )
    return Content("\n").join(lines)
