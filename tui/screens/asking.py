"""Asks what is to be found out: what a customer typed or claimed, or the mail that they forwarded."""

from dataclasses import replace
from datetime import date
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static, TextArea

from db.diagnosis import Question
from db.gate import Claim
from db.operations.forms import FieldInfo
from tui import catalogue
from tui import insight_words as words
from tui.actions import Place, bindings
from tui.insight import Insight
from tui.screens.base import ConsoleScreen
from tui.widgets.dialog import discard
from tui.widgets.form import Form
from tui.widgets.guarded_input import Shortened
from tui.widgets.guarded_text_area import GuardedTextArea

MOST_CHARACTERS: Final = 65_536
"""Of a pasted mail: 64 KB of plain letters, which no text of a mail comes near to without attachments."""
_FIELD: Final = FieldInfo(
    name="identifier",
    title="Typed",
    help="",
    required=False,
    type="text",
    kind=None,
    options=(),
    default=None,
    max_length=320,
)
_CLAIM: Final = (
    replace(_FIELD, name="given_name", title="Given name", max_length=100),
    replace(_FIELD, name="family_name", title="Family name", max_length=100),
    replace(_FIELD, name="birth_date", title="Birth date", type="date"),
    replace(_FIELD, name="postcode", title="Postcode", max_length=20),
    replace(_FIELD, name="email", title="Email"),
    replace(_FIELD, name="phone", title="Phone", max_length=40),
)
_NOT_A_DATE: Final = "Give the birth date as year-month-day, for example 1980-05-17."


class Asking:
    """What both questions share: typed work is not thrown away before it was answered."""

    is_unanswered = False

    def leave(self, screen: ConsoleScreen[None]) -> None:
        """Go back, with a question where something was typed and nothing asked."""

        def answered(yes: bool | None) -> None:
            if yes:
                screen.dismiss()

        if self.is_unanswered:
            screen.app.push_screen(discard(), answered)
        else:
            screen.dismiss()


class AskDiagnosisScreen(Asking, ConsoleScreen[None]):
    """One field for what was typed to sign in; below it the form of a claim."""

    place: ClassVar[Place] = Place.ASKING
    crumbs = (words.DIAGNOSE,)
    BINDINGS = bindings(Place.ASKING)
    AUTO_FOCUS = None

    def __init__(self) -> None:
        super().__init__()
        self._typed = Form([_FIELD], values={}, hints={}, id="typed")
        self._claim = Form(_CLAIM, values={}, hints={}, id="claim")

    def subject(self) -> ComposeResult:
        """The two ways to ask."""
        with VerticalScroll(id="asked", can_focus=False):
            yield Static(words.TYPED_TITLE, classes="title", markup=False)
            yield self._typed
            yield Static(words.CLAIM_TITLE, classes="title", markup=False)
            yield self._claim

    def on_mount(self) -> None:
        """Begin with what was typed."""
        self._typed.go_to("identifier")

    @property
    def _identifier(self) -> str:
        """Exactly as typed."""
        field = self._typed.find("identifier")
        return "" if field is None else field.text

    def on_form_edited(self) -> None:
        """It is to be asked anew."""
        self.is_unanswered = True
        self.status.clear()

    def on_form_completed(self) -> None:
        """Enter at the end asks; in the empty first field it goes on to the claim."""
        field = self._typed.find("identifier")
        if field is not None and field.control.has_focus and not field.text.strip():
            self._claim.go_to("given_name")
        else:
            self.action_save()

    def action_save(self) -> None:
        """Diagnose."""
        is_typed, claimed = bool(self._identifier.strip()), self._claim.values
        self._claim.clear_problems()
        if is_typed and claimed:
            self.status.fail(words.GIVE_ONLY_ONE)
        elif is_typed:
            self._ask(Question(identifier=self._identifier))
        elif not claimed:
            self.status.tell(words.GIVE_ONE)
        else:
            self._ask_claim({name: str(value) for name, value in claimed.items()})

    def _ask_claim(self, given: dict[str, str]) -> None:
        try:
            born = date.fromisoformat(given["birth_date"]) if "birth_date" in given else None
        except ValueError:
            field = self._claim.find("birth_date")
            if field is not None:
                field.show_problem(_NOT_A_DATE)
                field.control.focus()
            return
        has_name = "given_name" in given and "family_name" in given
        if not (has_name and (born or "postcode" in given)) and not given.keys() & {"email", "phone"}:
            self.status.fail(words.CLAIM_NEEDS)
            return
        texts = {name: value for name, value in given.items() if name != "birth_date"}
        self._ask(Question(claim=Claim(birth_date=born, **texts)))

    def _ask(self, question: Question) -> None:
        self.is_unanswered = False
        self.status.clear()
        self.console.open_diagnosis(question)

    def action_back(self) -> None:
        """Go back."""
        self.leave(self)


class AskMailScreen(Asking, ConsoleScreen[None]):
    """A page to paste a mail into; a paste never asks by itself."""

    place: ClassVar[Place] = Place.ASKING
    crumbs = (words.INSPECT,)
    BINDINGS = bindings(Place.ASKING)
    AUTO_FOCUS = "TextArea"

    def __init__(self) -> None:
        super().__init__()
        self._page = GuardedTextArea(maximum=MOST_CHARACTERS, id="mail")

    def subject(self) -> ComposeResult:
        """What to do, and the page."""
        yield Static(Content(words.MAIL_TITLE), classes="title", markup=False)
        yield self._page

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """It is to be asked anew."""
        event.stop()
        self.is_unanswered = bool(self._page.text)
        self.status.clear()

    def on_shortened(self, event: Shortened) -> None:
        """Say what a paste lost, after the news of the change that it made."""
        event.stop()
        self.call_later(self.status.tell, event.sentence)

    def action_save(self) -> None:
        """Inspect what stands on the page."""
        if not self._page.text.strip():
            self.status.tell(words.PASTE_FIRST)
            return
        self.run_worker(self._inspect(self._page.text), group="read", exclusive=True)

    async def _inspect(self, text: str) -> None:
        with self.patience(lambda: self.status.tell(catalogue.LOADING)):
            found = await self.ask(Insight(self.bridge).inspection(text))
        if found is not None:
            self.is_unanswered = False
            self.status.clear()
            if self.is_current:
                self.console.open_inspection(found)

    def action_back(self) -> None:
        """Go back."""
        self.leave(self)
