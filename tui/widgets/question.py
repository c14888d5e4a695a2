"""The words of a step, large, and below them the line that takes the answer down where one is asked for."""

from typing import TYPE_CHECKING, Final

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from tui import procedure_words as words
from tui.widgets.guarded_input import GuardedInput

if TYPE_CHECKING:
    from db.queries.walks import StepView

LONGEST_ANSWER: Final = 200


class Question(Vertical):
    """Shows a step; tells what is typed, and when it is done or left."""

    class Typed(Message):
        """The answer was edited; `is_done` with enter."""

        def __init__(self, step: "StepView", text: str, *, is_done: bool) -> None:
            super().__init__()
            self.step, self.text, self.is_done = step, text, is_done

    class Left(Message):
        """An arrow led out of the answer."""

        def __init__(self, *, is_down: bool) -> None:
            super().__init__()
            self.is_down = is_down

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._step: StepView | None = None
        self._said = Static("", id="said", markup=False)
        self._answer = GuardedInput(placeholder=words.TYPE_ANSWER, maximum=LONGEST_ANSWER, id="answer")
        self._answer.display = False

    def compose(self) -> ComposeResult:
        """The words, then the answer."""
        yield self._said
        yield self._answer

    @property
    def is_asking(self) -> bool:
        """Whether there is an answer to type."""
        return self._answer.display

    @property
    def is_typing(self) -> bool:
        """Whether the keys go into the answer."""
        return self._answer.has_focus

    def show(self, step: "StepView | None", said: Content, answer: str | None) -> None:
        """Show a step; `answer` is what stands in its line, None where there is nothing to type."""
        self._step = step
        self._said.update(said)
        self._answer.display = answer is not None
        with self.prevent(Input.Changed):
            self._answer.value = answer or ""

    def enter(self) -> None:
        """Go into the answer."""
        self._answer.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Tell what is typed, so that it waits with its step."""
        self._pass_on(event, is_done=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter keeps it."""
        self._pass_on(event, is_done=True)

    def _pass_on(self, event: Input.Changed | Input.Submitted, *, is_done: bool) -> None:
        event.stop()
        if self._step is not None:
            self.post_message(self.Typed(self._step, event.value, is_done=is_done))

    def on_key(self, event: events.Key) -> None:
        """The arrows lead out of the answer, to the steps around it."""
        if self.is_typing and event.key in ("up", "down"):
            event.stop()
            self.post_message(self.Left(is_down=event.key == "down"))
