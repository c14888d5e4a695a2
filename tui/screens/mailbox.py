"""The practice mailbox: what customers of the sandbox would have received, with their links."""

import re
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widgets import DataTable, Static

from tui import clipboard, portal_pages
from tui.actions import Place, bindings
from tui.drawn_text import cell
from tui.screens.base import ConsoleScreen
from tui.text import safe
from tui.widgets.table import Table

if TYPE_CHECKING:
    from db.delivery.folder import Mail
    from tui.trail import Again

WIDE = 110
LIST_WIDTH = 72
CELL_PADDING = 10
DATE = "date (UTC) "
REFERENCE = 12
PAGE = 200
"""Rows on the screen; older mails stay in their folder."""
LOOK_AGAIN_SECONDS = 1.0
CODE = re.compile(r"(?<![0-9])[0-9]{6,8}(?![0-9])")
"""As one-time codes are: six to eight digits that stand alone."""
WORDS = "The words of the message"
NOTHING = "There is no mail here to copy from."
EMPTY = (
    "No mail yet. Send a reset or activation to a customer (r), or let a customer ask for a code: it arrives"
    " within seconds. F5 reads again."
)


def letter(mail: "Mail") -> Content:
    """Return a mail as text, its links counted so that a key can copy them."""
    quiet = "$text-muted"
    parts: list[Content | str | tuple[str, str]] = [
        ("subject    ", quiet),
        (safe(mail.subject), "bold"),
        ("\nto         ", quiet),
        safe(mail.to),
        ("\nfrom       ", quiet),
        safe(mail.sender),
        ("\ndate       ", quiet),
        f"{mail.date:%Y-%m-%d %H:%M} UTC",
        ("\nreference  ", quiet),
        safe(mail.reference) or "none",
    ]
    for number, link in enumerate(mail.links[:9], 1):
        parts += [(f"\nlink {number}     ", quiet), (safe(link), "$accent")]
    return Content.assemble(*parts, "\n\n", safe(mail.text.strip(), limit=20_000, multiline=True))


class MailboxScreen(ConsoleScreen[None]):
    """Mails newest first, and the selected one in full. `y` copies its link or code, a number that link.

    Enter and `o` open its link as the customer would: on the customer's own pages, where they were left.
    """

    place = Place.MAILBOX
    crumbs = ("Practice mailbox",)
    BINDINGS = bindings(Place.MAILBOX)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]
    AUTO_FOCUS = None

    def __init__(self) -> None:
        super().__init__()
        self._mails: tuple[Mail, ...] = ()
        self._table = Table(id="mails")
        self._letter = Static("", id="letter", markup=False)
        self.is_settled = False

    @property
    def again(self) -> "Again | None":
        """The mailbox."""
        return MailboxScreen

    def subject(self) -> ComposeResult:
        """The list, and the mail beside or below it."""
        with Container(id="body"):
            yield self._table
            with VerticalScroll(id="paper", can_focus=False):
                yield self._letter

    def on_mount(self) -> None:
        """Read the folder."""
        room = LIST_WIDTH if self.size.width >= WIDE else self.size.width
        room -= CELL_PADDING + len(DATE) + REFERENCE
        widths = {DATE: len(DATE), "to": room // 2, "subject": room - room // 2, "reference": REFERENCE}
        for title, width in widths.items():
            self._table.name_column(title, width)
        self._table.focus()
        self.action_refresh()
        self.set_interval(LOOK_AGAIN_SECONDS, self.action_refresh)

    def action_refresh(self) -> None:
        """Read the folder again."""
        self.is_settled = False
        self.run_worker(self._read(), group="mails", exclusive=True)

    async def _read(self) -> None:
        mails = await self.ask(self.bridge.mails())
        if mails is not None and (mails[:PAGE] != self._mails or not mails):
            self._show(mails)
        self.is_settled = mails is not None

    def _show(self, mails: "tuple[Mail, ...]") -> None:
        """List the mails; the one under the cursor stays there while newer ones come in above it."""
        kept = self.mail
        self._mails = mails[:PAGE]
        self._table.clear()
        for mail in self._mails:
            subject = mail.subject.removesuffix(f"[{mail.reference}]").rstrip()
            cells = (f"{mail.date:%m-%d %H:%M}", mail.to, subject, mail.reference or "")
            self._table.put_row(*(cell(text) for text in cells))
        if kept in self._mails and self._mails.index(kept) != 0:
            self._table.move_cursor(row=self._mails.index(kept))
        if len(mails) > PAGE:
            self.status.tell(f"The newest {PAGE} of {len(mails)} mails.")
        self._tell()

    @property
    def mail(self) -> "Mail | None":
        """The mail under the cursor."""
        row = self._table.cursor_row
        return self._mails[row] if 0 <= row < len(self._mails) else None

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """Show the mail under the cursor."""
        event.stop()
        self._tell()

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """Enter opens the mail's link."""
        event.stop()
        self.action_open()

    def _tell(self) -> None:
        mail = self.mail
        shown = Content.assemble((EMPTY, "$text-muted")) if mail is None else letter(mail)
        if shown == self._letter.content:
            return
        self._letter.update(shown)
        self.query_one("#paper").scroll_home(animate=False)

    def action_open(self) -> None:
        """Open its link; the mail itself is open already, so that one without a link scrolls."""
        if not self._follow():
            self.query_one("#paper").scroll_page_down(animate=False)

    def action_open_link(self) -> None:
        """Open its link."""
        if not self._follow():
            self.status.tell(portal_pages.NO_LINK)

    def _follow(self) -> bool:
        """Go where the mail leads: back to the customer's pages where those are below, else on top."""
        from tui.portal import link_among
        from tui.screens.portal import PortalScreen

        link = None if self.mail is None else link_among(self.mail.links)
        if link is None:
            return False
        below = self.app.screen_stack[-2]
        if isinstance(below, PortalScreen):
            self.dismiss(None)
            below.follow(link)
        else:
            self.console.open_portal(link)
        return True

    def action_copy(self) -> None:
        """Send to the terminal what is typed on: the first link, or the code, or else the words."""
        mail = self.mail
        if mail is None:
            self.status.tell(NOTHING)
        elif mail.links:
            self.action_copy_link("1")
        else:
            code = CODE.search(mail.text)
            what, value = (f"Code {code[0]}", code[0]) if code else (WORDS, mail.text.strip())
            self.status.tell(f"{what}: {clipboard.copy(self.app, value)}")

    def action_copy_link(self, key: str) -> None:
        """Send the link of that number to the terminal."""
        mail, number = self.mail, int(key)
        if mail is None or number > len(mail.links):
            self.status.tell("This mail has no such link.")
            return
        self.status.tell(f"Link {number}: {clipboard.copy(self.app, mail.links[number - 1])}")
