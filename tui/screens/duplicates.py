"""The queue of pairs that may be one person: the surest first, side by side, each judged with one key."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget

from db.queries.duplicates import PairRow
from tui import catalogue, clipboard
from tui import duplicate_words as words
from tui.actions import Place, bindings
from tui.delay import Delay
from tui.screens.listing import WIDE
from tui.screens.pair_judging import PairJudging
from tui.widgets.comparison import Comparison
from tui.widgets.diff import Line
from tui.widgets.pair_filters import PairFilters

if TYPE_CHECKING:
    from tui.trail import Again

SCORE = 12
TAKEN = 9
"""Cells of the list that no column has: what stands between them, the mark, the bar at the side."""
REST_SECONDS = 0.08
"""How long the cursor rests on a pair before both are read: who walks down the list reads none on the way."""
LIST = 60
"""Cells of the list where the pair stands beside it."""


class DuplicatesScreen(PairJudging):
    """m merges, . says two people, , puts off, u takes back; n scans, a judges the equal ones in bulk."""

    place: ClassVar[Place] = Place.DUPLICATES
    crumbs = (words.TITLE,)
    BINDINGS = bindings(Place.DUPLICATES)
    columns = (("score", SCORE), ("one", 20), ("other", 0))

    def __init__(self, kind: str = words.LIKELY, *, text: str = "") -> None:
        super().__init__()
        self._begins_with = (kind, text)
        self._after: list[PairRow] = []
        self._seen: set[int] = set()
        self._filters = PairFilters(kind=kind, text=text)
        self._comparison = Comparison(id="comparison")
        self._resting: Delay | None = None

    @property
    def again(self) -> "Again | None":
        """The queue, as it is by then."""
        kind, text = self._begins_with
        return lambda: DuplicatesScreen(kind, text=text)

    @property
    def command_line(self) -> str:
        """The same list in a shell."""
        return "latchkey duplicates list"

    def subject(self) -> ComposeResult:
        """The filters, how full the queue is, the pairs, and the selected one side by side."""
        yield self._filters
        yield from super().subject()
        yield self._work

    def paper(self) -> ComposeResult:
        """What shows the selected pair."""
        yield self._comparison

    # ---- reading

    def on_mount(self) -> None:
        """Both names have the same room; the list itself is made by what this is derived from."""
        width = self.size.width if self.size.width < WIDE else LIST
        name = (width - SCORE - TAKEN) // 2
        self.columns = (("score", SCORE), ("one", name), ("other", name))

    async def fetch(self) -> Sequence[PairRow]:
        """Read the page."""
        self.page = await self.queueing.page(self._filters.wanted, self._after[-1] if self._after else None)
        return self.page.queue.rows

    def key_of(self, item: PairRow) -> str:
        """The pair."""
        return str(item.id)

    def cells(self, item: PairRow) -> Iterable[str]:
        """The score, and who they are."""
        threshold = 0.0 if self.page is None else self.page.queue.threshold
        return words.bar(item.score.weight, threshold), words.named(item.a), words.named(item.b)

    def about(self, item: PairRow) -> Iterable[Line]:
        """The pair is shown side by side."""
        return ()

    def summary(self) -> Content:
        """How full the queue is, and how old."""
        if self.page is None:
            return Content("")
        full, age = words.summary(self.page.view)
        place = len(self._after)
        more = f" · page {place + 1}" if place or self.page.queue.more else ""
        return Content(f"{full} · {age}{more}")

    def why_empty(self) -> str:
        """No scan yet, nothing that fits, or all judged."""
        if self.page is None:
            return catalogue.LOADING
        if self._after:
            return "This page is empty by now. [ turns back."
        return words.why_empty(
            self.page.view, is_filtered=self._filters.is_narrowing, state=self._filters.state
        )

    def announce(self) -> None:
        """Say that it takes a moment."""
        if not self.items:
            self._comparison.say(catalogue.LOADING)

    def _show(self, items: tuple[PairRow, ...]) -> None:
        """Show the pairs; where the selected one has gone, the next one is selected."""
        row, before = self._table.cursor_row, self.item
        super()._show(items)
        if before is None or any(item.id == before.id for item in items):
            return
        if items:
            self._table.move_cursor(row=min(row, len(items) - 1))
        if before.id not in self._leaving and self.is_current:
            self.status.tell(words.GONE)

    def _tell(self) -> None:
        item = self.item
        self.pair_view = None
        if self._resting is not None:
            self._resting.stop()
        is_last = self.page is None or not self.page.queue.more
        self.key_line.labels = words.key_labels(item, is_first=not self._after, is_last=is_last)
        if item is None or self.page is None:
            self._comparison.say(self.why_empty())
        else:
            self._comparison.show(item, self.page.queue.threshold)
            self._resting = Delay(self, REST_SECONDS, partial(self._look_at, item))
        self.query_one("#paper").scroll_home(animate=False)

    def _look_at(self, item: PairRow) -> None:
        if self.is_whole:
            self.run_worker(self._read_pair(item), group="pair")

    async def _read_pair(self, item: PairRow) -> None:
        view = await self.ask(self.queueing.pair(item))
        if view is None or self.item is None or self.item.id != item.id:
            return
        self.pair_view = view
        self._comparison.fill(view)
        if item.id not in self._seen:
            self._seen.add(item.id)
            for number in (item.a.customer_id, item.b.customer_id):
                self.witness("open-customer", number)

    async def withdraw(self) -> None:
        """Take the pair away: that it was seen could not be recorded."""
        self._seen.clear()
        self.pair_view = None
        self._comparison.say(catalogue.UNRECORDED)

    # ---- filters and pages

    def on_pair_filters_changed(self) -> None:
        """Something else is wanted."""
        self._after.clear()
        self._leaving |= {item.id for item in self.items}
        self.action_refresh()

    def on_pair_filters_left(self) -> None:
        """Enter leaves the filters."""
        self._table.focus()

    def action_filter(self) -> None:
        """Go to the filters."""
        self._filters.enter()

    def action_older(self) -> None:
        """Turn to the next page."""
        if self.page is not None and self.page.queue.more:
            self._turn([*self._after, self.items[-1]])

    def action_newer(self) -> None:
        """Turn back."""
        if self._after:
            self._turn(self._after[:-1])

    def _turn(self, after: list[PairRow]) -> None:
        self._leaving |= {item.id for item in self.items}
        self._after = after
        self.action_refresh()

    # ---- other keys

    def on_screen_resume(self) -> None:
        """What lay on top may have merged or changed somebody."""
        if self.is_settled:
            self.action_refresh()

    def action_copy(self) -> None:
        """Send the pair with its score as text to the terminal."""
        self.status.tell(clipboard.copy(self.app, self._comparison.text))

    @property
    def first(self) -> Widget:
        """The pairs come first."""
        return self._table

    def action_back(self) -> None:
        """Stop a scan; else out of a filter into the list, then out of the screen."""
        if self._work.cancel():
            return
        if self._table.has_focus:
            self.dismiss(None)
        else:
            self._table.focus()
