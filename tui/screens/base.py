"""What the screens of the console share: header, status line, key line, and the keys that work everywhere."""

from collections.abc import Awaitable
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.screen import Screen
from textual.widget import Widget

from db.errors import LatchkeyError
from tui.actions import Place
from tui.trail import Again
from tui.widgets.footer import KeyLine
from tui.widgets.header import Header
from tui.widgets.status import StatusLine
from tui.widgets.trouble import Trouble

if TYPE_CHECKING:
    from db.applied import Applied
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

    def action_history(self) -> None:
        """Show the audit log."""
        self.console.open_history()

    def action_recent(self) -> None:
        """List the customers that were open."""
        self.console.open_recent()

    def action_theme(self) -> None:
        """Change the colours."""
        self.console.choose_theme()

    def action_mouse(self) -> None:
        """Take the mouse, or leave it to the terminal."""
        self.console.switch_mouse()
