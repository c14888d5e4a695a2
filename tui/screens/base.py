"""What the screens of the console share: header, status line, key line, and the keys that work everywhere."""

from collections.abc import Awaitable
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widget import Widget

from db.errors import LatchkeyError
from tui.actions import Place
from tui.widgets.footer import KeyLine
from tui.widgets.header import Header
from tui.widgets.status import StatusLine

if TYPE_CHECKING:
    from tui.app import Console
    from tui.bridge import Bridge

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

    def compose(self) -> ComposeResult:
        """Put the subject between the line that says where one is and the line of keys."""
        yield Header(*self.crumbs)
        yield from self.subject()
        yield KeyLine(self.place)
        yield StatusLine()

    def subject(self) -> ComposeResult:
        """Return the widgets between header and keys."""
        yield Widget()

    @property
    def is_whole(self) -> bool:
        """Whether the widgets are there: an answer may come when the screen is being taken down."""
        return bool(self.query(StatusLine)) and self.is_running

    async def ask(self, question: Awaitable[Answer]) -> Answer | None:
        """Wait for the database; where it cannot answer say so, keep everything typed, and return None."""
        try:
            answer = await question
        except LatchkeyError as error:
            if self.is_whole:
                self.console.explain(self, error)
            return None
        return answer

    def action_back(self) -> None:
        """Go back to where the operator came from."""
        self.dismiss()

    def action_help(self) -> None:
        """Show what the keys do here."""
        from tui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(self.query_one(KeyLine).place))

    def action_search(self) -> None:
        """Go back to the search box."""
        self.console.go_home()

    def action_palette(self) -> None:
        """Find an operation or command by name."""
        self.console.open_palette()

    def action_mailbox(self) -> None:
        """Show what the sandbox has sent."""
        self.console.open_mailbox()
