"""Home: the search box, and the customers that match while one types."""

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Static

from db.errors import LatchkeyError
from tui import catalogue, clipboard, home_words
from tui.actions import Place, at, bindings
from tui.delay import Delay
from tui.home_marks import HomeMarks
from tui.home_words import MOST_ROWS
from tui.messages import BoxLeft, HitChosen, HitHighlighted, QueryTyped
from tui.screens.base import PATIENCE_SECONDS
from tui.widgets.footer import KeyLine
from tui.widgets.preview import Preview
from tui.widgets.results import Results
from tui.widgets.search_box import SearchBox
from tui.widgets.start import Start

if TYPE_CHECKING:
    from db.search import SearchPage


class HomeScreen(HomeMarks):
    """In the box every printable key types; in the results letters act."""

    place: ClassVar[Place] = Place.BOX
    crumbs: ClassVar[tuple[str, ...]] = (catalogue.SEARCH,)
    BINDINGS = bindings(Place.BOX, Place.RESULTS)
    AUTO_FOCUS = "SearchBox"

    def __init__(self) -> None:
        super().__init__()
        self._answered = ""
        self._recorded = ""
        self._patience: Delay | None = None
        self._page: SearchPage | None = None

    def subject(self) -> ComposeResult:
        """The box with the count beside it, then the results and the preview."""
        with Horizontal(id="ask"):
            yield Static("┃", id="mark", markup=False)
            yield SearchBox()
            yield Static("", id="count", markup=False)
        yield Start()
        with Horizontal(id="found"):
            yield Results()
            yield Preview()

    def on_mount(self) -> None:
        """Begin with the hints."""
        self.query_one("#found").display = False
        self.watch(self.app, "operator", self._arrived, init=False)
        self.watch(self.app, "marked", self._marked, init=False)

    def _arrived(self) -> None:
        """It is known who works here; where something was typed by then, the first search has the way."""
        if not self.box.value:
            self.start.learn()

    @property
    def box(self) -> SearchBox:
        """The search box."""
        return self.query_one(SearchBox)

    @property
    def start(self) -> Start:
        """What stands there while nothing is searched for."""
        return self.query_one(Start)

    @property
    def here(self) -> Place:
        """Where keys go: into the box, or to the results."""
        return Place.BOX if self.focused is self.box else Place.RESULTS

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let only those keys act that belong to where the focus is."""
        ours = {found.method for found in at(Place.BOX) + at(Place.RESULTS)}
        return action not in ours or action in {found.method for found in at(self.here)}

    def on_descendant_focus(self, _event: events.DescendantFocus) -> None:
        """Show the keys of the place that was entered."""
        self.query_one(KeyLine).place = self.here

    def on_screen_resume(self) -> None:
        """Ask again after a customer was open: what is listed may have changed."""
        if self._answered:
            self._ask(self.box.value)
        else:
            self.start.learn()

    # ---- searching

    def on_query_typed(self, event: QueryTyped) -> None:
        """Ask for what is typed now."""
        self.status.clear()
        self._ask(event.query)

    def _ask(self, query: str) -> None:
        self._stop_waiting()
        if not query.strip():
            self.workers.cancel_group(self, "search")
            self._answered = ""
            self._page = None
            self._show_nobody()
            self.start.rest()
            return
        self._patience = Delay(self, PATIENCE_SECONDS, self._announce)
        self.run_worker(self._search(query), group="search", exclusive=True)

    async def _search(self, query: str) -> None:
        try:
            page = await self.bridge.find(query)
        except LatchkeyError as error:
            self._stop_waiting()
            self._count("")
            self.console.explain(self, error)
            return
        if page is None:
            return
        self._stop_waiting()
        self._answered = query
        self._page = page
        self._show(page)
        if page.deeper:
            await self._look_further(query, page)

    def _show(self, page: "SearchPage") -> None:
        if not page.hits:
            about = catalogue.NOBODY_YET if page.deeper else None
            self._show_nobody("0 found")
            self.start.say(home_words.nobody(page.query or self.box.value.strip(), about or page.notice))
            return
        self.start.display = False
        self.query_one("#found").display = True
        self.results.show(page.hits, note=home_words.note(page))
        self._count(page.counted)

    async def _look_further(self, query: str, page: "SearchPage") -> None:
        """Append what takes longer to find, while nothing else is typed."""
        further = await self.ask(self.bridge.find_more(query, shown=_ids(page)))
        if further is not None:
            self._append(page, further)

    def _append(self, page: "SearchPage", further: "SearchPage") -> None:
        """Put further rows below those that are there; the selected row stays selected."""
        whole = replace(further, hits=page.hits + further.hits, first=1, deeper=False)
        self._page = whole
        if page.hits and whole.hits:
            self.results.extend(further.hits, note=home_words.note(whole))
            self._count(whole.counted)
        else:
            self._show(whole)

    async def _next_page(self, page: "SearchPage") -> None:
        query = self._answered
        self._count(f"{page.counted} · {catalogue.FURTHER}")
        further = await self.ask(self.bridge.find(query, after=page.hits[-1].customer_id))
        if further is not None and self._page is page:
            self._append(page, further)
            if further.deeper and self._page is not None:
                await self._look_further(query, self._page)

    def _turn_page(self) -> None:
        """At the end of what is shown ask for what follows."""
        page = self._page
        if page is not None and page.more and len(page.hits) < MOST_ROWS and self.box.value == self._answered:
            self.run_worker(self._next_page(page), group="search", exclusive=True)

    def _show_nobody(self, count: str = "") -> None:
        self.results.show(())
        self.query_one("#found").display = self.here is Place.RESULTS
        self._count(count)

    def _announce(self) -> None:
        self._count(catalogue.SEARCHING)

    def _stop_waiting(self) -> None:
        if self._patience is not None:
            self._patience.stop()
            self._patience = None

    # ---- recording what was looked for (R2)

    def on_box_left(self, event: BoxLeft) -> None:
        """A search has settled when its box is left."""
        self._settle(event.query)

    def _settle(self, query: str) -> None:
        query = query.strip()
        if query and query != self._recorded and self._answered:
            self._recorded = query
            count = len(self.results.hits)
            self.call_after_refresh(
                lambda: self.run_worker(
                    self.ask(self.bridge.observe_search(query, shown=count)), group="record"
                )
            )

    # ---- keys

    def on_hit_highlighted(self, event: HitHighlighted) -> None:
        """Show beside the list what the row has no room for."""
        self.query_one(Preview).show(event.hit)
        if event.hit is not None and self.here is Place.RESULTS and event.hit == self.results.hits[-1]:
            self._turn_page()

    def on_end_reached(self) -> None:
        """Read on, for the wheel as for the arrows."""
        self._turn_page()

    def on_hit_chosen(self, event: HitChosen) -> None:
        """Open the customer."""
        self._settle(self.box.value)
        self.console.open_customer(event.hit.customer_id)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in the box opens the best hit, once the answer belongs to what is typed."""
        event.stop()
        hit = self.results.hit
        if hit is not None and self._answered == event.value:
            self.on_hit_chosen(HitChosen(hit))
        else:
            self.action_leave_box()

    def action_leave_box(self) -> None:
        """Go to the results, where letters act."""
        self.query_one("#found").display = True
        self.call_after_refresh(self.results.focus)

    def action_back(self) -> None:
        """From the results back into the box, to go on with what stands there."""
        self.status.clear()
        self.box.go_on()

    def focus_box(self) -> None:
        """Go into the box with its text selected: what is typed next is a new search."""
        self.status.clear()
        self.box.begin_anew()

    def action_search(self) -> None:
        """A new search."""
        self.focus_box()

    def action_clear(self) -> None:
        """Start anew."""
        self.box.value = ""

    def action_refresh(self) -> None:
        """Ask the same again."""
        self.status.clear()
        self.console.learn_rights()
        self._ask(self.box.value)

    def action_new(self) -> None:
        """Add a customer."""
        self.console.start("add-customer", then=self.console.show_new)

    @property
    def about_customer(self) -> int | None:
        """The selected customer, among the results."""
        hit = self.results.hit if self.here is Place.RESULTS else None
        return None if hit is None else hit.customer_id

    def action_diagnose(self) -> None:
        """Say why the selected customer cannot sign in; where none is, why nobody can with what is typed."""
        hit = self.results.hit if self.here is Place.RESULTS else None
        if hit is None:
            self.action_diagnose_typed()
        else:
            self._settle(self.box.value)
            self.console.diagnose(customer_id=hit.customer_id)

    def action_diagnose_typed(self) -> None:
        """Say why nobody signs in with exactly what stands in the box; ask where nothing does."""
        self.console.diagnose(identifier=self.box.value)

    def action_copy(self) -> None:
        """Copy the number of the selected customer."""
        hit = self.results.hit
        if hit is not None:
            self.status.tell(catalogue.copied(hit.number, clipboard.copy(self.app, hit.number)))


def _ids(page: "SearchPage") -> tuple[int, ...]:
    return tuple(hit.customer_id for hit in page.hits)
