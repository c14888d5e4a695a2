"""Judges all groups that are equal in everything: first what would happen to each, then one after another."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from db.judging import Bulk, GroupJudged
from db.queries.exact_groups import ExactGroup
from db.rules.identifiers import format_customer_number
from db.rules.wording import counted
from tui import bulk_words as words
from tui import catalogue
from tui.actions import Place, bindings
from tui.duplicate_words import TITLE
from tui.long_work import Cancelled, LongWork
from tui.queueing import FINDING, JUDGING, MOST_GROUPS, TRYING, Queueing
from tui.screens.listing import ListScreen
from tui.widgets.ask_reason import AskReason
from tui.widgets.dialog import Dialog
from tui.widgets.diff import Line, Tone
from tui.widgets.picker import Picker
from tui.widgets.work_line import WorkLine


@dataclass(frozen=True)
class GroupRow:
    """A group, what would become of it (None: not tried yet), and whether it is taken."""

    group: ExactGroup
    judged: GroupJudged | None = None
    is_taken: bool = True

    @property
    def stands_in_the_way(self) -> str:
        """Why it stays in the queue; empty where nothing stops it."""
        return "" if self.judged is None else self.judged.problem


class BulkScreen(ListScreen[GroupRow]):
    """Nothing happens before ctrl+s, a reason and a yes; `said` is what was done, or None."""

    place: ClassVar[Place] = Place.BULK
    crumbs = (TITLE, words.TITLE)
    BINDINGS = bindings(Place.BULK)
    columns = (("", 1), ("customers", 0), ("what", 24))

    def __init__(self) -> None:
        super().__init__()
        self._how = Picker(words.HOWS, value=Bulk.MERGE.value, id="how")
        self._work = WorkLine("groups")
        self.said: str | None = None
        self._is_done = False
        self._is_tried = False

    @property
    def how(self) -> Bulk:
        """What is done to each group."""
        return Bulk(self._how.value or Bulk.MERGE.value)

    @property
    def queueing(self) -> Queueing:
        """The way to the queue."""
        return Queueing(self.bridge)

    @property
    def taken(self) -> tuple[GroupRow, ...]:
        """The groups to which it would be done."""
        return tuple(row for row in self.items if row.is_taken and not row.stands_in_the_way)

    @property
    def command_line(self) -> str:
        """The same in a shell."""
        return f"latchkey duplicates judge --exact {self.how.value} --reason TEXT"

    def subject(self) -> ComposeResult:
        """What to do, above the groups."""
        with Horizontal(id="choice"):
            yield Static(words.DO, id="choice-label", markup=False)
            yield self._how
        yield from super().subject()
        yield self._work

    # ---- reading and trying

    async def fetch(self) -> Sequence[GroupRow]:
        """Find the groups, and try on each what is chosen."""
        self._is_tried = self._is_done = False
        work = LongWork(FINDING)
        groups = await self._work.follow(work, self.queueing.exact(work))
        self._show(tuple(GroupRow(group) for group in groups))
        return await self._tried(groups)

    async def _tried(self, groups: Sequence[ExactGroup]) -> tuple[GroupRow, ...]:
        work, ids = LongWork(TRYING), tuple(group.ids for group in groups)
        answer = self.queueing.judge_groups(ids, self.how, work, reason="", dry_run=True)
        try:
            judged = await self._work.follow(work, answer)
        except Cancelled:
            return tuple(map(GroupRow, groups))
        self._is_tried = True
        return tuple(
            GroupRow(group, each, is_taken=not each.warnings)
            for group, each in zip(groups, judged, strict=True)
        )

    def key_of(self, item: GroupRow) -> str:
        """Its customers."""
        return " ".join(map(str, item.group.ids))

    def cells(self, item: GroupRow) -> Iterable[str]:
        """A sign, who, and what becomes of them."""
        numbers = ", ".join(map(format_customer_number, item.group.ids))
        name = item.group.members[0].name
        return _sign(item), f"{name} · {numbers}", self._what(item)

    def _what(self, item: GroupRow) -> str:
        judged = item.judged
        if judged is None:
            return "not tried"
        if judged.problem:
            return "stays in the queue"
        if not item.is_taken:
            return "⚠ left out" if judged.warnings else "left out"
        if judged.survivor is not None:
            return f"→ {format_customer_number(judged.survivor)}"
        return words.DONE[self.how] if judged.events else words.WOULD[self.how]

    def about(self, item: GroupRow) -> Iterable[Line]:
        """Who they are, and what becomes of them."""
        for side in item.group.members:
            place = catalogue.place(side.city, side.state)
            yield Line(
                format_customer_number(side.customer_id), after=f"{side.name} · {side.status} · {place}"
            )
        yield Line("score", after=f"{item.group.weight:.1f} bits, equal in everything that both have")
        judged = item.judged
        if judged is None:
            return
        if judged.problem:
            yield Line("stays", after=judged.problem, tone=Tone.WARNING)
        elif judged.survivor is not None:
            others = [number for number in judged.customers if number != judged.survivor]
            numbers = ", ".join(map(format_customer_number, others))
            yield Line(
                "merge", after=f"{numbers} → {format_customer_number(judged.survivor)}", tone=Tone.GOOD
            )
        for warning in judged.warnings:
            yield Line("⚠ mind", after=warning, tone=Tone.WARNING)
        if judged.events:
            yield Line("events", after=", ".join(map(str, judged.events)), tone=Tone.QUIET)

    def summary(self) -> Content:
        """How many, to how many it would be done, and which key is next."""
        if not self.items:
            return Content("")
        if self._is_done and self.said is not None:
            return Content.assemble((self.said, "bold $text"), f"\n{words.BULK_OVER}")
        taken, stay = len(self.taken), sum(bool(row.stands_in_the_way) for row in self.items)
        left = f"; {counted(stay, 'group')} {words.STAYS[stay > 1]}" if stay else ""
        minded = sum(bool(row.judged and row.judged.warnings and not row.is_taken) for row in self.items)
        left += f"; {minded} with a warning left out" if minded else ""
        left += (
            f"; these are the surest {len(self.items)}; F5 has more afterwards"
            if len(self.items) >= MOST_GROUPS
            else ""
        )
        would = f"{counted(taken, 'group')} would be {words.DONE[self.how]}{left}."
        said = would if self._is_tried else f"{counted(len(self.items), 'group')} found."
        return Content.assemble(
            (said, "bold $text"), f"\n{words.BULK_NEXT if self._is_tried else words.BULK_TRY}"
        )

    def why_empty(self) -> str:
        """There is none."""
        return words.NO_EXACT if self.is_settled or not self._work.is_busy else catalogue.LOADING

    def _tell(self) -> None:
        super()._tell()
        if not self.items and self.is_settled:
            self._detail.say(words.NO_EXACT)

    def on_picker_picked(self) -> None:
        """Something else is to be done."""
        self.status.clear()
        self.action_refresh()

    def on_picker_accepted(self) -> None:
        """Enter goes to the groups."""
        self._table.focus()

    # ---- keys

    def action_choose(self) -> None:
        """Open who would survive, or the first of the group."""
        item = self.item
        if item is None:
            self.status.tell(catalogue.NOTHING_SELECTED)
            return
        survivor = None if item.judged is None else item.judged.survivor
        self.console.open_customer(survivor or item.group.ids[0])

    def action_open_customer(self) -> None:
        """As enter."""
        self.action_choose()

    def action_fold(self) -> None:
        """Leave the group out, or take it in again."""
        item = self.item
        if item is not None and not self._is_done and not item.stands_in_the_way:
            self._show(
                tuple(replace(row, is_taken=not row.is_taken) if row is item else row for row in self.items)
            )

    def action_save(self) -> None:
        """Ask why, then whether, then do it."""
        if self._work.is_busy or not self._is_tried or self._is_done:
            self.status.tell(words.BULK_OVER if self._is_done else words.BULK_WAIT)
        elif not self.taken:
            self.status.tell(words.NONE_TAKEN)
        elif self.console.may_merge(words.OPERATION_OF[self.how]):
            about = f"{counted(len(self.taken), 'group')} {words.ABOUT_BULK[self.how]}"
            self.app.push_screen(AskReason(words.ASK_BULK, about), self._confirm)

    def _confirm(self, reason: str | None) -> None:
        if reason is None:
            return

        def answered(answer: bool | None) -> None:
            if answer:
                self.run_worker(self._judge(reason), group="judge")

        count = counted(len(self.taken), "group")
        question = f"{words.VERB[self.how]} {count}?"
        self.app.push_screen(
            Dialog(question, words.ABOUT_BULK_ALL[self.how], yes=f"{words.VERB[self.how]} them"), answered
        )

    async def _judge(self, reason: str) -> None:
        work, taken = LongWork(JUDGING), self.taken
        ids = tuple(row.group.ids for row in taken)
        answer = self.queueing.judge_groups(ids, self.how, work, reason=reason, dry_run=False)
        done = await self.ask(self._work.follow(work, answer))
        if done is None:
            return
        became = {each.customers: each for each in done}
        self.said = words.bulk_done(done, len(ids), self.how)
        self._is_done = True
        self._show(tuple(replace(row, judged=became.get(row.group.ids, row.judged)) for row in self.items))
        self.status.done(self.said)

    def on_unmount(self) -> None:
        """It does not go on unseen."""
        if self._work.cancel() and not self._is_done:
            self.console.tell(words.BULK_LEFT)

    def action_back(self) -> None:
        """Stop after the group under way; else out."""
        if self._work.cancel():
            return
        self.dismiss(None)


def _sign(item: GroupRow) -> str:
    if item.judged is None:
        return "·"
    if item.judged.problem:
        return "⚠"
    return "✓" if item.judged.events else "+" if item.is_taken else "–"
