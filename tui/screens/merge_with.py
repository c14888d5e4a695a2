"""Asks whom to merge a customer with: one who looks like the same person, or anybody who is found."""

from typing import Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static

from db.errors import LatchkeyError
from tui import catalogue
from tui import merge_words as words
from tui.bridge import Bridge
from tui.delay import Delay
from tui.merge_concerns import signed
from tui.merging import Merging
from tui.offers import Offer
from tui.screens.menu import PaletteScreen
from tui.text import safe
from tui.tied import tied
from tui.widgets.guarded_input import GuardedInput
from tui.widgets.options import Options

REST_SECONDS: Final = 0.12
MOST_FOUND: Final = 8


class MergeWithScreen(PaletteScreen):
    """Dismissed with the number that was chosen, or with several that were marked."""

    def __init__(self, customer_id: int, name: str, marked: tuple[int, ...] = ()) -> None:
        super().__init__(())
        self._title = f"{words.MERGE_WITH} {name}"
        self._empty = catalogue.LOADING
        self._customer_id = customer_id
        self._marked = marked
        self._first: tuple[Offer, ...] = ()
        self._asked = 0
        self._rest: Delay | None = None

    def compose(self) -> ComposeResult:
        """A title, the box, the list, and why the selected one."""
        with Vertical(id="menu"):
            yield Static(Content(safe(self._title)), id="title", markup=False)
            yield GuardedInput(placeholder=words.MERGE_WITH_BOX, maximum=80)
            yield Options()
            yield Static("", id="about", markup=False)

    @property
    def bridge(self) -> Bridge:
        """The way to the database."""
        found = getattr(self.app, "bridge", None)
        assert isinstance(found, Bridge)
        return found

    def on_mount(self) -> None:
        """Offer the marked ones and the candidates."""
        super().on_mount()
        self.run_worker(tied(self, self._propose()), group="offers", exclusive=True)

    async def _propose(self) -> None:
        try:
            found = await Merging(self.bridge).candidates(self._customer_id)
        except LatchkeyError as error:
            self._say(error.sentence)
            return
        proposed = tuple(
            Offer(
                id=str(each.customer_id),
                label=words.candidate_line(each),
                help=f"{signed(each.score.weight)} bits: {each.score.line}",
            )
            for each in found
        )
        self._first = (*self._of_marked(), *proposed)
        if not self.query_one(Input).value.strip():
            self._offer(self._first, words.NO_CANDIDATE)

    def _of_marked(self) -> tuple[Offer, ...]:
        if not self._marked:
            return ()
        numbers = " ".join(map(str, self._marked))
        return (
            Offer(id=numbers, label=f"✚ marked: {words.number_list(self._marked)}", help=words.MARKED_HELP),
        )

    def _offer(self, found: tuple[Offer, ...], empty: str) -> None:
        self._offers, self._empty = found, empty
        self.offer(found)

    def _say(self, sentence: str) -> None:
        self._offer((), safe(sentence))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Look for what is typed, once the fingers rest; an empty box offers the candidates."""
        event.stop()
        self._asked += 1
        if self._rest is not None:
            self._rest.stop()
        query = event.value.strip()
        if query:
            number = self._asked
            self._rest = Delay(
                self,
                REST_SECONDS,
                lambda: self.run_worker(
                    tied(self, self._find(query, number)), group="offers", exclusive=True
                ),
            )
        elif self._first:
            self._offer(self._first, words.NO_CANDIDATE)

    async def _find(self, query: str, number: int) -> None:
        try:
            page = await self.bridge.find(query, limit=MOST_FOUND)
        except LatchkeyError as error:
            self._say(error.sentence)
            return
        if page is None or number != self._asked:
            return
        found = tuple(
            Offer(
                id=str(hit.customer_id),
                label=f"{hit.number}  {hit.name} · {hit.status} · {catalogue.place(hit.city, hit.state)}",
                help=" · ".join(hit.why),
            )
            for hit in page.hits
            if hit.customer_id != self._customer_id
        )
        self._offer(found, catalogue.nobody(query))

    def on_input_submitted(self) -> None:
        """Enter takes the selected one, where there is one."""
        if self.query_one(OptionList).option_count:
            super().on_input_submitted()
