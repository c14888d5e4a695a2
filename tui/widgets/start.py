"""What stands below an empty search box: what can be typed, what is open and waits, who was open last."""

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widgets import Static

from db.errors import LatchkeyError
from tui import home_words
from tui.tied import tied

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from db.queries.desk import Desk
    from tui.app import Console

FEW, MANY = 4, 15
"""Recent customers in a small window and in a large one."""


class Start(Container):
    """Beside each other in a wide window; a sentence takes the place of all of it where nobody is found."""

    def __init__(self) -> None:
        super().__init__()
        self._text = Static(home_words.hints(), id="empty", markup=False)
        self._desk = Static("", id="desk", markup=False)
        self._recent = Static("", id="recent", markup=False)

    def compose(self) -> ComposeResult:
        """What can be typed with the keys below it, and what concerns this operator."""
        with Vertical(id="how"):
            yield self._text
            yield Static(home_words.keys(), id="keys", markup=False)
        with Vertical(id="mine"):
            yield self._desk
            yield self._recent

    def rest(self) -> None:
        """Nothing is searched for."""
        self._put(home_words.hints(), is_resting=True)
        self.learn()

    def say(self, sentence: Content) -> None:
        """Say why there is no customer to show."""
        self._put(sentence, is_resting=False)

    def _put(self, text: Content, *, is_resting: bool) -> None:
        self._text.update(text)
        for part in (*self.query("#keys"), *self.query("#mine")):
            part.set_class(not is_resting, "-away")
        self.display = True

    def learn(self) -> None:
        """Read what is on the desk; where the database does not answer, the banner says so."""
        console: Console = self.app  # type: ignore[assignment]  # every app here is one
        is_wide = self.screen.has_class("-wide")
        self._recent.update(home_words.recent(console.trail.recent, most=MANY if is_wide else FEW))
        if console.operator and self.display:
            self.run_worker(tied(self, self._learn(console)), group="desk", exclusive=True)

    async def _learn(self, console: "Console") -> None:
        operator_id = console.bridge.actor.operator_id
        judges = "judge-duplicate" not in console.refused

        def work(connection: "Connection") -> "Desk":
            from db.queries.desk import read_desk

            return read_desk(connection, operator_id, judges=judges)

        try:
            found = await console.bridge.read(work)
        except LatchkeyError:
            return
        self._desk.update(home_words.desk(found, console.now()))
