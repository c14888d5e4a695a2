"""The customer's own sign-in, for practice: the pages that a customer sees, on the real sign-in module."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, VerticalScroll
from textual.widgets import Button, Input, Static

from db.gate import Claim
from db.models import LinkPurpose
from db.rules.identifiers import format_customer_number
from db.signin import Answer, Need, Step
from db.steps import LINK_OVER
from tui import catalogue
from tui import portal_pages as pages
from tui.actions import Place, bindings
from tui.drawn_text import content
from tui.portal import Portal
from tui.portal_pages import Page
from tui.screens.base import ConsoleScreen
from tui.widgets.guarded_input import Shortened
from tui.widgets.portal_page import PortalPage

BY_NEED: Final = {
    Need.IDENTIFIER: pages.IDENTIFIER,
    Need.PASSWORD: pages.PASSWORD,
    Need.CODE: pages.CODE,
}
BY_PURPOSE: Final = {
    LinkPurpose.RESET: pages.NEW_PASSWORD,
    LinkPurpose.ACTIVATION: pages.ACTIVATION,
    LinkPurpose.CONFIRM: pages.CONFIRM,
}


class PortalScreen(ConsoleScreen[None]):
    """One page after the other, as the door asks for it; with a `link` it begins where that leads.

    What the door answers is shown word for word. Tokens, sessions and secrets live here only while the
    screen does; another page, or leaving, empties every password. `identifier` stands in the first box.
    """

    place: ClassVar[Place] = Place.PORTAL
    crumbs: ClassVar[tuple[str, ...]] = (pages.TITLE,)
    BINDINGS = [
        *bindings(Place.PORTAL),
        Binding("up", "app.focus_previous", "previous", show=False),
    ]
    AUTO_FOCUS = None

    def __init__(self, link: str = "", *, identifier: str = "") -> None:
        super().__init__()
        self._link = link
        self._identifier = identifier
        self._page = PortalPage()
        self._host = ""
        self._token = ""
        self._session = ""
        self._secret = ""
        self._purpose = LinkPurpose.RESET
        self._is_busy = False
        self.is_settled = False

    def subject(self) -> ComposeResult:
        """A line that says whose view it is, and the page in the middle."""
        yield Static(content(pages.NOTICE), id="notice", markup=False)
        with Container(id="middle"), VerticalScroll(id="window", can_focus=False):
            yield self._page

    @property
    def page(self) -> Page:
        """What is asked for now."""
        return self._page.page

    def on_mount(self) -> None:
        """Make the portal, then begin."""
        self._portal = Portal(self.bridge)
        self._do(self._begin_here)

    async def _begin_here(self) -> None:
        self._host = await self._portal.host()
        await (self._open_link() if self._link else self._turn(pages.IDENTIFIER))
        if self._identifier and not self._link:
            self._page.fill("identifier", self._identifier)

    def follow(self, link: str) -> None:
        """Go where a link from a mail leads; whoever is signed in stays so."""
        self._link = link
        self._do(self._open_link)

    def on_screen_resume(self) -> None:
        """Meanwhile a session may have been ended by what was done at the console."""
        if self.is_settled and self.page is pages.SIGNED_IN:
            self._do(self._home)

    # ---- what is pressed

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes to the next box, and from the last one on."""
        event.stop()
        if not self._page.enter_next(event.input):
            self._chosen("go")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """One of the choices."""
        event.stop()
        self._chosen(event.button.name or "")

    def on_shortened(self, event: Shortened) -> None:
        """Say what a paste lost."""
        event.stop()
        self.status.tell(event.sentence)

    def _chosen(self, name: str) -> None:
        choices: dict[str, Callable[[], Awaitable[None]]] = {
            "start": self._start,
            "home": self._home,
            "to-claim": lambda: self._turn(pages.CLAIM),
            "resend": lambda: self._stepped(self._portal.resend(self._token)),
            "use-email": lambda: self._stepped(self._portal.use_email_instead(self._token)),
            "sign-out": self._sign_out,
        }
        going: dict[str, Callable[[], Awaitable[None]]] = {
            "identifier": self._identify,
            "password": self._enter_password,
            "code": self._enter_code,
            "new-password": self._set_password,
            "confirm": self._confirm,
            "claim": self._claim,
        }
        if name == "go" and self.page.boxes and not self._page.is_filled:
            self._page.say(pages.TYPE_FIRST, has_failed=True)
            return
        self._do(going[self.page.name] if name == "go" else choices[name])

    def _do(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do one thing at a time: what is pressed meanwhile was meant for the page before."""
        if not self._is_busy:
            self._is_busy, self.is_settled = True, False
            self.run_worker(self._done(work), group="portal")

    async def _done(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            with self.patience(lambda: self._page.say(pages.WAITING)):
                await self.ask(work())
        finally:
            self._is_busy = False
        if self._page.sentence == pages.WAITING:
            self._page.say("")
        self.is_settled = True

    # ---- signing in

    async def _start(self) -> None:
        self._token = ""
        await self._turn(pages.IDENTIFIER)

    async def _identify(self) -> None:
        await self._stepped(self._portal.begin(self._page.value("identifier")))

    async def _enter_password(self) -> None:
        await self._stepped(self._portal.enter_password(self._token, self._page.value("password")))

    async def _enter_code(self) -> None:
        await self._stepped(self._portal.enter_code(self._token, self._page.value("code")))

    async def _stepped(self, asked: Awaitable[Step]) -> None:
        """Show what the door asks for next, with its own sentence."""
        step = await asked
        self._token = step.token
        if step.needs is Need.NOTHING:
            self._session = step.session
            await self._home()
        else:
            await self._turn(BY_NEED[step.needs], step.sentence, has_failed=step.has_failed)

    async def _home(self) -> None:
        """The account of whoever is signed in, else the first page."""
        if not self._session:
            await self._start()
            return
        found = await self._portal.session(self._session)
        if found is None:
            self._session = ""
            await self._turn(pages.IDENTIFIER, pages.SESSION_OVER)
            return
        until = catalogue.when(found.expires_at, self.console.now())
        number = format_customer_number(found.customer_id)
        await self._turn(pages.SIGNED_IN, f"Customer {number}, until {until} unless you sign out.")

    async def _sign_out(self) -> None:
        await self._portal.sign_out(self._session)
        self._session = ""
        await self._turn(pages.IDENTIFIER, pages.SIGNED_OUT)

    # ---- links

    async def _open_link(self) -> None:
        link, self._link = self._link, ""
        read = await self._portal.read_link(link)
        if read is None:
            await self._turn(pages.SAID, pages.OTHER_HOST, has_failed=True)
            return
        self._purpose, self._secret = read
        answer = await self._portal.open_link(self._secret, self._purpose)
        if answer.is_done:
            await self._turn(BY_PURPOSE[self._purpose], answer.sentence)
        else:
            await self._turn(pages.SAID, answer.sentence, has_failed=True)

    async def _set_password(self) -> None:
        password = self._page.value("password")
        if password != self._page.value("repeated"):
            self._page.say(pages.NOT_THE_SAME, has_failed=True)
            return
        answer = await self._portal.set_password(self._secret, self._purpose, password)
        if answer.is_done or answer.sentence == LINK_OVER:
            await self._ended(answer)
        else:  # against the rules: the link works on (R24)
            await self._turn(self.page, answer.sentence, has_failed=True)

    async def _confirm(self) -> None:
        await self._ended(await self._portal.confirm(self._secret))

    async def _claim(self) -> None:
        given = {box.name: self._page.value(box.name).strip() for box in pages.CLAIM.boxes}
        born = given.pop("birth_date")
        try:
            birth_date = date.fromisoformat(born) if born else None
        except ValueError:
            self._page.say(pages.NO_DATE, has_failed=True)
            return
        await self._ended(await self._portal.claim(Claim(birth_date=birth_date, **given)))

    async def _ended(self, answer: Answer) -> None:
        """Show the answer to something that is over now."""
        self._secret = ""
        await self._turn(pages.SAID, answer.sentence, has_failed=not answer.is_done)

    async def _turn(self, page: Page, sentence: str = "", *, has_failed: bool = False) -> None:
        await self._page.turn(page, f"{self._host}{page.path}", sentence, has_failed=has_failed)

    # ---- keys

    def action_continue(self) -> None:
        """What enter does where nothing has the focus."""
        if self.page.choices:
            self._chosen(self.page.choices[0].name)

    def action_next_choice(self) -> None:
        """Move down."""
        self.focus_next()

    def action_refresh(self) -> None:
        """Look again whether the session goes on."""
        self.status.clear()
        if self.page in (pages.SIGNED_IN, pages.OPENING):
            self._do(self._home if self._host else self._begin_here)

    def action_back(self) -> None:
        """Leave; with a question where something is typed."""
        from tui.widgets.dialog import discard

        if self._page.is_filled:
            self.app.push_screen(discard(), self._discarded)
        else:
            self.dismiss(None)

    def _discarded(self, answer: bool | None) -> None:
        if answer:
            self.dismiss(None)

    def on_unmount(self) -> None:
        """Keep nothing that was typed or given."""
        self._page.forget()
        self._token = self._session = self._secret = self._link = ""
