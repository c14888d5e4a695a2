"""Two customers side by side: what each has in a field, how far that agrees, and what it weighs."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.style import Style
from rich.table import Table
from rich.text import Text
from textual.widget import Widget

from db.rules.identifiers import format_customer_number
from tui import catalogue
from tui import duplicate_words as words
from tui.queueing import Field, compared
from tui.text import safe
from tui.widgets.diff import Tone

if TYPE_CHECKING:
    from datetime import datetime

    from db.duplicates.score import Part
    from db.queries.customer import CustomerView
    from db.queries.duplicates import PairRow, Side
    from tui.queueing import PairView

LABELS = 10
WEIGHS = 15
AGREES = 0.05
"""Bits from which on a field says something."""


class Comparison(Widget):
    """Draws a pair; first what the list knows of it, then both customers in full."""

    COMPONENT_CLASSES = {f"comparison--{tone.value}" for tone in Tone} | {"comparison--title"}

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._pair: PairRow | None = None
        self._view: PairView | None = None
        self._sentence = ""
        self._threshold = 0.0

    @property
    def text(self) -> str:
        """What is shown, for the clipboard."""
        if self._pair is None:
            return self._sentence
        numbers = words.both(self._pair)
        parts = "; ".join(
            f"{part.label} {part.what} {words.signed(part.bits)}" for part in self._pair.score.parts
        )
        return f"{numbers}: {self._pair.score.weight:.1f} bits; {parts}"

    def say(self, sentence: str) -> None:
        """Show one sentence in place of a pair."""
        self._pair, self._view, self._sentence = None, None, sentence
        self.refresh(layout=True)

    def show(self, pair: "PairRow", threshold: float) -> None:
        """Show what the list knows; both customers follow."""
        self._pair, self._view, self._threshold = pair, None, threshold
        self.refresh(layout=True)

    def fill(self, view: "PairView") -> None:
        """Show both customers, where the pair is still the one that is looked at."""
        if self._pair is not None and self._pair.id == view.pair.id:
            self._view = view
            self.refresh(layout=True)

    def render(self) -> Table:
        """A grid: label, one, other, and what it weighs."""
        table = Table.grid(padding=(0, 1, 0, 0), expand=True)
        if self._pair is None:
            table.add_column(ratio=1, overflow="fold")
            table.add_row(Text(safe(self._sentence), style=self._tone(Tone.QUIET)))
            return table
        table.add_column(width=LABELS, no_wrap=True, overflow="ellipsis")
        table.add_column(ratio=1, overflow="fold")
        table.add_column(ratio=1, overflow="fold")
        table.add_column(width=WEIGHS, overflow="fold")
        for cells in self._rows(self._pair):
            table.add_row(*cells)
        return table

    def _tone(self, tone: Tone) -> Style:
        return self.get_component_rich_style(f"comparison--{tone.value}", partial=True)

    def _quiet(self, text: str) -> Text:
        return Text(safe(text), style=self._tone(Tone.QUIET))

    def _rows(self, pair: "PairRow") -> Iterator[tuple[Text, ...]]:
        title = self.get_component_rich_style("comparison--title", partial=True)
        numbers = (format_customer_number(side.customer_id) for side in (pair.a, pair.b))
        one, other = (Text(number, style=title) for number in numbers)
        verdict = "likely" if pair.is_likely else "doubtful"
        tone = self._tone(Tone.GOOD if pair.is_likely else Tone.WARNING)
        yield self._quiet(""), one, other, Text(f"{words.signed(pair.score.weight)} {verdict}", style=tone)
        yield (
            self._quiet("is"),
            self._status(pair.a),
            self._status(pair.b),
            self._quiet(f"from {self._threshold:.0f} on"),
        )
        if self._view is None:
            yield (
                self._quiet("name"),
                Text(safe(pair.a.name)),
                Text(safe(pair.b.name)),
                self._quiet(words.READING_PAIR),
            )
            fields = [Field(part.label, part=part) for part in pair.score.parts if abs(part.bits) >= AGREES]
        else:
            fields = list(compared(self._view))
        for field in fields:
            yield self._field(field)
        if self._view is not None:
            yield from self._beside(self._view)
        if pair.reason is not None:
            said = f"{pair.state}: {pair.reason}"
            yield self._quiet("judged"), Text(safe(said)), self._quiet(f"by {pair.judged_by}"), Text("")

    def _status(self, side: "Side") -> Text:
        place = catalogue.place(side.city, side.state)
        return self._quiet(f"{catalogue.glyph(side.status)} {side.status} · {place}")

    def _field(self, field: Field) -> tuple[Text, ...]:
        is_rule = not (field.one or field.other)
        label = self._quiet(field.label)
        if field.part is not None and is_rule and field.label in words.RULES:
            return self._quiet("rule"), self._quiet(field.label), Text(""), self._weighs(field.part)
        values = (Text(""), Text("")) if is_rule else (_several(field.one), _several(field.other))
        return label, *values, Text("") if field.part is None else self._weighs(field.part)

    def _weighs(self, part: "Part") -> Text:
        quiet = abs(part.bits) < AGREES
        tone = Tone.QUIET if quiet else Tone.GOOD if part.bits > 0 else Tone.WARNING
        bits = "" if quiet else f"{words.signed(part.bits):>6} "
        return Text.assemble((bits, self._tone(tone)), (safe(part.what), self._tone(Tone.QUIET)))

    def _beside(self, view: "PairView") -> Iterator[tuple[Text, ...]]:
        """What is not compared, but says who would survive."""
        now = self.app.now()  # type: ignore[attr-defined]  # every app here has a clock
        sides = (view.one, view.other)
        yield self._quiet("signed in"), *(self._quiet(_last(each, now)) for each in sides), Text("")
        yield self._quiet("has"), *(self._quiet(_has(each)) for each in sides), Text("")
        if len(view.group) > len(sides):
            numbers = ", ".join(map(format_customer_number, view.group))
            yield (
                self._quiet("group of"),
                Text(str(len(view.group))),
                Text(safe(numbers)),
                self._quiet("m asks"),
            )


def _several(values: tuple[str, ...]) -> Text:
    """One below the other."""
    return Text("\n".join(map(safe, values)) or "–")


def _last(view: "CustomerView", now: "datetime") -> str:
    latest = max((each.last_sign_in_at for each in view.sign_ins if each.last_sign_in_at), default=None)
    return catalogue.ago(latest, now).removeprefix("signed in ") if view.sign_ins else "no sign-in"


def _has(view: "CustomerView") -> str:
    found = (
        ("pass", view.passes),
        ("contract", view.contracts),
        ("message", view.messages),
        ("note", view.notes),
    )
    counts = [f"{len(rows)} {name}{_plural(name, len(rows))}" for name, rows in found if rows]
    return ", ".join(counts) or "nothing attached"


def _plural(name: str, count: int) -> str:
    return "" if count == 1 else "es" if name.endswith("s") else "s"
