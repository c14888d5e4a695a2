"""The queue of pairs that may be one person: the surest first, side by side, each judged with one key."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget

from db.queries.duplicates import PairRow
from db.rules.identifiers import format_customer_number
from tui import catalogue, clipboard, offers
from tui import duplicate_words as words
from tui.actions import Place, bindings
from tui.delay import Delay
from tui.long_work import Cancelled, LongWork
from tui.queueing import JUDGE, PairView, Queueing, QueuePage
from tui.screens.listing import WIDE, ListScreen
from tui.widgets.comparison import Comparison
from tui.widgets.diff import Line
from tui.widgets.pair_filters import PairFilters
from tui.widgets.work_line import WorkLine

if TYPE_CHECKING:
    from db.applied import Applied
    from db.duplicates.scan import Scanned
    from tui.trail import Again

SCORE = 12
REST_SECONDS = 0.08
"""How long the cursor rests on a pair before both are read: who walks down the list reads none on the way."""
LIST = 54
"""Cells of the list where the pair stands beside it."""
MERGE = "merge-customers"
TWO, GROUP = "two", "group"


class DuplicatesScreen(ListScreen[PairRow]):
    """m merges, . says two people, , puts off, u takes back; n scans, a judges the equal ones in bulk."""

    place: ClassVar[Place] = Place.DUPLICATES
    crumbs = (words.TITLE,)
    BINDINGS = bindings(Place.DUPLICATES)
    columns = (("score", SCORE), ("one", 20), ("other", 0))

    def __init__(self, kind: str = words.LIKELY, *, text: str = "") -> None:
        super().__init__()
        self._begins_with = (kind, text)
        self.page: QueuePage | None = None
        self.pair_view: PairView | None = None
        self._after: list[PairRow] = []
        self._judged: list[tuple[int, int]] = []
        self._leaving: set[int] = set()
        self._seen: set[int] = set()
        self._filters = PairFilters(kind=kind, text=text)
        self._comparison = Comparison(id="comparison")
        self._work = WorkLine("pairs")
        self._resting: Delay | None = None

    @property
    def again(self) -> "Again | None":
        """The queue, as it is by then."""
        kind, text = self._begins_with
        return lambda: DuplicatesScreen(kind, text=text)

    @property
    def queueing(self) -> Queueing:
        """The way to the queue."""
        return Queueing(self.bridge)

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
        self.columns = (("score", SCORE), ("one", (width - SCORE - 10) // 2), ("other", 0))

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
        self.key_line.labels = words.key_labels(item)
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
                self.witness("compare-customers", number)

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

    def action_fold(self) -> None:
        """Give the list the whole room, or show the pair beside or below it."""
        self.toggle_class("-folded")

    # ---- judging

    def _chosen(self) -> PairRow | None:
        if self.item is None:
            self.status.tell(self.why_empty() if not self.items else catalogue.NOTHING_SELECTED)
        return self.item

    def action_merge(self) -> None:
        """Merge the two, or the whole group that they are in."""
        from tui.screens.menu import MenuScreen

        item = self._chosen()
        if item is None or not self.console.may_merge():
            return
        two = (item.a.customer_id, item.b.customer_id)
        view = self.pair_view
        whole = two if view is None or view.pair.id != item.id else view.group
        if len(whole) <= len(two) or len(whole) > 8:
            self.console.open_merge(two, then=self._merged)
            return
        found = (
            offers.Offer(
                id=TWO, label=f"These two: {words.both(item)}", help="The others stay in the queue."
            ),
            offers.Offer(
                id=GROUP,
                label=f"All {len(whole)} of the group",
                help=", ".join(map(format_customer_number, whole)),
            ),
        )

        def chosen(answer: str | None) -> None:
            if answer is not None:
                self.console.open_merge(two if answer == TWO else whole, then=self._merged)

        self.app.push_screen(MenuScreen(words.MERGE_WHOM, found, empty=""), chosen)

    def _merged(self, applied: "Applied | None") -> None:
        if applied is None or applied.event is None:
            return
        self._undoable = applied.event
        self._judged.clear()
        self.run_worker(self._tell_gone(applied, self.item, self.items), group="rows", exclusive=True)

    async def _tell_gone(self, applied: "Applied", item: PairRow | None, before: tuple[PairRow, ...]) -> None:
        self._leaving |= {each.id for each in before}
        await self._read()
        left = {each.id for each in self.items}
        gone = [each for each in before if each.id not in left and each != item]
        sides = {side.customer_id for each in before if each.id not in left for side in (each.a, each.b)}
        shown = {side.customer_id for each in self.items for side in (each.a, each.b)}
        absorbed = sorted(sides - shown - {applied.customer_id})
        pair = () if item is None else (item.a.customer_id, item.b.customer_id)
        named = [number for number in pair if number != applied.customer_id] or absorbed
        self.status.done(words.merged(named, applied.customer_id or 0, len(gone)))

    def action_dismiss_pair(self) -> None:
        """Say, with a reason, that they are two people."""
        from tui.widgets.ask_reason import AskReason

        item = self._chosen()
        if item is None or not self._may(JUDGE):
            return

        def answered(reason: str | None) -> None:
            if reason is not None:
                self._judge(item, "dismiss", reason)

        about = f"{words.both(item)}. {words.ABOUT_DISMISS}"
        self.app.push_screen(AskReason(words.ASK_DISMISS, about), answered)

    def action_later(self) -> None:
        """Put the pair off."""
        item = self._chosen()
        if item is not None and self._may(JUDGE):
            self._judge(item, "later", words.LATER_REASON)

    def action_undo(self) -> None:
        """Open a judged pair again: the selected one, or else the one that was judged here last."""
        item = self.item
        if not self._may(JUDGE):
            return
        if item is not None and item.state != "open":
            self._judge(item, "reopen", words.REOPEN_REASON)
        elif self._judged:
            self.run_worker(self._reopen(self._judged.pop()), group="judge")
        elif self._undoable is not None:
            self.console.undo(self._undoable)
        else:
            self.status.tell(words.NOTHING_JUDGED)

    def _may(self, operation: str) -> bool:
        return self.console.may_merge(operation)

    def _judge(self, item: PairRow, judgement: str, reason: str) -> None:
        self.run_worker(self._judging(item, judgement, reason), group="judge")

    async def _judging(self, item: PairRow, judgement: str, reason: str) -> None:
        pair = (item.a.customer_id, item.b.customer_id)
        if await self.ask(self.queueing.judge(pair, judgement, reason)) is None:
            return
        if judgement != "reopen":
            self._judged.append(pair)
        self._leaving.add(item.id)
        self.status.done(words.judged(item, judgement))
        self.action_refresh()

    async def _reopen(self, pair: tuple[int, int]) -> None:
        if await self.ask(self.queueing.judge(pair, "reopen", words.REOPEN_REASON)) is not None:
            numbers = " and ".join(map(format_customer_number, pair))
            self.status.done(f"{numbers} are open again.")
            self.action_refresh()

    def action_all_exact(self) -> None:
        """Judge all groups that are equal in everything, after a preview."""
        if self._may(JUDGE):
            self.console.open_bulk(then=self._bulk_done)

    def _bulk_done(self, said: str | None) -> None:
        self._leaving |= {item.id for item in self.items}
        self.action_refresh()
        if said:
            self.status.done(said)

    # ---- scanning

    def action_new(self) -> None:
        """Scan the whole base, or go on where it was stopped."""
        from tui.widgets.ask_reason import AskReason

        if self._work.is_busy:
            self.status.tell(words.SCAN_BUSY)
            return
        if not self._may(JUDGE):
            return

        def answered(reason: str | None) -> None:
            if reason is not None:
                self.status.clear()
                self.run_worker(self._scan(reason), group="scan")

        self.app.push_screen(
            AskReason(words.ASK_SCAN, words.ABOUT_SCAN, suggested=words.SCAN_REASON), answered
        )

    async def _scan(self, reason: str) -> None:
        work = LongWork(words.SCANNING)
        try:
            done = await self.ask(self._followed(work, reason))
        finally:
            self._leaving |= {item.id for item in self.items}
        if done is not None:
            self.status.done(words.scanned(done))
        self.action_refresh()

    async def _followed(self, work: LongWork, reason: str) -> "Scanned | None":
        try:
            return await self._work.follow(work, self.queueing.scan(work, reason))
        except Cancelled:
            scan = (await self.queueing.page(self._filters.wanted, None)).view.scan
            stopped = scan is not None and scan.is_stopped
            self.status.tell(words.stopped_at(scan.percent if scan is not None and stopped else 0))
            return None

    def on_unmount(self) -> None:
        """A scan does not go on unseen."""
        if self._work.cancel():
            self.console.tell(words.SCAN_LEFT)

    # ---- other keys

    def action_choose(self) -> None:
        """List what can be done with the pair."""
        self.action_fold() if self.has_class("-folded") else self._offer()

    def _offer(self) -> None:
        from tui.screens.menu import MenuScreen

        item = self._chosen()
        if item is None:
            return
        found = words.offers_for(item)
        self.app.push_screen(MenuScreen(words.both(item), found, empty=""), self._carry_out)

    def _carry_out(self, answer: str | None) -> None:
        if answer in ("1", "2"):
            self.action_open_side(answer)
        elif answer is not None:
            getattr(self, f"action_{answer}")()

    def action_open_side(self, number: str) -> None:
        """Open one of the two."""
        item = self._chosen()
        if item is not None:
            self.console.open_customer((item.a if number == "1" else item.b).customer_id)

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
