"""The ways to interactions and playbooks, and which interaction everything is recorded with."""

from functools import partial
from typing import TYPE_CHECKING, Any

from textual.reactive import reactive
from textual.screen import Screen

from db.errors import LatchkeyError
from tui import offers
from tui import procedure_words as words
from tui.insight_ways import InsightWays
from tui.procedures import Procedures
from tui.widgets.status import StatusLine

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from db.applied import Applied
    from db.playbooks.library import Kept
    from db.queries.customer import CustomerView
    from db.queries.interactions import InteractionRow
    from db.queries.walks import WalkBrief
    from tui.bridge import OperationInfo

    Chosen = Callable[[str | None], None]

START = "start-interaction"
CLOSE = "close-interaction"


class InteractionWays(InsightWays):
    """The console's part that starts, takes up and closes interactions, and walks playbooks in them."""

    interaction: "reactive[InteractionRow | None]" = reactive(None)
    now: "Callable[[], datetime]"
    is_read_only: reactive[bool]
    _was_offered = False

    if TYPE_CHECKING:  # `Ways` has them

        def explain(self, screen: Screen[Any], error: LatchkeyError) -> None:
            """Show an error's own sentence."""

        def find_operation(self, name: str) -> OperationInfo | None:
            """Return what is known of an operation."""

        def tell(self, sentence: str) -> None:
            """Say something."""

        def show_new(self, applied: Applied | None) -> None:
            """Say what was done."""

    @property
    def procedures(self) -> Procedures:
        """The way to what is asked here."""
        return Procedures(self.bridge)

    # ---- which interaction it is

    def take_up(self, row: "InteractionRow | None") -> None:
        """Record everything with this interaction from now on; with none where there is none."""
        self.bridge.interaction = None if row is None else row.id
        self.interaction = row

    async def learn_interactions(self) -> None:
        """Drop an interaction that was closed elsewhere; at the start offer what was left open."""
        rows = await self.procedures.own_open()
        number = self.bridge.interaction
        if number is not None:
            self.take_up(next((row for row in rows if row.id == number), None))
        elif rows and not self._was_offered and not self.is_read_only:
            self.tell(words.still_open(rows, self.now()))
        self._was_offered = True

    def heard(self, applied: "Applied") -> None:
        """Follow what was done to interactions, wherever it was started; the bridge tells of it."""
        if applied.operation not in (START, CLOSE):
            return
        number = next(
            int(change.row) for change in applied.changes if change.field.startswith("interaction.")
        )
        if applied.operation == START:
            self.bridge.interaction = number
        elif self.bridge.interaction == number:
            self.take_up(None)
        self.run_worker(self._follow(self.screen), group="interaction")

    async def _follow(self, screen: Screen[Any]) -> None:
        try:
            await self.learn_interactions()
        except LatchkeyError as error:
            self.explain(screen, error)

    def interaction_lost(self) -> None:
        """It was closed from somewhere else: say that nothing is recorded with it any more."""
        row = self.interaction
        self.take_up(None)
        for line in self.screen.query(StatusLine):
            line.fail(words.lost(row))

    async def action_quit(self) -> None:
        """End the session; what stays open is said."""
        self.exit(message=self.left_open or None)

    @property
    def left_open(self) -> str:
        """What to say on leaving of an interaction that stays open."""
        return "" if self.interaction is None else words.left_open(self.interaction)

    # ---- i

    def open_interaction(self, customer: "CustomerView | None" = None) -> None:
        """Start an interaction, or show the open ones to close or go on with."""
        self.run_worker(self._open_interaction(self.screen, customer), group="ways", exclusive=True)

    async def _open_interaction(self, screen: Screen[Any], customer: "CustomerView | None") -> None:
        try:
            rows = await self.procedures.own_open()
        except LatchkeyError as error:
            self.explain(screen, error)
            return
        if self.screen is not screen:
            return
        if not rows:
            self.start_interaction(customer)
            return
        current = next((row for row in rows if row.id == self.bridge.interaction), None)
        title = words.YOUR_OPEN if current is None else words.badge(current, self.now())
        known = {row.id: row for row in rows}

        def chosen(choice: str | None) -> None:
            what, _, number = (choice or "").partition(" ")
            if what == "start":
                self.start_interaction(customer)
            elif what == "take":
                self.take_up(known[int(number)])
                self.tell(words.taken_up(known[int(number)]))
            elif what == "close":
                self.run_worker(self._close(screen, known[int(number)]), group="ways")

        self._menu(title, self._interaction_offers(rows, current), chosen)

    def _interaction_offers(
        self, rows: "tuple[InteractionRow, ...]", current: "InteractionRow | None"
    ) -> list[offers.Offer]:
        found = []
        for row in sorted(rows, key=lambda row: row is not current):
            name, about = words.named(row.channel, row.id), words.told(row, self.now())
            if row is not current:
                found.append(offers.Offer(id=f"take {row.id}", label=f"Go on with {name}", help=about))
            command = f"latchkey interaction close {row.id}"
            found.append(
                offers.Offer(id=f"close {row.id}", label=f"Close {name}", help=about, command=command)
            )
        return [*found, offers.Offer(id="start", label=words.START_ANOTHER, help=words.START_HELP)]

    def start_interaction(
        self, customer: "CustomerView | None", then: "Callable[[], None] | None" = None
    ) -> None:
        """Open the form of a new interaction; the customer on the screen is filled in."""
        screen_heard = getattr(self.screen, "came_back", self.show_new)

        def came_back(applied: "Applied | None") -> None:
            screen_heard(applied)
            if applied is not None and then is not None:
                then()

        self.start(START, customer, {"channel": "phone", "reason": words.CONTACT}, then=came_back)

    async def _close(self, screen: Screen[Any], row: "InteractionRow") -> None:
        try:
            await self.procedures.close(row.id)
        except LatchkeyError as error:
            self.explain(screen, error)
            return
        refresh = getattr(screen, "action_refresh", None)
        if refresh is not None:
            refresh()  # what is shown of the interaction has changed
        for line in screen.query(StatusLine):
            line.done(words.closed(row))

    # ---- p

    def open_playbooks(self, customer: "CustomerView | None" = None) -> None:
        """Choose a playbook to walk; without an interaction offer to start one first."""
        info = self.find_operation(START)
        if info is not None and not info.is_allowed:
            self.start_interaction(customer)  # which says who may
            return
        self.run_worker(self._open_playbooks(self.screen, customer), group="ways", exclusive=True)

    async def _open_playbooks(self, screen: Screen[Any], customer: "CustomerView | None") -> None:
        number = self.bridge.interaction
        try:
            if number is None:
                rows = await self.procedures.own_open()
            else:
                kept = await self.procedures.playbooks(with_retired=False)
                walks = {walk.playbook_id: walk for walk in await self.procedures.walks_in(number)}
        except LatchkeyError as error:
            self.explain(screen, error)
            return
        if self.screen is not screen:
            return
        if number is None:
            self._interaction_first(rows, customer)
        else:
            chosen = partial(self._chosen, screen, walks, number, customer)
            self._menu(words.PLAYBOOK, _playbook_offers(kept, walks), chosen, empty=words.NO_PLAYBOOK)

    def _interaction_first(self, rows: "tuple[InteractionRow, ...]", customer: "CustomerView | None") -> None:
        again = partial(self.open_playbooks, customer)
        known = {f"take {row.id}": row for row in rows}
        found = [offers.Offer(id="start", label=words.START, help=words.START_HELP)]
        found += [
            offers.Offer(
                id=choice,
                label=f"Go on with {words.named(row.channel, row.id)}",
                help=words.told(row, self.now()),
            )
            for choice, row in known.items()
        ]

        def chosen(choice: str | None) -> None:
            if choice == "start":
                self.start_interaction(customer, again)
            elif choice is not None:
                self.take_up(known[choice])
                again()

        self._menu(words.NEEDS_INTERACTION, found, chosen)

    def _chosen(
        self,
        screen: Screen[Any],
        walks: "dict[str, WalkBrief]",
        interaction: int,
        customer: "CustomerView | None",
        name: str | None,
    ) -> None:
        about = None if customer is None else customer.id
        if name is None:
            return
        if name in walks:
            self.open_walk(walks[name].id, about)
        else:
            self.run_worker(self._begin(screen, name, interaction, about), group="ways", exclusive=True)

    async def _begin(self, screen: Screen[Any], name: str, interaction: int, about: int | None) -> None:
        try:
            number = await self.procedures.begin(name, interaction, about)
        except LatchkeyError as error:
            self.explain(screen, error)
            return
        if self.screen is screen:
            self.open_walk(number, about)

    def open_walk(self, number: int, customer_id: int | None = None) -> None:
        """Show a walk: one's own to carry on, another's to read."""
        from tui.screens.walk import WalkScreen

        self._open(WalkScreen(number, customer_id))

    def open_playbook_list(self) -> None:
        """Show the playbooks with their sources."""
        from tui.screens.playbooks import PlaybooksScreen

        self._open(PlaybooksScreen())

    def open_typos(self) -> None:
        """Show the typo table."""
        from tui.screens.typos import TyposScreen

        self._open(TyposScreen())

    def _menu(self, title: str, found: "list[offers.Offer]", chosen: "Chosen", *, empty: str = "") -> None:
        from tui.screens.menu import MenuScreen

        self.push_screen(MenuScreen(title, found, empty=empty), chosen)


def _playbook_offers(kept: "tuple[Kept, ...]", walks: "dict[str, WalkBrief]") -> list[offers.Offer]:
    """Offer each with where it was left; what goes on comes first, all else keeps its place."""
    going_on = {name for name, walk in walks.items() if walk.is_open}
    found = sorted(kept, key=lambda each: each.playbook.id not in going_on)
    return [
        offers.Offer(
            id=each.playbook.id,
            label=each.playbook.title,
            help=f"{each.playbook.procedure} · {each.playbook.title}. {each.playbook.about}".strip(),
            note=words.how_far(walks[each.playbook.id]) if each.playbook.id in walks else "",
        )
        for each in found
    ]
