"""The fields of an operation, the reason at their end: what is typed, what is missing, where to go next."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widget import Widget

from tui.widgets.field import Field, is_chosen

if TYPE_CHECKING:
    from db.operations.forms import FieldInfo

REASON: Final = "reason"
TYPED: Final = ("text", "multiline", "int", "date")


class Form(VerticalScroll, can_focus=False):
    """A column of fields; `hints` are placeholders that say more than "optional"."""

    class Edited(Message):
        """The operator changed something in the form."""

    class Completed(Message):
        """Enter was pressed in the last field."""

    class FieldEntered(Message):
        """The cursor went into another field."""

        def __init__(self, field: Field) -> None:
            super().__init__()
            self.field = field

    def __init__(
        self,
        infos: "Sequence[FieldInfo]",
        *,
        values: Mapping[str, object],
        hints: Mapping[str, str],
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._fields = tuple(
            Field(info, value=_as_text(values.get(info.name)), hint=hints.get(info.name, ""))
            for info in infos
        )

    def compose(self) -> ComposeResult:
        """The fields in their order."""
        yield from self._fields

    def __iter__(self) -> Iterator[Field]:
        return iter(self._fields)

    @property
    def values(self) -> dict[str, object]:
        """What was given, without the reason and without what is empty."""
        return {field.info.name: field.value for field in self._fields if _is_given(field)}

    @property
    def reason(self) -> str:
        """Why it is done."""
        field = self.find(REASON)
        return "" if field is None else str(field.value or "")

    @property
    def is_edited(self) -> bool:
        """Whether the operator's own work is in it."""
        return any(field.is_edited for field in self._fields)

    def find(self, name: str | None) -> Field | None:
        """Return the field that fills a parameter, or None."""
        return next((field for field in self._fields if field.info.name == name), None)

    def missing(self, *, with_reason: bool = True) -> tuple[Field, ...]:
        """Return the required fields that are empty."""
        return tuple(
            field for field in self._fields if field.is_missing and (with_reason or field.info.name != REASON)
        )

    def clear_problems(self) -> None:
        """Take back what was said below the fields; notes on pastes go with the next key."""
        for field in self._fields:
            if field.has_class("wrong"):
                field.show_problem(None)

    def focus_first(self, unchanged: Collection[str] = ()) -> None:
        """Go to the first field that is wrong, or wanted and empty; else to what is there to be changed.

        `unchanged` names filled fields whose value is still as it is on file. Where nothing waits for the
        operator, the reason does, and where that is given too, the first field that was filled.
        """
        typed = [field for field in self._fields if not is_chosen(field.info) and field.info.type in TYPED]
        waiting = (
            *(field for field in self._fields if field.has_class("wrong")),
            *(field for field in self._fields if _is_waiting(field)),
            *(field for field in typed if field.info.name in unchanged),
            *(field for field in self._fields[-1:] if not field.value),
            *(field for field in typed if _is_wanted(field) or field.value),
            self._fields[-1],
        )
        waiting[0].control.focus()

    def go_to(self, name: str | None) -> None:
        """Put the cursor into a field; into the first where there is no such field."""
        field = self.find(name)
        if field is None:
            self.focus_first()
        else:
            field.control.focus()

    def on_field_edited(self, event: Field.Edited) -> None:
        """Pass it on as the form's own news."""
        event.stop()
        self.post_message(self.Edited())

    def on_field_finished(self, event: Field.Finished) -> None:
        """Enter goes to the next field, and at the last one says so."""
        event.stop()
        at = self._fields.index(event.field)
        if at + 1 < len(self._fields):
            self._fields[at + 1].control.focus()
        else:
            self.post_message(self.Completed())

    def on_descendant_focus(self, event: object) -> None:
        """Tell which field the cursor is in, for its help."""
        for field in self._fields:
            widget: Widget = field.control
            if widget.has_focus:
                self.post_message(self.FieldEntered(field))


def _is_waiting(field: Field) -> bool:
    return field.info.name != REASON and (field.is_missing or field.is_left_out)


def _is_wanted(field: Field) -> bool:
    return field.info.required or field.is_asked_for


def _is_given(field: Field) -> bool:
    return field.info.name != REASON and field.value is not None


def _as_text(value: object) -> str | None:
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)
