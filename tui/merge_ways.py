"""The ways to merging and back: marked customers, whom to merge with, the merge, and its undo."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.reactive import reactive

from tui import catalogue
from tui.interacting import InteractionWays
from tui.widgets.status import StatusLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from db.applied import Applied
    from db.diagnosis import Fix
    from db.queries.customer import CustomerView
    from tui.subject import Subject

MERGE = "merge-customers"
UNMERGE = "unmerge-customers"
FEWEST, MOST = 2, 8
MARK_FIRST = "Nobody is marked. m on a row marks a customer for merging."
MARK_MORE = "One customer is marked. m marks another one, then M merges them."
MOST_MARKED = "Eight are marked, and no more than that are merged at once. m takes a mark off."


def marked_words(numbers: Sequence[int]) -> str:
    """Count those that are marked; with two, say how to go on."""
    if not numbers:
        return ""
    return f"✚ {len(numbers)} marked" + (" · M merges them" if len(numbers) >= FEWEST else "")


class MergeWays(InteractionWays):
    """The console's part that merges; `marked` are the customers who are marked for it, in their order."""

    marked: "reactive[tuple[int, ...]]" = reactive(tuple[int, ...]())

    if TYPE_CHECKING:  # `Ways` has them

        def start(
            self,
            name: str,
            customer: CustomerView | None = None,
            values: dict[str, object] | None = None,
            *,
            about: Subject | None = None,
            then: Callable[[Applied | None], None] | None = None,
        ) -> None:
            """Open the screen of an operation."""

    def mark(self, customer_id: int) -> None:
        """Mark a customer for merging, or take the mark off."""
        if customer_id in self.marked:
            self.marked = tuple(number for number in self.marked if number != customer_id)
        elif len(self.marked) >= MOST:
            self.tell(MOST_MARKED)
        else:
            self.marked = (*self.marked, customer_id)

    def merge_marked(self) -> None:
        """Open the merge of those who are marked."""
        if len(self.marked) < FEWEST:
            self.tell(MARK_MORE if self.marked else MARK_FIRST)
        else:
            self.open_merge(self.marked)

    def may_merge(self, operation: str = MERGE) -> bool:
        """Whether this operator may; where not, say who may."""
        info = self.find_operation(operation)
        if info is None or info.is_allowed:
            return True
        for line in self.screen.query(StatusLine):
            line.fail(
                catalogue.looks_only(info.label)
                if info.is_read_only
                else catalogue.may_not(info.label, info.who_may)
            )
        return False

    def open_merge(
        self,
        ids: Sequence[int],
        survivor: int | None = None,
        *,
        then: "Callable[[Applied | None], None] | None" = None,
    ) -> None:
        """Open the merge of two to eight customers; `then` hears of it instead of landing on the survivor."""
        from tui.screens.merge import MergeScreen

        if not self.may_merge():
            return

        def merged(applied: "Applied | None") -> None:
            if applied is not None:
                self.marked = tuple(number for number in self.marked if number not in screen.ids)
            if then is not None:
                then(applied)
            elif applied is not None:
                self.land(applied)

        screen = MergeScreen(tuple(dict.fromkeys(ids)), survivor)
        self.push_screen(screen, merged)

    def merges(self, fix: "Fix", then: "Callable[[Applied | None], None]") -> bool:
        """Open the merge that a diagnosis proposes, filled in; False for any other fix."""
        from db.merging.people import parse_absorbed

        if fix.operation != MERGE or fix.customer_id is None:
            return False
        numbers = parse_absorbed(str(fix.values["absorbed"]), fix.customer_id)
        self.open_merge((fix.customer_id, *numbers), fix.customer_id, then=then)
        return True

    def land(self, applied: "Applied") -> None:
        """Show the customer that something was done to, and say what."""
        from tui.screens.customer import CustomerScreen

        screen = self.screen
        if isinstance(screen, CustomerScreen) and screen.customer_id == applied.customer_id:
            screen.came_back(applied)
        elif applied.customer_id is not None:
            self.push_screen(CustomerScreen(applied.customer_id, landed=applied))

    def merge_with(self, customer_id: int, name: str, then: "Callable[[int], None] | None" = None) -> None:
        """Ask whom to merge a customer with; `then` hears of it instead of opening the merge."""
        from tui.screens.merge_with import MergeWithScreen

        if not self.may_merge():
            return

        def chosen(answer: str | None) -> None:
            if answer is None:
                return
            numbers = [int(number) for number in answer.split()]
            if then is not None:
                then(numbers[0])
            else:
                self.open_merge((customer_id, *numbers))

        marked = tuple(number for number in self.marked if number != customer_id)
        self.push_screen(MergeWithScreen(customer_id, name, marked if then is None else ()), chosen)

    def take_back_merge(self, customer_id: int) -> None:
        """Undo the last merge that a customer took part in; what was changed since is asked one by one."""
        from tui.merge_undo import take_back

        if self.may_merge(UNMERGE):
            self.run_worker(take_back(self, customer_id), group="undo", exclusive=True)
