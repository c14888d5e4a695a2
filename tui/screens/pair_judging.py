"""What the keys of the duplicates queue do: judge a pair, take that back, judge in bulk, scan."""

from typing import TYPE_CHECKING

from db.queries.duplicates import PairRow
from db.rules.identifiers import format_customer_number
from tui import catalogue, offers
from tui import duplicate_words as words
from tui.long_work import Cancelled, LongWork
from tui.queueing import JUDGE, PairView, Queueing, QueuePage
from tui.screens.listing import ListScreen
from tui.widgets.pair_filters import PairFilters
from tui.widgets.work_line import WorkLine

if TYPE_CHECKING:
    from db.applied import Applied
    from db.duplicates.scan import Scanned

TWO, GROUP = "two", "group"


class PairJudging(ListScreen[PairRow]):
    """The part of the queue's screen that acts; a subclass shows the pairs."""

    def __init__(self) -> None:
        super().__init__()
        self.page: QueuePage | None = None
        self.pair_view: PairView | None = None
        self._judged: list[tuple[int, int]] = []
        self._leaving: set[int] = set()
        self._work = WorkLine("pairs")
        self._filters = PairFilters()

    @property
    def queueing(self) -> Queueing:
        """The way to the queue."""
        return Queueing(self.bridge)

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

    # ---- other ways

    def action_fold(self) -> None:
        """Give the list the whole room, or show the pair beside or below it."""
        self.toggle_class("-folded")

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
