"""The customers that match, two lines each and three at need: who they are, and why they are here."""

from textwrap import wrap
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len, set_cell_size
from textual import events
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui import catalogue
from tui.messages import EndReached, HitChosen, HitHighlighted
from tui.text import safe

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from db.search import Hit

GUTTER: Final = 2
STATUS: Final = 13
PLACE: Final = 21


class Results(OptionList):
    """A list of hits that keeps its selection on the same customer when the answer changes."""

    def __init__(self) -> None:
        super().__init__(markup=False, compact=True)
        self.hits: tuple[Hit, ...] = ()
        self._marked: int | None = None
        self._to_merge = frozenset[int]()
        self._width = 0
        self._number_width = 0
        self._last_line = ""

    @property
    def hit(self) -> "Hit | None":
        """The selected customer."""
        index = self.highlighted
        return self.hits[index] if index is not None and index < len(self.hits) else None

    def show(self, hits: "tuple[Hit, ...]", *, note: str = "") -> None:
        """Show these hits; `note` is a last line that cannot be selected."""
        kept = self.hit
        self.hits = hits
        places = [place for place, hit in enumerate(hits) if kept and hit.customer_id == kept.customer_id]
        chosen = (places or [0])[0] if hits else None
        self._build(note, chosen)
        self.highlighted = chosen
        if not hits:
            self.post_message(HitHighlighted(None))

    def show_marks(self, to_merge: frozenset[int]) -> None:
        """Show which customers are marked for merging."""
        changed, self._to_merge = self._to_merge ^ to_merge, to_merge
        for index, hit in enumerate(self.hits):
            if hit.customer_id in changed or hit.merged_into in changed:
                now = self.app.now()  # type: ignore[attr-defined]  # every app here has a clock
                prompt = self._prompt(hit, now, is_marked=index == self.highlighted)
                self.replace_option_prompt_at_index(index, prompt)

    def extend(self, hits: "tuple[Hit, ...]", *, note: str = "") -> None:
        """Put further hits below; what is selected and where the list is scrolled stays."""
        self.hits = (*self.hits, *hits)
        if _number_width(self.hits) != self._number_width:
            self.show(self.hits, note=note)
            return
        if self.option_count and self.get_option_at_index(self.option_count - 1).id is None:
            self.remove_option_at_index(self.option_count - 1)
        self.add_options(self._made(hits, note))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Tell where the wheel came to the end."""
        super().watch_scroll_y(old_value, new_value)
        if new_value > old_value and new_value >= self.max_scroll_y:
            self.post_message(EndReached())

    def _made(self, hits: "tuple[Hit, ...]", note: str, marked: int | None = None) -> "Iterator[Option]":
        self._last_line = note
        now = self.app.now()  # type: ignore[attr-defined]  # every app here has a clock
        for place, hit in enumerate(hits):
            yield Option(self._prompt(hit, now, is_marked=place == marked), id=str(hit.customer_id))
        if note:
            lines = wrap(safe(note), max(self._columns - 2 * GUTTER, 1))
            indent = " " * GUTTER
            text = indent + f"\n{indent}".join(lines)
            yield Option(Content.styled(text, "$text-muted"), disabled=True)

    def _build(self, note: str, marked: int | None) -> None:
        self._width = self.scrollable_content_region.width
        self._number_width = _number_width(self.hits)
        self._marked = marked
        self.clear_options()
        self.add_options(self._made(self.hits, note, marked))

    @property
    def _columns(self) -> int:
        return self._width or 76

    def _prompt(self, hit: "Hit", now: "datetime", *, is_marked: bool) -> Content:
        is_to_merge = (hit.merged_into or hit.customer_id) in self._to_merge
        width, numbers = self._columns, self._number_width
        lines = hit_lines(hit, now, width, number_width=numbers, is_marked=is_marked, is_to_merge=is_to_merge)
        return Content(lines.plain) if is_marked and self.app.current_theme.ansi else lines

    def on_resize(self, _event: events.Resize) -> None:
        """Lay the columns out anew where the width changed."""
        if self.scrollable_content_region.width != self._width and self.hits:
            self.show(self.hits, note=self._last_line)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Put the mark on the selected row, so that its colour is not the only sign."""
        event.stop()
        now = self.app.now()  # type: ignore[attr-defined]  # as above
        for index in {self._marked, self.highlighted} - {None} if self._marked != self.highlighted else ():
            if index is not None and index < len(self.hits):
                prompt = self._prompt(self.hits[index], now, is_marked=index == self.highlighted)
                self.replace_option_prompt_at_index(index, prompt)
        self._marked = self.highlighted
        self.post_message(HitHighlighted(self.hit))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open the customer."""
        event.stop()
        if self.hit is not None:
            self.post_message(HitChosen(self.hit))


def _number_width(hits: "tuple[Hit, ...]") -> int:
    return max((cell_len(found.number) for found in hits), default=0) + 2


def hit_lines(
    hit: "Hit",
    now: "datetime",
    width: int,
    *,
    number_width: int,
    is_marked: bool,
    is_to_merge: bool = False,
) -> Content:
    """Return the lines of a hit: who, and below why, whole; the last sign-in stands under the place.

    They are as wide as that, or wider where `width` has no room for a name; the list cuts them then.
    """
    indent = GUTTER + number_width
    name_width = max(width - indent - STATUS - PLACE, 12)
    status = f"→ C-{hit.merged_into}" if hit.merged_into else f"{catalogue.glyph(hit.status)} {hit.status}"
    why = _packed(
        (*hit.why, *(word for word in hit.state_words if word != hit.status)), name_width + STATUS - 1
    )
    first = (
        (f"{'▸' if is_marked else ' '}{'✚' if is_to_merge else ' '}", "bold $accent"),
        (column(hit.number, number_width), "$text-muted"),
        (column(hit.name, name_width), "bold"),
        (column(status, STATUS), catalogue.tone(hit.status)),
        column(catalogue.place(hit.city, hit.state), PLACE),
    )
    lasts = (catalogue.ago(hit.last_sign_in_at, now), *[""] * len(why))
    others = [
        piece
        for part, last in zip(why, lasts, strict=False)
        for piece in (
            "\n" + " " * indent,
            (column(part, name_width + STATUS), "$text-muted"),
            (column(last, PLACE), "$text-muted"),
        )
    ]
    return Content.assemble(*first, *others)


def _packed(words: "tuple[str, ...]", width: int) -> list[str]:
    """Return the words in as few lines as hold them, of which the first is there in any case."""
    lines = [""]
    for word in map(safe, words):
        longer = f"{lines[-1]} · {word}" if lines[-1] else word
        if cell_len(longer) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def column(value: object, width: int) -> str:
    """Return a value made safe, exactly `width` cells wide, a space at its end, … where it was cut."""
    text = safe(value, limit=300)
    if cell_len(text) > width - 1:
        text = set_cell_size(text, max(width - 2, 0)) + "…"
    return set_cell_size(text, width)
