"""What ⏎ does about a line that stands in the way of a merge, and what becomes of a pair that is none."""

from typing import TYPE_CHECKING

from db.merging.blocker import Blocker, BlockerKind
from tui import merge_words as words
from tui.merge_concerns import Concern
from tui.merge_plan import SIGN_IN, Plan
from tui.screens.base import ConsoleScreen
from tui.subject import Subject

if TYPE_CHECKING:
    from db.applied import Applied
    from tui.merging import MergeLook
    from tui.widgets.merge_choices import MergeChoices

JUDGE = "judge-duplicate"


class Resolving(ConsoleScreen["Applied | None"]):
    """The part of the merge screen that gets things out of the way."""

    ids: tuple[int, ...]
    plan: Plan | None
    look: "MergeLook | None"
    choices: "MergeChoices"
    _judging: int | None = None
    _is_away = False

    def changed(self) -> None:
        """Draw and try anew."""

    def reload(self) -> None:
        """Read anew."""

    def action_why(self) -> None:
        """Show the score."""

    def resolve(self, concern: Concern) -> None:
        """Do what the line's key says."""
        plan, blocker = self.plan, concern.blocker
        if plan is None:
            return
        if blocker is None:
            self.action_why()
        elif blocker.field == "end_links":
            plan.end_links = not plan.end_links
            self.changed()
        elif blocker.field == SIGN_IN:
            self.choices.go_to(SIGN_IN)
        elif blocker.kind is BlockerKind.CONTACT_HELD:
            self._leave(plan, blocker)
        elif blocker.kind in (BlockerKind.ALREADY_MERGED, BlockerKind.ERASED, BlockerKind.OWN_RECORD):
            self._replace(plan, blocker)
        elif blocker.operation is not None and blocker.stops:
            self.run_worker(self._start(blocker), group="start", exclusive=True)
        else:
            self._open(blocker.customers[0])

    def _open(self, number: int) -> None:
        """Open a customer; what is done there is seen here on the way back."""
        self._is_away = True
        self.console.open_customer(number)

    def on_screen_resume(self) -> None:
        """Read anew what may have been done on a customer's own screen."""
        if self._is_away:
            self._is_away = False
            self.reload()

    def _leave(self, plan: Plan, blocker: Blocker) -> None:
        """Leave the address with the absorbed customer; the survivor's own means merging its holder too."""
        profile = blocker.values.get("profile")
        owner = next((each for each in plan.start.proposal.contacts if each.profile_id == profile
                      and f"left_{each.kind}s" == blocker.field), None)  # fmt: skip
        if owner is None or owner.customer_id == plan.survivor:
            self.add_people(blocker.customers)
        else:
            plan.left.add(f"{owner.kind}-{owner.profile_id}")
            self.changed()

    def _replace(self, plan: Plan, blocker: Blocker) -> None:
        """Take the survivor of one who was merged; leave anybody else out."""
        (gone,) = blocker.customers
        account = next((each for each in plan.start.proposal.accounts if each.customer_id == gone), None)
        into = None if account is None else account.merged_into
        others = tuple(dict.fromkeys(into if number == gone and into else number for number in self.ids))
        others = others if into else tuple(number for number in self.ids if number != gone)
        if len(others) < words.FEWEST:
            self.status.fail(blocker.sentence)
            return
        self.take(others)

    def take(self, ids: tuple[int, ...]) -> None:
        """Merge these instead; whoever survived does so still, if they are among them."""
        self.ids = ids
        self.survive_among(ids)
        self.reload()

    def survive_among(self, ids: tuple[int, ...]) -> None:
        """Let the proposal choose a survivor, where the one there was has left."""

    def add_people(self, numbers: tuple[int, ...]) -> None:
        """Merge these as well."""
        ids = tuple(dict.fromkeys((*self.ids, *numbers)))
        if len(ids) > words.MOST:
            self.status.fail(words.MOST_MERGED)
        else:
            self.take(ids)

    async def _start(self, blocker: Blocker) -> None:
        values = dict(blocker.values)
        customer = await self.ask(self.bridge.customer(int(values.pop("customer"))))
        if customer is not None and self.is_current and blocker.operation is not None:
            self.console.start(blocker.operation, customer, values, then=self.came_back)

    def came_back(self, applied: "Applied | None") -> None:
        """After something was got out of the way: say so, and read anew."""
        if applied is not None:
            super().came_back(applied)
            self.reload()

    # ---- keys of a line

    def action_merge(self) -> None:
        """Merge the holder of the address too."""
        concern = self.choices.concern
        blocker = None if concern is None else concern.blocker
        if blocker is not None and blocker.kind is BlockerKind.CONTACT_HELD:
            self.add_people(blocker.customers)
        elif self.plan is not None:
            self.console.merge_with(
                self.plan.survivor, self.plan.start.proposal.accounts[0].number, self.add_one
            )

    def add_one(self, number: int) -> None:
        """Take one more customer into the merge."""
        self.add_people((number,))

    def action_open_customer(self) -> None:
        """Open whom the line is about; else the customer who would be absorbed."""
        concern, plan = self.choices.concern, self.plan
        if plan is None:
            return
        blocker = None if concern is None else concern.blocker
        about = concern.pair[1] if concern is not None and concern.pair else plan.ids[1]
        self._open(about if blocker is None else blocker.customers[0])

    def action_dismiss_pair(self) -> None:
        """Judge the pair to be two people; the form asks why."""
        concern, plan = self.choices.concern, self.plan
        pair = None if concern is None else concern.pair
        if plan is not None and pair is None and len(plan.ids) == words.FEWEST:
            pair = (plan.ids[0], plan.ids[1])
        if pair is None:
            self.status.tell(words.NO_PAIR)
            return
        self._judging = pair[1]
        values = {"customer": pair[0], "other": pair[1], "judgement": "dismiss"}
        about = Subject(label=words.number_list(pair), values=values, version=None)
        self.console.start(JUDGE, about=about, then=self._judged)

    def _judged(self, applied: "Applied | None") -> None:
        """Two people: the pair is no merge any more; of more customers that one leaves it."""
        if applied is None:
            return
        others = tuple(number for number in self.ids if number != self._judging)
        if len(others) < words.FEWEST:
            self.dismiss(None)
            self.console.call_later(self.console.show_new, applied)
        else:
            self.take(others)
