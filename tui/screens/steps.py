"""A walk as it is shown and recorded: its steps, the selected one large; checks run by themselves."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from textual import events
from textual.app import ComposeResult
from textual.content import Content

from db.queries.walks import StepView, WalkView
from db.rules.playbooks import Standing
from tui import procedure_words as words
from tui.actions import Place
from tui.procedures import Procedures
from tui.screens.listing import ListScreen
from tui.text import safe
from tui.walk_lines import MARKS, stage, step_lines
from tui.walking import Walking
from tui.widgets.diff import Line
from tui.widgets.footer import KeyLine
from tui.widgets.header import Header
from tui.widgets.question import Question

if TYPE_CHECKING:
    pass

DUE: Final = (Standing.NEXT, Standing.DONE)


class StepsScreen(ListScreen[StepView]):
    """The steps above or beside the selected one; a check that is due runs by itself.

    `customer_id` is whom the operator looked at, for a walk that began before anybody was known.
    """

    columns = (("", 1), ("step", 0), ("answer", 20))
    empty = words.LOADING_WALK

    def __init__(self, number: int, customer_id: int | None = None) -> None:
        super().__init__()
        self._number = number
        self._looked_at = customer_id
        self._walking = Walking()
        self._shows_skipped = False
        self._is_busy = False
        self._lands = True
        self._question = Question(id="question")

    # ---- what it is made of

    @property
    def procedures(self) -> Procedures:
        """The way to walks."""
        return self.console.procedures

    def paper(self) -> ComposeResult:
        """What is said or asked, large; the answer to it; and what was found."""
        yield self._question
        yield self._detail

    @property
    def customer_id(self) -> int | None:
        """Whom it is about, as far as that is known."""
        known = None if self.walk is None else self.walk.customer_id
        return self._looked_at if known is None else known

    @property
    def walk(self) -> WalkView | None:
        """The walk as it was read last."""
        return self._walking.walk

    @property
    def why_read_only(self) -> str:
        """Why nothing can be recorded here; empty where the operator carries the walk on."""
        return self._walking.why_read_only(self.bridge.actor.operator_id, self.bridge.interaction)

    # ---- reading and recording, one after the other

    async def fetch(self) -> Sequence[StepView]:
        """Read how far it has come."""
        found = await self.procedures.walk(self._number)
        if self.walk is None and found.operator_id != self.bridge.actor.operator_id:
            self.witness("open-walk", found.customer_id)
        self._walking.walk = found
        return found.steps

    async def withdraw(self) -> None:
        """Another's walk is not shown where that cannot be recorded."""
        self._walking.walk = None
        self._show(())

    def action_refresh(self) -> None:
        """Read again, and run the checks that are due."""
        self._walking.forgive()
        self._soon()

    def _soon(self, step: StepView | None = None, answer: str | None = None) -> None:
        if step is not None:
            self._walking.queue.append((step, answer))
        if not self._is_busy:
            self._is_busy, self.is_settled = True, False
            self.run_worker(self._work(), group="walk")

    async def _work(self) -> None:
        queue = self._walking.queue
        try:
            is_going_on = True
            while is_going_on:
                while queue:
                    await self._record(*queue.pop(0))
                await self._read()
                self.is_settled = False
                due = self._walking.due()
                if due is not None and not self.why_read_only:
                    queue.append((due, None))
                is_going_on = bool(queue)
        finally:
            self._is_busy, self.is_settled = False, True

    async def _record(self, step: StepView, answer: str | None) -> None:
        self._walking.begins(step)
        if await self.ask(self.procedures.record(self._number, step.id, answer)) is not None:
            self._walking.kept(step)
            self._lands = True

    # ---- showing

    def _show(self, items: tuple[StepView, ...]) -> None:
        shown = [step for step in items if self._shows_skipped or step.standing is not Standing.SKIPPED]
        super()._show(tuple(shown))
        walk = self.walk
        if walk is None:
            return
        about = () if self.customer_id is None else (f"C-{self.customer_id}",)
        self.query_one(Header).crumbs = (*about, walk.title)
        if self._lands:
            self._lands = False
            self._land(walk)

    def _land(self, walk: WalkView) -> None:
        """Go to the step that is due; a question is answered at once."""
        keys = [step.id for step in self.items]
        if walk.next in keys:
            self._table.move_cursor(row=keys.index(walk.next))
        self._tell()
        if self._question.is_asking and self.item is not None and self.item.id == walk.next:
            self.call_after_refresh(self._question.enter)
        else:
            self._table.focus()

    def key_of(self, item: StepView) -> str:
        """The step."""
        return item.id

    def cells(self, item: StepView) -> Iterable[str]:
        """Where it stands, what it is, and the answer."""
        return MARKS[item.standing], item.text, item.answer if item.answer and item.kind != "say" else ""

    def about(self, item: StepView) -> Iterable[Line]:
        """What was found, who answered, and what can be done."""
        info = None if item.operation is None else self.console.find_operation(item.operation)
        return step_lines(item, info, self.why_read_only, self.console.now())

    def summary(self) -> Content:
        """Whose walk it is, how far it has come, and what is to be known of it."""
        walk = self.walk
        if walk is None:
            return Content("")
        skipped = self._walking.count(Standing.SKIPPED)
        told = f"{words.who_walks(walk, self.console.now())} · {self._walking.count(Standing.DONE)} done"
        parts: list[str | tuple[str, str]] = [safe(told)]
        if skipped:
            parts.append(f" · {skipped} skipped (space)")
        if walk.is_changed:
            parts.append((f"\n{words.CHANGED}", "$text-warning"))
        if self.why_read_only:
            tone = "$text-success" if walk.outcome else "$text-warning"
            parts.append((f"\n{safe(self.why_read_only)}", tone))
        return Content.assemble(*parts)

    def _tell(self) -> None:
        super()._tell()
        item = self.item
        if item is None:
            self._question.show(None, Content(""), None)
            return
        is_asked = item.kind == "ask" and item.standing in DUE and not self.why_read_only
        known = self._walking.drafts.get(item.id, item.answer or "")
        self._question.show(item, stage(item), known if is_asked else None)

    def on_descendant_focus(self, _event: events.DescendantFocus) -> None:
        """Show the keys of the place that was entered."""
        self.query_one(KeyLine).place = Place.ANSWER if self._question.is_typing else Place.WALK

    def on_screen_resume(self) -> None:
        """What was done on the screen above may have moved it on."""
        if self.walk is not None:
            self._soon()
