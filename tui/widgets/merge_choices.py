"""The list of the merge screen: what stands in the way, what differs, what is equal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len
from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.widgets.option_list import Option

from db.rules.wording import counted
from tui import catalogue
from tui.merge_concerns import Concern
from tui.merge_plan import Choice, Mark, PlanRow
from tui.text import safe
from tui.widgets.banner import GLYPHS
from tui.widgets.diff import Tone
from tui.widgets.options import Options
from tui.widgets.results import column

MARK: Final = 2
LABEL: Final = 13
RESULT: Final = 20
WIDE: Final = 110
WIDE_RESULT: Final = 30
NARROWEST: Final = 20
FOLD: Final = "equal"
_STYLES: Final = {
    Tone.DANGER: "$text-error",
    Tone.WARNING: "$text-warning",
    Tone.GOOD: "$text-success",
    Tone.QUIET: "$text-muted",
    Tone.PLAIN: "",
}


@dataclass(frozen=True)
class Columns:
    """Which customers stand beside each other: the survivor always, of the others as many as fit."""

    people: int
    first: int
    shown: int
    width: int
    result: int

    @property
    def places(self) -> tuple[int, ...]:
        """The places of the customers that are shown."""
        return (0, *range(self.first, self.first + self.shown - 1))

    @property
    def is_whole(self) -> bool:
        """Whether everybody is shown."""
        return self.shown == self.people


def laid_out(width: int, people: int, first: int) -> Columns:
    """Divide a width among the customers; more than two leave the result no room in a narrow window."""
    result = WIDE_RESULT if width >= WIDE else RESULT if people == 2 else 0
    room = max(width - MARK - LABEL - result, NARROWEST)
    shown = max(min(people, room // NARROWEST), 2)
    last = max(people - shown + 1, 1)
    return Columns(people, min(max(first, 1), last), shown, room // shown, result)


class MergeChoices(Options):
    """Keeps its selection on the same line when the lines change; tells when it needs other columns."""

    BINDINGS = [
        Binding("left", "screen.column_left", show=False),
        Binding("right", "screen.column_right", show=False),
    ]

    class Laid(Message):
        """The columns stand otherwise than before."""

        def __init__(self, columns: Columns) -> None:
            super().__init__()
            self.columns = columns

    def __init__(self) -> None:
        super().__init__()
        self.id = "choices"
        self.concerns: tuple[Concern, ...] = ()
        self.rows: tuple[PlanRow, ...] = ()
        self.is_folded = True
        self.columns = laid_out(76, 2, 1)
        self._first = 1
        self._people = 2

    @property
    def row(self) -> PlanRow | None:
        """The selected choice."""
        return next((row for row in self.rows if row.key == self._selected), None)

    @property
    def concern(self) -> Concern | None:
        """The selected line above the choices."""
        return next((each for each in self.concerns if f"!{each.id}" == self._selected), None)

    @property
    def is_on_fold(self) -> bool:
        """Whether the line of the equal fields is selected."""
        return self._selected == FOLD

    @property
    def _selected(self) -> str:
        place = self.highlighted
        if place is None or place >= self.option_count:
            return ""
        return self.get_option_at_index(place).id or ""

    def show(self, concerns: Sequence[Concern], rows: Sequence[PlanRow], people: int) -> None:
        """Show these."""
        self.concerns, self.rows, self._people = tuple(concerns), tuple(rows), people
        self._build()

    def turn_to(self, place: int) -> None:
        """Bring a customer's column into sight."""
        places = self.columns.places
        if place > 0 and place not in places:
            self._first = place if place < self.columns.first else place - self.columns.shown + 2
            self._build()

    def turn(self, step: int) -> None:
        """Bring the columns before or after into sight."""
        self._first = self.columns.first + step
        self._build()

    def go_to(self, key: str) -> None:
        """Select the first choice whose key begins so."""
        for row in self.rows:
            if row.key.startswith(key):
                self.highlighted = self.get_option_index(row.key)
                return

    def fold(self) -> None:
        """Show the equal fields, or hide them."""
        self.is_folded = not self.is_folded
        self._build()

    def on_resize(self, _event: events.Resize) -> None:
        """Divide the room anew."""
        if self.rows:
            self._build()

    def _build(self) -> None:
        kept, place = self._selected, self.highlighted or 0
        width = self.scrollable_content_region.width or 76
        self.columns = laid_out(width, self._people, self._first)
        self._first = self.columns.first
        self.clear_options()
        made = list(self._made(width))
        self.add_options(made)
        ids = [option.id for option in made]
        if kept in ids:
            self.highlighted = ids.index(kept)
        elif ids:
            self.highlighted = min(place, len(ids) - 1)
        self.post_message(self.Laid(self.columns))

    def _made(self, width: int) -> Iterator[Option]:
        for concern in self.concerns:
            yield Option(_of_concern(concern, width), id=f"!{concern.id}")
        for row in self.rows:
            if not row.is_equal:
                yield Option(self._of_row(row), id=row.key)
        equal = [row for row in self.rows if row.is_equal]
        if equal:
            yield Option(_fold_line(len(equal), is_folded=self.is_folded), id=FOLD)
        for row in () if self.is_folded else equal:
            yield Option(self._of_row(row), id=row.key)

    def _of_row(self, row: PlanRow) -> Content:
        columns = self.columns
        cells = [_cell(row.choices[place], columns.width) for place in columns.places]
        hidden = next((at for at, each in enumerate(row.choices) if each is not None), None)
        if hidden is not None and all(row.choices[place] is None for place in columns.places):
            cells = [_of_hidden(row.choices[hidden], hidden, columns.width * columns.shown)]
        result = column(row.result, columns.result) if columns.result else ""
        return Content.assemble(
            " " * MARK, (column(row.label, LABEL), "$text-muted"), *cells, (result, "$text-muted")
        )


def _cell(choice: Choice | None, width: int) -> Content:
    if choice is None:
        return Content.styled(column("  –", width), "$text-muted")
    is_taken = choice.mark in (Mark.CHOSEN, Mark.KEPT)
    end = f" {catalogue.glyph(choice.state)} {choice.state}" if choice.state else ""
    text = safe(choice.text, limit=300)
    room = width - 2
    if cell_len(text) + cell_len(end) + 1 > room and end:
        end = f" {catalogue.glyph(choice.state)}"  # the word gives way, its glyph stays
    text = column(text, max(min(cell_len(text) + 1, room - cell_len(end)), 2))[:-1]
    told = Content.assemble(
        (f"{choice.mark} ", "bold $accent" if is_taken else "$text-muted"),
        (text, "bold" if is_taken else ""),
        (end, catalogue.tone(choice.state)),
    )
    return told.pad_right(max(width - told.cell_length, 0))


def _of_hidden(choice: Choice | None, place: int, width: int) -> Content:
    """Say whose it is where that customer's column is not shown."""
    told = "" if choice is None else f"{choice.mark} {safe(choice.text, limit=300)}"
    return Content.styled(column(f"{told}   ‹{place + 1}›", width), "$text-muted")


def _fold_line(count: int, *, is_folded: bool) -> Content:
    key = "space shows them" if is_folded else "space folds them"
    return Content.assemble(f"  = {counted(count, 'equal field')}", (f"   {key}", "$text-muted"))


def _of_concern(concern: Concern, width: int) -> Content:
    """A sentence in as many lines as it needs, its key at the end."""
    style = _STYLES[concern.tone]
    room = max(width - MARK - 3, 20)
    lines = Content.styled(safe(concern.sentence), style).wrap(room)
    if concern.key:
        key = Content.assemble("   ", (concern.key, "bold $accent"))
        if lines[-1].cell_length + key.cell_length <= room:
            lines = [*lines[:-1], Content.assemble(lines[-1], key)]
        else:
            lines = [*lines, Content.styled(concern.key, "bold $accent")]
    begin = f"  {GLYPHS[concern.tone]} "
    parts = [
        Content.assemble((begin if place == 0 else " " * len(begin), style), line)
        for place, line in enumerate(lines)
    ]
    return Content("\n").join(parts)
