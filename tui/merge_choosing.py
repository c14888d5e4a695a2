"""What the keys of the merge screen choose: values, addresses, the survivor, everything of one customer."""

from textual.widgets import OptionList

from tui import merge_words as words
from tui.merge_plan import Mark, PlanRow
from tui.merge_resolving import Resolving
from tui.widgets.dialog import discard


class Choosing(Resolving):
    """The part of the merge screen that chooses."""

    is_saving = False
    _survivor: int | None = None

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter on a line."""
        event.stop()
        self.action_choose()

    def action_choose(self) -> None:
        """Resolve what stands in the way; make an address the primary one; take the next value."""
        plan, row, concern = self.plan, self.choices.row, self.choices.concern
        self.status.clear()
        if plan is None:
            return
        if concern is not None:
            self.resolve(concern)
        elif row is None:
            self.action_fold()
        elif row.is_contact:
            self._chosen(plan.make_primary(row), words.NOT_PRIMARY)
        else:
            self._step(row, 1)

    def action_fold(self) -> None:
        """Show or hide the equal fields; keep or leave an address; take the next value."""
        plan, row = self.plan, self.choices.row
        self.status.clear()
        if plan is None or self.choices.concern is not None:
            return
        if row is None:
            self.choices.fold()
        elif row.is_contact:
            self._chosen(plan.turn(row), words.NOTHING_TO_TURN)
        else:
            self._step(row, 1)

    def action_side(self, number: str) -> None:
        """Take what the customer of that column has; keep or leave their address."""
        plan, row, place = self.plan, self.choices.row, int(number) - 1
        self.status.clear()
        if plan is None or row is None or place >= len(plan.ids):
            return
        self.choices.turn_to(place)
        self._chosen(
            plan.choose(row, place), words.NOTHING_TO_TURN if row.choices[place] else words.NOTHING_THERE
        )

    def _chosen(self, is_changed: bool, otherwise: str) -> None:
        if is_changed:
            self.changed()
        else:
            self.status.tell(otherwise)

    def action_column_left(self) -> None:
        """Take the value before; where there is nothing to take, show the customers before."""
        self._sideways(-1)

    def action_column_right(self) -> None:
        """As above, the next one."""
        self._sideways(1)

    def _sideways(self, step: int) -> None:
        row = self.choices.row
        if row is None or row.is_contact:
            self.choices.turn(step)
        else:
            self._step(row, step)

    def _step(self, row: PlanRow, step: int) -> None:
        """Take the next value that there is; of sign-ins, over all rows of them."""
        plan = self.plan
        if plan is None:
            return
        places = [at for at, choice in enumerate(row.choices) if choice and choice.number is not None]
        marks = [at for at in places if (choice := row.choices[at]) and choice.mark is Mark.CHOSEN]
        if not places:
            return
        now = places.index(marks[0]) if marks else -step
        place = places[(now + step) % len(places)]
        self.choices.turn_to(place)
        self._chosen(plan.choose(row, place), words.NOTHING_THERE)

    def action_swap(self) -> None:
        """Let the next customer survive instead."""
        plan = self.plan
        if plan is not None:
            self.status.clear()
            ordered = sorted(plan.ids)
            self._survivor = ordered[(ordered.index(plan.survivor) + 1) % len(ordered)]
            self.reload()

    def action_all(self) -> None:
        """Take everything from the next customer, in the order of the columns."""
        plan = self.plan
        if plan is None:
            return
        plan.all_from = (plan.all_from + 1) % len(plan.ids)
        account = plan.start.proposal.accounts[plan.all_from]
        plan.take_all(account.customer_id)
        self.choices.turn_to(plan.all_from)
        self.changed()
        self.status.tell(words.all_from(account.number, account.name))

    def action_why(self) -> None:
        """Show how far they agree, field by field, or what would follow."""
        self.toggle_class("-why")
        self.query_one("#why-paper" if self.has_class("-why") else "#choices").focus()

    def action_back(self) -> None:
        """Leave; what was chosen is not thrown away without a question."""
        if self.is_saving:
            self.status.tell(words.SAVING)
        elif self.has_class("-why"):
            self.action_why()
        elif self.plan is not None and self.plan.is_edited:
            self.app.push_screen(discard(), self._discarded)
        else:
            self.dismiss(None)

    def _discarded(self, answer: bool | None) -> None:
        if answer:
            self.dismiss(None)
