"""One playbook, step by step: the keys that say, ask, check, do and decide."""

from functools import partial
from typing import TYPE_CHECKING

from db.queries.walks import StepView
from db.rules.playbooks import Answer, Standing
from tui import offers
from tui import procedure_words as words
from tui.actions import Place, bindings
from tui.insight import Insight
from tui.screens.menu import MenuScreen
from tui.screens.steps import DUE, StepsScreen
from tui.walk_lines import ends
from tui.widgets.dialog import discard, end_walk
from tui.widgets.question import Question

if TYPE_CHECKING:
    from db.applied import Applied
    from tui.trail import Again


class WalkScreen(StepsScreen):
    """Keys act on the selected step, where it is due or done; an ended or another's walk is only read."""

    place = Place.WALK
    BINDINGS = bindings(Place.WALK)

    @property
    def again(self) -> "Again | None":
        """The same walk."""
        return lambda: WalkScreen(self._number, self._looked_at)

    @property
    def command_line(self) -> str:
        """The same walk in a shell."""
        return f"latchkey playbook walk {self._number}"

    def _is_free(self, item: StepView | None) -> bool:
        """Whether a step can be recorded now; if not, say why."""
        if self._is_busy or item is None:
            return False
        why = self.why_read_only or ("" if item.standing in DUE else words.NOT_DUE)
        if why:
            self.status.tell(why)
        else:
            self.status.clear()
        return not why

    def action_choose(self) -> None:
        """Do the selected step."""
        item = self.item
        if item is None or not self._is_free(item):
            return
        if item.kind == "ask":
            self._question.enter()
        elif item.kind == "do":
            self.run_worker(self._do(item), group="do", exclusive=True)
        elif item.kind == "decide":
            self._decide_from_list(item)
        else:
            self._soon(item)

    def _decide_from_list(self, item: StepView) -> None:
        found = [
            offers.Offer(id=answer.value, label=f"{number}  {answer.label}{ends(answer)}")
            for number, answer in enumerate(item.answers, start=1)
        ]

        def chosen(value: str | None) -> None:
            for answer in item.answers:
                if answer.value == value:
                    self._decide(item, answer)

        self.app.push_screen(
            MenuScreen(item.text, found, empty="", selected=item.answer, is_numbered=True), chosen
        )

    def _decide(self, item: StepView, answer: Answer) -> None:
        """Keep an answer; one that ends the walk, which nothing takes back, is asked for once."""

        def decided(is_meant: bool | None) -> None:
            if is_meant:
                self._soon(item, answer.value)

        if answer.end is None:
            decided(True)
        else:
            self.app.push_screen(end_walk(answer.label, answer.end), decided)

    async def _do(self, item: StepView) -> None:
        info = self.console.find_operation(item.operation or "")
        if info is None:
            return
        customer = None
        if any(field.kind == "customer" for field in info.fields):
            if self.customer_id is None:
                self.status.tell(words.NOBODY_KNOWN)
                return
            customer = await self.ask(self.bridge.customer(self.customer_id))
            if customer is None:
                return
        walk = self.walk
        reason = "" if walk is None else f"playbook {walk.playbook_id}, step {item.id}"
        values: dict[str, object] = {**dict(item.fills), "reason": reason}
        if customer is not None and info.name == "change-email" and not item.fills:
            values |= await self._correction(customer.id)
        if not self.is_current:
            return
        self.console.start(info.name, customer, values, then=partial(self._did, item))

    async def _correction(self, customer_id: int) -> dict[str, object]:
        """What the typo table proposes, for the form; what it is instead of, the preview shows (P3)."""
        found = await self.ask(Insight(self.bridge).correction(customer_id))
        return {} if found is None else {"profile": found.profile_id, "email": found.after}

    def _did(self, item: StepView, applied: "Applied | None") -> None:
        self.came_back(applied)
        if applied is not None:
            self._soon(item)

    def action_answer(self, key: str) -> None:
        """Decide with the answer of that number."""
        item = self.item
        if item is None or not self._is_free(item):
            return
        if item.kind != "decide":
            self.status.tell(words.NOT_DECIDED)
        elif int(key) > len(item.answers):
            self.status.tell(words.NO_SUCH_ANSWER)
        else:
            self._decide(item, item.answers[int(key) - 1])

    def action_tick(self) -> None:
        """Tick what was said, or done elsewhere."""
        item = self.item
        if item is not None and self._is_free(item):
            if item.kind in ("say", "do"):
                self._soon(item)
            else:
                self.status.tell(words.NEXT_KEYS[item.kind])

    def on_question_typed(self, event: Question.Typed) -> None:
        """What is typed waits with its step, until enter keeps it."""
        if not event.is_done:
            self._walking.drafts[event.step.id] = event.text
        elif self._is_free(event.step):
            self._soon(event.step, event.text)

    def on_question_left(self, event: Question.Left) -> None:
        """To the step below or above."""
        self._table.focus()
        (self._table.action_cursor_down if event.is_down else self._table.action_cursor_up)()

    def action_fold(self) -> None:
        """Show the skipped steps, or fold them away."""
        walk = self.walk
        if walk is None or not self._walking.count(Standing.SKIPPED):
            self.status.tell(words.NO_SKIPPED)
            return
        self._shows_skipped = not self._shows_skipped
        self._show(walk.steps)

    def action_open_customer(self) -> None:
        """Open whom it is about."""
        if self.customer_id is None:
            self.status.tell(words.NO_CUSTOMER)
        else:
            self.console.open_customer(self.customer_id)

    @property
    def about_customer(self) -> int | None:
        """Whom the walk is about."""
        return self.customer_id

    def action_back(self) -> None:
        """Out of the answer to the steps; out of the walk, with a question where an answer would be lost."""
        if self._question.is_typing:
            self._table.focus()
        elif self._walking.is_typed and not self.why_read_only:
            self.app.push_screen(discard(), self._discarded)
        else:
            self.dismiss(None)

    def _discarded(self, answer: bool | None) -> None:
        if answer:
            self.dismiss(None)
