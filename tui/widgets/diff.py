"""What a change does, field by field in words: before → after, what is sent, what to be warned of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING, Final

from rich.style import Style
from rich.table import Table
from rich.text import Text
from textual.widget import Widget

from tui import labels
from tui.text import safe

if TYPE_CHECKING:
    from db.ledger import Change

LABEL_WIDTH: Final = 20
ROOMY: Final = 64
"""Columns from which the labels line up with those of a form above."""
_UNSAID: Final = frozenset({None, "no", "0", ""})
_MADE_AT_ONCE: Final = frozenset({"message", "link", "message_attempt"})

_FOLLOWS: Final = frozenset(
    {"link.email_profile_id", "one_time_code.email_profile_id", "one_time_code.phone_profile_id"}
)
"""What goes with a contact that is removed, once for each mail that ever went to it."""


class Tone(StrEnum):
    """How a line is meant; each has a glyph or a word besides its colour."""

    PLAIN = "plain"
    QUIET = "quiet"
    GOOD = "good"
    WARNING = "warning"
    DANGER = "danger"


@dataclass(frozen=True)
class Line:
    """One line: what it is about, what was, what will be. `after` alone is a sentence."""

    label: str
    before: str | None = None
    after: str | None = None
    tone: Tone = Tone.PLAIN
    is_change: bool = False


def change_lines(changes: "Iterable[Change]", *, with_messages: bool = True) -> tuple[Line, ...]:
    """Return the changes in words.

    A mail or a link that is made becomes one line. Without `with_messages` it is left out, and which mails
    went to a contact that is removed: a preview says what matters in its outcomes.
    """
    lines: list[Line] = []
    told = (change for change in changes if with_messages or change.field not in _FOLLOWS)
    for (table, _row), group in groupby(told, key=lambda change: (_table(change), change.row)):
        rows = list(group)
        is_new = all(change.before is None for change in rows)
        if is_new and table in _MADE_AT_ONCE:
            lines += [_made(table, rows)] if with_messages else []
        else:
            lines += [_line(change) for change in rows if not (is_new and change.after in _UNSAID)]
    return tuple(lines)


def _table(change: "Change") -> str:
    return change.field.partition(".")[0]


def _line(change: "Change") -> Line:
    texts = (change.before, change.after)
    before, after = (None if text is None else labels.value(text, field=change.field) for text in texts)
    return Line(labels.label(change.field), before, after, is_change=True)


def _made(table: str, rows: "Sequence[Change]") -> Line:
    known = {change.field.partition(".")[2]: change.after or "" for change in rows}
    if table == "message_attempt":
        return Line("delivery", after=" · ".join(filter(None, (known.get("outcome"), known.get("reply")))))
    kind = known.get("kind") or known.get("purpose") or ""
    what = labels.MESSAGE_KINDS.get(kind, kind)
    to = known.get("recipient") or known.get("address") or ""
    return Line("message" if table == "message" else "link made", after=f"{what} to {to}" if to else what)


def outcome_lines(outcomes: Iterable[str]) -> tuple[Line, ...]:
    """Return what follows of the change; only the first is labelled."""
    return tuple(Line("then" if at == 0 else "", after=text) for at, text in enumerate(outcomes))


def warning_lines(warnings: Iterable[str]) -> tuple[Line, ...]:
    """Return what to think of before saving."""
    return tuple(Line("⚠ mind", after=text, tone=Tone.WARNING) for text in warnings)


class Diff(Widget):
    """Draws lines: an aligned column of labels, and the change beside it."""

    COMPONENT_CLASSES = {f"diff--{tone.value}" for tone in Tone}

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: tuple[Line, ...] = ()

    @property
    def lines(self) -> tuple[Line, ...]:
        """What is shown."""
        return self._lines

    def show(self, lines: Iterable[Line]) -> None:
        """Draw other lines."""
        self._lines = tuple(lines)
        self.refresh(layout=True)

    def say(self, sentence: str, *, tone: Tone = Tone.QUIET) -> None:
        """Show one sentence in place of a difference."""
        self.show((Line("", after=sentence, tone=tone),))

    def render(self) -> Table:
        """A grid, so that long values wrap beside their label and not below it."""
        table = Table.grid(padding=(0, 1, 0, 0), expand=True)
        if any(line.label for line in self._lines):
            table.add_column(width=self._label_width - 1, no_wrap=True, overflow="ellipsis")
        table.add_column(ratio=1, overflow="fold")
        for line in self._lines:
            cells = [Text(safe(line.label), style=self._label_style(line)), self._value(line)]
            table.add_row(*cells[-len(table.columns) :])
        return table

    @property
    def _label_width(self) -> int:
        """As wide as the form's labels below the form; beside it no wider than needed."""
        longest = max((len(safe(line.label)) for line in self._lines), default=0)
        return LABEL_WIDTH if self.size.width >= ROOMY else min(LABEL_WIDTH, longest + 2)

    def _style(self, tone: Tone) -> Style:
        return self.get_component_rich_style(f"diff--{tone.value}", partial=True)

    def _label_style(self, line: Line) -> Style:
        return self._style(line.tone if line.tone is Tone.WARNING else Tone.QUIET)

    def _value(self, line: Line) -> Text:
        if not line.is_change:
            return Text(safe(line.after), style=self._style(line.tone))
        before, after = safe(line.before), safe(line.after)
        if line.before is None:
            return Text.assemble(("+ ", self._style(Tone.GOOD)), after)
        if line.after is None:
            return Text.assemble(("− ", self._style(Tone.DANGER)), (before, self._style(Tone.QUIET)))
        quiet = self._style(Tone.QUIET)
        return Text.assemble((before, quiet), "  ", ("→", quiet), "  ", (after, self._style(Tone.GOOD)))
