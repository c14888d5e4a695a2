"""One field of a form: its label, the control that suits its type, and below it what is wrong with it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from tui.drawn_text import content
from tui.text import safe
from tui.widgets.guarded_input import GuardedInput, Shortened
from tui.widgets.guarded_text_area import GuardedTextArea
from tui.widgets.picker import Picker

if TYPE_CHECKING:
    from db.operations.forms import FieldInfo
    from db.queries.choices import Choice

CHOSEN_ROWS: Final = frozenset(
    {
        "email_profile",
        "phone_profile",
        "authentication_profile",
        "pass",
        "authorised_person",
        "contract",
        "phase",
        "phase_grant",
        "representative",
        "organisation",
        "operator",
        "setting",
    }
)
"""The kinds of field whose value is a row that the database offers."""

FLAG: Final = (("false", "no"), ("true", "yes"))
_DATE_LENGTH: Final = 10


def is_chosen(info: "FieldInfo") -> bool:
    """Whether the field is picked from rows instead of typed."""
    return info.kind in CHOSEN_ROWS


class Field(Vertical):
    """A field made from its `FieldInfo`; posts `Edited` for what the operator does, not for what loads."""

    class Edited(Message):
        """The operator changed the value."""

        def __init__(self, field: "Field") -> None:
            super().__init__()
            self.field = field

    class Finished(Message):
        """Enter: the operator is done with this field."""

        def __init__(self, field: "Field") -> None:
            super().__init__()
            self.field = field

    def __init__(self, info: "FieldInfo", *, value: str | None = None, hint: str = "") -> None:
        super().__init__()
        self.info = info
        self.is_edited = False
        self._note = ""
        self._given = info.default if value is None else value
        self.is_asked_for = bool(hint)
        self.control = self._make_control(hint)
        self._label = Static(content(info.title, limit=60), classes="label")
        self._problem = Static("", classes="problem", markup=False)
        self._last = self.text

    def _make_control(self, hint: str) -> Widget:
        info, given = self.info, self._given
        if is_chosen(info):
            return Picker((), empty="reading…")
        if info.type == "flag":
            return Picker(FLAG, value="true" if given in ("true", "True", "yes") else "false")
        if info.options:
            return Picker(tuple((option, option) for option in info.options), value=given)
        if info.type == "multiline":
            return GuardedTextArea(given or "", maximum=info.max_length)
        return GuardedInput(given or "", placeholder=hint or self._placeholder(), maximum=self._maximum())

    def _maximum(self) -> int | None:
        return _DATE_LENGTH if self.info.type == "date" else self.info.max_length

    def _placeholder(self) -> str:
        usual = "year-month-day" if self.info.type == "date" else ""
        return ", ".join(part for part in (usual, "" if self.info.required else "optional") if part)

    def compose(self) -> ComposeResult:
        """Label and control in one line, the problem below."""
        yield Horizontal(self._label, self.control, classes="line")
        yield self._problem

    @property
    def name_of_value(self) -> str:
        """The name of the parameter that this field fills."""
        return self.info.name

    @property
    def text(self) -> str:
        """What the field holds now."""
        control = self.control
        if isinstance(control, Picker):
            return control.value or ""
        return control.text if isinstance(control, TextArea) else self._input.value

    @property
    def value(self) -> object:
        """What the operation is given: a flag as a bool, everything else as text; None where empty."""
        if self.info.type == "flag":
            return self.text == "true"
        return self.text.strip() or None

    @property
    def is_missing(self) -> bool:
        """Whether it is required and empty."""
        return self.info.required and self.value is None

    @property
    def is_left_out(self) -> bool:
        """Whether a rule or a collision asks for it, as its hint says, and it is empty."""
        return self.is_asked_for and self.value is None

    @property
    def _input(self) -> Input:
        assert isinstance(self.control, Input)
        return self.control

    def offer(self, choices: "Sequence[Choice]") -> None:
        """Give a picker its rows."""
        if isinstance(self.control, Picker):
            self.control.offer(choices, value=self._given if not self.text else None)
            self._last = self.text

    def show_problem(self, sentence: str | None) -> None:
        """Say below the field what is wrong, or that all is well again (None); a note on a paste stays."""
        parts: list[tuple[str, str]] = []
        if self._note:
            parts.append((f"· {safe(self._note)}", "$text-muted"))
        if sentence:
            parts.append((("\n" if parts else "") + f"✗ {safe(sentence)}", "$text-error"))
        self._problem.update(Content.assemble(*parts))
        self._problem.display = bool(parts)
        self.set_class(bool(sentence), "wrong")

    def on_mount(self) -> None:
        """Nothing is wrong yet."""
        self._problem.display = False

    def on_input_changed(self, event: Input.Changed) -> None:
        """Typing in a one-line field."""
        event.stop()
        self._changed()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Typing in a note."""
        event.stop()
        self._changed()

    def on_picker_picked(self, event: Picker.Picked) -> None:
        """Another choice."""
        event.stop()
        self._changed()

    def _changed(self) -> None:
        if self.text == self._last:
            return
        self._last = self.text
        self.is_edited = True
        self._note = ""
        self.show_problem(None)
        self.post_message(self.Edited(self))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes on; it never saves."""
        event.stop()
        self.post_message(self.Finished(self))

    def on_picker_accepted(self, event: Picker.Accepted) -> None:
        """Enter on a choice."""
        event.stop()
        self.post_message(self.Finished(self))

    def on_shortened(self, event: Shortened) -> None:
        """Say what a paste lost."""
        event.stop()
        # After the Changed message that the same paste sent, which clears the line below the field.
        self.call_later(self._show_note, event.sentence)

    def _show_note(self, sentence: str) -> None:
        self._note = sentence
        self.show_problem(None)
