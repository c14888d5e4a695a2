"""What the screens of the console share: header, status line, key line, and the keys that work everywhere."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from inspect import iscoroutine
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar

from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import Worker

from db.errors import LatchkeyError
from tui.actions import Place
from tui.delay import Delay
from tui.key_order import OPENING
from tui.tied import is_there, tied
from tui.trail import Again
from tui.widgets.footer import KeyLine
from tui.widgets.header import Header
from tui.widgets.status import StatusLine
from tui.widgets.trouble import Trouble

if TYPE_CHECKING:
    from db.applied import Applied
    from db.queries.customer import CustomerView
    from tui.app import Console
    from tui.bridge import Bridge

PATIENCE_SECONDS: Final = 0.15
"""An answer that takes longer is announced; a faster one would only flicker."""
Answer = TypeVar("Answer")
Result = TypeVar("Result")


class ConsoleScreen(Screen[Result]):
    """A whole screen of the console; a subclass composes its subject in `subject`."""

    place: ClassVar[Place]
    crumbs: ClassVar[tuple[str, ...]] = ()

    @property
    def console(self) -> "Console":
        """The app, as what it is."""
        from tui.app import Console

        assert isinstance(self.app, Console)
        return self.app

    @property
    def bridge(self) -> "Bridge":
        """The way to the database."""
        return self.console.bridge

    @property
    def status(self) -> StatusLine:
        """The line that says what happened."""
        return self.query_one(StatusLine)

    @property
    def key_line(self) -> KeyLine:
        """The line of the keys that work here."""
        return self.query_one(KeyLine)

    def compose(self) -> ComposeResult:
        """Put the subject between the line that says where one is and the line of keys."""
        yield Header(*self.crumbs)
        yield Trouble()
        yield from self.subject()
        yield KeyLine(self.place)
        yield StatusLine()

    def subject(self) -> ComposeResult:
        """Return the widgets between header and keys."""
        yield Widget()

    @property
    def is_whole(self) -> bool:
        """Whether the widgets are there: an answer may come when the screen is being taken down."""
        return is_there(self)

    def run_worker(self, work: Any, *args: Any, **options: Any) -> Worker[Any]:
        """Start work that ends, unseen, where this screen has gone before it is done.

        Where it is to open another screen, what is typed waits for that.
        """
        if options.get("group") in OPENING:
            self.console.key_order.opens()
        return super().run_worker(tied(self, work) if iscoroutine(work) else work, *args, **options)

    @contextmanager
    def patience(self, announce: Callable[[], object]) -> Iterator[None]:
        """Announce what takes longer than 150 ms, but never after it is over."""
        delay = Delay(self, PATIENCE_SECONDS, announce)
        try:
            yield
        finally:
            delay.stop()

    async def ask(self, question: Awaitable[Answer]) -> Answer | None:
        """Wait for the database; where it cannot answer say so, keep everything typed, and return None."""
        try:
            answer = await question
        except LatchkeyError as error:
            self.console.explain(self, error)
            return None
        return answer

    def witness(self, what: str, customer_id: int | None = None) -> None:
        """Record what is on the screen (R2), once it is drawn; also where the operator has left by then."""
        work = self._witness
        self.console.call_after_refresh(
            lambda: self.console.run_worker(work(what, customer_id), group="record")
        )

    async def _witness(self, what: str, customer_id: int | None) -> None:
        try:
            await self.bridge.observe(what, customer_id=customer_id)
        except LatchkeyError as error:
            if self.is_whole:
                self.run_worker(self.withdraw(), group="withdraw")
                self.console.explain(self, error)

    async def withdraw(self) -> None:
        """Show nothing more: that it was seen could not be recorded."""

    def on_screen_resume(self) -> None:
        """Say anew how long the interaction lasts: the header has no clock of its own (R41).

        What was said on top of another screen has been read there.
        """
        self.app.clear_notifications()
        for header in self.query(Header):
            header.refresh()

    @property
    def again(self) -> Again | None:
        """What makes the same screen anew, for the way forward; None for one that is not gone back to."""
        return None

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Leave, and remember the way forward."""
        self.console.trail.left(self.again)
        return super().dismiss(result)

    @property
    def command_line(self) -> str:
        """What is open here, as it is typed in a shell; empty where nothing is."""
        return ""

    def came_back(self, applied: "Applied | None") -> None:
        """Say what an operation did that was started here."""
        self.console.show_new(applied)

    def action_back(self) -> None:
        """Go back to where the operator came from."""
        self.dismiss()

    def action_go_back(self) -> None:
        """As esc."""
        self.action_back()

    def action_go_forward(self) -> None:
        """Go to what was left by going back."""
        self.console.go_forward()

    def action_help(self) -> None:
        """Show what the keys do here."""
        from tui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(self.query_one(KeyLine).place, command=self.command_line))

    def action_search(self) -> None:
        """Go back to the search box."""
        self.console.go_home()

    def action_palette(self) -> None:
        """Find an operation or command by name."""
        self.console.open_palette()

    def action_go(self) -> None:
        """List the other screens."""
        self.console.open_go()

    def action_operators(self) -> None:
        """Show who works here."""
        self.console.open_operators()

    def action_settings(self) -> None:
        """Show settings and limits."""
        self.console.open_settings()

    def action_roles(self) -> None:
        """Show who may what."""
        self.console.open_roles()

    def action_templates(self) -> None:
        """Show the mails that customers get."""
        self.console.open_templates()

    def action_outbox(self) -> None:
        """Show how the mails fare."""
        self.console.open_outbox()

    def action_mailbox(self) -> None:
        """Show what the sandbox has sent."""
        self.console.open_mailbox()

    def action_portal(self) -> None:
        """Show the customer's own sign-in."""
        self.console.open_portal()

    def action_history(self) -> None:
        """Show the audit log."""
        self.console.open_history()

    def action_recent(self) -> None:
        """List the customers that were open."""
        self.console.open_recent()

    def action_diagnose(self) -> None:
        """Say why the customer here cannot sign in; where there is none, ask who."""
        self.action_ask_diagnosis()

    def action_ask_diagnosis(self) -> None:
        """Ask what the customer typed, or gave to claim an account."""
        self.console.ask_diagnosis()

    def action_inspect(self) -> None:
        """Ask for a mail that a customer forwarded."""
        self.console.ask_for_mail()

    @property
    def about_customer(self) -> int | None:
        """Whom a call or a walk is about that is started here; None where that is nobody."""
        return None

    async def _go_on(self, then: "Callable[[CustomerView | None], None]") -> None:
        number = self.about_customer
        customer = None if number is None else await self.ask(self.bridge.customer(number))
        if self.is_current and (number is None or customer is not None):
            then(customer)

    def action_interaction(self) -> None:
        """Start an interaction about whom is shown or selected here, or show the open ones."""
        self.run_worker(self._go_on(self.console.open_interaction), group="start", exclusive=True)

    def action_playbook(self) -> None:
        """Choose a playbook to walk with whom is shown or selected here."""
        self.run_worker(self._go_on(self.console.open_playbooks), group="start", exclusive=True)

    def action_playbook_list(self) -> None:
        """Show the playbooks with their sources."""
        self.console.open_playbook_list()

    def action_typos(self) -> None:
        """Show the typo table."""
        self.console.open_typos()

    def action_duplicates(self) -> None:
        """Show who may be one person."""
        self.console.open_duplicates()

    def action_merge_marked(self) -> None:
        """Merge the customers who are marked."""
        self.console.merge_marked()

    def action_unmark(self) -> None:
        """Take all marks off."""
        self.console.marked = ()

    def action_theme(self) -> None:
        """Change the colours."""
        self.console.choose_theme()

    def action_mouse(self) -> None:
        """Take the mouse, or leave it to the terminal."""
        self.console.switch_mouse()
