"""Tries a duplicate detection mode on before it is in force: how many would collide, and who (P4)."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from db.queries.collisions import Group
from db.rules.dedup import DedupMode
from tui import catalogue
from tui.actions import Place, bindings
from tui.duplicate_words import EMAIL, MOST_MERGED, PHONE, TOO_MANY, group_offers, merged
from tui.long_work import Cancelled, LongWork
from tui.oversight import TriedMode
from tui.screens.listing import ListScreen
from tui.subject import Subject
from tui.widgets.diff import Line, Tone
from tui.widgets.picker import Picker
from tui.widgets.work_line import WorkLine

if TYPE_CHECKING:
    from db.applied import Applied

MERGE, QUEUE = "merge", "queue"
COMPARING = "counting what would collide"
MODES = tuple((mode.value, mode.value.replace("-", " ")) for mode in DedupMode)


class DedupScreen(ListScreen[Group]):
    """← and → choose the mode to try on; enter in the choice puts it in force, after a preview."""

    place = Place.DEDUP
    crumbs = (catalogue.SETTINGS, catalogue.DEDUP)
    BINDINGS = bindings(Place.DEDUP)
    columns = (("kind", 6), ("value", 0), ("customers", 9))
    empty = catalogue.NO_GROUP

    def __init__(self, mode: str) -> None:
        super().__init__()
        self._picker = Picker(MODES, value=mode, id="mode")
        self._tried: TriedMode | None = None
        self._work = WorkLine("rows")

    def subject(self) -> ComposeResult:
        """The mode above what it would find."""
        with Horizontal(id="choice"):
            yield Static("Try on", id="choice-label", markup=False)
            yield self._picker
        yield from super().subject()
        yield self._work

    @property
    def first(self) -> Widget:
        """The choice comes first."""
        return self._picker

    async def fetch(self) -> Sequence[Group]:
        """Count what the chosen mode would find."""
        self._tried = None
        work = LongWork(COMPARING)
        answer = self.oversight.tried(self._picker.value or DedupMode.OFF.value, work)
        try:
            self._tried = await self._work.follow(work, answer)
        except Cancelled:
            return ()
        return self._tried.groups

    def announce(self) -> None:
        """What another mode would find is not left standing."""
        self._show(())

    def why_empty(self) -> str:
        """Nothing collides, or nothing was counted."""
        if self._tried is not None:
            return super().why_empty()
        return catalogue.LOADING if self._work.is_busy else catalogue.TRY_CANCELLED

    def key_of(self, item: Group) -> str:
        """Kind and value."""
        return f"{item.kind}:{item.value}"

    def cells(self, item: Group) -> Iterable[str]:
        """What is shared, by how many."""
        return item.kind, item.value, str(len(item.customers))

    def about(self, item: Group) -> Iterable[Line]:
        """Who shares it."""
        yield Line("shared", after=f"{item.kind} {item.value}")
        yield Line("by", after=", ".join(f"C-{number}" for number in item.customers))
        yield Line("next", after=catalogue.OPEN_FIRST_OF, tone=Tone.QUIET)

    def summary(self) -> Content:
        """What would happen, in one sentence."""
        tried = self._tried
        if tried is None:
            return Content("")
        counted = tried.counted
        mode = counted.mode.value.replace("-", " ")
        if counted.mode is DedupMode.OFF:
            found = "off: nothing is compared, so nothing collides."
        elif not counted.groups:
            found = f"{mode}: no two customers would collide."
        else:
            groups = "1 group" if counted.groups == 1 else f"{counted.groups} groups"
            found = f"{mode}: {counted.customers} customers in {groups} would collide."
        missing = f" {counted.missing} lack what it requires." if counted.missing else ""
        shown = f" The first {len(self.items)} groups." if len(self.items) < counted.groups else ""
        now = " It is in force now." if tried.is_in_force else " ctrl+s puts it in force, after a preview."
        return Content.assemble((f"{found}{missing}", "bold $text"), f"\n{shown}{now}".replace("\n ", "\n"))

    def on_picker_picked(self) -> None:
        """Another mode."""
        self.status.clear()
        self.action_refresh()

    def on_picker_accepted(self) -> None:
        """Enter goes to the groups."""
        self._table.focus()

    def action_save(self) -> None:
        """Put the mode in force, through the form that shows what it does."""
        tried = self._tried
        if tried is None:
            self.status.tell(catalogue.TRY_BEFORE)
            return
        about = Subject(label=catalogue.DEDUP, values={}, version=tried.version)
        mode = tried.counted.mode.value
        self.console.start("change-dedup-mode", values={"mode": mode}, about=about, then=self.came_back)

    def action_choose(self) -> None:
        """List what can be done with the group."""
        from tui.screens.menu import MenuScreen

        item, tried = self.item, self._tried
        if item is None or tried is None:
            self.status.tell(catalogue.NOTHING_SELECTED)
            return

        def chosen(answer: str | None) -> None:
            if answer == MERGE:
                self.action_merge()
            elif answer == QUEUE:
                kind = EMAIL if item.kind == "email" else PHONE
                self.console.open_duplicates(kind, text=f"C-{item.customers[0]}")
            elif answer is not None:
                self.console.open_customer(int(answer))

        found = group_offers(item, is_in_force=tried.is_in_force)
        self.app.push_screen(MenuScreen(f"{item.kind} {item.value}", found, empty=""), chosen)

    def action_merge(self) -> None:
        """Merge the group."""
        item = self.item
        if item is None:
            self.status.tell(catalogue.NOTHING_SELECTED)
        elif len(item.customers) > MOST_MERGED:
            self.status.tell(TOO_MANY)
        else:
            self.console.open_merge(item.customers, then=self._merged)

    def _merged(self, applied: "Applied | None") -> None:
        if applied is not None:
            self._undoable = applied.event
            group = () if self.item is None else self.item.customers
            gone = [number for number in group if number != applied.customer_id]
            self.status.done(merged(gone, applied.customer_id or 0, 0))
            self.action_refresh()

    def action_open_customer(self) -> None:
        """Open the first customer of the group."""
        if self.item is None:
            self.status.tell(catalogue.NOTHING_SELECTED)
        else:
            self.console.open_customer(self.item.customers[0])

    def action_back(self) -> None:
        """Stop counting; else out of the list into the choice, then out of the screen."""
        if self._work.cancel():
            return
        if self._picker.has_focus:
            self.dismiss(None)
        else:
            self._picker.focus()
