"""A panel in place of a dialog: why a save did not happen, and which keys go on from there."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tui.text import safe
from tui.widgets.diff import Diff, Line, Tone
from tui.widgets.guarded_input import Deaf
from tui.widgets.key_text import KeyText, pressing

GLYPHS = {Tone.DANGER: "✗", Tone.WARNING: "⚠", Tone.GOOD: "✓", Tone.PLAIN: "·", Tone.QUIET: "·"}


@dataclass(frozen=True)
class Answer:
    """A key that the panel takes: its name, how it is written, and what it does."""

    key: str
    shown: str
    label: str
    id: str


class Banner(Vertical, can_focus=True):
    """Says one thing in words and glyph; with answers it takes the focus, so that letters act."""

    class Answered(Message):
        """The operator chose one of the answers."""

        def __init__(self, answer: str) -> None:
            super().__init__()
            self.answer = answer

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._answers: tuple[Answer, ...] = ()
        self._sentence = Static("", classes="sentence", markup=False)
        self._diff = Diff()
        self._keys = KeyText(classes="keys")
        self._deaf = Deaf()
        self.sentence = ""

    def compose(self) -> ComposeResult:
        """The sentence, what it is about, and the keys."""
        yield self._sentence
        yield self._diff
        yield self._keys

    def on_mount(self) -> None:
        """There is nothing to say at first."""
        self.display = False

    @property
    def is_deaf(self) -> bool:
        """Whether keys are still ignored, just after it appeared (R43)."""
        return bool(self._deaf)

    def show(
        self,
        sentence: str,
        *,
        tone: Tone = Tone.DANGER,
        answers: Sequence[Answer] = (),
        lines: Sequence[Line] = (),
    ) -> None:
        """Appear; with answers the keys belong to the panel until one is chosen."""
        self.sentence = sentence
        self._answers = tuple(answers)
        self._sentence.update(Content(f"{GLYPHS[tone]} {safe(sentence)}"))
        self._diff.show(lines)
        self._diff.display = bool(lines)
        self._keys.update(self._key_line())
        self._keys.display = bool(answers)
        for known in Tone:
            self.set_class(known is tone, f"-{known.value}")
        self.display = True
        if answers:
            self._deaf.begin()
            self.focus()

    def hide(self) -> None:
        """Go away."""
        self.display = False
        self.sentence = ""

    def _key_line(self) -> Content:
        parts: list[Content] = []
        for answer in self._answers:
            if answer.shown:
                text = Content.assemble((answer.shown, "bold $accent"), " ", (safe(answer.label), "$text"))
                parts += [pressing(answer.key, text), Content("   ")]
        return Content.assemble(*parts)

    def on_key(self, event: events.Key) -> None:
        """One of the answers, or nothing; what is not an answer goes on to the screen."""
        if self._deaf:
            event.stop()
            event.prevent_default()
            return
        chosen = next((answer for answer in self._answers if answer.key == event.key), None)
        if chosen is not None:
            event.stop()
            event.prevent_default()
            self.post_message(self.Answered(chosen.id))
