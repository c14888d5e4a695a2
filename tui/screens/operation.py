"""Any change: a form, the exact difference while one types, a question where it is dangerous, the result."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from db.errors import Clash, Invalid, LatchkeyError, Stale
from tui.actions import Place, bindings
from tui.asked_fields import asked_fields, known_values, unchanged
from tui.contact_hints import contact_hints
from tui.drawn_text import content
from tui.messages import CustomerRequested
from tui.offers import command_line
from tui.reason import REASON_FIELD
from tui.screens.base import ConsoleScreen
from tui.subject import Subject
from tui.typing_errors import with_proposal
from tui.widgets import answers
from tui.widgets.banner import Banner
from tui.widgets.dialog import discard
from tui.widgets.diff import Tone, change_lines
from tui.widgets.field import is_chosen
from tui.widgets.form import Form
from tui.widgets.header import Header
from tui.widgets.rehearsal import Rehearsal

if TYPE_CHECKING:
    from db.applied import Applied
    from db.queries.customer import CustomerView
    from tui.bridge import OperationInfo

WAITS: Final = "✎ not saved"  # behind a form that waits half-filled under another screen


class OperationScreen(ConsoleScreen["Applied | None"]):
    """The generic screen of an operation; dismissed with what was applied, or None.

    `prefilled` gives parameters by name, `reason` among them; they are shown and can be changed. `about` is
    what it is done to where that is no customer; its parameters are not asked for.
    """

    place = Place.OPERATION
    BINDINGS = [*bindings(Place.OPERATION)]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]
    AUTO_FOCUS = None

    def __init__(
        self,
        operation: str,
        customer: "CustomerView | None" = None,
        prefilled: Mapping[str, object] | None = None,
        *,
        about: Subject | None = None,
    ) -> None:
        super().__init__()
        self._operation = operation
        self._customer = customer
        self._about = about
        self._version = about.version if about else customer.version if customer else None
        self._prefilled = dict(prefilled or {})
        self._info: OperationInfo | None = None
        self._form: Form | None = None
        self._rehearsal = Rehearsal(self._preview, id="diff")
        self._banner = Banner(id="banner")
        self._hint = Static("", id="hint", markup=False)
        # One id for all tries of the same wish: after a lost connection it cannot be done twice.
        self._request_id = uuid4().hex
        self._is_saving = False
        self._field_in_question: str | None = None
        self._holder: int | None = None
        self._newest_version: int | None = None

    @property
    def is_settled(self) -> bool:
        """Whether what is shown answers what is typed now."""
        return self._form is not None and self._rehearsal.is_settled and not self._is_saving

    @property
    def command_line(self) -> str:
        """The same change in a shell."""
        number = None if self._customer is None else self._customer.number
        return "" if self._info is None else command_line(self._info, customer=number)

    def subject(self) -> ComposeResult:
        """The form, what it would do, and the panel for what went wrong."""
        yield self._hint
        yield self._banner  # above the form: in sight whatever the length of the form
        with Container(id="body"):
            yield Container(id="left")
            with VerticalScroll(id="right", can_focus=False):
                yield Static("What will change", id="title", markup=False)
                yield self._rehearsal

    def on_mount(self) -> None:
        """Name the subject, then read what the form is made of."""
        self._name_it()
        self._rehearsal.say("reading…")
        self.run_worker(self._load(), group="open", exit_on_error=True)

    def _name_it(self, *more: str) -> None:
        label = " ".join((self._operation if self._info is None else self._info.label, *more))
        subject = () if self._customer is None else (f"{self._customer.number} {self._customer.name}",)
        subject = subject if self._about is None else (self._about.label,)
        self.query_one(Header).crumbs = (*subject, label)

    async def _load(self) -> None:
        try:
            info = await self.bridge.operation(self._operation)
            hints = await contact_hints(self.bridge, info, self._customer)
            self._prefilled = await with_proposal(self.bridge, info.name, self._customer, self._prefilled)
            form = self._make_form(info, hints)
            await self.query_one("#left").mount(form)
            await self._offer_choices(form)
        except LatchkeyError as error:
            self.console.key_order.refuse()
            self._rehearsal.say("Nothing can be changed just now.")
            self._banner.show(error.sentence, tone=answers.tone(error))
            return
        self._info, self._form = info, form
        self._hint.update(content(info.help))
        self._name_it()
        form.focus_first(unchanged(self._prefilled, self._customer))
        self._rehearsal.follow(form)

    def _make_form(self, info: "OperationInfo", hints: Mapping[str, str]) -> Form:
        asked = asked_fields(info, self._customer, self._about, hints, self._prefilled)
        return Form([*asked, REASON_FIELD], values=self._prefilled, hints=hints, id="form")

    async def _offer_choices(self, form: Form) -> None:
        customer_id = None if self._customer is None else self._customer.id
        for field in form:
            if is_chosen(field.info) and field.info.kind is not None:
                field.offer(await self.bridge.choices(field.info.kind, customer_id))

    @property
    def _values(self) -> dict[str, Any]:
        if self._form is None or self._info is None:
            return {}
        return {**self._form.values, **known_values(self._info, self._customer, self._about)}

    async def _preview(self) -> "Applied":
        reason = "" if self._form is None else self._form.reason
        return await self.bridge.preview(self._operation, self._values, reason=reason, version=self._version)

    def on_form_edited(self) -> None:
        """Something else is meant now: the old answers are void."""
        self._request_id = uuid4().hex
        self._banner.hide()
        self._rehearsal.soon()

    def on_form_field_entered(self, event: Form.FieldEntered) -> None:
        """Say what the field is for, or else what the whole is for."""
        about = "" if self._info is None else self._info.help
        self._hint.update(content(event.field.info.help or about))

    def on_form_completed(self) -> None:
        """Enter in the last field points to the key that saves."""
        self._hint.update(Content("ctrl+s saves."))

    def on_rehearsal_outdated(self, event: Rehearsal.Outdated) -> None:
        """The rehearsal found that the record is not what it was."""
        self._show_stale(event.error)

    def action_save(self) -> None:
        """Save; what is missing or dangerous is asked for first."""
        form, info = self._form, self._info
        if form is None or info is None or self._is_saving:
            return
        if missing := form.missing():
            for field in missing:
                field.show_problem(f"{field.info.title} is required.")
            form.go_to(missing[0].info.name)
            return
        dialog = answers.question(info, self._customer, self._about)
        if dialog is None:
            self._confirmed(True)
        else:
            self.app.push_screen(dialog, self._confirmed)

    def _confirmed(self, answer: bool | None) -> None:
        form = self._form
        if answer and form is not None:
            self._is_saving = True
            self._rehearsal.stop()
            self._banner.show("Saving…", tone=Tone.QUIET)
            self.run_worker(self._save(form), group="save", exit_on_error=True)

    async def _save(self, form: Form) -> None:
        try:
            applied = await self.bridge.run(
                self._operation,
                self._values,
                reason=form.reason,
                version=self._version,
                request_id=self._request_id,
            )
        except LatchkeyError as error:
            self._is_saving = False
            self._failed(form, error)
            return
        self._is_saving = False
        self.dismiss(applied)

    def _failed(self, form: Form, error: LatchkeyError) -> None:
        form.clear_problems()
        field = form.find(error.field)
        if isinstance(error, Clash):
            self._rehearsal.say("Nothing, until the clash is answered.")
            self._field_in_question, self._holder = error.field, error.holder.customer_id
            if field is not None:
                self.call_after_refresh(field.scroll_visible, animate=False)
            self._banner.show(error.sentence, answers=answers.for_clash(error, self._customer))
        elif isinstance(error, Stale):
            self._show_stale(error)
        elif isinstance(error, Invalid) and field is not None:
            self._banner.hide()
            field.show_problem(error.sentence)
            field.control.focus()
        else:
            self._banner.show(answers.after_failure(error), tone=answers.tone(error))

    def _show_stale(self, error: Stale) -> None:
        self._rehearsal.say("Nothing, until you have seen what changed meanwhile.")
        self._newest_version = error.version
        changed = change_lines(error.changes)
        self._banner.show(error.sentence, tone=Tone.WARNING, answers=answers.FOR_STALE, lines=changed)

    def on_banner_answered(self, event: Banner.Answered) -> None:
        """A clash or a stale record was answered."""
        form = self._form
        if form is None:
            return
        holder, customer = self._holder, self._customer
        if event.answer == "open" and holder is not None:
            self._name_it(WAITS)
            self.post_message(CustomerRequested(holder))
        elif event.answer == "merge" and customer is not None and holder is not None:
            if self.console.may_merge():
                self._name_it(WAITS)
                self.console.open_merge((customer.id, holder), then=self._merged)
        elif event.answer == "newest":
            self.run_worker(self._take_newest(form), group="save", exit_on_error=True)
        else:
            self._leave_banner(form)

    def _merged(self, applied: "Applied | None") -> None:
        """They are one now: what was to be saved here is void."""
        if applied is not None:
            self.dismiss(None)
            self.console.call_later(self.console.land, applied)

    def on_screen_resume(self) -> None:
        """Back from the holder: here nothing waits elsewhere."""
        self._name_it()

    def _leave_banner(self, form: Form) -> None:
        self._banner.hide()
        form.go_to(self._field_in_question)
        if self._newest_version is None:
            self._rehearsal.soon()
        else:
            self._rehearsal.say("Nothing, until you go on from the newest: ctrl+s asks again.")

    async def _take_newest(self, form: Form) -> None:
        try:
            if self._customer is not None:
                self._customer = await self.bridge.customer(self._customer.id)
            await self._offer_choices(form)
        except LatchkeyError as error:
            self._banner.show(answers.after_failure(error), tone=answers.tone(error))
            return
        self._version = self._newest_version if self._customer is None else self._customer.version
        self._newest_version = None
        self._request_id = uuid4().hex
        self._leave_banner(form)

    def action_refresh(self) -> None:
        """Try again what the database did not answer; what was typed stays."""
        if self._form is None:
            self._banner.hide()
            self.run_worker(self._load(), group="open", exclusive=True, exit_on_error=True)
        elif not self._is_saving:
            self._rehearsal.soon()

    def action_back(self) -> None:
        """Out of the banner into the form; out of the form, with a question where work would be lost."""
        form = self._form
        if self._is_saving:
            self._banner.show("Saving… It cannot be stopped half-way; a moment.", tone=Tone.QUIET)
        elif self._banner.has_focus and form is not None:
            self._leave_banner(form)
        elif form is not None and form.is_edited:
            self.app.push_screen(discard(), self._discarded)
        else:
            self.dismiss(None)

    def _discarded(self, answer: bool | None) -> None:
        if answer:
            self.dismiss(None)
