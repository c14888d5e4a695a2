"""One page of the customer's own sign-in: address, title, sentence, boxes and choices."""

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Input, Static

from tui import portal_pages as pages
from tui.portal_pages import Box, Page
from tui.text import safe
from tui.widgets.choice import ChoiceButton
from tui.widgets.guarded_input import GuardedInput
from tui.widgets.secret_input import SecretInput


class PortalPage(Vertical):
    """Shows one page at a time; turning to the next empties what was typed, passwords before anything."""

    def __init__(self) -> None:
        super().__init__()
        self.page: Page = pages.OPENING
        self.sentence = ""
        self._inputs: dict[str, Input] = {}
        self._address = Static("", id="address", markup=False)
        self._title = Static("", id="title", markup=False)
        self._about = Static("", id="about", markup=False)
        self._sentence = Static("", id="sentence", markup=False)

    def compose(self) -> ComposeResult:
        """The lines that every page has; boxes and choices come with `turn`."""
        yield self._address
        yield self._title
        yield self._about
        yield self._sentence
        yield Vertical(id="asked")

    async def turn(self, page: Page, address: str, sentence: str, *, has_failed: bool) -> None:
        """Show a page; the same one again keeps its boxes, emptied, where they are."""
        self.forget()
        if page is not self.page:
            self.page = page
            self._address.update(Content(safe(address)))
            await self._ask_for(page)
        for line, text in ((self._title, page.title), (self._about, page.about)):
            line.update(Content(text))
            line.display = bool(text)
        self._address.display = bool(page.path)
        self.say(sentence, has_failed=has_failed)
        self._focus_first()

    async def _ask_for(self, page: Page) -> None:
        asked = self.query_one("#asked")
        await asked.remove_children()
        self._inputs = {box.name: _input(box) for box in page.boxes}
        lines = [
            Horizontal(Static(Content(box.label), classes="label"), self._inputs[box.name], classes="line")
            for box in page.boxes
        ]
        buttons = [
            ChoiceButton(Content(choice.label), name=choice.name, compact=True, classes="choice")
            for choice in page.choices
        ]
        for first in buttons[:1]:
            first.add_class("first")
        await asked.mount(*lines, *buttons)

    def say(self, sentence: str, *, has_failed: bool = False) -> None:
        """Show a sentence as the customer gets it; whether it is a failure does not hang on its colour."""
        self.sentence = sentence
        sign, tone = ("✗ ", "$text-error") if has_failed else ("", "$text")
        self._sentence.update(Content.assemble((sign, f"bold {tone}"), (safe(sentence), tone)))
        self._sentence.display = bool(sentence)

    def fill(self, name: str, value: str) -> None:
        """Put something into a box, as if it had been typed."""
        box = self.query_one(f"#{name}", Input)
        box.value = value[: box.max_length]
        box.cursor_position = len(box.value)

    def value(self, name: str) -> str:
        """What is typed in a box."""
        return self._inputs[name].value

    @property
    def is_filled(self) -> bool:
        """Whether anything is typed."""
        return any(box.value.strip() for box in self._inputs.values())

    def enter_next(self, box: Input) -> bool:
        """Go to the box below; False where that was the last one."""
        boxes = list(self._inputs.values())
        after = boxes[boxes.index(box) + 1 :] if box in boxes else []
        if after:
            after[0].focus()
        return bool(after)

    def forget(self) -> None:
        """Empty every box."""
        for box in self._inputs.values():
            box.value = ""

    def _focus_first(self) -> None:
        first = next(iter(self._inputs.values()), None)
        if first is not None:
            first.focus()
        else:
            for button in self.query(Button):
                button.focus()
                return


def _input(box: Box) -> Input:
    if box.is_secret:
        return SecretInput(maximum=box.maximum, id=box.name)
    return GuardedInput(placeholder=box.hint, maximum=box.maximum, id=box.name)
