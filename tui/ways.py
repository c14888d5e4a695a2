"""The ways between the screens: what is opened on top of what, and how one comes back."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace
from textual.reactive import reactive
from textual.screen import Screen

from db.errors import LatchkeyError, Unavailable
from tui import actions, catalogue, offers, portal_pages, theme
from tui.duplicate_ways import DuplicateWays
from tui.interaction_rows import walk_of
from tui.key_order import KeyOrder
from tui.merge_ways import UNMERGE
from tui.messages import CustomerRequested
from tui.preferences import Preferences, write
from tui.subject import Subject
from tui.trail import Trail
from tui.undo import Undo, opposite, why_not
from tui.widgets.status import StatusLine
from tui.widgets.trouble import Trouble

if TYPE_CHECKING:
    from db.applied import Applied
    from db.queries.customer import CustomerView
    from tui.bridge import Bridge, OperationInfo

ADD_CUSTOMER: Final = "add-customer"
UNTIL_READ: Final = 3600.0
"""Seconds; an error goes with the screen on which it came up, and no sooner."""


class Ways(DuplicateWays):
    """The console's part that opens screens."""

    bridge: "Bridge"
    operations: "tuple[OperationInfo, ...]"
    trail: Trail
    key_order: KeyOrder
    preferences: Preferences
    preference_file: Path | None
    is_sandbox: reactive[bool] = reactive(False)

    def explain(self, screen: Screen[Any], error: LatchkeyError) -> None:
        """Show an error's own sentence on a screen; that the database is away, its banner says."""
        if isinstance(error, Unavailable) and screen.query(Trouble):
            return
        for line in screen.query(StatusLine):
            line.fail(error.sentence)
            return
        self.notify(error.sentence, severity="error", timeout=UNTIL_READ, markup=False)

    def find_operation(self, name: str) -> "OperationInfo | None":
        """Return what is known of an operation."""
        return next((info for info in self.operations if info.name == name), None)

    def start(
        self,
        name: str,
        customer: "CustomerView | None" = None,
        values: dict[str, object] | None = None,
        *,
        about: Subject | None = None,
        then: "Callable[[Applied | None], None] | None" = None,
    ) -> None:
        """Open the screen of an operation; where the role forbids it, say who may."""
        from tui.screens.add_customer import AddCustomerScreen
        from tui.screens.operation import OperationScreen

        info = self.find_operation(name)
        if info is not None and not info.is_allowed:
            self.key_order.refuse()
            for line in self.screen.query(StatusLine):
                line.fail(
                    catalogue.looks_only(info.label)
                    if info.is_read_only
                    else catalogue.may_not(info.label, info.who_may)
                )
            return
        screen = AddCustomerScreen if name == ADD_CUSTOMER else OperationScreen
        self.push_screen(screen(name, customer, values, about=about), then)

    def go_home(self) -> None:
        """Close everything above the search box and put the cursor into it."""
        from tui.screens.home import HomeScreen

        while len(self.screen_stack) > 1 and not isinstance(self.screen, HomeScreen):
            self.pop_screen()
        if isinstance(self.screen, HomeScreen):
            self.screen.focus_box()

    def on_customer_requested(self, event: CustomerRequested) -> None:
        """Open a customer on top of whatever is there."""
        self.open_customer(event.customer_id)

    def open_customer(self, customer_id: int) -> None:
        """Open a customer."""
        from tui.screens.customer import CustomerScreen

        self.trail.stepped()
        self.push_screen(CustomerScreen(customer_id))

    def open_row(self, customer: "CustomerView", section: str, row: str) -> bool:
        """Open what a row of a customer stands for; False where it is only there to be changed."""
        walk = walk_of(row)
        if section == "history" and row:
            self.open_event(int(row))
        elif section == "duplicates" and row:
            self.open_customer(int(row))
        elif section == "messages" and row:
            self.open_message(customer, int(row))
        elif section == "person" and row == "merged-into":
            self.open_customer(customer.merged_into or 0)
        elif section == "interactions" and walk is not None:
            self.open_walk(walk, customer.id)
        else:
            return False
        return True

    def open_mailbox(self) -> None:
        """Show the practice mailbox, which only the sandbox has."""
        if not self.is_sandbox:
            for line in self.screen.query(StatusLine):
                line.tell(catalogue.NOT_SANDBOX)
            return
        from tui.screens.mailbox import MailboxScreen

        self.trail.stepped()
        self.push_screen(MailboxScreen())

    def open_portal(self, link: str = "", *, identifier: str = "") -> None:
        """Show the customer's own sign-in, which only the sandbox has; or where a link of a mail leads.

        `identifier` stands in its first box.
        """
        if not self.is_sandbox:
            self.tell(portal_pages.ONLY_SANDBOX)
            return
        from tui.screens.portal import PortalScreen

        self.trail.stepped()
        self.push_screen(PortalScreen(link, identifier=identifier))

    def open_history(self, customer: "CustomerView | None" = None) -> None:
        """Show the audit log, or one customer's part of it."""
        from tui.screens.audit import AuditScreen

        self.trail.stepped()
        self.push_screen(AuditScreen(customer))

    def open_event(self, seq: int) -> None:
        """Show one event in full."""
        from tui.screens.event import EventScreen

        self.trail.stepped()
        self.push_screen(EventScreen(seq))

    def open_message(self, customer: "CustomerView", number: int) -> None:
        """Show one of a customer's messages in full."""
        from tui.screens.message import MessageScreen

        for message in customer.messages:
            if message.id == number:
                self.trail.stepped()
                self.push_screen(MessageScreen(customer, message))

    def open_palette(self, customer: "CustomerView | None" = None) -> None:
        """Find an operation or a command by its name; `customer` is the one that is open."""
        from tui.screens.menu import PaletteScreen

        screen = self.screen
        found = offers.operations(
            self.operations,
            customer=None if customer is None else customer.number,
            is_customer_open=customer is not None,
        )
        own = offers.actions(actions.commands(is_sandbox=self.is_sandbox))

        def chosen(name: str | None) -> None:
            if name is None:
                return
            if name.startswith(offers.ACTION):
                self.carry_out(name.removeprefix(offers.ACTION))
            elif customer is not None and hasattr(screen, "start"):
                screen.start(name)
            else:
                self.start(name, then=self.show_new)

        self.push_screen(PaletteScreen((*found, *own)), chosen)

    def carry_out(self, action: str) -> None:
        """Do what a key of the screen, or of the console, would do."""
        method = action.replace("-", "_")
        owner = self.screen if hasattr(self.screen, f"action_{method}") else self
        self.call_next(getattr(owner, f"action_{method}"))

    def open_recent(self) -> None:
        """List the customers that were open, newest first."""
        from tui.screens.menu import MenuScreen

        found = [
            offers.Offer(id=str(visit.customer_id), label=f"{visit.number}  {visit.name}")
            for visit in self.trail.recent
        ]

        def chosen(customer_id: str | None) -> None:
            if customer_id is not None:
                self.open_customer(int(customer_id))

        self.push_screen(MenuScreen(catalogue.RECENT, found, empty=catalogue.NO_RECENT), chosen)

    def go_forward(self) -> None:
        """Open again what was left by going back."""
        ahead = self.trail.ahead()
        if ahead is not None:
            self.push_screen(ahead)
        else:
            self.tell(catalogue.NOTHING_AHEAD)

    def choose_theme(self) -> None:
        """Change the colours, and keep the choice for this person."""
        from tui.screens.menu import MenuScreen

        found = [
            offers.Offer(id=name, label=label, help=about) for name, (label, about) in theme.LABELS.items()
        ]

        def chosen(name: str | None) -> None:
            if name is not None:
                self.theme = name
                self.prefer(
                    replace(self.preferences, theme=name),
                    f"Colours: {theme.LABELS[name][0]}.",
                )

        self.push_screen(MenuScreen(catalogue.THEME, found, empty="", selected=self.theme), chosen)

    def switch_mouse(self) -> None:
        """Take the mouse from the next start, or leave it to the terminal."""
        wanted = not self.preferences.mouse
        said = "taken" if wanted else "left to the terminal"
        self.prefer(
            replace(self.preferences, mouse=wanted),
            f"From the next start the mouse is {said}.",
        )

    def prefer(self, wanted: Preferences, sentence: str) -> None:
        """Keep a preference, and say so."""
        self.preferences = wanted
        is_kept = self.preference_file is None or write(self.preference_file, wanted)
        self.tell(sentence if is_kept else f"{sentence} {catalogue.PREFERENCES_LOST}")

    def undo(self, seq: int) -> None:
        """Open the opposite of an event, filled in."""
        self.run_worker(self._undo(self.screen, seq), group="undo", exclusive=True)

    async def _undo(self, screen: Screen[Any], seq: int) -> None:
        try:
            event = await self.bridge.event(seq)
            found = opposite(event)
            about = event.row.customer_id
            customer = None if found is None or about is None else await self.bridge.customer(about)
            values = {} if found is None else await self._looked_up(found, about)
        except LatchkeyError as error:
            self.explain(screen, error)
            return
        if found is None:
            self.tell(why_not(event))
        elif found.operation == UNMERGE and about is not None:
            self.take_back_merge(about)
        elif self.screen is screen:
            then = getattr(screen, "came_back", self.show_new)
            self.start(found.operation, customer, values, then=then)

    async def _looked_up(self, found: Undo, customer_id: int | None) -> dict[str, Any]:
        """Add the rows that are known by the beginning of their label, where there is exactly one."""
        values = dict(found.values)
        for name, begin in found.named.items():
            offered = await self.bridge.choices(name, customer_id)
            fitting = [choice.value for choice in offered if choice.label.startswith(f"{begin} ·")]
            if len(fitting) == 1:
                values[name] = fitting[0]
        return values

    def tell(self, sentence: str) -> None:
        """Say something on the screen that is on top."""
        for line in self.screen.query(StatusLine):
            line.tell(sentence)

    def show_new(self, applied: "Applied | None") -> None:
        """After an operation without a customer: open the one it made, or say that it is done."""
        if applied is None:
            return
        if applied.operation == ADD_CUSTOMER and applied.customer_id is not None:
            self.open_customer(applied.customer_id)
            return
        info = self.find_operation(applied.operation)
        for line in self.screen.query(StatusLine):
            line.done(catalogue.done(info.label if info else applied.operation, applied.outcomes))
