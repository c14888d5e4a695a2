"""Which events are wanted: who, what, whom, how it ended, when, and whether the product's own work counts."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input

from db.errors import Invalid
from db.queries.audit import Filter
from db.rules.identifiers import parse_customer_number
from tui.widgets.guarded_input import GuardedInput
from tui.widgets.picker import Picker

ANY = ""
OUTCOMES = ((ANY, "any outcome"), ("applied", "applied"), ("refused", "refused"), ("seen", "seen"))
PEOPLE, EVERYTHING = "people", "everything"
WHO = ((PEOPLE, "people only"), (EVERYTHING, "with the outbox"))
SEEN_OPERATIONS = (
    "open-customer",
    "search",
    "sign-in",
    "sign-out",
    "lock-session",
    "unlock-session",
    "read-audit",
    "export-audit",
    "cancel-export",
)


class EventFilters(Vertical):
    """Two lines of choices. Enter leaves them; each change is told at once."""

    class Changed(Message):
        """Something else is wanted."""

    class Left(Message):
        """The operator is done with the filters."""

    def __init__(self, *, customer_id: int | None) -> None:
        super().__init__()
        self._customer_id = customer_id
        self._operation = Picker((), empty="any operation", id="operation")
        self._outcome = Picker(OUTCOMES, value=ANY, id="outcome")
        self._operator = GuardedInput(placeholder="any operator", maximum=32, id="operator")
        self._customer = GuardedInput(placeholder="any customer", maximum=24, id="customer")
        self._since = GuardedInput(placeholder="from YYYY-MM-DD", maximum=16, id="since")
        self._until = GuardedInput(placeholder="to YYYY-MM-DD", maximum=16, id="until")
        self._who = Picker(WHO, value=PEOPLE, id="who")

    def compose(self) -> ComposeResult:
        """In the order in which one narrows; a customer's own history needs no customer."""
        with Horizontal():
            yield self._operation
            yield self._operator
            yield self._outcome
        with Horizontal():
            yield self._since
            yield self._until
            if self._customer_id is None:
                yield self._customer
            yield self._who

    def offer(self, operations: Iterable[str]) -> None:
        """Say which operations there are."""
        names = (*SEEN_OPERATIONS, *sorted(operations))
        self._operation.set_options([(ANY, "any operation"), *((name, name) for name in names)], value=ANY)

    def enter(self) -> None:
        """Go to the first of them."""
        self._operation.focus()

    @property
    def wanted(self) -> Filter:
        """What is chosen; raises `Invalid` where a date or a number cannot be read."""
        return Filter(
            customer_id=self._customer_id or _customer(self._customer.value),
            operator_id=self._operator.value.strip() or None,
            operation=self._operation.value or None,
            outcome=self._outcome.value or None,
            since=_moment(self._since.value),
            until=_end(self._until.value),
            people_only=self._who.value == PEOPLE,
        )

    def on_picker_picked(self, event: Picker.Picked) -> None:
        """Another choice."""
        event.stop()
        self.post_message(self.Changed())

    def on_input_changed(self, event: Input.Changed) -> None:
        """Another text."""
        event.stop()
        self.post_message(self.Changed())

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter."""
        event.stop()
        self.post_message(self.Left())

    def on_picker_accepted(self, event: Picker.Accepted) -> None:
        """Enter."""
        event.stop()
        self.post_message(self.Left())


def _customer(typed: str) -> int | None:
    text = typed.strip()
    if not text:
        return None
    found = int(text) if text.isascii() and text.isdigit() else parse_customer_number(text)
    if not found:
        raise Invalid("Write the customer number like C-1042.", field="customer")
    return found


def _moment(typed: str) -> datetime | None:
    text = typed.strip()
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        raise Invalid("Write a day like 2026-01-31, or a moment like 2026-01-31T14:00 (UTC).") from None


def _end(typed: str) -> datetime | None:
    """A day is meant with all of its hours."""
    found = _moment(typed)
    is_day = found is not None and len(typed.strip()) == len("2026-01-31")
    return found + timedelta(days=1) if found is not None and is_day else found
