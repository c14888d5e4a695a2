"""The mails that customers get, filled with made-up values."""

from collections.abc import Iterable, Sequence

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from db.delivery.preview import MailPreview
from tui import catalogue, clipboard
from tui.actions import Place, bindings
from tui.screens.listing import ListScreen
from tui.text import safe
from tui.widgets.diff import Line


class TemplatesScreen(ListScreen[MailPreview]):
    """One row a kind of mail; its text stands beside or below."""

    place = Place.TEMPLATES
    crumbs = (catalogue.TEMPLATES,)
    BINDINGS = bindings(Place.TEMPLATES)
    columns = (("mail", 21), ("subject", 0))

    def __init__(self) -> None:
        super().__init__()
        self._letter = Static("", id="letter", markup=False)

    def paper(self) -> ComposeResult:
        """The mail itself."""
        yield self._letter

    async def fetch(self) -> Sequence[MailPreview]:
        """Fill every template."""
        return await self.oversight.templates()

    def key_of(self, item: MailPreview) -> str:
        """The kind."""
        return item.kind

    def cells(self, item: MailPreview) -> Iterable[str]:
        """What it is for, and its subject."""
        subject = f"✗ {item.problem}" if item.problem else item.subject
        return catalogue.MESSAGE_KINDS.get(item.kind, item.kind), subject

    def about(self, item: MailPreview) -> Iterable[Line]:
        """The mail as lines, for a copy."""
        yield Line("subject", after=item.subject)
        yield Line("text", after=item.text)

    def _tell(self) -> None:
        super()._tell()
        if self.item is not None:
            self._letter.update(letter(self.item))

    def summary(self) -> Content:
        """Where these come from."""
        return Content(catalogue.TEMPLATES_ABOUT)

    def action_copy(self) -> None:
        """Send the mail's text to the terminal."""
        text = "" if self.item is None else self.item.text
        self.status.tell(clipboard.copy(self.app, text))


def letter(mail: MailPreview) -> Content:
    """Return a mail as it would arrive."""
    quiet = "$text-muted"
    if mail.problem:
        return Content.assemble((f"✗ {safe(mail.problem)}", "$text-error"))
    return Content.assemble(
        ("subject  ", quiet),
        (safe(mail.subject), "bold"),
        ("\nfrom     ", quiet),
        safe(mail.sender),
        ("\nto       ", quiet),
        safe(mail.recipient),
        "\n\n",
        safe(mail.text, limit=20_000, multiline=True),
    )
